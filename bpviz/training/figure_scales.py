"""Scales of heatmaps and maps: they end at round numbers, so that they change in calm steps."""

from __future__ import annotations

from typing import Final, Literal

import numpy as np

from bpviz.arrays import Array
from bpviz.training.joining import largest
from bpviz.training.marks import Scale

_DECADES: Final = 4
"""The delta heatmap shows so many powers of ten below its largest value; smaller ones fade into zero."""

_SMALLEST_LIMIT: Final = 1e-12
"""End of a scale on which every value is 0."""

_LARGEST_EXPONENT: Final = 308.0
"""Of ten, in float64: just before a run leaves the finite numbers its deltas may be that large."""

_FLAT: Final = 0.25
"""Examples whose spread is a smaller part of their distance from 0 look alike on a scale around 0."""

_ROUND: Final = (1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)


def log_scale(label: str, kind: Literal["diverging", "sequential"], values: Array) -> Scale:
    """A scale as below, for these values."""
    return log_scale_to(label, kind, largest(values))


def log_scale_to(label: str, kind: Literal["diverging", "sequential"], largest: float) -> Scale:
    """A signed logarithmic scale that ends at a round number, so that it changes in calm steps.

    Args:
        label: Of its values.
        kind: See `Scale`.
        largest: The largest |value|.
    """
    limit = _SMALLEST_LIMIT
    if largest > limit:
        limit = 10.0 ** min(float(np.ceil(2 * np.log10(largest))) / 2, _LARGEST_EXPONENT)
    return Scale(label, kind, limit, floor=limit / 10**_DECADES)


def number_scale(label: str, points: Array, values: Array) -> Scale:
    """A scale for numbers on a plane, which takes in the examples and what the network makes of them.

    It ends at a round number, so that it changes in calm steps.  Its middle is 0 unless the examples lie so
    far from it, all on one side, that they would look alike.
    """
    low, high = float(points.min(initial=np.inf)), float(points.max(initial=-np.inf))
    middle, half = (low + high) / 2, (high - low) / 2
    center = 0.0
    if 0 < half < _FLAT * abs(middle):
        unit = 10.0 ** np.floor(np.log10(half))
        center = float(np.rint(middle / unit) * unit)
    known = values[np.isfinite(values)]
    largest = max(float(np.abs(part - center).max(initial=0.0)) for part in (points, known))
    return Scale(label, "diverging", _round_up(min(largest, 10.0**_LARGEST_EXPONENT)), center=center)


def _round_up(value: float) -> float:
    """The next of a few round numbers, times a power of ten; 1 for 0."""
    if value < _SMALLEST_LIMIT:
        return 1.0
    unit = 10.0 ** np.floor(np.log10(value))
    return float(next(unit * step for step in _ROUND if unit * step >= value * (1 - 1e-9)))
