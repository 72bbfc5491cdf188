"""Moving nodes and layers, with real events: in both directions, in line with others, or freely."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest

from bpviz.model.layout import center_y
from bpviz.ui.canvas.hints import Hints
from tests.ui.canvas.hand import Hand, document_of
from tests.ui.canvas.takes import caption

CTRL = Qt.KeyboardModifier.ControlModifier


def _guided(hints: Hints) -> bool:
    return hints.guides.isVisible()


def test_a_node_moves_in_both_directions_and_comes_back_to_its_column(hand: Hand) -> None:
    begin, column = hand.node(1, 0), hand.layer(1).x
    hand.drag(begin, begin + QPointF(47, -71))
    node = hand.layer(1).nodes[0]
    assert node.x is not None
    assert abs(node.x - column - 47) < 2
    assert abs(node.y - begin.y() + 71) < 2
    item = hand.canvas.scene.parts.nodes[node.id]
    assert (item.x(), item.y()) == (node.x, node.y)
    assert hand.canvas.scene.target_at(QPointF(node.x, node.y), 1.0).node == node.id

    hand.drag(QPointF(node.x, node.y), QPointF(column + 3, node.y))
    assert hand.layer(1).nodes[0].x is None, "in its column again"
    stack = document_of(hand.canvas).undo_stack
    assert (stack.count(), stack.undoText()) == (2, "move node")


def test_a_node_dragged_upright_stays_in_its_column_however_shaky_the_hand(hand: Hand) -> None:
    begin = hand.node(1, 0)
    hand.drag(begin, begin + QPointF(5 / hand.canvas.pane.scale_factor, -71))
    assert hand.layer(1).nodes[0].x is None


@pytest.mark.parametrize("zooms", [-3, 0, 4])
def test_it_snaps_within_8_pixels_of_the_screen_at_any_zoom(hand: Hand, zooms: int) -> None:
    for _ in range(abs(zooms)):
        (hand.canvas.zoom_in if zooms > 0 else hand.canvas.zoom_out)()
    hand.canvas.pane.centerOn(hand.node(1, 0))
    scale, begin = hand.canvas.pane.scale_factor, hand.node(1, 0)
    line = hand.node(2, 0).y()
    for off_px, snaps in ((6.5, True), (9.5, False)):
        hand.press(begin)
        hand.move(QPointF(begin.x(), line - 60))
        hand.move(QPointF(begin.x(), line - off_px / scale))
        shown = hand.canvas.scene.network.layer(hand.layer(1).id).nodes[0]
        assert (shown.y == line) == snaps, off_px
        assert _guided(hand.canvas.scene.hints) == snaps
        hand.key(Qt.Key.Key_Escape)
        assert not _guided(hand.canvas.scene.hints)


def test_ctrl_suspends_snapping_as_soon_as_it_is_held(hand: Hand) -> None:
    begin, line = hand.node(1, 0), hand.node(2, 0).y()
    off = 4 / hand.canvas.pane.scale_factor
    hand.press(begin)
    hand.move(QPointF(begin.x() + 40, line - 60))
    hand.move(QPointF(begin.x(), line - off))

    def shown() -> float:
        return hand.canvas.scene.network.layer(hand.layer(1).id).nodes[0].y

    assert shown() == line
    QTest.keyPress(hand.canvas.pane, Qt.Key.Key_Control)
    assert shown() != line, "without another move"
    assert not _guided(hand.canvas.scene.hints)
    QTest.keyRelease(hand.canvas.pane, Qt.Key.Key_Control, CTRL)
    assert shown() == line
    QTest.keyPress(hand.canvas.pane, Qt.Key.Key_Control)
    hand.release(QPointF(begin.x(), line - off), keys=CTRL)
    assert 0 < abs(hand.layer(1).nodes[0].y - line) < 2 * off


def test_a_layer_snaps_to_the_middle_of_its_neighbors_and_to_their_height(hand: Hand) -> None:
    layer, begin = hand.layer(1), caption(hand)
    middle = (hand.layer(0).x + hand.layer(2).x) / 2
    off = 4 / hand.canvas.pane.scale_factor
    hand.drag(begin, begin + QPointF(60, 70))
    assert hand.network.layer(layer.id).x != middle
    begin = caption(hand)
    moved = hand.network.layer(layer.id)
    hand.drag(begin, begin + QPointF(middle - moved.x + off, center_y(hand.layer(2)) - center_y(moved) - off))
    after = hand.network.layer(layer.id)
    assert after.x == pytest.approx(middle)
    assert center_y(after) == pytest.approx(center_y(hand.layer(2)))


def test_a_node_that_stands_beside_its_column_goes_along_with_its_layer(hand: Hand) -> None:
    begin = hand.node(1, 0)
    hand.drag(begin, begin + QPointF(47, -71))
    before = hand.layer(1)
    hand.drag(caption(hand), caption(hand) + QPointF(33, 57))
    after = hand.network.layer(before.id)
    for old, new in zip(before.nodes, after.nodes, strict=True):
        assert new.y - old.y == pytest.approx(after.nodes[1].y - before.nodes[1].y)
    assert after.nodes[0].x is not None
    assert before.nodes[0].x is not None
    assert after.nodes[0].x - before.nodes[0].x == pytest.approx(after.x - before.x)
