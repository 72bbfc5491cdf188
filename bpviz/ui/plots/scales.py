"""Ticks, calm ranges and reduction to pixels: the arithmetic of plots, without widgets.

Ranges are chosen here and not by pyqtgraph, whose automatic ranges cost several times
the drawing and make the axes tremble.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np

from bpviz.arrays import Array, BoolArray, IntArray
from bpviz.errors import grouped
from bpviz.ui.numbers import MINUS, short

Range: TypeAlias = tuple[float, float]
Tick: TypeAlias = tuple[float, str]

_NICE: Final = (1.0, 2.0, 2.5, 5.0, 10.0)
_ROOM_LEFT: Final = 0.55
"""A range is kept while the data fill at least this part of it."""
_STEPS_OF_X: Final = 8
_FEWEST_STEPS: Final = 10.0
"""A step axis is never so short that it would count in halves."""
_LARGE: Final = 1e4
_HUGE: Final = 1e9
_SMALLEST_STEP: Final = 1e-4
_DECADES: Final = (-323, 307)
"""Of all positive numbers, five times each included."""
_SUPERSCRIPTS: Final = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def nice_step(span: float, count: int) -> float:
    """Return the round number (1, 2, 2.5, 5 times a power of ten) that cuts a span into at most `count`."""
    if not (math.isfinite(span) and span > 0):
        return 1.0
    rough = span / max(count, 1)
    unit = 10.0 ** math.floor(math.log10(rough))
    return next(unit * factor for factor in _NICE if unit * factor >= rough * (1 - 1e-9))


def linear_ticks(low: float, high: float, count: int) -> list[Tick]:
    """Ticks at round numbers of a linear axis: at most `count` and one more, or more where that left one."""
    for at_most in (count, 2 * count):  # one tick alone gives no scale
        step = nice_step(high - low, at_most)
        first = math.ceil(low / step - 1e-9)
        values = [first * step + k * step for k in range(at_most + 2)]
        inside = [value for value in values if value <= high + 1e-9 * step]
        if len(inside) > 1:
            break
    return [(value, number(value, step)) for value in inside]


def log_ticks(low: float, high: float, count: int) -> list[Tick]:
    """Ticks of an axis whose coordinate is log10 of the value: decades, thinned to at most `count`."""
    lowest, highest = _DECADES  # whoever zooms far out sees more than there are numbers
    first, last = max(math.ceil(low - 1e-9), lowest), min(math.floor(high + 1e-9), highest)
    every = max(1, math.ceil((last - first + 1) / max(count, 1)))
    decades = [decade for decade in range(first, last + 1) if decade % every == 0]
    if len(decades) >= 2:
        return [(float(decade), power_of_ten(decade)) for decade in decades]
    near = range(max(first - 1, lowest), min(last + 1, highest) + 1)
    parts = [(k + math.log10(m), m * 10.0**k) for k in near for m in (1, 2, 5)]
    return [(at, short(value, 3)) for at, value in parts if low <= at <= high]


def power_of_ten(decade: int) -> str:
    """Write 10 to a whole power: plainly between 0.001 and 1000, with a superscript beyond."""
    if -3 <= decade <= 3:
        return f"{10.0**decade:.{max(0, -decade)}f}"
    return f"10{str(decade).translate(_SUPERSCRIPTS)}"


def number(value: float, step: float = 0.0) -> str:
    """Write a tick's number with just the decimals its step needs, and k or M from 10 000 on."""
    if step and abs(value) < step * 1e-9:
        value = 0.0
    if abs(value) >= _HUGE:
        return short(value, 2)
    if abs(value) >= _LARGE:
        unit, letter = (1e6, "M") if abs(value) >= 1e6 else (1e3, "k")
        return f"{grouped(value / unit, '.6g')}{letter}".replace("-", MINUS)
    if step and step < _SMALLEST_STEP:
        return short(value, 3)
    decimals = max(0, -math.floor(math.log10(step) + 1e-9)) if step else 0
    if step and round(step * 10**decimals, 9) != round(step * 10**decimals):
        decimals += 1  # steps of 2.5 units need one more
    return grouped(value, f".{decimals}f").replace("-", MINUS)


def grown_x(kept: Range | None, last: float) -> Range:
    """Range of the step axis: from 0, growing in eighths, so that it moves now and then and not always.

    Args:
        kept: The range so far.
        last: The last step.
    """
    if kept is not None and kept[0] == 0 and kept[1] * 0.45 <= last <= kept[1]:
        return kept
    shown = max(last, _FEWEST_STEPS)
    step = nice_step(shown, _STEPS_OF_X)
    return 0.0, step * math.ceil(shown * 1.02 / step)


