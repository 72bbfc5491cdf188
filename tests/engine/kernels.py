"""Runs of the two paths side by side, for the tests of the kernels."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from bpviz.arrays import Array, IntArray
from bpviz.engine.kernels.engine import Kernel, Result, Stream, Tables
from bpviz.engine.kernels.machine import pace_of
from bpviz.engine.order import order
from bpviz.engine.plan import Plan
from bpviz.engine.schedules import learning_rate
from bpviz.engine.update import Rule, State, StepTrace, initial_state, step

SHAPES = ("links", "blocks")
STATES = 200
"""States of the reference's run from which both paths make a step."""

BINS = 512


@dataclass
class Pair:
    """One run, to be computed by the reference and by a kernel.

    Attributes:
        plan: The network.
        rule: How it learns.
        x: (examples, inputs).
        y: (examples, outputs).
        shape: Of the kernel, where only one is looked at.
        size: Examples a batch.
        rate: The learning rate.
        schedule: Entry of SCHEDULES.
        options: Of the schedule.
        warmup: In epochs.
        seed: Of the order.
    """

    plan: Plan
    rule: Rule
    x: Array
    y: Array
    shape: str = "links"
    size: int = 5
    rate: float = 0.05
    schedule: str = "constant"
    options: dict[str, float] = field(default_factory=dict)
    warmup: float = 0.0
    seed: int = 3

    def kernel(self, shape: str | None = None) -> Kernel:
        """The compiled path."""
        pace = pace_of(self.schedule, self.options, self.rate, self.warmup)
        program = f"{shape or self.shape} {self.x.dtype.name}"
        return Kernel(self.plan, self.rule, pace, self.x, self.y, program)

    def begun(self, parameters: Array) -> State:
        """Before the first step."""
        return initial_state(self.plan, self.rule, parameters.astype(self.x.dtype))

    def steps_per_epoch(self) -> int:
        """Batches of an epoch."""
        return -(-len(self.x) // self.size)

    def stream(self, step: int) -> Stream:
        """The place after so many steps."""
        epoch, position = divmod(step, self.steps_per_epoch())
        return Stream(self.seed, self.size, True, False, epoch, position, 0, self.indices(epoch))

    def indices(self, epoch: int) -> IntArray:
        """The order of an epoch."""
        return order(self.seed, epoch, len(self.x))

    def reference(self, state: State) -> StepTrace:
        """The reference's step from a state."""
        epoch, position = divmod(state.step, self.steps_per_epoch())
        rows = self.indices(epoch)[position * self.size : (position + 1) * self.size]
        steps = self.steps_per_epoch()
        rate = learning_rate(self.schedule, self.options, self.rate, self.warmup, state.step, steps)
        return step(self.plan, self.rule, state, self.x[rows], self.y[rows], rate)

    def run(self, kernel: Kernel, state: State, steps: int, least_norm: float = 0.0) -> Result:
        """The kernel's steps from a state."""
        return kernel.run(state, self.stream(state.step), self.tables(), steps, least_norm)

    def tables(self) -> Tables:
        """Empty tables for records."""
        series = 2 * len(self.plan.layers)
        nodes = sum(layer.size for layer in self.plan.layers[1:])
        total, low, high, last = (np.zeros((BINS, series)) for _ in range(4))
        return Tables(0, 1, 0, 1, total, low, high, last, np.zeros((BINS, 2 * nodes)))


def distance(one: Array, other: Array) -> float:
    """Difference of two vectors beside the norm of the second."""
    size = float(np.linalg.norm(other.astype(np.float64)))
    gap = float(np.linalg.norm(one.astype(np.float64) - other.astype(np.float64)))
    return gap / size if size else gap


def far_from_signs(made: StepTrace, *vectors: Array) -> list[Array]:
    """Leave out parameters whose gradient is nearly 0, where only its sign counts."""
    clear = (np.abs(made.applied) >= 1e-12) | (made.applied == 0)
    return [vector[..., clear] for vector in vectors]


def worst_steps(
    pair: Pair, parameters: Array, states: int = STATES, *, by_sign: bool = False
) -> dict[str, float]:
    """Largest distance of each shape's steps to the reference's, from each of so many states of its run."""
    kernels = {shape: pair.kernel(shape) for shape in SHAPES}
    state, worst = pair.begun(parameters), dict.fromkeys(SHAPES, 0.0)
    for _ in range(states):
        made = pair.reference(state)
        for shape, kernel in kernels.items():
            worst[shape] = max(worst[shape], _apart(pair.run(kernel, state, 1), made, by_sign=by_sign))
        state = made.after
    return worst


def _apart(result: Result, made: StepTrace, *, by_sign: bool) -> float:
    """Distance of a step's parameters, optimizer memory and loss to those of the reference."""
    assert (result.steps, result.state.step) == (1, made.after.step)
    vectors: list[Any] = [
        result.state.parameters,
        made.after.parameters,
        result.state.slots,
        made.after.slots,
    ]
    if by_sign:
        vectors = far_from_signs(made, *vectors)
    loss = made.trace.mean_loss
    return max(
        distance(vectors[0], vectors[1]),
        distance(vectors[2], vectors[3]),
        abs(result.loss - loss) / max(1e-3, loss),
    )
