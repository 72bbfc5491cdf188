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
from bpviz.training.series import Bins, NodeBins

NODE_BINS: Final = 512
EPOCH_SERIES: Final = ("train_loss", "train_cost", "test_loss", "train_accuracy", "test_accuracy")
HistoryShape: TypeAlias = tuple[tuple[int, int], ...]
"""(stride, records) of the tables of steps, nodes and epochs."""


class History:
    """The three tables of a run: of its steps, of its nodes' deltas by step, and of its epochs.

    Attributes:
        steps: ``batch_loss``, ``batch_cost``; ``gradient/L`` and ``ratio/L`` for each layer L from 1 on.
        nodes: Means of delta for each node but the input's, in plan order, then as many of |delta|.
        epochs: ``train_loss``, ``train_cost``, ``test_loss``, ``train_accuracy``, ``test_accuracy``.
    """

    def __init__(self, compiled: Compiled) -> None:
        self.steps = BinTable(_step_names(compiled))
        self.nodes = BinTable(_node_names(compiled), NODE_BINS, extremes=False)
        self.epochs = BinTable(EPOCH_SERIES)

    @property
    def shape(self) -> HistoryShape:
        """How far it has come: (stride, records) of each table."""
        return tuple((table.stride, table.records) for table in (self.steps, self.nodes, self.epochs))

    @classmethod
    def blank(cls, compiled: Compiled, shape: HistoryShape) -> History:
        """A history that stands where another stands, without its records: for steps made only to look."""
        result = cls(compiled)
        for table, (stride, records) in zip((result.steps, result.nodes, result.epochs), shape, strict=True):
            table.stand_at(stride, records)
        return result

    def forked(self, own: Compiled, compiled: Compiled, shape: HistoryShape, open_bins: History) -> History:
        """A history that shares the first records of this one and goes on by itself, as coarse as this is.

        Args:
            own: The network that this one is of now.
            compiled: The network at the fork.
            shape: Of this history at the fork.
            open_bins: The bins that were being filled there, made anew with the strides of now.
        """
        result = self.rewired(own, compiled)
        result.epochs = self.epochs.with_columns(EPOCH_SERIES, dict(enumerate(range(len(EPOCH_SERIES)))))
        tables = (
            (result.steps, open_bins.steps),
            (result.nodes, open_bins.nodes),
            (result.epochs, open_bins.epochs),
        )
        for (table, fresh), (_, records) in zip(tables, shape, strict=True):
            table.cut(records, fresh)
        return result

    @property
    def room(self) -> int:
        """How many steps fit before bins merge; never 0."""
        return min(self.steps.room, self.nodes.room)

    @property
    def nbytes(self) -> int:
        """Memory of all tables."""
        return sum(table.nbytes for table in (self.steps, self.nodes, self.epochs))

    def add(self, steps: Array, nodes: Array, first_step: int) -> None:
        """Take in the records of steps in a row, one row of each table a step."""
        numbers = np.arange(first_step, first_step + len(steps))
        self.steps.add(steps, numbers)
        self.nodes.add(nodes, numbers)

    def add_epoch(self, epoch: int, step: int, figures: Sequence[float | None]) -> None:
        """Take in what was measured after so many epochs, in the order of `EPOCH_SERIES`."""
        self.epochs.skip(epoch - self.epochs.records)
        row = [np.nan if figure is None else figure for figure in figures]
        self.epochs.add(np.array([row]), np.array([step]))

    def begin_epochs(self, figures: Sequence[float | None]) -> None:
        """Take in what was measured before the first step, in place of what was before an edit there."""
        self.epochs = BinTable(EPOCH_SERIES)
        self.add_epoch(0, 0, figures)

    def add_epochs(self, epochs: IntArray, steps: IntArray, rows: Array) -> None:
        """Take in what was measured at several ends of epochs; (ends, figures) as in `EPOCH_SERIES`."""
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
        """The deltas of all nodes."""
        used = slice(0, self.nodes.used)
        first, last_step = frozen_copy(self.nodes.first[used]), frozen_copy(self.nodes.last_step[used])
        return NodeBins(first, last_step, *self.nodes.means())

    def rewired(self, before: Compiled, after: Compiled) -> History:
        """Go on for another network: layers and nodes that are still there keep what was recorded of them."""
        result = History(after)
        layers = {
            layer: before.layer_ids.index(name)
            for layer, name in enumerate(after.layer_ids)
            if layer > 0 and name in before.layer_ids[1:]
        }
        old_layers, new_layers = len(before.layer_ids) - 1, len(after.layer_ids) - 1
        kept = {0: 0, 1: 1}
        for new, old in layers.items():
            kept[1 + new] = 1 + old
            kept[1 + new_layers + new] = 1 + old_layers + old
        result.steps = self.steps.with_columns(result.steps.names, kept)
        old_columns = {name: at for at, name in enumerate(self.nodes.names)}
        columns = {at: old_columns[name] for at, name in enumerate(result.nodes.names) if name in old_columns}
        result.nodes = self.nodes.with_columns(result.nodes.names, columns)
        result.epochs = self.epochs
        return result

    def arrays(self) -> dict[str, Array | IntArray]:
        """All tables as arrays by name, to be saved."""
        tables = {"steps": self.steps, "nodes": self.nodes, "epochs": self.epochs}
        return {
            f"{table}/{name}": array for table, it in tables.items() for name, array in it.arrays().items()
        }

    def restore(self, arrays: Mapping[str, Array | IntArray]) -> None:
        """Continue from saved arrays.

        Raises:
            ValueError: If they do not belong to this network.
        """
        for name, table in (("steps", self.steps), ("nodes", self.nodes), ("epochs", self.epochs)):
            prefix = f"{name}/"
            table.restore(
                {key.removeprefix(prefix): array for key, array in arrays.items() if key.startswith(prefix)}
            )


def _step_names(compiled: Compiled) -> tuple[str, ...]:
    layers = range(1, len(compiled.layer_ids))
    return (
        "batch_loss",
        "batch_cost",
        *(f"gradient/{at}" for at in layers),
        *(f"ratio/{at}" for at in layers),
    )


def _node_names(compiled: Compiled) -> tuple[str, ...]:
    ids = [node for nodes in compiled.node_ids[1:] for node in nodes]
    return (*ids, *(f"|{node}|" for node in ids))
