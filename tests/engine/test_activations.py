"""The activations: their values, their derivatives and how they behave at the ends."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from types import ModuleType

import numpy as np
import pytest

from bpviz.arrays import Array
from bpviz.engine.activations import ACTIVATIONS, Activation
from tests.engine.networks import ELEMENTWISE

BY_HAND = {
    # name: (z, f(z), f'(z))
    "linear": (-1.7, -1.7, 1.0),
    "sigmoid": (0.3775, 0.5932699921, 0.2413007086),  # h1 of Mazur's worked step
    "tanh": (0.5, 0.4621171573, 0.7864477330),
    "relu": (-2.0, 0.0, 0.0),
    "leaky_relu": (-2.0, -0.02, 0.01),
    "elu": (-1.0, math.exp(-1) - 1, math.exp(-1)),
    "selu": (-1.0, 1.7580993408 * (math.exp(-1) - 1), 1.7580993408 * math.exp(-1)),
    "gelu": (1.0, 0.8413447461, 0.8413447461 + 0.2419707245),
    "silu": (1.0, 0.7310585786, 0.9276705118),
    "softplus": (0.0, math.log(2), 0.5),
    "softsign": (-3.0, -0.75, 1 / 16),
    "sine": (math.pi / 3, math.sqrt(3) / 2, 0.5),
}


def _column(*values: float) -> Array:
    return np.array(values).reshape(-1, 1)


@pytest.mark.parametrize("name", ELEMENTWISE)
def test_value_and_slope_are_those_computed_by_hand(name: str) -> None:
    z, value, slope = BY_HAND[name]
    a = ACTIVATIONS[name].value(_column(z))
    assert a.item() == pytest.approx(value, abs=1e-9)
    assert ACTIVATIONS[name].slope(_column(z), a).item() == pytest.approx(slope, abs=1e-9)


@pytest.mark.parametrize("name", ELEMENTWISE)
def test_slope_is_the_derivative_away_from_kinks(name: str) -> None:
    entry = ACTIVATIONS[name]
    z, h = np.linspace(-4, 4, 40).reshape(-1, 1), 1e-6  # an even number of points: 0 is not among them
    difference = (entry.value(z + h) - entry.value(z - h)) / (2 * h)
    np.testing.assert_allclose(entry.slope(z, entry.value(z)), difference, atol=1e-8)


def test_the_slope_at_a_kink_is_that_of_the_left_side() -> None:
    zero = _column(0.0)
    slopes = {name: ACTIVATIONS[name].slope(zero, zero).item() for name in ("relu", "leaky_relu", "elu")}
    assert slopes == {"relu": 0.0, "leaky_relu": 0.01, "elu": 1.0}


@pytest.mark.parametrize("entry", ACTIVATIONS.values(), ids=ACTIVATIONS)
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_nothing_overflows_and_the_precision_stays(entry: Activation, dtype: type) -> None:
    z: Array = np.array([[-1e4, -30.0, -1e-9, 0.0, 1e-9, 30.0, 1e4]], dtype=dtype)
    a = entry.value(z)
    slope = entry.slope(z, a)
    assert a.dtype == slope.dtype == dtype
    assert np.isfinite(a).all()
    assert np.isfinite(slope).all()


@pytest.mark.parametrize("entry", ACTIVATIONS.values(), ids=ACTIVATIONS)
def test_value_returns_a_new_array(entry: Activation) -> None:
    z = _column(0.5, -0.5)
    assert not np.shares_memory(entry.value(z), z)


def test_softmax_gives_probabilities_that_a_shift_leaves_as_they_are() -> None:
    z = np.array([[1.0, 2.0, 3.0], [1e4, -1e4, 0.0]])
    a = ACTIVATIONS["softmax"].value(z)
    np.testing.assert_allclose(a.sum(axis=1), 1)
    np.testing.assert_allclose(a[0], [0.0900305732, 0.2447284711, 0.6652409558], atol=1e-10)
    np.testing.assert_allclose(ACTIVATIONS["softmax"].value(z + 5), a, atol=1e-12)


def test_elu_and_selu_have_the_kinks_the_gradient_check_must_know() -> None:
    kinked = {name for name, entry in ACTIVATIONS.items() if entry.kinks}
    assert kinked == {"relu", "leaky_relu", "elu", "selu", "softsign"}


@pytest.mark.parametrize("name", ELEMENTWISE)
def test_value_and_slope_are_those_of_torch_at_kinks_too(
    name: str, oracle: Callable[[str], ModuleType]
) -> None:
    torch = oracle("torch")
    functional = torch.nn.functional
    theirs = {
        "linear": lambda z: z * 1,
        "sine": torch.sin,
        "tanh": torch.tanh,
        "sigmoid": torch.sigmoid,
    }.get(name) or getattr(functional, name)
    z = torch.linspace(-6, 6, 121, dtype=torch.float64, requires_grad=True)
    value = theirs(z)
    value.sum().backward()
    ours = ACTIVATIONS[name].value(z.detach().numpy())
    np.testing.assert_allclose(ours, value.detach().numpy(), rtol=1e-13, atol=1e-14)
    slope = ACTIVATIONS[name].slope(z.detach().numpy(), ours)
    np.testing.assert_allclose(slope, z.grad.numpy(), rtol=1e-12, atol=1e-13)


@pytest.mark.parametrize("name", ["sigmoid", "tanh", "relu", "leaky_relu", "selu", "linear"])
def test_the_gain_is_that_of_torch(name: str, oracle: Callable[[str], ModuleType]) -> None:
    gain = oracle("torch").nn.init.calculate_gain(name, 0.01 if name == "leaky_relu" else None)
    assert ACTIVATIONS[name].gain == pytest.approx(gain, rel=1e-12)


def evaluated(formula: str, **names: object) -> Array:
    """What a formula as it stands in files of weights says, read as a person reads it."""
    text = re.sub(r", [Φσ] the .*", "", formula.partition(" = ")[2]).replace(", else", " else")
    for written, meant in (
        ("−", "-"),
        ("²", "**2"),
        ("tanh z", "tanh(z)"),
        ("sin z", "sin(z)"),
        ("cos z", "cos(z)"),
        ("Σ_j e^z_j", "sum(e^z)"),
        ("z_k", "z"),
    ):
        text = text.replace(written, meant)
    text = re.sub(r"\|z\|", "abs(z)", text)
    text = re.sub(r"e\^(-?z)", r"exp(\1)", text)
    text = re.sub(r"(?<=[\dza)]) (?=[a-zΦφσ(](?!f |lse ))", " * ", text)  # numbers side by side are a product
    if " if " in text:
        above, _, rest = text.partition(" if ")
        condition, _, below = rest.partition(" else ")
        text = f"where({condition}, {above}, {below})"
    scope = {"z": None, "a": None, **vars(np), "ln": np.log, "max": np.maximum, "sum": np.sum, **names}
    return np.asarray(eval(text, {"__builtins__": {}}, scope), dtype=np.float64)  # noqa: S307 - our own


def normal_density(z: Array) -> Array:
    return np.asarray(np.exp(-z * z / 2) / math.sqrt(2 * math.pi))


def normal_below(z: Array) -> Array:
    return np.array([0.5 * math.erfc(-value / math.sqrt(2)) for value in z.flat]).reshape(z.shape)


@pytest.mark.parametrize("entry", ACTIVATIONS.values(), ids=ACTIVATIONS)
def test_the_formulas_in_files_of_weights_are_the_functions(entry: Activation) -> None:
    z = np.array([-20.0, -3.25, -1e-3, 1e-3, 0.5, 7.0, 20.0])
    rows = z.reshape(1, -1) if entry.name == "softmax" else z.reshape(-1, 1)
    a = entry.value(rows)
    named = {"Φ": normal_below, "φ": normal_density, "σ": lambda z: 1 / (1 + np.exp(-z))}
    scope = {"z": rows, "a": a, **named}
    np.testing.assert_allclose(evaluated(entry.formula, **scope), a, rtol=1e-13, atol=1e-15)
    if entry.elementwise:
        slope = entry.slope(rows, a)
        np.testing.assert_allclose(
            evaluated(entry.derivative, **scope) * np.ones_like(rows), slope, rtol=1e-12, atol=1e-14
        )


def test_a_rounded_constant_in_a_formula_is_found_out() -> None:
    z = np.array([1.0])
    assert evaluated("f(z) = 1.0507 z if z > 0, else 1.7581 (e^z − 1)", z=z) == pytest.approx(1.0507)
