"""What was recorded over the steps of a run, as views get it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bpviz.arrays import Array, IntArray


@dataclass(frozen=True, slots=True, eq=False)
class Bins:
    """A series over steps, merged so that it stays bounded and keeps its extremes.

    All arrays have shape (bins,).

    Attributes:
        first: First step of each bin.
        last_step: Last step of each bin.
        low: Smallest value in the bin.
        high: Largest value in the bin.
        mean: Mean of the values in the bin.
        last: The bin's last value.
    """

    first: IntArray
    last_step: IntArray
    low: Array
    high: Array
    mean: Array
    last: Array


@dataclass(frozen=True, slots=True, eq=False)
class NodeBins:
    """Per-node means over steps, for the heatmap; nodes of all layers but the input's, in plan order.

    Attributes:
        first: (columns,) first step of each column.
        last_step: (columns,) last step of each column.
        full: (columns, 2 nodes) the mean of the batch means of delta of each node, then of |delta|; NaN for
            steps before a node was there.  Without the column that is still being filled.
        open: The same of that one, if there is one: (0 or 1, 2 nodes).
    """

    first: IntArray
    last_step: IntArray
    full: Array
    open: Array

    @property
    def signed(self) -> Array:
        """(nodes, columns) mean of the batch means of delta, as a copy."""
        return self._of(slice(None, self.full.shape[1] // 2))

    @property
    def magnitude(self) -> Array:
        """(nodes, columns) mean of the batch means of |delta|, as a copy."""
        return self._of(slice(self.full.shape[1] // 2, None))

    def _of(self, nodes: slice) -> Array:
        return np.concatenate([self.full[:, nodes], self.open[:, nodes]]).T
