"""Speeds, and counting what is due."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpviz.training.speed import FLAT_OUT, SPEEDS, Pace, Speed


def test_the_slider_goes_from_one_phase_a_second_to_flat_out() -> None:
    assert SPEEDS[0] == Speed("phase", 1)
    assert SPEEDS[-1] == FLAT_OUT
    steps = [speed.per_s for speed in SPEEDS if speed.unit == "step" and speed.per_s]
    assert steps == sorted(steps)


@pytest.mark.parametrize(
    ("speed", "label"),
    [(Speed("phase", 1), "1 phase/s"), (Speed("step", 3000), "3\u202f000 steps/s"), (Speed(), "flat out")],
)
def test_speeds_have_labels(speed: Speed, label: str) -> None:
    assert speed.label == label


@given(per_s=st.sampled_from([1.0, 4.0, 10.0, 100.0, 3000.0]), seconds=st.integers(1, 20))
def test_asked_often_enough_a_pace_makes_what_it_promises(per_s: float, seconds: int) -> None:
    pace = Pace(per_s)
    interval = pace.interval_ms / 1000
    asks = round(seconds / interval)
    made = sum(pace.due(at * interval) for at in range(asks + 1))
    assert made == pytest.approx(1 + per_s * asks * interval, abs=2)


def test_the_first_is_due_at_once() -> None:
    assert Pace(1.0).due(100.0) == 1


def test_what_a_slow_machine_missed_is_dropped() -> None:
    pace = Pace(1000.0)
    pace.due(0.0)
    assert pace.due(60.0) <= 101
