"""What a benchmark found, as values: `Report` holds all of it, and `as_json` makes it plain."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

from bpviz.bench.machine import Machine
from bpviz.bench.nets import Net, Precision
from bpviz.bench.task import Task
from bpviz.bench.timing import Timing


@dataclass(frozen=True, slots=True)
class Line:
    """One network, optimizer and precision, and how fast each column trained it.

    Attributes:
        net: The network.
        optimizer: Entry of OPTIMIZERS.
        precision: Of all columns.
        examples_a_step: Mean size of a batch.
        operations_a_step: Additions and multiplications of the three matrix products.
        columns: By name, in the order of the table; ``reference`` or ``kernel`` is always there.
        connections: Of the network.
    """

    net: Net
    optimizer: str
    precision: Precision
    examples_a_step: float
    operations_a_step: float
    columns: Mapping[str, Timing]
    connections: int

    @classmethod
    def of(cls, task: Task, columns: Mapping[str, Timing]) -> Line:
        """Put down how fast each column trained a task."""
        return cls(
            net=task.net,
            optimizer=task.training.optimizer,
            precision=task.training.precision,
            examples_a_step=task.examples_a_step,
            operations_a_step=task.operations_a_step,
            columns=columns,
            connections=task.connections,
        )

    @property
    def own(self) -> str:
        """The column of bpviz's fastest path, with which the others are compared."""
        return "kernel" if "kernel" in self.columns else "reference"

    @property
    def ratios(self) -> dict[str, float]:
        """How many times as many steps the own column makes as each other one, by pairs of rounds."""
        own = self.columns[self.own]
        return {
            name: own.times_faster_than(timing) for name, timing in self.columns.items() if name != self.own
        }

    def steps_per_s(self, column: str) -> float:
        """Steps a second."""
        return 1.0 / self.columns[column].step_s

    def examples_per_s(self, column: str) -> float:
        """Examples a second."""
        return self.examples_a_step * self.steps_per_s(column)

    def gflops(self, column: str) -> float:
        """Gigaflop a second in the matrix products; all else a step needs counts as nothing."""
        return self.operations_a_step * self.steps_per_s(column) / 1e9


@dataclass(frozen=True, slots=True)
class Measured:
    """A figure of winding or of the window.

    Attributes:
        part: Key of what was measured: ``winding``, ``start``, ``play``, ``wide`` or ``drawing``.
        name: What it is.
        unit: Of the values.
        values: Each time it was measured; the figure is their median.
        goal: What it should be at most, or at least; None if there is no such number.
        more_is_better: The goal is a least value.
        note: What has to be known about it.
    """

    part: str
    name: str
    unit: str
    values: tuple[float, ...]
    goal: float | None = None
    more_is_better: bool = False
    note: str = ""

    @property
    def value(self) -> float:
        """The median."""
        return median(self.values)


@dataclass(frozen=True, slots=True)
class Report:
    """Everything one run of the benchmark found.

    Attributes:
        command: The words that made it.
        seconds: Given to each column of a line.
        machine: Where.
        lines: Training.
        window: Figures of winding, and the window's own.
        screen: What the window was drawn on; empty if it was not.
        notes: What was left out, in sentences.
        scaling: Training from narrow to wide networks; see `bpviz.bench.scaling`.
    """

    command: str
    seconds: float
    machine: Machine
    lines: tuple[Line, ...]
    window: tuple[Measured, ...]
    screen: str
    notes: tuple[str, ...]
    scaling: tuple[Line, ...] = ()


def as_json(report: Report) -> dict[str, Any]:
    """The report in values that JSON can hold; times in seconds, rates a second."""
    return {
        "command": report.command,
        "seconds_a_column": report.seconds,
        "machine": asdict(report.machine),
        "training": [_line(line, report.machine) for line in report.lines],
        "scaling": [_line(line, report.machine) for line in report.scaling],
        "window": [{**asdict(figure), "value": figure.value} for figure in report.window],
        "screen": report.screen,
        "notes": list(report.notes),
    }


def share_of_peak(line: Line, column: str, machine: Machine) -> float:
    """How much of the speed of a matrix product alone a column reaches, 0 to about 1."""
    return line.gflops(column) / machine.peak[line.precision]


def _line(line: Line, machine: Machine) -> dict[str, Any]:
    return {
        "network": line.net.name,
        "batch": line.net.batch,
        "optimizer": line.optimizer,
        "precision": line.precision,
        "connections": line.connections,
        "operations_a_step": line.operations_a_step,
        "compared_with": line.own,
        "columns": {
            name: {
                "steps_per_s": line.steps_per_s(name),
                "examples_per_s": line.examples_per_s(name),
                "gflops": line.gflops(name),
                "share_of_peak": share_of_peak(line, name, machine),
                "rounds_s_a_step": list(timing.rounds),
            }
            for name, timing in line.columns.items()
        },
        "times_as_fast_as": line.ratios,
    }
