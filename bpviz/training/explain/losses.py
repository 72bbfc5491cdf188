"""Losses as formulas, one entry for each of the engine's `LOSSES`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bpviz.engine.losses import HUBER_THRESHOLD
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

_SAFE: Final = (0.01, 0.99)
"""Between these an activation and its complement have enough digits left for a logarithm."""
_VANISHED: Final = 1e-300


@dataclass(frozen=True, slots=True)
class Output:
    """What a loss looks at, of one output and one example.

    Attributes:
        a: Its activation.
        y: Its target.
        z: Its weighted input.
        row: The weighted inputs of all outputs.
    """

    a: Number
    y: Number
    z: Number
    row: Sequence[Number]

    @property
    def error(self) -> Sum:
        return minus(self.a, self.y)

    @property
    def count(self) -> Number:
        """K, how many outputs there are."""
        return constant(len(self.row), "K")


@dataclass(frozen=True, slots=True)
class LossForm:
    """How a loss is written.

    Attributes:
        share: What one output adds to it.
        slope: Its derivative by the output's activation; None where delta is computed at once, as a - y.
        from_z: Whether the share of an output is written with z here, since a has lost digits.
    """

    share: Callable[[Output], Expression]
    slope: Callable[[Output], Expression] | None = None
    from_z: Callable[[Output], bool] = lambda _at: False


_HALF: Final = constant(0.5)
_ONE: Final = constant(1)
_TWO: Final = constant(2)
_THRESHOLD: Final = constant(HUBER_THRESHOLD)


def _huber(at: Output) -> Expression:
    size = Apply("abs", at.error)
    near = times(_HALF, square(at.error))
    far = minus(size, constant(0.5 * HUBER_THRESHOLD))
    return Case(size, "≤", _THRESHOLD, near, far if HUBER_THRESHOLD == 1 else times(_THRESHOLD, far))


def _huber_slope(at: Output) -> Expression:
    beyond = times(_THRESHOLD, Apply("sign", at.error)) if HUBER_THRESHOLD != 1 else Apply("sign", at.error)
    return Case(Apply("abs", at.error), "≤", _THRESHOLD, at.error, beyond)


def _near_saturation(at: Output) -> bool:
    low, high = _SAFE
    return not low <= at.a.value <= high


def _binary_cross_entropy(at: Output) -> Expression:
    other = minus(_ONE, at.y)
    if _near_saturation(at):
        return Sum((times(at.y, Apply("softplus", Negative(at.z))), times(other, Apply("softplus", at.z))))
    known = times(at.y, Apply("ln", at.a))
    return Negative(Sum((known, times(other, Apply("ln", minus(_ONE, at.a))))))


def _vanished(at: Output) -> bool:
    return at.a.value < _VANISHED


def _categorical_cross_entropy(at: Output) -> Expression:
    if not _vanished(at):
        return Negative(times(at.y, Apply("ln", at.a)))
    largest = max(at.row, key=lambda other: other.value)
    total = Apply("ln", Sum(tuple(Apply("exp", minus(other, largest)) for other in at.row)))
    return times(at.y, minus(total, minus(at.z, largest)))


LOSS_FORMS: Final[Mapping[str, LossForm]] = {
    "half_squared": LossForm(lambda at: times(_HALF, square(at.error)), lambda at: at.error),
    "squared": LossForm(lambda at: square(at.error), lambda at: times(_TWO, at.error)),
    "mse": LossForm(
        lambda at: times(Quotient(_ONE, at.count), square(at.error)),
        lambda at: times(Quotient(_TWO, at.count), at.error),
    ),
    "mae": LossForm(
        lambda at: times(Quotient(_ONE, at.count), Apply("abs", at.error)),
        lambda at: times(Quotient(_ONE, at.count), Apply("sign", at.error)),
    ),
    "huber": LossForm(_huber, _huber_slope),
    "binary_cross_entropy": LossForm(_binary_cross_entropy, from_z=_near_saturation),
    "categorical_cross_entropy": LossForm(_categorical_cross_entropy, from_z=_vanished),
}
