"""Writing names and weights in the picture itself, with real events."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from bpviz.model.spec import WeightAddress
from tests.ui.canvas.hand import LEFT, NO_KEY, Hand, document_of
from tests.ui.canvas.shots import full_shot
from tests.ui.canvas.takes import caption


def _click_twice(hand: Hand, point: QPointF) -> None:
    hand.move(point)
    hand.click(point)
    QTest.mouseDClick(hand.canvas.pane.viewport(), LEFT, NO_KEY, hand.place(point))
    hand.release(point)


def _write(hand: Hand, text: str, key: Qt.Key = Qt.Key.Key_Return) -> None:
    assert hand.canvas.field.isVisible()
    QTest.keyClicks(hand.canvas.field, text)
    QTest.keyClick(hand.canvas.field, key)


@pytest.fixture
def middle(hand: Hand) -> QPointF:
    """Of the first connection, whose weight is known."""
    hand.canvas.show_snapshot(full_shot(hand.network))
    placement = hand.canvas.scene.placement
    return QPointF(*placement.polylines(np.array([0]))[0][8].tolist())


def test_a_layers_name_is_written_where_it_stands(hand: Hand) -> None:
    _click_twice(hand, caption(hand))
    assert hand.canvas.field.text() == "Hidden 1"
    assert hand.canvas.field.geometry().contains(hand.place(caption(hand)))
    _write(hand, "Edges")
    assert hand.layer(1).name == "Edges"
    assert not hand.canvas.field.isVisible()
    assert hand.canvas.pane.hasFocus()
    assert document_of(hand.canvas).undo_stack.undoText() == "rename layer"


def test_a_node_is_named_and_esc_names_nothing(hand: Hand) -> None:
    _click_twice(hand, hand.node(1, 1))
    _write(hand, "corner")
    assert hand.layer(1).nodes[1].name == "corner"
    _click_twice(hand, hand.node(1, 1))
    assert hand.canvas.field.text() == "corner"
    _write(hand, "other", Qt.Key.Key_Escape)
    assert hand.layer(1).nodes[1].name == "corner"
    assert document_of(hand.canvas).undo_stack.count() == 1


@pytest.mark.parametrize(
    ("written", "value"), [("0,5", 0.5), ("0.5", 0.5), ("=2*.3", 0.6), ("-1e-3", -0.001), ("= 1/4", 0.25)]
)
def test_a_weight_is_written_where_it_stands(
    hand: Hand, middle: QPointF, written: str, value: float, qtbot: QtBot
) -> None:
    old = hand.canvas.scene.value_of(WeightAddress(*hand.canvas.scene.placement.topology.pair(0)))
    _click_twice(hand, middle)
    with qtbot.waitSignal(hand.canvas.value_edited) as edited:
        _write(hand, written)
    assert edited.args is not None
    address, before, new = edited.args
    assert (address.source, address.target) == hand.canvas.scene.placement.topology.pair(0)
    assert (before, new) == (old, pytest.approx(value))


@pytest.mark.parametrize("written", ["abc", "1.000,5", "=1/0", "1e999"])
def test_what_is_no_number_is_refused_at_the_field_and_nothing_is_lost(
    hand: Hand, middle: QPointF, written: str
) -> None:
    said: list[str] = []
    edited: list[object] = []
    hand.canvas.pane.refused.connect(said.append)
    hand.canvas.value_edited.connect(lambda *value: edited.append(value))
    _click_twice(hand, middle)
    _write(hand, written)
    assert said[-1].endswith(".")
    assert (hand.canvas.field.text(), hand.canvas.field.wrong) == (written, True)
    QTest.keyClicks(hand.canvas.field, "1")
    assert said[-1] == ""
    QTest.keyClick(hand.canvas.field, Qt.Key.Key_Escape)
    assert not edited
    assert not hand.canvas.field.isVisible()


def test_without_a_known_weight_there_is_nothing_to_write(hand: Hand) -> None:
    placement = hand.canvas.scene.placement
    _click_twice(hand, QPointF(*placement.polylines(np.array([0]))[0][8].tolist()))
    assert not hand.canvas.field.isVisible()


def test_an_edit_from_elsewhere_and_a_zoom_put_the_field_away(hand: Hand) -> None:
    _click_twice(hand, caption(hand))
    hand.canvas.zoom_in()
    assert not hand.canvas.field.isVisible()
    _click_twice(hand, caption(hand))
    hand.canvas.editor.add_node(hand.layer(1).id)
    assert not hand.canvas.field.isVisible()
    assert document_of(hand.canvas).undo_stack.count() == 1


def test_too_long_a_name_is_refused(hand: Hand) -> None:
    said: list[str] = []
    hand.canvas.pane.refused.connect(said.append)
    _click_twice(hand, caption(hand))
    _write(hand, "x" * 2000)
    assert "characters" in said[-1]
    assert hand.layer(1).name == "Hidden 1"
