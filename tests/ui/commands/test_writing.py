"""Names and numbers are written where they stand."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from bpviz.model.spec import BiasAddress, WeightAddress
from bpviz.ui.canvas.field import PlaceField
from bpviz.ui.document import Selection
from bpviz.ui.main_window import MainWindow
from tests.ui.canvas.hand import LEFT, NO_KEY, Hand
from tests.ui.canvas.takes import caption


@pytest.fixture
def hand(window: MainWindow, qtbot: QtBot) -> Hand:
    """A hand for the network of the window, which has the keys."""
    window.canvas.pane.setFocus()
    qtbot.waitUntil(window.canvas.pane.hasFocus)
    qtbot.waitUntil(lambda: window.canvas.scene.value_of(BiasAddress(_hidden(window))) is not None)
    return Hand(window.canvas)


def _hidden(window: MainWindow) -> str:
    return window.desk.network.layers[1].nodes[0].id


def _field(window: MainWindow) -> PlaceField:
    field = window.canvas.findChild(PlaceField)
    assert isinstance(field, PlaceField)
    return field


def test_typed_digits_set_the_weight_of_the_selected_connection(window: MainWindow, hand: Hand) -> None:
    pair = (hand.layer(0).nodes[0].id, _hidden(window))
    window.desk.select(Selection(pairs=frozenset({pair})))
    hand.key(Qt.Key.Key_0)
    field = _field(window)
    assert field.isVisible()
    assert field.hasFocus()
    QTest.keyClicks(field, ",25")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert not field.isVisible()
    assert window.document.project.start.values == ((WeightAddress(*pair), 0.25),)
    assert window.canvas.pane.hasFocus(), "the next key is the network's again"
    assert window.desk.selection.pairs == {pair}


def test_a_computation_sets_the_bias_of_a_node_and_undo_takes_it_back(window: MainWindow, hand: Hand) -> None:
    node = _hidden(window)
    window.desk.select(Selection(nodes=frozenset({node})))
    hand.key(Qt.Key.Key_Equal)
    QTest.keyClicks(_field(window), "-2*.3")
    QTest.keyClick(_field(window), Qt.Key.Key_Return)
    assert dict(window.document.project.start.values) == {BiasAddress(node): -0.6}
    window.actions_by_name["undo"].trigger()
    assert not window.document.project.start.values


def test_what_is_refused_stays_marked_and_escape_drops_it(window: MainWindow, hand: Hand) -> None:
    window.desk.select(Selection(nodes=frozenset({_hidden(window)})))
    hand.key(Qt.Key.Key_Minus)
    field = _field(window)
    QTest.keyClicks(field, "x")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert field.isVisible()
    assert field.wrong
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert not field.isVisible()
    assert window.document.project.start.values == ()
    assert window.desk.selection.nodes, "Escape in the field lets go of nothing else"


def test_a_number_for_nothing_is_refused_in_a_sentence(window: MainWindow, hand: Hand) -> None:
    hand.key(Qt.Key.Key_3)
    assert not _field(window).isVisible()
    assert "Select one connection" in window.status.message.sentence
    window.desk.select(Selection(nodes=frozenset({hand.layer(0).nodes[0].id})))
    hand.key(Qt.Key.Key_3)
    assert not _field(window).isVisible()
    assert not window.actions_by_name["set_value"].isEnabled()


def test_a_node_and_a_layer_are_renamed_in_place(window: MainWindow, hand: Hand) -> None:
    node, layer = _hidden(window), hand.layer(1).id
    for selection, name in (
        (Selection(nodes=frozenset({node})), "edge detector"),
        (Selection(layers=frozenset({layer})), "Features"),
    ):
        window.desk.select(selection)
        hand.key(Qt.Key.Key_F2)
        QTest.keyClicks(_field(window), name)
        QTest.keyClick(_field(window), Qt.Key.Key_Return)
    assert hand.network.node(node).name == "edge detector"
    assert hand.network.layer(layer).name == "Features"
    assert window.document.undo_stack.count() == 2


def test_a_value_is_set_from_what_it_is(window: MainWindow, hand: Hand) -> None:
    node = _hidden(window)
    window.desk.select(Selection(nodes=frozenset({node})))
    window.actions_by_name["set_value"].trigger()
    field = _field(window)
    value = window.canvas.scene.value_of(BiasAddress(node))
    assert value is not None
    assert float(field.text()) == pytest.approx(value, rel=1e-5)
    assert field.selectedText() == field.text()
    window.canvas.pane.setFocus()
    assert not field.isVisible(), "going elsewhere takes nothing"


def _click_twice(hand: Hand, point: QPointF) -> None:
    hand.move(point)
    hand.click(point)
    QTest.mouseDClick(hand.canvas.pane.viewport(), LEFT, NO_KEY, hand.place(point))
    hand.release(point)


@pytest.mark.parametrize(("written", "value"), [("0,5", 0.5), ("0.5", 0.5), ("=2*.3", 0.6)])
def test_a_double_click_writes_a_weight_where_it_stands(
    window: MainWindow, hand: Hand, written: str, value: float
) -> None:
    placement = hand.canvas.scene.placement
    middle = QPointF(*placement.polylines(np.array([0]))[0].mean(axis=0).tolist())
    pair = hand.canvas.scene.target_at(middle, hand.canvas.pane.scale_factor).pair
    assert pair is not None
    _click_twice(hand, middle)
    field = _field(window)
    QTest.keyClicks(field, written)
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert dict(window.document.project.start.values) == {WeightAddress(*pair): pytest.approx(value)}


def test_a_double_click_names_a_node_and_a_layer_and_esc_names_nothing(
    window: MainWindow, hand: Hand
) -> None:
    for point, name in ((hand.node(1, 0), "edge detector"), (caption(hand), "Features")):
        _click_twice(hand, point)
        field = _field(window)
        assert field.isVisible()
        assert field.geometry().contains(hand.place(point)) or name == "Features"
        QTest.keyClicks(field, "nothing")
        QTest.keyClick(field, Qt.Key.Key_Escape)
        assert not field.isVisible()
        _click_twice(hand, point)
        QTest.keyClicks(field, name)
        QTest.keyClick(field, Qt.Key.Key_Return)
    assert hand.layer(1).nodes[0].name == "edge detector"
    assert hand.layer(1).name == "Features"
    assert window.document.undo_stack.count() == 2


def test_an_edit_from_elsewhere_puts_the_field_away(window: MainWindow, hand: Hand) -> None:
    _click_twice(hand, caption(hand))
    window.desk.editor.add_node(hand.layer(1).id)
    assert not _field(window).isVisible()
