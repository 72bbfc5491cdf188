"""Reports that nobody measured, with figures that are easy to check by hand."""

from __future__ import annotations

from bpviz.bench.machine import Machine
from bpviz.bench.nets import NETS
from bpviz.bench.report import Line, Measured, Report
from bpviz.bench.timing import Timing

MACHINE = Machine(
    processor="A machine",
    cores=2,
    system="Linux",
    packages={"bpviz": "1.0"},
    blas=("openblas 1.2 for Zen",),
    forced=("OPENBLAS_CORETYPE=Zen",),
    peak={"float64": 40.0, "float32": 80.0},
)


def line(**rounds: tuple[float, ...]) -> Line:
    """A line of the smallest network whose columns took these seconds a step."""
    return Line(
        net=NETS["2-4-2-1"],
        optimizer="sgd",
        precision="float64",
        examples_a_step=10.0,
        operations_a_step=2e6,
        columns={name: Timing(100, taken) for name, taken in rounds.items()},
        connections=18,
    )


def report(*lines: Line) -> Report:
    """A report of these lines and two figures of the window."""
    window = (
        Measured("play", "Timer late", "ms", (3.0, 1.0, 2.0), 8.0, note="7 plots"),
        Measured("play", "Beside headless", "%", (95.0,), 90.0, more_is_better=True),
    )
    return Report(
        "bpviz bench", 0.5, MACHINE, lines, window, "offscreen, 800x800", ("Nothing is | missing.",)
    )
