"""Curves as they meet the screen: all points joined to columns of pixels, on the axis's coordinate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from bpviz.arrays import Array
from bpviz.training.marks import Band, Line
from bpviz.ui.plots.scales import Columns, log10


@dataclass(frozen=True, slots=True, eq=False)
class Trace:
    """One curve, joined to columns of pixels.

    Attributes:
        line: What it shows.
        x: Where its mean is drawn.
        y: The mean; None where only the band is drawn.
        band_x: Where the band is drawn.
        band_y: The lowest and highest value of each column in turn; None where the mean says it all.
        feet: On a log axis, where values that are not positive are drawn; None if there are none.
    """

    line: Line | Band
    x: Array
    y: Array | None
    band_x: Array
    band_y: Array | None
    feet: Array | None = None

    @property
    def reach(self) -> tuple[float, float]:
        """Its lowest and highest value; NaN where it has none."""
        drawn = self.y if self.band_y is None else self.band_y
        assert drawn is not None, "a line is drawn as its mean, its band or both"
        known = drawn[np.isfinite(drawn)]
        return (float(known.min()), float(known.max())) if known.size else (np.nan, np.nan)

    @property
    def lonely(self) -> list[tuple[float, float]]:
        """Points without a neighbor, to which a stroke would give no length."""
        if self.y is None:  # a band's path visits each column twice
            assert self.band_y is not None
            x, y = self.band_x[::2], self.band_y[1::2]
            if y.size > 1:
                return []
        else:
            x, y = self.x, self.y
        known = np.isfinite(y)
        if y.size > 1 and known.all():
            return []
        beside = np.zeros(y.size, dtype=np.bool_)
        beside[1:] |= known[:-1]
        beside[:-1] |= known[1:]
        alone = known & ~beside
        return list(zip(x[alone].tolist(), y[alone].tolist(), strict=True))


class Traces:
    """Makes traces; remembers how points were joined, which seldom changes."""

    def __init__(self) -> None:
        self._columns: Columns | None = None

    def of(self, lines: Sequence[Line | Band], width: int, *, log: bool) -> list[Trace]:
        """Join the points of all lines to columns, neighbors over the same steps at once.

        One by one, each step of the arithmetic would cost as much as for all together.

        Args:
            lines: Each with a point at least.
            width: Of the plotting area, in pixels.
            log: For an axis of logarithms.
        """
        traces: list[Trace] = []
        for columns, alike in groupby(lines, key=lambda line: self._columns_of(line, width)):
            traces += _traces(columns, list(alike), log=log)
        return traces

    def _columns_of(self, line: Line | Band, width: int) -> Columns:
        if self._columns is None or not self._columns.fit(line.first, line.last, width):
            self._columns = Columns.of(line.first, line.last, width)
        return self._columns


def _traces(columns: Columns, lines: list[Line | Band], *, log: bool) -> list[Trace]:
    values = np.array([(line.low, line.high, line.y) for line in lines])
    # While each point stands for one step the band of single batches, or of a smoothed curve, is a pale line.
    has_band = ((values[:, 0] != values[:, 1]) | (values[:, 0] != values[:, 2])).any(axis=1).tolist()
    feet: list[Array | None] = [None] * len(lines)
    if log:
        values = log10(values)
        below = np.isneginf(values)
        if below.any():
            feet = [columns.where(here[2]) if here.any() else None for here in below]
    extremes = columns.extremes(values[:, 0], values[:, 1])
    means = columns.means(values[:, 2])
    return [
        Trace(
            line,
            columns.means_x,
            None if isinstance(line, Band) else means[at],
            columns.extremes_x,
            extremes[at] if isinstance(line, Band) or has_band[at] else None,
            feet[at],
        )
        for at, line in enumerate(lines)
    ]
