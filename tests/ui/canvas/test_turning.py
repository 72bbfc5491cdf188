"""Weights by the wheel: the change, and what it does to the loss."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication

from bpviz.engine.update import initial_state, step
from bpviz.model.spec import WeightAddress
from bpviz.training.snapshot import Snapshot
from bpviz.ui.canvas.turning import Turning
from tests.ui.canvas.hand import Hand, small_project
from tests.ui.canvas.shots import RULE, full_shot

SHIFT, ALT = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.AltModifier
CTRL = Qt.KeyboardModifier.ControlModifier


def _with_weight(shot: Snapshot, at: int, value: float) -> Snapshot:
    """The same moment of the run with one weight set by hand, its trace computed anew."""
    assert shot.parameters is not None
    assert shot.trace is not None
    parameters = shot.parameters.copy()
    parameters[at] = value
    plan, pass_ = shot.compiled.plan, shot.trace.trace
    made = step(
        plan, RULE, replace(initial_state(plan, RULE, parameters), step=shot.step), pass_.a[0], pass_.y, 0.1
    )
    return replace(shot, parameters=parameters, trace=made)


@pytest.mark.parametrize(("keys", "change"), [(SHIFT, 0.1), (ALT, 0.1), (SHIFT | CTRL, 1.0)])
def test_the_wheel_over_a_connection_changes_its_weight(
    hand: Hand, keys: Qt.KeyboardModifier, change: float
) -> None:
    hand.canvas.show_snapshot(full_shot(hand.network))
    pair = hand.canvas.scene.placement.topology.pair(0)
    middle = QPointF(*hand.canvas.scene.placement.polylines(np.array([0]))[0][8].tolist())
    hand.move(middle)
    edited: list[tuple[WeightAddress, float, float]] = []
    hand.canvas.value_edited.connect(lambda *values: edited.append(values))
    viewport, place, scale = hand.canvas.pane.viewport(), hand.place(middle), hand.canvas.pane.scale_factor
    old = hand.canvas.scene.value_of(WeightAddress(*pair))
    assert old is not None
    for sign in (1, 1, -1):
        # With Alt, Qt turns the wheel's direction on some systems.
        turned = QPoint(120 * sign, 0) if keys & ALT else QPoint(0, 120 * sign)
        phase, at = Qt.ScrollPhase.NoScrollPhase, QPointF(viewport.mapToGlobal(place))
        none = Qt.MouseButton.NoButton
        event = QWheelEvent(QPointF(place), at, QPoint(), turned, none, keys, phase, False)
        QApplication.sendEvent(viewport, event)
    assert [address for address, _, _ in edited] == 3 * [WeightAddress(*pair)]
    assert [new for _, _, new in edited] == pytest.approx([old + change, old + 2 * change, old + change])
    assert edited[1][1] == edited[0][2], "each goes on from where the one before led"
    assert hand.canvas.pane.scale_factor == scale, "and nothing is zoomed"


def test_predicted_is_gradient_times_change_and_actual_what_came() -> None:
    shot = full_shot(small_project().network)
    assert shot.trace is not None
    turning, at = Turning(), 0
    address = next(address for address in shot.compiled.addresses() if isinstance(address, WeightAddress))
    at = shot.compiled.index(address)
    asked: list[float] = []
    turning.turned.connect(lambda _address, _old, new: asked.append(new))
    turning.show_snapshot(shot)
    pair = (address.source, address.target)
    turning.turn(pair, 0.01, coarse=False)
    rows = turning.rows(pair)
    predicted = float(shot.trace.trace.gradient[at]) * 0.001
    assert _number(rows[1][1]) == pytest.approx(predicted, abs=1e-6)
    assert len(rows) == 2, "what came is not known yet"

    after = _with_weight(shot, at, asked[-1])
    turning.show_snapshot(after)
    rows = turning.rows(pair)
    assert after.trace is not None
    actual = after.trace.trace.mean_loss - shot.trace.trace.mean_loss
    assert _number(rows[2][1]) == pytest.approx(actual, abs=1e-6)
    assert actual == pytest.approx(predicted, rel=0.05), "a small step keeps the promise"

    turning.show_snapshot(replace(after, step=after.step + 1))
    assert not turning.rows(pair), "another step has another batch"


def test_the_gradient_of_another_step_promises_nothing() -> None:
    shot = full_shot(small_project().network)
    address = next(address for address in shot.compiled.addresses() if isinstance(address, WeightAddress))
    turning, pair = Turning(), (address.source, address.target)
    turning.show_snapshot(replace(shot, step=shot.step + 400))
    turning.turn(pair, 1.0, coarse=False)
    assert not turning.rows(pair)


def test_over_another_connection_it_begins_anew() -> None:
    shot = full_shot(small_project().network)
    turning, (first, second) = Turning(), list(shot.compiled.addresses())[:2]
    assert isinstance(first, WeightAddress)
    assert isinstance(second, WeightAddress)
    turning.show_snapshot(shot)
    pair = (first.source, first.target)
    turning.turn(pair, 1.0, coarse=False)
    assert turning.rows(pair)
    turning.point_at((second.source, second.target))
    assert not turning.rows(pair)


def test_without_values_nothing_is_turned() -> None:
    turning = Turning()
    asked: list[float] = []
    turning.turned.connect(lambda _address, _old, new: asked.append(new))
    turning.turn(("n2", "n5"), 1.0, coarse=False)
    assert not asked
    assert turning.rows(("n2", "n5")) == []


def _number(text: str) -> float:
    return float(text.replace("−", "-").replace("+", ""))
