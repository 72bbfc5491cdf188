"""Penalties as formulas of one weight, one entry for each of the engine's `PENALTIES`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from bpviz.training.explain.expressions import Apply, Expression, Number, constant, square, times


@dataclass(frozen=True, slots=True)
class PenaltyForm:
    """How a penalty is written, before the factor lambda / M or lambda.

    Attributes:
        value: ``w -> formula``.
        slope: ``w -> formula`` of its derivative.
    """

    value: Callable[[Number], Expression]
    slope: Callable[[Number], Expression]


_NOTHING: Final = PenaltyForm(lambda _w: constant(0), lambda _w: constant(0))
_SIZE: Final = PenaltyForm(lambda w: Apply("abs", w), lambda w: Apply("sign", w))
_HALF_SQUARE: Final = PenaltyForm(lambda w: times(constant(0.5), square(w)), lambda w: w)

PENALTY_FORMS: Final[Mapping[str, PenaltyForm]] = {
    "none": _NOTHING,
    "l1": _SIZE,
    "l2": _HALF_SQUARE,
    "playground_l1": _SIZE,
    "playground_l2": _HALF_SQUARE,
}
