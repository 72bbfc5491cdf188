"""The losses: worked values, output deltas, and which outputs they go with."""

from __future__ import annotations

import math

import numpy as np
import pytest

from bpviz.arrays import Array
from bpviz.engine.activations import ACTIVATIONS
from bpviz.engine.losses import LOSSES
from tests.engine.networks import ELEMENTWISE, legal_outputs

OUTPUTS = np.array([[0.75, -1.5]])
TARGETS = np.array([[0.25, 0.5]])
BY_HAND = {
    # the errors are 0.5 and -2: loss, d loss / d a
    "half_squared": (2.125, [0.5, -2.0]),
    "squared": (4.25, [1.0, -4.0]),
    "mse": (2.125, [0.5, -2.0]),
    "mae": (1.25, [0.5, -0.5]),
    "huber": (0.125 + 1.5, [0.5, -1.0]),
}


@pytest.mark.parametrize("name", BY_HAND)
def test_loss_and_output_delta_are_those_computed_by_hand(name: str) -> None:
    loss, derivative = BY_HAND[name]
    slope = np.array([[1.0, 3.0]])
    assert LOSSES[name].value(OUTPUTS, OUTPUTS, TARGETS) == pytest.approx([loss])
    delta = LOSSES[name].output_delta(OUTPUTS, OUTPUTS, TARGETS, slope)
    np.testing.assert_allclose(delta, [derivative] * slope)


def test_binary_cross_entropy_is_minus_the_logarithm_of_the_probability_of_the_truth() -> None:
    z, y = np.array([[0.0, math.log(3)]]), np.array([[1.0, 0.0]])
    a = ACTIVATIONS["sigmoid"].value(z)  # 1/2 and 3/4
    loss = LOSSES["binary_cross_entropy"]
    assert loss.value(z, a, y) == pytest.approx([math.log(2) + math.log(4)])
    np.testing.assert_allclose(loss.output_delta(z, a, y, a * (1 - a)), [[-0.5, 0.75]])


def test_categorical_cross_entropy_is_minus_the_logarithm_of_the_probability_of_the_truth() -> None:
    z, y = np.log([[1.0, 2.0, 5.0]]), np.array([[0.0, 1.0, 0.0]])
    a = ACTIVATIONS["softmax"].value(z)  # 1/8, 2/8, 5/8
    loss = LOSSES["categorical_cross_entropy"]
    assert loss.value(z, a, y) == pytest.approx([math.log(4)])
    np.testing.assert_allclose(loss.output_delta(z, a, y, a * (1 - a)), [[1 / 8, -6 / 8, 5 / 8]])


@pytest.mark.parametrize("name", LOSSES)
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_nothing_overflows_for_weighted_inputs_of_ten_thousand(name: str, dtype: type) -> None:
    z: Array = np.array([[1e4, -1e4, 0.0], [-1e4, 1e4, 1e4]], dtype=dtype)
    y: Array = np.array([[0.0, 0.0, 1.0], [1.0, 0.0, 0.0]], dtype=dtype)
    for activation in legal_outputs(name):
        a = ACTIVATIONS[activation].value(z)
        losses = LOSSES[name].value(z, a, y)
        delta = LOSSES[name].output_delta(z, a, y, ACTIVATIONS[activation].slope(z, a))
        assert losses.dtype == delta.dtype == dtype
        assert losses.shape == (2,)
        assert np.isfinite(losses).all()
        assert np.isfinite(delta).all()


def test_certain_and_wrong_costs_the_distance_not_infinity() -> None:
    z, y = np.array([[1e4]]), np.array([[0.0]])
    assert LOSSES["binary_cross_entropy"].value(z, np.ones_like(z), y) == pytest.approx([1e4])


def test_legal_pairs_are_those_of_the_textbooks() -> None:
    assert legal_outputs("categorical_cross_entropy") == ["softmax"]
    assert legal_outputs("binary_cross_entropy") == ["sigmoid"]
    for name in ("half_squared", "squared", "mse", "mae", "huber"):
        assert legal_outputs(name) == ELEMENTWISE


@pytest.mark.parametrize("name", LOSSES)
def test_a_remedy_is_a_sentence(name: str) -> None:
    assert LOSSES[name].remedy.endswith(".")


SURE = (
    # z, targets, loss: of an output that is sure and right, and of one that is sure and wrong
    ("categorical_cross_entropy", "softmax", [36.0, 0.0], [1.0, 0.0], math.log1p(math.exp(-36))),
    ("categorical_cross_entropy", "softmax", [0.0, 36.0], [1.0, 0.0], 36 + math.log1p(math.exp(-36))),
    (
        "categorical_cross_entropy",
        "softmax",
        [-3.0, 60.0, 0.0],
        [0.0, 1.0, 0.0],
        math.exp(-60) + math.exp(-63),
    ),
    ("categorical_cross_entropy", "softmax", [5.0, 5.0, 5.0], [0.0, 0.0, 1.0], math.log(3)),
    ("binary_cross_entropy", "sigmoid", [36.0], [1.0], math.log1p(math.exp(-36))),
    ("binary_cross_entropy", "sigmoid", [-36.0], [0.0], math.log1p(math.exp(-36))),
    ("binary_cross_entropy", "sigmoid", [60.0, -60.0], [1.0, 0.0], 2 * math.exp(-60)),
)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize(("name", "activation", "z", "y", "loss"), SURE)
def test_the_loss_of_a_sure_output_keeps_its_digits(
    name: str, activation: str, z: list[float], y: list[float], loss: float, dtype: type
) -> None:
    outputs: Array = np.array([z], dtype=dtype)
    targets: Array = np.array([y], dtype=dtype)
    a = ACTIVATIONS[activation].value(outputs)
    found = LOSSES[name].value(outputs, a, targets)
    assert found.dtype == dtype
    assert found.item() == pytest.approx(loss, rel=4 * float(np.finfo(dtype).eps), abs=0)


@pytest.mark.parametrize("name", ["binary_cross_entropy", "categorical_cross_entropy"])
def test_the_loss_of_what_is_no_number_is_none(name: str) -> None:
    for z in ([[math.nan, 0.0]], [[0.0, math.nan]], [[math.nan, math.nan]]):
        bad = np.array(z)
        assert np.isnan(LOSSES[name].value(bad, bad, np.array([[1.0, 0.0]]))).all()
