"""How a run stands: everything that can be asked of it and changes nothing."""

from __future__ import annotations

from collections.abc import Set as AbstractSet

import numpy as np

from bpviz.arrays import Array, IntArray, read_only
from bpviz.data.prepare import Prepared
from bpviz.engine.backprop import forward
from bpviz.engine.update import Rule, StepTrace
from bpviz.errors import DivergedError, ShapeError, counted
from bpviz.model.compile import Compiled
from bpviz.model.spec import Address, Project
from bpviz.training import stops
from bpviz.training.anatomy import Anatomy
from bpviz.training.events import Story
from bpviz.training.history import History
from bpviz.training.metrics import Metrics
from bpviz.training.monitor import Monitor
from bpviz.training.probes import Plane
from bpviz.training.run_state import Event, StopKind
from bpviz.training.runner import Progress, Setup, coming_step_in_double
from bpviz.training.snapshot import Path, Snapshot
from bpviz.training.views import Look, take
from bpviz.training.wants import Sight


class Standing:
    """A run between two steps.

    Attributes:
        project: As the run follows it.
        compiled: Its network.
        anatomy: The names of its parts.
        prepared: Its data, as the network sees them.
        path: Which path computes.
        start: (parameters,) where each parameter started.
        story: What was done to the run.
    """

    project: Project
    compiled: Compiled
    anatomy: Anatomy
    prepared: Prepared
    path: Path
    start: Array
    story: Story
    _progress: Progress
    _setup: Setup
    _monitor: Monitor
    _plane: Plane | None

    @property
    def step(self) -> int:
        """Steps done."""
        return self._progress.state.step

    @property
    def epoch(self) -> float:
        """Passes over the training part done, as a fraction."""
        batches = self._progress.batches
        return batches.epoch + batches.position / batches.steps

    @property
    def steps_per_epoch(self) -> int:
        """Steps of the epoch under way."""
        return self._progress.batches.steps

    @property
    def stopped(self) -> str | None:
        """Why the run stopped by itself, as a sentence; None while it may go on."""
        return stops.sentence(self.project.training.stop, self._monitor.watch, self.metrics)

    @property
    def stopped_by(self) -> StopKind | None:
        """The rule that stopped it, or ``diverged``."""
        return self._monitor.watch.by

    @property
    def last_epoch(self) -> int | None:
        """After how many epochs the run will end by itself; None if no rule says so, or it was overruled."""
        return stops.last_epoch(self.project.training.stop, self._monitor.watch)

    @property
    def metrics(self) -> Metrics:
        """Losses and accuracies as last measured: at the start, ends of epochs, edits and stops."""
        return self._monitor.metrics

    @property
    def events(self) -> tuple[Event, ...]:
        """What was done to it, in order."""
        return self.story.events

    @property
    def history(self) -> History:
        """What it has recorded; where a run stands only to be looked at, nothing."""
        return self._progress.history

    @property
    def parameters(self) -> Array:
        """(parameters,), in the run's precision; can't be changed."""
        return read_only(self._progress.state.parameters)

    @property
    def nbytes(self) -> int:
        """Memory that the run holds: its numbers, its history, and its examples twice."""
        numbers = (2 + self.rule.slots) * self.start.nbytes
        examples = (self._setup.x, self._setup.y, *self._monitor.evaluator.test)
        return numbers + self.history.nbytes + 2 * sum(part.nbytes for part in examples)

    @property
    def rule(self) -> Rule:
        """How the network learns."""
        return self._setup.rule

    @property
    def learning_rate(self) -> float:
        """Of the coming step."""
        return self._setup.rate(self._progress.batches)

    def value(self, address: Address) -> float:
        """A weight or bias; `ModelError` if there is none."""
        return float(self._progress.state.parameters[self.compiled.index(address)])

    def outputs(self, raw: Array) -> Array:
        """The network's answers to raw inputs.

        Args:
            raw: (examples, columns) in the units of the data.

        Returns:
            (examples, outputs), the output layer's activations; `prepared.decode_targets` gives units.

        Raises:
            ShapeError: If they are no rows of as many numbers as the data have columns.
        """
        raw, count = np.asarray(raw), len(self.prepared.dataset.columns)
        if raw.ndim != 2 or raw.shape[1] != count or raw.dtype.kind not in "fiub":
            raise ShapeError(f"Each example needs {counted(count, 'number')}, in a row of its own.")
        parameters = self.parameters.astype(np.float64)
        return forward(self.compiled.plan, parameters, self.prepared.encode_inputs(raw)).outputs

    def evaluate(self) -> Metrics:
        """Measure losses and accuracies now."""
        return self._monitor.evaluator.metrics(self._progress.state.parameters)

    def peek(self) -> StepTrace:
        """Compute the coming step in float64 with every value of it, without making it.

        Raises:
            DivergedError: If it leaves the finite numbers.
        """
        return coming_step_in_double(self._setup, self._progress)

    def snapshot(
        self, wants: AbstractSet[str] = frozenset(), run_id: int = 0, look: Look | None = None
    ) -> Snapshot:
        """Say how the run stands.

        Args:
            wants: What it is to hold, of `bpviz.training.wants.WANTS` and `bpviz.training.series.SERIES`.
            run_id: For views that know runs by numbers.
            look: Where somebody stands inside a step, and what is to be shown of more than this moment.
        """
        look = look or Look()
        sight = Sight(
            run_id=run_id,
            step=self.step,
            epoch=self.epoch,
            path=self.path,
            compiled=self.compiled,
            anatomy=self.anatomy,
            rule=self.rule,
            parameters=self._progress.state.parameters,
            metrics=self.metrics,
            batch_loss=self._progress.batch_loss,
            learning_rate=self.learning_rate,
            stopped=self.stopped,
            stopped_by=self.stopped_by,
            story=look.story or self.story,
            history=look.history or self.history,
            evaluator=self._monitor.evaluator,
            plane=self._plane,
            cursor=look.cursor,
            coming=lambda: look.trace or self._coming(),
        )
        return take(sight, wants)

    @property
    def coming_rows(self) -> IntArray:
        """(examples,) rows of the data set: the batch of the coming step."""
        return read_only(self.prepared.train_rows[self._progress.batches.rows])

    def turn_of(self, row: int) -> int | None:
        """Return the step of the epoch under way whose batch has a row of the data set; None if none has."""
        batch = self._progress.batches.batch_of(int(np.searchsorted(self.prepared.train_rows, row)))
        return None if batch is None else self.step - self._progress.batches.position + batch

    def to_epoch_end(self) -> int:
        """How many steps are left in the epoch under way; a whole epoch if none of it is done."""
        return self._progress.batches.steps_until(self._progress.batches.epoch + 1)

    def _coming(self) -> StepTrace | None:
        """The coming step; None if it can't be made."""
        try:
            return self.peek()
        except DivergedError:
            return None
