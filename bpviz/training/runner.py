"""How a run goes forward: the one seam between a session and the path that computes.

A session prepares a `Setup`, which never changes, and a `Progress`, which a `Runner` takes some steps
further.  A runner may cross the ends of epochs; the session never asks for more steps than lie before the
next thing it wants to look at.  The reference path stands here; `bpviz.training.paths` lists all there are.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final, Protocol

import numpy as np

from bpviz.arrays import Array
from bpviz.engine.plan import Plan
from bpviz.engine.schedules import learning_rate
from bpviz.engine.update import (
    Rule,
    State,
    StepTrace,
    norm,
    step,
)
from bpviz.errors import DivergedError
from bpviz.model.spec import Training
from bpviz.training.batches import Batches
from bpviz.training.evaluate import Evaluator
from bpviz.training.history import History
from bpviz.training.metrics import Metrics
from bpviz.training.series import Made, read_step, step_readers
from bpviz.training.snapshot import Path

_FLUSH: Final = 256
"""Records that wait before they join the history together."""


@dataclass(frozen=True, eq=False)
class Setup:
    """What a runner computes with; a change of it makes a new runner.

    Attributes:
        plan: The network.
        rule: How it learns.
        training: Where the schedule stands.
        x: (examples, inputs) the training part, in the run's precision.
        y: (examples, outputs) its targets, likewise.
        evaluator: What measures at ends of epochs; None if nobody does.
    """

    plan: Plan
    rule: Rule
    training: Training
    x: Array
    y: Array
    evaluator: Evaluator | None = None

    def rate(self, batches: Batches) -> float:
        """The learning rate of the coming step."""
        training = self.training
        return learning_rate(
            training.schedule,
            training.schedule_options,
            training.learning_rate,
            training.warmup,
            batches.schedule_step,
            batches.steps,
        )

    @cached_property
    def double(self) -> tuple[Array, Array]:
        """Training part and targets in float64."""
        return self.x.astype(np.float64, copy=False), self.y.astype(np.float64, copy=False)


@dataclass(slots=True, eq=False)
class Progress:
    """What a runner takes forward.

    Attributes:
        state: Step count, parameters, and what the optimizer remembers.
        batches: Place in the stream of batches.
        history: Records of every step.
        batch_loss: Loss of the last batch before its update; NaN before the first step.
    """

    state: State
    batches: Batches
    history: History
    batch_loss: float = float("nan")


@dataclass(frozen=True, slots=True)
class Outcome:
    """How far a runner came.

    Attributes:
        steps: Steps done.
        small_gradient: The last one's gradient had a norm below the one that was asked for.
        failure: Why the next step could not be made; everything stands before it.
        metrics: As measured last at an end of an epoch; None if that is left to the session.
    """

    steps: int
    small_gradient: bool = False
    failure: DivergedError | None = None
    metrics: Metrics | None = None


class Runner(Protocol):
    """A path that computes."""

    @property
    def path(self) -> Path:
        """Its name."""

    @property
    def looks(self) -> bool:
        """Whether it can measure at ends of epochs by itself."""

    def advance(self, progress: Progress, steps: int, least_norm: float, *, look: bool = False) -> Outcome:
        """Make steps.

        Args:
            progress: Taken forward in place.
            steps: At most so many.
            least_norm: Stop after a step whose gradient (of the loss, before clipping) has a norm below this;
                0 never stops.
            look: Measure and record at the ends of epochs at which that is due.
        """


class ReferenceRunner:
    """The textbook's backpropagation, step by step in numpy."""

    path: Path = "reference"
    looks = False

    def __init__(self, setup: Setup) -> None:
        self._setup = setup
        self._of_step, self._of_nodes = step_readers("steps"), step_readers("nodes")

    # Shortly before a run diverges, records overflow; what is not finite, histories leave out.
    @np.errstate(over="ignore", invalid="ignore")
    def advance(self, progress: Progress, steps: int, least_norm: float, *, look: bool = False) -> Outcome:
        """Make steps; see `Runner`."""
        assert not look, "the session measures"
        done = 0
        while done < steps:
            outcome = self._some(progress, min(steps - done, _FLUSH), least_norm)
            done += outcome.steps
            if outcome.failure or outcome.small_gradient:
                return Outcome(done, outcome.small_gradient, outcome.failure)
        return Outcome(done)

    def _some(self, progress: Progress, steps: int, least_norm: float) -> Outcome:
        """Make some steps and hand their records to the history together."""
        history, first = progress.history, progress.state.step
        of_step = np.empty((steps, len(history.steps.names)))
        of_nodes = np.empty((steps, len(history.nodes.names)))
        outcome = Outcome(steps)
        for at in range(steps):
            try:
                made = coming_step(self._setup, progress)
            except DivergedError as error:
                outcome = Outcome(at, failure=error)
                break
            read = Made(self._setup.plan, self._setup.rule, made)
            read_step(self._of_step, read, of_step[at])
            read_step(self._of_nodes, read, of_nodes[at])
            progress.state, progress.batch_loss = made.after, made.trace.mean_loss
            progress.batches.advance()
            if norm(read.gradient_norms) < least_norm:
                outcome = Outcome(at + 1, small_gradient=True)
                break
        history.add(of_step[: outcome.steps], of_nodes[: outcome.steps], first)
        return outcome


def coming_step(setup: Setup, progress: Progress) -> StepTrace:
    """Compute the next step in the run's precision, without making it.

    Raises:
        DivergedError: If it leaves the finite numbers.
    """
    rows = progress.batches.rows
    rate = setup.rate(progress.batches)
    return step(setup.plan, setup.rule, progress.state, setup.x[rows], setup.y[rows], rate)


def coming_step_in_double(setup: Setup, progress: Progress) -> StepTrace:
    """Compute the next step in float64, whatever the run's precision, without making it.

    Raises:
        DivergedError: If it leaves the finite numbers.
    """
    x, y = setup.double
    rows = progress.batches.rows
    rate = setup.rate(progress.batches)
    return step(setup.plan, setup.rule, progress.state.in_double(), x[rows], y[rows], rate)
