"""The penalties: values, derivatives and their factor."""

from __future__ import annotations

import numpy as np
import pytest

from bpviz.engine.penalties import PENALTIES

WEIGHTS = np.array([-2.0, 0.0, 0.5])


@pytest.mark.parametrize(
    ("name", "value", "slope"),
    [
        ("none", 0.0, [0, 0, 0]),
        ("l1", 2.5, [-1, 0, 1]),
        ("l2", 2.125, [-2, 0, 0.5]),
        ("playground_l1", 2.5, [-1, 0, 1]),
        ("playground_l2", 2.125, [-2, 0, 0.5]),
    ],
)
def test_value_and_slope_are_those_computed_by_hand(name: str, value: float, slope: list[float]) -> None:
    assert PENALTIES[name].value(WEIGHTS).sum() == value
    np.testing.assert_array_equal(PENALTIES[name].slope(WEIGHTS), slope)


def test_lambda_is_divided_by_the_examples_but_not_in_the_playground() -> None:
    scales = {name: entry.scale(0.3, 10) for name, entry in PENALTIES.items()}
    assert scales["l1"] == scales["l2"] == pytest.approx(0.03)
    assert scales["playground_l1"] == scales["playground_l2"] == 0.3


def test_only_the_playgrounds_l1_needs_memory_for_the_dead() -> None:
    assert {name: entry.slots for name, entry in PENALTIES.items() if entry.slots} == {"playground_l1": 1}
