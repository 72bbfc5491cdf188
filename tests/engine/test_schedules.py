"""The learning rate over time."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpviz.engine.schedules import SCHEDULES, learning_rate
from bpviz.errors import SettingError, UnknownNameError


@pytest.mark.parametrize(
    ("name", "options", "epoch", "share"),
    [
        ("constant", {}, 1000, 1.0),
        ("step", {"every": 10, "factor": 0.5}, 0, 1.0),
        ("step", {"every": 10, "factor": 0.5}, 9, 1.0),
        ("step", {"every": 10, "factor": 0.5}, 25, 0.25),
        ("exponential", {"decay": 0.9}, 2, 0.81),
        ("cosine", {"epochs": 40, "lowest": 0}, 20, 0.5),
        ("cosine", {"epochs": 40, "lowest": 0.2}, 40, 0.2),
        ("cosine", {"epochs": 40, "lowest": 0.2}, 900, 0.2),
        ("inverse", {"decay": 0.5}, 2, 0.5),
    ],
)
def test_rates_are_those_computed_by_hand(
    name: str, options: dict[str, float], epoch: int, share: float
) -> None:
    rate = learning_rate(name, options, base=0.3, warmup=0, step=7 * epoch, steps_per_epoch=7)
    assert rate == pytest.approx(0.3 * share)


def test_warm_up_climbs_in_equal_parts_and_begins_above_zero() -> None:
    rates = [learning_rate("constant", (), 1.0, 2.0, step, 2) for step in range(6)]
    assert rates == pytest.approx([0.25, 0.5, 0.75, 1, 1, 1])


@given(name=st.sampled_from(sorted(SCHEDULES)), step=st.integers(0, 10**7), warmup=st.floats(0, 100))
def test_a_rate_never_leaves_the_range_from_zero_to_what_was_set(name: str, step: int, warmup: float) -> None:
    assert 0 <= learning_rate(name, (), 0.5, warmup, step, 13) <= 0.5


@given(name=st.sampled_from(sorted(SCHEDULES)), step=st.integers(0, 10**4))
def test_a_schedule_never_rises(name: str, step: int) -> None:
    now, later = (learning_rate(name, (), 0.5, 0, at, 13) for at in (step, step + 1))
    assert later <= now


@pytest.mark.parametrize("base", [0.0, -1.0, float("nan"), float("inf")])
def test_a_rate_that_is_no_positive_number_is_refused(base: float) -> None:
    with pytest.raises(SettingError, match="learning rate can't be"):
        learning_rate("constant", (), base, 0, 0, 1)


@pytest.mark.parametrize("warmup", [-1.0, float("nan")])
def test_a_warm_up_below_zero_is_refused(warmup: float) -> None:
    with pytest.raises(SettingError, match="warm-up can't last"):
        learning_rate("constant", (), 0.1, warmup, 0, 1)


def test_an_unknown_schedule_is_refused() -> None:
    with pytest.raises(UnknownNameError, match="schedule named 'cosin'; did you mean 'cosine'"):
        learning_rate("cosin", (), 0.1, 0, 0, 1)


@pytest.mark.parametrize("steps", [1, 2, 3, 7, 10, 12, 100])
@pytest.mark.parametrize("every", [0.1, 0.2, 0.3, 0.7, 1 / 3, 1.1, 2.3])
def test_a_step_schedule_neither_skips_nor_doubles_a_drop(every: float, steps: int) -> None:
    rates = [
        learning_rate("step", {"every": every, "factor": 0.5}, 1.0, 0, step, steps)
        for step in range(40 * steps)
    ]
    drops = [round(-math.log2(rate)) for rate in rates]
    exact = Fraction(every).limit_denominator(1000)  # the number that was meant
    assert drops == [math.floor(Fraction(step, steps) / exact) for step in range(40 * steps)]
