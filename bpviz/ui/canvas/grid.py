"""The connections of one link, numbered row by row: a few numbers say where each of a million is.

No array holds them all: only the pairs that a link lacks are kept, and the others count past them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from bpviz.arrays import BoolArray, IntArray
from bpviz.model.spec import Link


@dataclass(frozen=True, eq=False)
class Rows:
    """The pairs of a link, wherever its nodes are numbered.

    Attributes:
        link: The link.
        lacking: Places of the removed pairs in the matrix (targets, sources), row by row, in ascending order.
    """

    link: Link
    lacking: IntArray

    @classmethod
    def of(cls, link: Link) -> Rows:
        """Number the pairs of a link."""
        removed = link.removed
        nowhere = np.zeros(0, dtype=np.int64)
        return cls(link, np.flatnonzero(removed.array).astype(np.int64) if removed.bits else nowhere)

    @cached_property
    def starts(self) -> IntArray:
        """(targets + 1,) where the pairs of each target begin among all of them."""
        cells = np.arange(self.height + 1, dtype=np.int64) * self.width
        return cells - np.searchsorted(self.lacking, cells)

    @cached_property
    def _before(self) -> IntArray:
        """(lacking,) how many pairs there are before each that is lacking."""
        return self.lacking - np.arange(self.lacking.size)

    @cached_property
    def frozen(self) -> BoolArray | None:
        """(targets x sources,) True where training leaves a weight as it is; None if it does nowhere."""
        return self.link.frozen.array.reshape(-1) if self.link.frozen.bits else None

    @property
    def count(self) -> int:
        """How many pairs there are."""
        return self.height * self.width - self.lacking.size

    @property
    def width(self) -> int:
        """How many sources."""
        return self.link.removed.sources

    @property
    def height(self) -> int:
        """How many targets."""
        return self.link.removed.targets

    def cells(self, pairs: IntArray) -> IntArray:
        """Places of some of its pairs in the matrix, row by row."""
        return pairs + np.searchsorted(self._before, pairs, side="right") if self.lacking.size else pairs

    def fits(self, link: Link) -> bool:
        """Whether a link has the same pairs, so that nothing has to be counted again."""
        return link is self.link or (link.removed == self.link.removed and link.frozen == self.link.frozen)


@dataclass(frozen=True, eq=False)
class Grid:
    """The pairs of a link in a topology.

    Attributes:
        rows: The pairs.
        first: Number of the first of them.
        source: Number of the first node they leave.
        target: Number of the first node they enter.
    """

    rows: Rows
    first: int
    source: int
    target: int

    @property
    def stop(self) -> int:
        """Number after the last pair."""
        return self.first + self.rows.count

    def ends(self, pairs: IntArray) -> tuple[IntArray, IntArray]:
        """Numbers of the nodes that some pairs, by their numbers in the topology, leave and enter."""
        row, column = self.places(pairs)
        return column + self.source, row + self.target

    def places(self, pairs: IntArray) -> tuple[IntArray, IntArray]:
        """Row and column in the link's matrix (targets, sources) of some pairs, by their numbers."""
        cells, width = self.rows.cells(pairs - self.first), max(self.rows.width, 1)
        row = cells // width  # a few times as fast as `divmod`, which also divides for what is left
        return row, cells - row * width

    def matrix(self, first: int, stop: int) -> IntArray:
        """Numbers of the pairs into its targets ``first`` to ``stop``, counted in their layer.

        Returns:
            (stop - first, sources), -1 where a pair is lacking.
        """
        rows = self.rows
        begin, end = first * rows.width, stop * rows.width
        before, until = np.searchsorted(rows.lacking, (begin, end)).tolist()
        uppermost = self.first + begin - before
        if until == before:
            numbers = np.arange(uppermost, uppermost + end - begin, dtype=np.int64)
        else:
            there = np.ones(end - begin, dtype=np.bool_)
            there[rows.lacking[before:until] - begin] = False
            numbers = np.where(there, uppermost - 1 + np.cumsum(there), -1)
        return numbers.reshape(stop - first, rows.width)

    def frozen(self, pairs: IntArray) -> BoolArray:
        """Which of some pairs training leaves as they are."""
        frozen = self.rows.frozen
        if frozen is None:
            return np.zeros(pairs.shape, dtype=np.bool_)
        found: BoolArray = frozen[self.rows.cells(pairs - self.first)]
        return found

    def into(self, first: int, stop: int) -> IntArray:
        """Numbers of the pairs that enter the nodes ``first`` to ``stop``, as far as they are its own."""
        height = self.rows.height
        begin, end = (min(max(at - self.target, 0), height) for at in (first, stop))
        return np.arange(self.first + self.rows.starts[begin], self.first + self.rows.starts[end])

    def out_of(self, node: int) -> IntArray:
        """Numbers of the pairs that leave a node, as far as they are its own."""
        rows, column = self.rows, node - self.source
        if not 0 <= column < rows.width:
            return np.zeros(0, dtype=np.int64)
        cells = np.arange(rows.height, dtype=np.int64) * rows.width + column
        before = np.searchsorted(rows.lacking, cells)
        if rows.lacking.size:
            there = rows.lacking[np.minimum(before, rows.lacking.size - 1)] != cells
            cells, before = cells[there], before[there]
        numbers: IntArray = self.first + cells - before
        return numbers

    def count_beyond(self, chosen: BoolArray, counts: IntArray, *, forward: bool) -> None:
        """Add to ``counts`` with how many nodes in ``chosen`` each node ahead of them, or behind, is joined.

        Both are (nodes,).
        """
        near, far = self._sides(forward=forward)
        mine = chosen[near]
        if not mine.any():
            return
        if not self.rows.lacking.size:
            counts[far] += np.count_nonzero(mine)
            return
        present = ~self.rows.link.removed.array
        counts[far] += (present if forward else present.T)[:, mine].sum(axis=1)

    def meets(self, chosen: BoolArray, *, forward: bool) -> bool:
        """Whether one of the chosen nodes, (nodes,), is among its sources; backward, among its targets."""
        return bool(chosen[self._sides(forward=forward)[0]].any())

    def _sides(self, *, forward: bool) -> tuple[slice, slice]:
        """Numbers of the nodes that its pairs leave and enter; backward the other way round."""
        sources = slice(self.source, self.source + self.rows.width)
        targets = slice(self.target, self.target + self.rows.height)
        return (sources, targets) if forward else (targets, sources)

    def mark_beyond(self, chosen: BoolArray, ends: BoolArray) -> None:
        """Mark in ``ends`` the nodes that a pair joins with a node in ``chosen``; both are (nodes,)."""
        sources, targets = self._sides(forward=True)
        leaving, entering = chosen[sources], chosen[targets]
        if not self.rows.lacking.size:
            ends[targets] |= leaving.any()
            ends[sources] |= entering.any()
            return
        present = ~self.rows.link.removed.array
        ends[targets] |= present[:, leaving].any(axis=1)
        ends[sources] |= present[entering].any(axis=0)
