"""Training from narrow to wide networks, beside PyTorch and beside what the memory of this machine allows.

Each line trains 2-n-n-1.  A column of its own, `MEMORY`, does what no training step can do without: it goes
over as many numbers as the network has weights, once to read them and once to read and write them with all
that the optimizer keeps.  It takes turns with the others, so how near a step comes to it is a ratio of
neighbors as all ratios are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import product
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from bpviz.bench.nets import OPTIMIZERS, PRECISIONS, Net, Precision, plane
from bpviz.bench.report import Line
from bpviz.bench.task import Task
from bpviz.bench.timing import Contender, measure
from bpviz.errors import SettingError

PART: Final = "scaling"
WIDTHS: Final = (8, 16, 32, 64, 128, 256, 512, 1024)
BATCHES: Final = (1, 32, 256)
MEMORY: Final = "memory"
"""Column of the two passes over the weights."""

_WIDEST: Final = 4096
_SAMPLES: Final = 1024
"""Four of the largest batches; every batch must be whole, or examples a step would not be its size."""
_LEAST_COUNT: Final = 1 << 14
"""Fewer weights never leave the nearest cache, and calling numpy would take longer than the passes."""
_KEPT: Final = {"sgd": 0, "adam": 2}
"""Numbers that an optimizer keeps for each weight."""


@dataclass(frozen=True, slots=True)
class Case:
    """One line to measure."""

    net: Net
    optimizer: str
    precision: Precision

    @property
    def name(self) -> str:
        """What is said while it is measured."""
        return f"{self.net.name}, batch {self.net.batch}, {self.optimizer}, {self.precision}"


def require(widths: Sequence[int], batches: Sequence[int]) -> None:
    """Refuse sizes that can't be measured.

    Raises:
        SettingError: If there is one.
    """
    for width in widths:
        if not 1 <= width <= _WIDEST:
            raise SettingError(f"A layer of {width} nodes can't be measured; choose from 1 to {_WIDEST}.")
    for batch in batches:
        if batch < 1 or _SAMPLES % batch:
            raise SettingError(
                f"Batches of {batch} would not all be whole; choose a power of two up to {_SAMPLES}."
            )


def cases(widths: Sequence[int], batches: Sequence[int]) -> tuple[Case, ...]:
    """What is measured: every width, batch, precision and optimizer, the narrow ones first."""
    found = []
    for width, batch in product(widths, batches):
        sizes = f"2-{width}-{width}-1"
        net = Net(sizes, f"{sizes}, tanh", batch, partial(plane, (width, width), samples=_SAMPLES))
        found += [Case(net, name, kind) for name, kind in product(OPTIMIZERS, PRECISIONS)]
    return tuple(found)


def measure_case(task: Task, contenders: Iterator[Contender], seconds: float) -> Line:
    """Time one line.

    Args:
        task: What is trained.
        contenders: Who trains it.
        seconds: For each column.
    """
    count = task.connections
    memory = (Passes(task, count),) if count >= _LEAST_COUNT else ()
    return Line.of(task, measure([*contenders, *memory], seconds))


class Passes:
    """Goes over ``count`` numbers, the weights of a task, as often as a step has to; see `Contender`.

    Attributes:
        arrays: The weights, and all that the optimizer keeps for them.
    """

    name = MEMORY

    def __init__(self, task: Task, count: int) -> None:
        arrays = 1 + _KEPT[task.training.optimizer]
        # Not zeros: pages that nobody wrote are all the same one.
        self.arrays: list[NDArray[Any]] = [np.ones(count, task.x.dtype) for _ in range(arrays)]

    def restart(self) -> None:
        """Nothing to do: numbers take as long as any others."""

    def run(self, steps: int) -> None:
        """Make the passes of so many steps: one that reads the weights, one that changes everything."""
        weights = self.arrays[0]
        for _ in range(steps):
            np.dot(weights, weights)
            for array in self.arrays:
                np.negative(array, out=array)
