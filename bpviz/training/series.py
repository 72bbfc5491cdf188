"""The table of series: what is recorded over the steps and epochs of a run, and as what views get it.

To add one, append an entry to `SERIES`: histories, files, snapshots and plots follow.  Files of before have
nothing of it, so it begins empty there; this needs new entries to stand after the others of their table.
Kernels record the entries called ``fast``; with any other, the reference path does what they can't.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, Literal, TypeAlias

import numpy as np

from bpviz.arrays import Array, IntArray
from bpviz.engine.plan import Plan
from bpviz.engine.update import Rule, StepTrace, layer_norms, node_means, penalty_cost, update_ratios
from bpviz.model.compile import Compiled
from bpviz.registry import Registry
from bpviz.training.metrics import Metrics

Trait: TypeAlias = Literal["classes", "plane", "test", "penalty"]
"""What a run may have: classes to tell apart, two raw inputs, a test part, a penalty."""
TableName: TypeAlias = Literal["steps", "nodes", "epochs"]
"""Of a `bpviz.training.history.History`."""


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
class JoinedRows:
    """A series of the nodes for fewer rows of pixels; see `bpviz.training.joining`.

    Attributes:
        values: (rows, columns) of neighboring nodes the value that is farthest from 0; NaN for none.
        largest: The largest |value| of all nodes; 0 without one.
    """

    values: Array
    largest: float


@dataclass(frozen=True, slots=True, eq=False)
class NodeBins:
    """Means over steps of all series that have a value for each node, for heatmaps.

    Attributes:
        names: Entries of `SERIES`.
        nodes: Ids of the nodes.
        first: (columns,) first step of each column.
        last_step: (columns,) last step of each column.
        full: (columns, names times nodes) means of the first series at each node, then of the next; NaN for
            steps before a node was there.  Without the column that is still being filled.
        open: The same of that one, if there is one: (0 or 1, names times nodes).
        joined: Of each name the rows to draw, where somebody draws fewer than there are nodes.
    """

    names: tuple[str, ...]
    nodes: tuple[str, ...]
    first: IntArray
    last_step: IntArray
    full: Array
    open: Array
    joined: Mapping[str, JoinedRows] = field(default_factory=dict)

    def columns_of(self, name: str) -> slice:
        """Where a series stands among the columns of `full` and `open`."""
        begin = len(self.nodes) * self.names.index(name)
        return slice(begin, begin + len(self.nodes))

    def of(self, name: str) -> Array:
        """(nodes, columns) the means of one series, as a copy."""
        here = self.columns_of(name)
        return np.concatenate([self.full[:, here], self.open[:, here]]).T


@dataclass(frozen=True, eq=False)
class Made:
    """A step that was made, for series to read.

    Attributes:
        plan: The network.
        rule: How it learns.
        step: All values of the step.
    """

    plan: Plan
    rule: Rule
    step: StepTrace

    @cached_property
    def gradient_norms(self) -> Array:
        """(layers - 1,) of the loss alone, before clipping."""
        return layer_norms(self.plan, self.step.trace.gradient)

    @cached_property
    def deltas(self) -> tuple[Array, Array]:
        """(nodes,) the batch means of delta and of |delta|."""
        return node_means(self.step.trace)


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """A run where it is measured, for series to read.

    Attributes:
        plan: The network.
        rule: How it learns.
        parameters: (parameters,)
        metrics: As measured there.
    """

    plan: Plan
    rule: Rule
    parameters: Array
    metrics: Metrics


@dataclass(frozen=True, slots=True)
class Series:
    """A kind of values that are recorded.

    Attributes:
        name: Key in snapshots; never renamed.
        label: What a curve of it is called; one for each layer is called as the layer.
        step: Reads it from a step: a number, or one for each layer or node but the input's.
        epoch: Reads it at the start and at ends of epochs; None there where there is no value.
        of: What it has a value for.
        needs: Without these there are no values.
        unit: What the numbers count; of ``%`` the recorded numbers are shares, from 0 to 1.
        color: Token of the palette; of a series of layers, how deep a layer lies says it.
        dashed: Its curve is dashed.
        band: It is drawn as a light band behind the other curves: single batches, not the whole.
        behind: It is kept of branches and of runs that ended, to stand faintly behind others.
        fast: Kernels record it.
    """

    name: str
    label: str
    step: Callable[[Made], Array | float] | None = None
    epoch: Callable[[Measured], float | None] | None = None
    of: Literal["run", "layer", "node"] = "run"
    needs: frozenset[Trait] = frozenset()
    unit: str = ""
    color: str = "secondary"
    dashed: bool = False
    band: bool = False
    behind: bool = False
    fast: bool = False

    @property
    def table(self) -> TableName:
        """Where it is recorded."""
        if self.step is None:
            return "epochs"
        return "nodes" if self.of == "node" else "steps"

    @property
    def factor(self) -> float:
        """From what is recorded to its unit."""
        return 100.0 if self.unit == "%" else 1.0

    def column(self, place: str = "") -> str:
        """What the column of a place, the id of a layer or node, is called; that of the run by the name."""
        return f"{self.name}/{place}" if place else self.name

    def columns(self, compiled: Compiled) -> tuple[str, ...]:
        """Its columns in the table, in plan order."""
        if self.of == "run":
            return (self.name,)
        if self.of == "layer":
            return tuple(map(self.column, compiled.layer_ids[1:]))
        return tuple(self.column(node) for nodes in compiled.node_ids[1:] for node in nodes)


SERIES: Final = Registry(
    "series",
    Series(
        "batch_loss",
        "Batches",
        step=lambda made: made.step.trace.mean_loss,
        color="train",
        band=True,
        behind=True,
        fast=True,
    ),
    Series(
        "batch_cost",
        "Batches with penalty",
        step=lambda made: (
            made.step.trace.mean_loss + penalty_cost(made.plan, made.rule, made.step.before.parameters)
        ),
        fast=True,
    ),
    Series(
        "gradient",
        "Norm of the gradient",
        step=lambda made: made.gradient_norms,
        of="layer",
        fast=True,
    ),
    Series(
        "ratio",
        "Update by weights",
        step=lambda made: update_ratios(made.plan, made.step.change, made.step.before.parameters),
        of="layer",
        fast=True,
    ),
    Series("delta", "Mean delta", step=lambda made: made.deltas[0], of="node", fast=True),
    Series("delta_size", "Mean |delta|", step=lambda made: made.deltas[1], of="node", fast=True),
    Series(
        "train_loss",
        "Training",
        epoch=lambda here: here.metrics.train_loss,
        color="train",
        behind=True,
        fast=True,
    ),
    Series(
        "train_cost",
        "Training with penalty",
        epoch=lambda here: here.metrics.train_cost,
        needs=frozenset({"penalty"}),
        fast=True,
    ),
    Series(
        "test_loss",
        "Test",
        epoch=lambda here: here.metrics.test_loss,
        needs=frozenset({"test"}),
        color="test",
        dashed=True,
        behind=True,
        fast=True,
    ),
    Series(
        "train_accuracy",
        "Training",
        epoch=lambda here: here.metrics.train_accuracy,
        needs=frozenset({"classes"}),
        unit="%",
        color="train",
        behind=True,
        fast=True,
    ),
    Series(
        "test_accuracy",
        "Test",
        epoch=lambda here: here.metrics.test_accuracy,
        needs=frozenset({"classes", "test"}),
        unit="%",
        color="test",
        dashed=True,
        behind=True,
        fast=True,
    ),
)


def recorded(table: TableName) -> tuple[Series, ...]:
    """The series of a table, in the order of its columns."""
    return tuple(series for series in SERIES.values() if series.table == table)


def columns(table: TableName, compiled: Compiled) -> tuple[str, ...]:
    """What the columns of a table are called."""
    return tuple(name for series in recorded(table) for name in series.columns(compiled))


def widths(table: TableName, compiled: Compiled) -> frozenset[int]:
    """How many columns files may hold of a table: they lack what was added after they were written."""
    found, width = [0], 0
    for series in recorded(table):
        width += len(series.columns(compiled))
        found = [width] if series.fast else [*found, width]
    return frozenset(found)


def step_readers(table: TableName) -> tuple[Callable[[Made], Array | float], ...]:
    """What reads the columns of a table from a step, for `read_step`."""
    return tuple(series.step for series in recorded(table) if series.step is not None)


def read_step(readers: tuple[Callable[[Made], Array | float], ...], made: Made, row: Array) -> None:
    """Fill the row of a table that a step makes."""
    at = 0
    for read in readers:
        values = read(made)
        size = np.size(values)
        row[at : at + size] = values
        at += size


def read_epoch(here: Measured) -> Array:
    """The row of the table of epochs that a run makes where it is measured."""
    values = [series.epoch(here) for series in recorded("epochs") if series.epoch is not None]
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)


def only_fast(table: TableName) -> bool:
    """Whether kernels record the whole of a table."""
    return all(series.fast for series in recorded(table))
