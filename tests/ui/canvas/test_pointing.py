"""The card beside the pointer: when it shows, what it says, and that it is not in the way."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QRect, QSize, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from bpviz.model import edits
from bpviz.model.builder import layered_network
from bpviz.model.spec import Project
from bpviz.ui.canvas import NetworkCanvas
from bpviz.ui.canvas.card import Card
from bpviz.ui.canvas.clearing import BESIDE_PX, clear_place
from bpviz.ui.listing import Group, Line
from bpviz.ui.theme import Theme
from tests.ui.canvas.conftest import MakeCanvas
from tests.ui.canvas.hand import Hand, document_of, small_project
from tests.ui.canvas.shots import full_shot

ROOM = QRect(0, 0, 600, 400)


def _card(canvas: NetworkCanvas) -> Card:
    card = canvas.findChild(Card)
    assert card is not None
    return card


def _node_box(hand: Hand, layer: int, at: int) -> QRect:
    middle = hand.place(hand.node(layer, at))
    reach = round(18 * hand.canvas.pane.scale_factor)
    return QRect(middle.x() - reach, middle.y() - reach, 2 * reach, 2 * reach)


def test_it_shows_when_the_pointer_rests_and_goes_when_it_leaves(hand: Hand, qtbot: QtBot) -> None:
    hand.canvas.show_snapshot(full_shot(hand.network))
    card = _card(hand.canvas)
    hand.move(hand.node(1, 1))
    assert card.isHidden(), "passing over things shows nothing"
    qtbot.waitUntil(card.isVisible)
    hand.move(hand.node(1, 1) + QPointF(0, -300))
    assert card.isHidden()


@pytest.mark.parametrize("hidden", [(3, 2), (8, 8), (2, 6, 2)])
def test_it_lies_over_nothing_that_belongs_to_what_is_pointed_at(
    make_canvas: MakeCanvas, qtbot: QtBot, hidden: tuple[int, ...]
) -> None:
    hand = Hand(make_canvas(small_project(hidden)))
    hand.canvas.show_snapshot(full_shot(hand.network))
    card = _card(hand.canvas)
    layers = len(hand.network.layers)
    for layer in range(layers):
        for at in range(hand.layer(layer).size):
            hand.move(hand.node(layer, at))
            qtbot.waitUntil(card.isVisible)
            close = [
                _node_box(hand, other, k)
                for other in (layer - 1, layer, layer + 1)
                if 0 <= other < layers
                for k in range(hand.layer(other).size)
                if other != layer or abs(k - at) <= 1
            ]
            assert not any(card.geometry().intersects(box) for box in close), (hidden, layer, at)
            assert hand.canvas.rect().contains(card.geometry())


def test_it_lies_over_no_end_of_a_connection_and_stays_while_the_pointer_goes_along(
    hand: Hand, qtbot: QtBot
) -> None:
    hand.canvas.show_snapshot(full_shot(hand.network))
    card = _card(hand.canvas)
    points = hand.canvas.scene.placement.polylines(np.array([0]))[0]
    hand.move(QPointF(*points[5].tolist()))
    qtbot.waitUntil(card.isVisible)
    for k in range(5, 12):
        hand.move(QPointF(*points[k].tolist()))
        assert card.isVisible()
        assert not card.geometry().contains(hand.place(QPointF(*points[k].tolist())))
        assert not any(card.geometry().intersects(_node_box(hand, layer, 0)) for layer in (0, 1))


def test_after_a_click_it_stays_away_until_something_else_is_pointed_at(hand: Hand, qtbot: QtBot) -> None:
    card = _card(hand.canvas)
    hand.move(hand.node(1, 1))
    qtbot.waitUntil(card.isVisible)
    hand.click(hand.node(1, 1))
    assert card.isHidden()
    hand.move(hand.node(1, 1) + QPointF(2, 0))
    assert card.isHidden()
    hand.canvas.show_snapshot(full_shot(hand.network))
    assert card.isHidden(), "neither does a snapshot bring it back"
    hand.move(hand.node(1, 0))
    qtbot.waitUntil(card.isVisible)
    hand.move(hand.node(1, 1))
    qtbot.waitUntil(card.isVisible)


@pytest.mark.parametrize("button", [Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton])
def test_it_gives_way_to_a_drag_and_a_menu(hand: Hand, qtbot: QtBot, button: Qt.MouseButton) -> None:
    card = _card(hand.canvas)
    hand.move(hand.node(1, 1))
    qtbot.waitUntil(card.isVisible)
    place = hand.place(hand.node(1, 1))
    QTest.mousePress(hand.canvas.pane.viewport(), button, pos=place)
    assert card.isHidden()
    QTest.mouseRelease(hand.canvas.pane.viewport(), button, pos=place)


def test_a_sentence_stays_inside_the_canvas_and_off_the_pointer(canvas: NetworkCanvas) -> None:
    card = _card(canvas)
    for place in (QPoint(2, 2), QPoint(canvas.width() - 2, canvas.height() - 2)):
        card.show_sentence("The links Hidden 2 → Hidden 1 → Hidden 2 form a loop; remove one of them.", place)
        assert canvas.rect().contains(card.geometry())
        assert not card.geometry().contains(place)


def test_both_ends_of_a_connection_can_be_read(canvas: NetworkCanvas, theme: Theme) -> None:
    card = _card(canvas)
    short, long = ("Hidden 1, node 1", "Hidden 2, node 3"), ("Hidden 11, node 10", "Hidden 12, node 13")
    for percent in (100, 150, 200):
        theme.set_text_percent(percent)
        for names in (short, long):
            card.fill(names, [Group("", [Line("Weight", "w", "", 0.25, "")])])
            shown = "".join(card.titles)
            assert all(name in shown for name in names), (percent, card.titles)
    theme.set_text_percent(100)
    tall = "A name that someone made much longer than any card could be wide" * 3
    card.fill((tall + " end A", tall + " end B"), [])
    assert all(line.endswith(f"end {end}") for line, end in zip(card.titles, "AB", strict=True))
    assert card.width() < canvas.width()


def test_a_place_is_found_beside_what_matters() -> None:
    pointer = QPoint(300, 200)
    column = [QRect(280, 20 * k, 40, 15) for k in range(20)]
    place = clear_place(QSize(180, 80), ROOM, pointer, column, [])
    box = QRect(place, QSize(180, 80))
    assert ROOM.contains(box)
    assert not any(box.intersects(node) for node in column)
    assert box.left() - 320 < 40 or 280 - box.right() < 40, "and not far away"


def test_where_there_is_no_room_the_pointer_at_least_stays_free() -> None:
    everything = [QRect(40 * k, 40 * j, 38, 38) for k in range(15) for j in range(10)]
    for pointer in (QPoint(300, 200), QPoint(3, 3), QPoint(599, 399)):
        box = QRect(clear_place(QSize(180, 80), ROOM, pointer, everything, []), QSize(180, 80))
        assert ROOM.contains(box)
        assert not box.adjusted(-BESIDE_PX + 1, -BESIDE_PX + 1, 0, 0).contains(pointer)


def test_a_box_larger_than_the_room_stands_in_its_corner() -> None:
    assert clear_place(QSize(900, 700), ROOM, QPoint(5, 5), [], []) == ROOM.topLeft()


def test_rows_of_a_wide_layer_have_a_card_beside_their_column(make_canvas: MakeCanvas, qtbot: QtBot) -> None:
    hand = Hand(make_canvas(Project(network=layered_network([f"f{k}" for k in range(784)], (30,), 10))))
    column = hand.canvas.scene.placement.columns[hand.layer(0).id]
    card = _card(hand.canvas)
    hand.move(QPointF(column.x, column.top + 200))
    qtbot.waitUntil(card.isVisible)
    box = hand.canvas.pane.mapFromScene(hand.canvas.scene.parts.columns[column.layer].sceneBoundingRect())
    assert not card.geometry().intersects(box.boundingRect())


def test_an_edit_under_a_resting_pointer_takes_the_card_of_what_went(hand: Hand, qtbot: QtBot) -> None:
    card = _card(hand.canvas)
    hand.move(hand.node(1, 2))
    qtbot.waitUntil(card.isVisible)
    gone = hand.layer(1).nodes[2].id
    document_of(hand.canvas).apply("gone", edits.on_network(partial(edits.remove_nodes, node_ids=(gone,))))
    hand.canvas.show_snapshot(full_shot(hand.network))
    assert card.isHidden()
