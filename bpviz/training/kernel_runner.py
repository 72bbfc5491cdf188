"""The compiled path of a run.

A call of a kernel makes many steps; between two calls everything of the run stands where the reference would
go on from.  A step that a kernel can't make safely, because some number is far too large, is made on the
reference path, which says where it diverged if it does.
"""

from __future__ import annotations

import numpy as np

from bpviz.arrays import Array
from bpviz.engine.kernels.codes import missing
from bpviz.engine.kernels.engine import Kernel, Stream, Tables
from bpviz.engine.kernels.machine import STRONGEST_PENALTY, pace_of
from bpviz.training.batches import Batches
from bpviz.training.history import History
from bpviz.training.metrics import Metrics
from bpviz.training.runner import Outcome, Progress, ReferenceRunner, Setup
from bpviz.training.series import only_fast
from bpviz.training.snapshot import Path


class KernelRunner:
    """Numba's compiled kernels, many steps a call; see `Runner`.

    What the kernels don't know, also of series, and a penalty too strong for them to be safe, is trained by
    the reference.
    """

    path: Path = "kernel"

    def __init__(self, setup: Setup) -> None:
        training, rule = setup.training, setup.rule
        self._seed = training.seed
        self._reference = ReferenceRunner(setup)
        self._kernel: Kernel | None = None
        if missing(setup.plan, rule, training.schedule) or rule.penalty_rate > STRONGEST_PENALTY:
            return
        if not (only_fast("steps") and only_fast("nodes")):
            return
        pace = pace_of(training.schedule, training.schedule_options, training.learning_rate, training.warmup)
        self._kernel = Kernel(setup.plan, rule, pace, setup.x, setup.y)
        self._evaluator = setup.evaluator
        if setup.evaluator is not None:
            self._kernel.examine(*setup.evaluator.test, setup.evaluator.middle)

    @property
    def looks(self) -> bool:
        """Whether it can measure at ends of epochs by itself."""
        return self._kernel is not None and self._evaluator is not None and only_fast("epochs")

    def advance(self, progress: Progress, steps: int, least_norm: float, *, look: bool = False) -> Outcome:
        """Make steps; see `Runner`."""
        if self._kernel is None:
            return self._reference.advance(progress, steps, least_norm)
        done, metrics = 0, None
        while done < steps:
            made, unsafe = self._some(self._kernel, progress, steps - done, least_norm, look=look)
            done, metrics = done + made.steps, made.metrics or metrics
            if made.small_gradient:
                return Outcome(done, small_gradient=True, metrics=metrics)
            if unsafe:
                made = self._reference.advance(progress, 1, least_norm)
                done += made.steps
                ended = look and not progress.batches.position  # which the session measures
                if made.failure or made.small_gradient or ended:
                    return Outcome(done, made.small_gradient, made.failure, metrics)
        return Outcome(done, metrics=metrics)

    def _some(
        self, kernel: Kernel, progress: Progress, steps: int, least_norm: float, *, look: bool
    ) -> tuple[Outcome, bool]:
        """Make the steps of one call; whether the next one must be made on the reference path."""
        history, batches = progress.history, progress.batches
        wanted = min(steps, history.room)
        if batches.coming != batches.batching:
            wanted = min(wanted, batches.steps - batches.position)
        first = progress.state.step
        every = history.epochs.stride if look else 0
        stream, tables = self._stream(batches), _tables(history)
        result = kernel.run(progress.state, stream, tables, wanted, least_norm, every)
        if result.steps:
            progress.state, progress.batch_loss = result.state, result.loss
            _go_on(batches, result.stream)
            history.steps.note(first, result.steps)
            history.nodes.note(first, result.steps)
        metrics = self._record(history, result.looks, first) if len(result.looks) else None
        return Outcome(result.steps, result.small_gradient, metrics=metrics), result.unsafe

    def _record(self, history: History, looks: Array, first: int) -> Metrics:
        """Take in what a kernel measured and return the last of it."""
        assert self._evaluator is not None
        classes, test = self._evaluator.has_classes, self._evaluator.has_test
        known = np.array([True, True, test, classes, classes and test])
        rows = np.where(known, looks[:, :5], np.nan)
        history.add_epochs(looks[:, 5].astype(np.int64), first + looks[:, 6].astype(np.int64), rows)
        loss, cost, *others = rows[-1].tolist()
        there = zip(others, known[2:], strict=True)
        return Metrics(loss, cost, *(other if measured else None for other, measured in there))

    def _stream(self, batches: Batches) -> Stream:
        batching = batches.batching
        return Stream(
            seed=self._seed,
            size=batching.size,
            shuffled=batching.shuffled,
            carries_over=batching.carries_over,
            epoch=batches.epoch,
            position=batches.position,
            waited=len(batches.carried),
            indices=batches.indices,
        )


def _go_on(batches: Batches, stream: Stream) -> None:
    """Stand where a kernel stopped; an epoch that has begun in the meantime is cut as it shall be now."""
    here = stream.indices[stream.waited :]
    carried = stream.indices[: stream.waited].copy()
    if stream.epoch == batches.epoch or batches.coming == batches.batching:
        batches.begin(stream.epoch, carried, batches.batching, stream.position, here)
    else:
        batches.begin(stream.epoch, carried, batches.coming)


def _tables(history: History) -> Tables:
    steps, nodes = history.steps, history.nodes
    return Tables(
        step_records=steps.records,
        step_stride=steps.stride,
        node_records=nodes.records,
        node_stride=nodes.stride,
        total=steps.total,
        low=steps.low,
        high=steps.high,
        last=steps.last,
        node_total=nodes.total,
    )