def grown_y(kept: Range | None, low: float, high: float, *, log: bool) -> Range:
    """Range of the value axis: round ends around the data, kept while they still fit well.

    Args:
        kept: The range so far.
        low: Smallest value shown, in the axis's coordinate (log10 on a log axis).
        high: Largest value shown.
        log: Ends fall on half decades; otherwise on round numbers, and 0 belongs to a range near it.
    """
    if not (math.isfinite(low) and math.isfinite(high)):
        return kept or (0.0, 1.0)
    if (
        kept is not None
        and kept[0] <= low
        and high <= kept[1]
        and high - low >= _ROOM_LEFT * (kept[1] - kept[0])
    ):
        return kept
    if log:
        bottom, top = math.floor(low * 2) / 2, math.ceil(high * 2) / 2
        return (bottom, top) if top > bottom else (bottom - 0.5, top + 0.5)
    if 0 <= low < 0.6 * high:
        low = 0.0
    if high <= low:
        low, high = low - 0.5 * abs(low) - 1e-9, high + 0.5 * abs(high) + 1e-9
    step = nice_step(high - low, 6)
    return step * math.floor(low / step + 1e-9), step * math.ceil(high * (1 + 1e-6) / step - 1e-9)


def log10(values: Array) -> Array:
    """Coordinates on a log axis; what is not positive lies infinitely far down."""
    with np.errstate(divide="ignore"):
        return np.log10(np.maximum(values, 0.0))


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """Points over the same steps, joined until each column of pixels has one: for many curves at once.

    Attributes:
        first: (points,) first step that each point stands for.
        last: (points,) last step that each point stands for.
        width: At most so many columns, about the width in pixels.
        starts: (columns,) the first point of each column; None where every point has its own.
        sizes: (columns,) how many points it joins.
        extremes_x: (2 columns,) where the lowest and the highest value of each column are drawn.
        means_x: (columns + 1,) where their means are drawn, and the newest point; or (points,).
    """

    first: IntArray
    last: IntArray
    width: int
    starts: IntArray | None
    sizes: IntArray | None
    extremes_x: Array
    means_x: Array

    @classmethod
    def of(cls, first: IntArray, last: IntArray, width: int) -> Columns:
        """Join points that stand for these steps, neighbors in about equal numbers."""
        x = 0.5 * (first + last)
        if x.size <= max(width, 1):
            return cls(first, last, width, None, None, np.repeat(x, 2), x)
        ends = np.arange(width + 1) * x.size // width
        starts, sizes = ends[:-1], ends[1:] - ends[:-1]
        means = np.append(np.add.reduceat(x, starts) / sizes, x[-1])
        return cls(first, last, width, starts, sizes, np.repeat(x[starts], 2), means)

    def fit(self, first: IntArray, last: IntArray, width: int) -> bool:
        """Whether points that stand for these steps join just so."""
        return self.width == width and _alike(self.last, last) and _alike(self.first, first)

    def extremes(self, low: Array, high: Array) -> Array:
        """The lowest and the highest value of each column in turn.

        A path through all of them, drawn thin, fills the band between them.

        Args:
            low: (curves, points) smallest value at each point.
            high: (curves, points) largest value at each point.

        Returns:
            (curves, 2 columns)
        """
        if self.starts is not None:
            low = np.fmin.reduceat(low, self.starts, axis=1)
            high = np.fmax.reduceat(high, self.starts, axis=1)
        return np.stack([low, high], axis=2).reshape(len(low), -1)

    def means(self, values: Array) -> Array:
        """The mean of each column, and the newest value, which is also the one printed beside the curve.

        Args:
            values: (curves, points); what is not finite counts for nothing.

        Returns:
            (curves, columns + 1), or the values themselves where every point has its own column.
        """
        if self.starts is None:
            return values
        known = np.isfinite(values)
        if known.all():
            means = np.add.reduceat(values, self.starts, axis=1) / self.sizes
        else:
            counts = np.add.reduceat(known.astype(np.int64), self.starts, axis=1)
            sums = np.add.reduceat(np.where(known, values, 0.0), self.starts, axis=1)
            means = np.where(counts, sums / np.maximum(counts, 1), np.nan)
        return np.concatenate([means, values[:, -1:]], axis=1)

    def where(self, here: BoolArray) -> Array:
        """Where points are drawn of which something is true; those of one column in one place.

        Args:
            here: (points,)
        """
        if self.starts is None:
            return self.means_x[here]
        return self.means_x[:-1][np.logical_or.reduceat(here, self.starts)]


def _alike(ours: IntArray, theirs: IntArray) -> bool:
    return ours is theirs or np.array_equal(ours, theirs)


def spread(wanted: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Move labels apart until they don't overlap, each as little as its neighbors allow.

    Args:
        wanted: Where each label wants its middle, in any order.
        gap: Least distance between two middles.
        low: No middle below.
        high: No middle above, while there is room for all.
    """
    order = sorted(range(len(wanted)), key=lambda k: wanted[k])
    places = [0.0] * len(wanted)
    floor = low
    for k in order:
        places[k] = max(wanted[k], floor)
        floor = places[k] + gap
    ceiling = high
    for k in reversed(order):
        places[k] = max(min(places[k], ceiling), low)
        ceiling = places[k] - gap
    return places
