"""Activations and their slopes as formulas, one entry for each of the engine's `ACTIVATIONS`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bpviz.engine.activations import LEAK, SELU_LEFT, SELU_SCALE
from bpviz.training.explain.expressions import (
    Apply,
    Case,
    Expression,
    Negative,
    Number,
    Quotient,
    Sum,
    constant,
    minus,
    square,
    times,
)

OVERFLOW: Final = 500.0
"""From such a z on, softmax is written with the largest z subtracted: e^z would soon be infinite."""


@dataclass(frozen=True, slots=True)
class ActivationForm:
    """How an activation is written.

    Attributes:
        value: ``(z, row) -> formula``, of a node's z and those of all nodes of its layer.
        slope: ``(z, a) -> formula``.
    """

    value: Callable[[Number, Sequence[Number]], Expression]
    slope: Callable[[Number, Number], Expression]


_ZERO: Final = constant(0)
_ONE: Final = constant(1)


def _if_positive(z: Number, yes: Expression, no: Expression) -> Case:
    return Case(z, ">", _ZERO, yes, no)


def _sigmoid(z: Number, _row: Sequence[Number]) -> Expression:
    return Quotient(_ONE, Sum((_ONE, Apply("exp", Negative(z)))))


def _own_complement(_z: Number, a: Number) -> Expression:
    return times(a, minus(_ONE, a))


def _one_plus_size(z: Number) -> Sum:
    return Sum((_ONE, Apply("abs", z)))


def _silu_slope(z: Number, _a: Number) -> Expression:
    sigma = Apply("sigmoid", z)
    return times(sigma, Sum((_ONE, times(z, minus(_ONE, sigma)))))


def _softmax(z: Number, row: Sequence[Number]) -> Expression:
    largest = max(row, key=lambda other: other.value)
    if abs(largest.value) < OVERFLOW:
        return Quotient(Apply("exp", z), Sum(tuple(Apply("exp", other) for other in row)))
    shifted = Sum(tuple(Apply("exp", minus(other, largest)) for other in row))
    return Quotient(Apply("exp", minus(z, largest)), shifted)


ACTIVATION_FORMS: Final[Mapping[str, ActivationForm]] = {
    "linear": ActivationForm(lambda z, _row: z, lambda _z, _a: _ONE),
    "sigmoid": ActivationForm(_sigmoid, _own_complement),
    "tanh": ActivationForm(lambda z, _row: Apply("tanh", z), lambda _z, a: minus(_ONE, square(a))),
    "relu": ActivationForm(
        lambda z, _row: _if_positive(z, z, _ZERO),
        lambda z, _a: _if_positive(z, _ONE, _ZERO),
    ),
    "leaky_relu": ActivationForm(
        lambda z, _row: _if_positive(z, z, times(constant(LEAK), z)),
        lambda z, _a: _if_positive(z, _ONE, constant(LEAK)),
    ),
    "elu": ActivationForm(
        lambda z, _row: _if_positive(z, z, Apply("expm1", z)),
        lambda z, a: _if_positive(z, _ONE, Sum((a, _ONE))),
    ),
    "selu": ActivationForm(
        lambda z, _row: _if_positive(
            z, times(constant(SELU_SCALE), z), times(constant(SELU_LEFT), Apply("expm1", z))
        ),
        lambda z, a: _if_positive(z, constant(SELU_SCALE), Sum((a, constant(SELU_LEFT)))),
    ),
    "gelu": ActivationForm(
        lambda z, _row: times(z, Apply("normal_cdf", z)),
        lambda z, _a: Sum((Apply("normal_cdf", z), times(z, Apply("normal_density", z)))),
    ),
    "silu": ActivationForm(lambda z, _row: times(z, Apply("sigmoid", z)), _silu_slope),
    "softplus": ActivationForm(
        lambda z, _row: Apply("softplus", z),
        lambda z, _a: _sigmoid(z, ()),
    ),
    "softsign": ActivationForm(
        lambda z, _row: Quotient(z, _one_plus_size(z)),
        lambda z, _a: Quotient(_ONE, square(_one_plus_size(z))),
    ),
    "sine": ActivationForm(lambda z, _row: Apply("sin", z), lambda z, _a: Apply("cos", z)),
    "softmax": ActivationForm(_softmax, _own_complement),
}
