"""The whole network in a corner, while only a part of it is in sight."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest

from bpviz.ui.canvas.minimap import Minimap, extent
from tests.ui.canvas.hand import Hand


@pytest.fixture
def minimap(hand: Hand) -> Minimap:
    """Of a network larger than what is in sight."""
    hand.canvas.fit()
    assert not hand.canvas.minimap.isVisible(), "all of it is in sight"
    for _ in range(8):
        hand.canvas.zoom_in()
    assert hand.canvas.minimap.isVisible()
    return hand.canvas.minimap


def _middle(hand: Hand) -> QPointF:
    pane = hand.canvas.pane
    return pane.mapToScene(pane.viewport().rect()).boundingRect().center()


def test_it_goes_as_soon_as_all_is_in_sight_again(hand: Hand, minimap: Minimap) -> None:
    hand.canvas.pane.pan(QPointF(40, 0))
    assert minimap.isVisible()
    hand.canvas.fit()
    assert not minimap.isVisible()


def test_a_drag_of_the_frame_moves_the_part_in_sight(hand: Hand, minimap: Minimap) -> None:
    whole = extent(hand.canvas.scene.placement)
    for place, toward in ((QPoint(12, minimap.height() // 2), -1), (QPoint(minimap.width() - 12, 40), 1)):
        QTest.mousePress(minimap, Qt.MouseButton.LeftButton, pos=QPoint(minimap.width() // 2, 30))
        QTest.mouseMove(minimap, place)
        moved = QPointF(place)
        QTest.mouseRelease(minimap, Qt.MouseButton.LeftButton, pos=place)
        middle = _middle(hand)
        assert (middle.x() - whole.center().x()) * toward > whole.width() / 4
        off = minimap.frame.center() - moved
        assert abs(off.x()) <= 1.5 and abs(off.y()) <= 1.5, "the frame is where the pointer is"  # noqa: PT018


def test_it_stays_in_its_corner_and_shows_the_whole_in_its_shape(hand: Hand, minimap: Minimap) -> None:
    canvas = hand.canvas
    for size in ((700, 500), (1000, 620)):
        canvas.resize(*size)
        assert canvas.rect().contains(minimap.geometry())
        assert canvas.width() - minimap.geometry().right() == 13
        whole = extent(canvas.scene.placement)
        across, down = minimap.width() - 16, minimap.height() - 16
        assert across / down == pytest.approx(whole.width() / whole.height(), rel=0.05)


def test_who_does_not_want_it_does_not_get_it(hand: Hand, minimap: Minimap) -> None:
    minimap.show_wanted(wanted=False)
    assert not minimap.isVisible()
    hand.canvas.zoom_in()
    assert not minimap.isVisible()
    minimap.show_wanted(wanted=True)
    assert minimap.isVisible()


def test_a_removed_layer_is_gone_from_it(hand: Hand, minimap: Minimap) -> None:
    before = minimap.grab().toImage()
    hand.canvas.editor.remove_node(hand.layer(1).id)
    assert minimap.grab().toImage() != before
