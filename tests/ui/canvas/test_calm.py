"""Nothing moves while a hand is near: what is clicked again and again stays under the pointer."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from bpviz.ui.canvas import NetworkCanvas
from bpviz.ui.canvas.calm import Calm
from bpviz.ui.canvas.targets import Target
from bpviz.ui.document import Selection
from tests.ui.canvas.conftest import MakeCanvas
from tests.ui.canvas.hand import LEFT, NO_KEY, Hand, document_of, small_project


def _leave(canvas: NetworkCanvas) -> None:
    QApplication.sendEvent(canvas.pane, QEvent(QEvent.Type.Leave))


def _come_to_rest(canvas: NetworkCanvas, qtbot: QtBot) -> None:
    _leave(canvas)
    qtbot.waitUntil(lambda: not canvas._calm.near)


def _in_sight(canvas: NetworkCanvas) -> bool:
    pane = canvas.pane
    box = pane.mapFromScene(canvas.scene.extent(pane.scale_factor)).boundingRect()
    return pane.viewport().rect().contains(box)


def _click_in_place(hand: Hand, place: QPoint, times: int) -> None:
    """Click again and again as a hand does: every second press is a double click to Qt."""
    viewport = hand.canvas.pane.viewport()
    hand.move_to(place)
    for k in range(times):
        press = QTest.mouseDClick if k % 2 else QTest.mousePress
        press(viewport, LEFT, NO_KEY, place)
        QTest.mouseRelease(viewport, LEFT, NO_KEY, place)


def _button(hand: Hand, layer: int, name: str) -> QPoint:
    item = hand.canvas.scene.parts.layers[hand.layer(layer).id]
    hand.move(hand.node(layer, -1))
    return hand.place(item.mapToScene(item.button(name)))


@pytest.mark.parametrize("hidden", [(3, 2), (8, 8), (38, 2)])
def test_five_clicks_on_the_plus_add_five_nodes(make_canvas: MakeCanvas, hidden: tuple[int, ...]) -> None:
    hand = Hand(make_canvas(small_project(hidden)))
    _click_in_place(hand, _button(hand, 1, "add"), 5)
    assert hand.layer(1).size == hidden[0] + 5
    assert document_of(hand.canvas).undo_stack.count() == 5


def test_as_many_clicks_on_the_minus_remove_as_many_nodes_but_the_last(make_canvas: MakeCanvas) -> None:
    hand = Hand(make_canvas(small_project((8, 2))))
    place = _button(hand, 1, "remove")
    _click_in_place(hand, place, 5)
    assert hand.layer(1).size == 3
    _click_in_place(hand, place, 5)
    assert hand.layer(1).size == 1
    assert len(hand.network.layers) == 4, "the last double click meets no button and inserts no layer"


def test_nodes_added_to_a_column_moved_by_hand_come_from_one_place_too(hand: Hand) -> None:
    hand.drag(hand.node(1, 0), hand.node(1, 0) + QPointF(0, -33))
    _click_in_place(hand, _button(hand, 1, "add"), 4)
    assert hand.layer(1).size == 7


@pytest.mark.parametrize("hidden", [(3, 2), (9, 12), ()])
def test_five_clicks_between_two_columns_insert_five_layers(
    make_canvas: MakeCanvas, hidden: tuple[int, ...]
) -> None:
    hand = Hand(make_canvas(small_project(hidden)))
    for gap in range(len(hidden) + 1):
        count = len(hand.network.layers)
        left, right = hand.layer(gap), hand.layer(gap + 1)
        middle = QPointF((left.x + right.x) / 2, left.nodes[0].y)
        hand.move(middle)
        hand.canvas.fit()
        button = hand.canvas.scene.middle_of(Target("insert", x=middle.x()))
        assert button is not None
        at = hand.place(button)
        _click_in_place(hand, at, 5)
        assert len(hand.network.layers) == count + 5, gap


def test_the_whole_network_is_shown_again_a_second_after_the_pointer_left(hand: Hand, qtbot: QtBot) -> None:
    canvas = hand.canvas
    scale = canvas.pane.scale_factor
    _click_in_place(hand, _button(hand, 1, "add"), 12)
    assert canvas.pane.scale_factor == scale
    assert not _in_sight(canvas)
    _leave(canvas)
    assert not _in_sight(canvas), "it may be on its way back"
    hand.move(hand.node(0, 0))
    _come_to_rest(canvas, qtbot)
    assert _in_sight(canvas)


def test_to_ask_for_it_shows_it_at_once(hand: Hand) -> None:
    _click_in_place(hand, _button(hand, 1, "add"), 12)
    assert not _in_sight(hand.canvas)
    hand.canvas.fit()
    assert _in_sight(hand.canvas)


def test_who_edits_by_keys_sees_it_all_wherever_the_pointer_lies(hand: Hand) -> None:
    hand.move(hand.node(1, 0))
    hand.canvas.lead_by_keys()
    for _ in range(3):
        hand.canvas.editor.insert_beside(hand.layer(-1).id, after=False)
    assert _in_sight(hand.canvas)


def _grow_legend(hand: Hand) -> None:
    hand.canvas.desk.show_view("deltas")


def _resize_panel(hand: Hand) -> None:
    hand.canvas.pane.resize(hand.canvas.pane.width() - 20, hand.canvas.pane.height())


def _edit(hand: Hand) -> None:
    hand.canvas.editor.insert_beside(hand.layer(-1).id, after=False)


def _select(hand: Hand) -> None:
    hand.canvas.desk.select(Selection(nodes=frozenset({hand.layer(1).nodes[0].id})))


@pytest.mark.parametrize("change", [_grow_legend, _resize_panel, _edit, _select])
def test_nothing_moves_what_a_hand_is_near(hand: Hand, change: Callable[[Hand], None]) -> None:
    hand.move(hand.node(1, 1))
    scale, place = hand.canvas.pane.scale_factor, hand.place(QPointF(hand.layer(1).x, 0.0))
    change(hand)
    assert hand.canvas.pane.scale_factor == scale
    assert (hand.place(QPointF(hand.layer(1).x, 0.0)) - place).manhattanLength() <= 10


def test_a_window_that_is_resized_shows_the_whole_network_at_once(hand: Hand) -> None:
    hand.move(hand.node(1, 1))
    for size in ((420, 330), (700, 500)):
        hand.canvas.resize(*size)
        assert _in_sight(hand.canvas)


def test_what_the_user_chose_to_see_stays_after_all_that(hand: Hand, qtbot: QtBot) -> None:
    for _ in range(6):
        hand.canvas.zoom_in()
    scale = hand.canvas.pane.scale_factor
    _click_in_place(hand, _button(hand, 1, "add"), 3)
    _come_to_rest(hand.canvas, qtbot)
    assert hand.canvas.pane.scale_factor == scale


def test_calm_comes_once_and_only_if_something_waits(qtbot: QtBot) -> None:
    calm, came = Calm(), []
    calm.came.connect(lambda: came.append(calm.near))
    calm.approach()
    assert calm.near
    calm.rest()
    assert not came
    calm.approach()
    calm.put_off()
    calm.withdraw()
    calm.approach()
    assert calm.near
    calm.withdraw()
    qtbot.waitUntil(lambda: came == [False])
    calm.put_off()
    calm.forget()
    calm.rest()
    assert came == [False]
