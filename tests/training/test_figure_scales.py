"""Scales take in all values, end at round numbers, and show differences."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpviz.arrays import Array
from bpviz.training.figure_scales import number_scale

NUMBERS = st.floats(1e-10, 1e300)


def test_a_map_of_numbers_takes_in_what_the_network_says_and_not_only_the_examples() -> None:
    examples, answers = np.array([-0.01, 0.01]), np.full((4, 4), 0.75)
    scale = number_scale("label", examples, answers)
    assert scale.limit == 0.8
    assert scale.center == 0.0
    assert scale.place(answers).max() < 1.0


@given(NUMBERS, NUMBERS)
def test_no_value_lies_beyond_the_scale_and_its_end_is_not_far(example: float, answer: float) -> None:
    scale = number_scale("label", np.array([-example, example]), np.array([[answer]]))
    largest = max(example, answer)
    assert largest * (1 - 1e-9) <= scale.limit <= 1.34 * largest


def test_the_scale_stays_while_values_change_a_little() -> None:
    examples = np.array([-1.0, 1.0])
    limits = {number_scale("", examples, np.array([[1.3 + 0.01 * k]])).limit for k in range(15)}
    assert limits == {1.5}


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_examples_far_from_zero_are_told_apart(sign: float) -> None:
    prices = sign * np.linspace(1000.0, 1020.0, 11)
    scale = number_scale("price", prices, prices[None, :])
    places = scale.place(prices)
    assert np.ptp(places) > 1.0
    assert abs(scale.center) == 1010.0
    assert scale.value(float(places[-1])) == pytest.approx(prices[-1])


@pytest.mark.parametrize(
    "values",
    [
        np.zeros((2, 2)),
        np.full((2, 2), np.nan),
        np.full((2, 2), np.inf),
        np.zeros((0, 0)),
        np.full((1, 1), 1e308),
    ],
)
@pytest.mark.parametrize("examples", [np.zeros(3), np.zeros(0), np.full(2, 7.0)])
def test_a_scale_can_be_made_of_anything(examples: Array, values: Array) -> None:
    scale = number_scale("label", examples, values)
    assert np.isfinite(scale.limit)
    assert scale.limit > 0
    assert np.isfinite(scale.place(values)).all()
