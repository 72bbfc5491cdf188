"""What every contender of a line gets: the same network, start, examples and rule; and bpviz's own paths."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np

from bpviz.arrays import Array
from bpviz.bench.nets import Net, Precision
from bpviz.data.prepare import Prepared
from bpviz.engine.threads import use_one_thread
from bpviz.engine.update import Rule, initial_state
from bpviz.model.compile import Compiled, compile_network
from bpviz.model.spec import Training
from bpviz.training.batches import Batches, Batching
from bpviz.training.beginning import first_parameters, precision, prepared_data, rule_for
from bpviz.training.history import History
from bpviz.training.paths import make_runner
from bpviz.training.runner import Progress, Setup
from bpviz.training.snapshot import Path

_NO_LEAST_NORM: Final = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Task:
    """One line of the table, ready to be trained.

    Attributes:
        net: Which network.
        training: Its settings.
        compiled: The network.
        rule: How it learns.
        x: (examples, inputs) in the precision of the line.
        y: (examples, outputs) likewise.
        start: (parameters,) likewise.
    """

    net: Net
    training: Training
    compiled: Compiled
    rule: Rule
    x: Array
    y: Array
    start: Array

    @classmethod
    def of(cls, net: Net, optimizer: str, of_precision: Precision) -> Task:
        """Prepare a network of `NETS`."""
        use_one_thread()
        project = net.project(optimizer, of_precision)
        prepared = _prepared(net)
        compiled = compile_network(project.network)
        dtype = precision(project.training)
        return cls(
            net=net,
            training=project.training,
            compiled=compiled,
            rule=rule_for(project, len(prepared.train_x)),
            x=prepared.train_x.astype(dtype),
            y=prepared.train_y.astype(dtype),
            start=first_parameters(project, compiled, prepared),
        )

    @property
    def examples_a_step(self) -> float:
        """Mean size of a batch."""
        return len(self.x) / Batching.of(self.training, len(self.x)).steps(len(self.x))

    @property
    def connections(self) -> int:
        """How many the network has, without those that are removed."""
        plan = self.compiled.plan
        return int(np.count_nonzero(plan.present[: plan.weight_count]))

    @property
    def operations_a_step(self) -> float:
        """Multiplications and additions a step: three products for each weight and example.

        One carries activations forward, one makes the gradient, and one carries deltas back; nothing is
        carried back to the input.
        """
        products = 0
        for link in self.compiled.plan.links:
            products += int(np.count_nonzero(link.present)) * (2 if link.source == 0 else 3)
        return 2.0 * products * self.examples_a_step


@cache
def _prepared(net: Net) -> Prepared:
    """Tables of a million cells take a second to read: once for all lines of a network."""
    return prepared_data(net.make())


class EngineContender:
    """One of bpviz's own paths, recording all that the plots need, as in a run."""

    def __init__(self, task: Task, path: Path) -> None:
        self.name = path
        self._task = task
        self._runner = make_runner(path, Setup(task.compiled.plan, task.rule, task.training, task.x, task.y))
        self.restart()

    def restart(self) -> None:
        """Stand at the start again, with an empty history."""
        task = self._task
        count = len(task.x)
        self.progress = Progress(
            initial_state(task.compiled.plan, task.rule, task.start),
            Batches(task.training.seed, count, Batching.of(task.training, count)),
            History(task.compiled),
        )

    def run(self, steps: int) -> None:
        """Make steps.

        Raises:
            DivergedError: If the run leaves the finite numbers.
        """
        outcome = self._runner.advance(self.progress, steps, _NO_LEAST_NORM)
        if outcome.failure is not None:
            raise outcome.failure
