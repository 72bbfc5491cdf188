"""Rows of a heatmap with more nodes than pixels, joined so that what is far from 0 stays in sight.

It is done where a run trains: the window gets as many rows as it draws.  A bin that is full never changes, so
of each snapshot only its newest columns are joined.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from bpviz.arrays import Array, read_only
from bpviz.training.series import JoinedRows, NodeBins

_PREFIX: Final = "rows:"


def rows_want(count: int) -> frozenset[str]:
    """Say, among what a view wants of snapshots, that it draws at most so many rows of nodes."""
    return frozenset({f"{_PREFIX}{count}"}) if count > 0 else frozenset()


def wanted_rows(wants: frozenset[str]) -> int:
    """How many rows of nodes the views draw, the largest of them; 0 where none says."""
    counts = [int(name.removeprefix(_PREFIX)) for name in wants if name.startswith(_PREFIX)]
    return max(counts, default=0)


def joined_rows(values: Array, rows: int) -> Array:
    """Join the rows of a table until there are at most so many, keeping what is farthest from 0.

    Args:
        values: (rows, columns), NaN where there is nothing.
        rows: About the height in pixels; a view that is squeezed to nothing gets one row all the same.
    """
    rows = max(rows, 1)
    return values if len(values) <= rows else _joined(values.T, rows).T


def _joined(values: Array, rows: int) -> Array:
    """Join the nodes of (columns, nodes) to so many."""
    starts = np.arange(rows) * values.shape[1] // rows
    low, high = np.fmin.reduceat(values, starts, axis=1), np.fmax.reduceat(values, starts, axis=1)
    return np.where(high >= -low, high, low)


@dataclass(slots=True, eq=False)
class _Kept:
    """What was joined of the full bins of one series.

    Attributes:
        values: (columns, rows); others have seen it, so what is there stays.
        columns: How many are done.
        largest: The largest |value| among them.
    """

    values: Array
    columns: int = 0
    largest: float = 0.0


class RowJoiner:
    """Joins the rows of one run's histories, snapshot by snapshot.

    Attributes:
        columns: How many columns were joined so far, over all; to see that none is joined twice.
    """

    def __init__(self) -> None:
        self.columns = 0
        self._of: tuple[object, tuple[str, ...], int] | None = None
        self._kept: dict[str, _Kept] = {}

    def join(self, bins: NodeBins, rows: int) -> NodeBins:
        """Add rows of every series, joined to at most so many; as it is where there are no more nodes."""
        if not 0 < rows < len(bins.nodes):
            return bins
        # The means of full bins are one array that fills up, until neighbors merge into another one.
        source = bins.full.base
        of = (source, bins.nodes, rows)
        if self._of is None or source is None or source is not self._of[0] or of[1:] != self._of[1:]:
            room = (bins.full if source is None else source).shape[0]
            self._kept = {name: _Kept(np.empty((room, rows))) for name in bins.names}
            self._of = of
        return replace(bins, joined={name: self._series(bins, name, rows) for name in bins.names})

    def _series(self, bins: NodeBins, name: str, rows: int) -> JoinedRows:
        kept, here = self._kept[name], bins.columns_of(name)
        new = bins.full[kept.columns :, here]
        if len(new):
            kept.values[kept.columns : len(bins.full)] = _joined(new, rows)
            kept.largest = max(kept.largest, largest(new))
            kept.columns = len(bins.full)
        open_bin = bins.open[:, here]
        newest = _joined(open_bin, rows) if len(open_bin) else np.empty((0, rows))
        self.columns += len(new) + len(open_bin)
        values = np.concatenate([kept.values[: kept.columns], newest]).T
        return JoinedRows(read_only(values), max(kept.largest, largest(open_bin)))


def largest(values: Array) -> float:
    """The largest |value| of those that are known; 0 without one."""
    if not values.size:
        return 0.0
    ends = np.fmin.reduce(values, axis=None), np.fmax.reduce(values, axis=None)
    return float(np.fmax.reduce(np.abs([0.0, *ends])))
