"""What a run remembers of every step: three tables of bins, of its steps, of its nodes, and of its epochs.

A history can be forked: a branch shares the records up to its fork, as coarse as they are by then.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Final, TypeAlias

import numpy as np

from bpviz.arrays import Array, IntArray, frozen_copy
from bpviz.model.compile import Compiled
from bpviz.training.bins import BinTable
from bpviz.training.series import Bins, NodeBins, TableName, columns, recorded, widths

NODE_BINS: Final = 512
HistoryShape: TypeAlias = tuple[tuple[int, int], ...]
"""(stride, records) of the tables of steps, nodes and epochs."""


class History:
    """The three tables of a run; `bpviz.training.series.SERIES` says which columns they have.

    Args:
        compiled: The network.
        before: What goes on in it of layers and nodes that are still there; None begins anew.

    Attributes:
        steps: Of the run and of each layer, by step.
        nodes: Of each node but the input's, by step; means only.
        epochs: What was measured at the start and at ends of epochs.
    """

    def __init__(self, compiled: Compiled, before: History | None = None) -> None:
        self._compiled = compiled
        self._node_ids = tuple(node for ids in compiled.node_ids[1:] for node in ids)
        steps, nodes = columns("steps", compiled), columns("nodes", compiled)
        if before is None:
            self.steps, self.nodes = BinTable(steps), BinTable(nodes, NODE_BINS, extremes=False)
            self.epochs = BinTable(columns("epochs", compiled))
        else:
            self.steps, self.nodes = _continued(before.steps, steps), _continued(before.nodes, nodes)
            self.epochs = before.epochs

    @property
    def tables(self) -> dict[TableName, BinTable]:
        """All three by name."""
        return {"steps": self.steps, "nodes": self.nodes, "epochs": self.epochs}

    @property
    def shape(self) -> HistoryShape:
        """How far it has come: (stride, records) of each table."""
        return tuple((table.stride, table.records) for table in self.tables.values())

    @classmethod
    def blank(cls, compiled: Compiled, shape: HistoryShape) -> History:
        """A history that stands where another stands, without its records: for steps made only to look."""
        result = cls(compiled)
        for table, (stride, records) in zip(result.tables.values(), shape, strict=True):
            table.stand_at(stride, records)
        return result

    def forked(self, compiled: Compiled, shape: HistoryShape, open_bins: History) -> History:
        """A history that shares the first records of this one and goes on by itself, as coarse as this is.

        Args:
            compiled: The network at the fork.
            shape: Of this history at the fork.
            open_bins: The bins that were being filled there, made anew with the strides of now.
        """
        result = self.rewired(compiled)
        result.epochs = _continued(self.epochs, result.epochs.names)
        tables = zip(result.tables.values(), open_bins.tables.values(), shape, strict=True)
        for table, fresh, (_, records) in tables:
            table.cut(records, fresh)
        return result

    @property
    def room(self) -> int:
        """How many steps fit before bins merge; never 0."""
        return min(self.steps.room, self.nodes.room)

    @property
    def nbytes(self) -> int:
        """Memory of all tables."""
        return sum(table.nbytes for table in self.tables.values())

    def add(self, steps: Array, nodes: Array, first_step: int) -> None:
        """Take in the records of steps in a row, one row of each table a step."""
        numbers = np.arange(first_step, first_step + len(steps))
        self.steps.add(steps, numbers)
        self.nodes.add(nodes, numbers)

    def add_epoch(self, epoch: int, step: int, row: Array) -> None:
        """Take in what was measured after so many epochs; NaN for no value."""
        self.epochs.skip(epoch - self.epochs.records)
        self.epochs.add(row[None], np.array([step]))

    def begin_epochs(self, row: Array) -> None:
        """Take in what was measured before the first step, in place of what was before an edit there."""
        self.epochs = BinTable(self.epochs.names)
        self.add_epoch(0, 0, row)

    def add_epochs(self, epochs: IntArray, steps: IntArray, rows: Array) -> None:
        """Take in what was measured at several ends of epochs; (ends, columns)."""
        if not len(epochs):
            return
        table = self.epochs
        table.skip(int(epochs[0]) - table.records)
        here, stride = table.records, table.stride
        firsts = np.arange(here, here + len(epochs) * stride, stride)
        if here % stride == 0 and np.array_equal(epochs, firsts) and firsts[-1] - here < table.room:
            table.add_firsts(rows, steps)
            return
        for epoch, step, row in zip(epochs.tolist(), steps.tolist(), rows, strict=True):
            self.add_epoch(epoch, step, row)

    def series(self, names: Collection[str]) -> dict[str, Bins]:
        """Series of steps or epochs by name."""
        tables = (self.steps, self.epochs)
        found = [table.series([name for name in table.names if name in names]) for table in tables]
        return found[0] | found[1]

    def node_bins(self) -> NodeBins:
        """What was recorded of each node."""
        used = slice(0, self.nodes.used)
        first, last_step = frozen_copy(self.nodes.first[used]), frozen_copy(self.nodes.last_step[used])
        names = tuple(series.name for series in recorded("nodes"))
        return NodeBins(names, self._node_ids, first, last_step, *self.nodes.means())

    def rewired(self, after: Compiled) -> History:
        """Go on for another network: layers and nodes that are still there keep what was recorded of them."""
        return History(after, self)

    def arrays(self) -> dict[str, Array | IntArray]:
        """All tables as arrays by name, to be saved."""
        tables = {name: table.arrays() for name, table in self.tables.items()}
        return {f"{table}/{name}": array for table, it in tables.items() for name, array in it.items()}

    def restore(self, arrays: Mapping[str, Array | IntArray]) -> None:
        """Continue from saved arrays.

        Raises:
            ValueError: If they do not belong to this network.
        """
        for name, table in self.tables.items():
            prefix = f"{name}/"
            saved = {key.removeprefix(prefix): it for key, it in arrays.items() if key.startswith(prefix)}
            table.restore(saved, widths(name, self._compiled))


def _continued(table: BinTable, names: Sequence[str]) -> BinTable:
    """A table with these columns, of which those that it has go on."""
    old = {name: at for at, name in enumerate(table.names)}
    return table.with_columns(names, {at: old[name] for at, name in enumerate(names) if name in old})
