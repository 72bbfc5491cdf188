"""Dragging the weight of a connection, with real events: up and down, finely and coarsely, and given up."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from bpviz.model.spec import WeightAddress
from bpviz.ui.canvas.card import Card
from bpviz.ui.canvas.gestures.weighing import FINE, NOTCH_PX
from bpviz.ui.canvas.turning import COARSE, STEP
from tests.ui.canvas.hand import LEFT, NO_KEY, Hand
from tests.ui.canvas.shots import full_shot
from tests.ui.canvas.takes import middle_of_pair

Edit = tuple[WeightAddress, float, float]
SHIFT, CTRL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier
WAY_PX = 24


@pytest.fixture
def edited(hand: Hand) -> list[Edit]:
    """What weights were set to, as it comes."""
    hand.canvas.show_snapshot(full_shot(hand.network))
    edits: list[Edit] = []
    hand.canvas.value_edited.connect(lambda *values: edits.append(values))
    return edits


def _take(hand: Hand, keys: Qt.KeyboardModifier = NO_KEY, *, by_letter: bool = True) -> QPoint:
    """Press in the middle of the first connection; where that is in the pane."""
    point = middle_of_pair(hand)
    hand.move(point)
    if by_letter:
        QTest.keyPress(hand.canvas.pane, Qt.Key.Key_M)
    hand.press(point, LEFT, keys)
    if by_letter:
        QTest.keyRelease(hand.canvas.pane, Qt.Key.Key_M)
    hand.move_to(hand.place(point) + QPoint(15, 0))  # a drag by now
    tool = hand.canvas.pane.tool
    assert tool is not None
    assert tool.name == "weigh"
    return hand.place(point)


def _release(hand: Hand) -> None:
    QTest.mouseRelease(hand.canvas.pane.viewport(), LEFT, pos=hand.canvas.pane.pointer)


@pytest.mark.parametrize("by_letter", [True, False])
@pytest.mark.parametrize("sign", [1, -1])
def test_up_is_more_and_down_is_less(hand: Hand, edited: list[Edit], by_letter: bool, sign: int) -> None:
    at = _take(hand, NO_KEY if by_letter else ALT, by_letter=by_letter)
    pair = hand.canvas.scene.placement.topology.pair(0)
    old = hand.canvas.scene.value_of(WeightAddress(*pair))
    assert old is not None
    hand.move_to(at + QPoint(15, 3 * WAY_PX))
    hand.move_to(at + QPoint(15, -sign * WAY_PX))
    assert not edited, "nothing is set before the drop"
    _release(hand)
    ((address, before, after),) = edited
    assert (address, before) == (WeightAddress(*pair), old)
    assert after == pytest.approx(old + sign * WAY_PX / NOTCH_PX * STEP)


@pytest.mark.parametrize(("keys", "factor"), [(SHIFT, FINE), (CTRL, COARSE)])
def test_keys_held_on_the_way_make_it_fine_or_coarse(
    hand: Hand, edited: list[Edit], keys: Qt.KeyboardModifier, factor: float
) -> None:
    at = _take(hand)
    viewport, place = hand.canvas.pane.viewport(), QPointF(at + QPoint(15, -WAY_PX))
    none = Qt.MouseButton.NoButton
    event = QMouseEvent(QEvent.Type.MouseMove, place, viewport.mapToGlobal(place), none, LEFT, keys)
    QApplication.sendEvent(viewport, event)
    _release(hand)
    ((_, before, after),) = edited
    assert after - before == pytest.approx(WAY_PX / NOTCH_PX * STEP * factor)


def test_given_up_nothing_was_set(hand: Hand, edited: list[Edit]) -> None:
    at = _take(hand)
    hand.move_to(at + QPoint(15, 30))
    hand.canvas.pane.cancel_gesture()
    hand.move_to(at + QPoint(15, 90))
    _release(hand)
    assert not edited


def test_meanwhile_it_is_shown_what_the_weight_becomes_and_does(hand: Hand, edited: list[Edit]) -> None:
    at = _take(hand)
    hand.move_to(at + QPoint(60, -90))  # over another one, or none
    card = hand.canvas.findChild(Card)
    assert card is not None
    assert card.isVisible()
    assert {"Becomes", "Predicted"} <= {name for name, _ in card.rows}
    hand.canvas.pane.cancel_gesture()
    assert "Becomes" not in {name for name, _ in card.rows} or not card.isVisible()


def test_without_values_nothing_is_set(hand: Hand) -> None:
    edits: list[Edit] = []
    hand.canvas.value_edited.connect(lambda *values: edits.append(values))
    at = _take(hand)
    hand.move_to(at + QPoint(15, -WAY_PX))
    _release(hand)
    assert not edits
