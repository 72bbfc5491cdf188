"""What a run measures of itself on the way: metrics at ends of epochs, and whether to stop.

Where it looks depends on epochs and on how far the history has been merged, never on slices or clocks.
"""

from __future__ import annotations

from bpviz.arrays import Array
from bpviz.model.spec import Stop
from bpviz.training import stops
from bpviz.training.evaluate import Evaluator
from bpviz.training.metrics import Metrics
from bpviz.training.run_state import Watch
from bpviz.training.runner import Progress
from bpviz.training.series import Measured, read_epoch


class Monitor:
    """Keeps the metrics and the memory of the stop rules.

    Attributes:
        evaluator: What measures; another one after everything that it depends on has changed.
        metrics: As last measured.
        watch: What the stop rules remember.
    """

    evaluator: Evaluator

    def __init__(self) -> None:
        self.watch = Watch()
        self.metrics = Metrics(float("nan"), float("nan"))

    def measure(self, parameters: Array) -> None:
        """Measure losses and accuracies now."""
        self.metrics = self.evaluator.metrics(parameters)

    def begin(self, progress: Progress) -> None:
        """Measure and record the start."""
        self.measure(progress.state.parameters)
        self._record(progress)

    def until_look(self, progress: Progress, stop: Stop, *, alone: bool) -> int:
        """Steps before an end of an epoch at which to look; `alone`, a runner does until bins merge."""
        batches, epochs = progress.batches, progress.history.epochs
        watched = stops.watches_epochs(stop, self.watch)
        stride = 1 if watched else epochs.stride * (epochs.bins if alone else 1)
        look, last = (batches.epoch // stride + 1) * stride, stops.last_epoch(stop, self.watch)
        return batches.steps_until(look if last is None else min(look, max(last, batches.epoch + 1)))

    def end_epoch(self, progress: Progress, stop: Stop) -> bool:
        """Measure, record and look at the stop rules, each where due; whether the metrics are of now."""
        epoch, epochs = progress.batches.epoch, progress.history.epochs
        listed = epoch % epochs.stride == 0
        due = listed and epochs.records <= epoch  # else a runner has done it
        watched = stops.watches_epochs(stop, self.watch)
        if due or watched:
            self.measure(progress.state.parameters)
        if due:
            self._record(progress)
        self.watch = stops.after_epoch(stop, self.watch, epoch, self.metrics if watched else None)
        return listed or watched

    def follow_edit(self, progress: Progress, *, another_task: bool) -> None:
        """After an edit the metrics are old, and before the first step so is what was recorded."""
        self.measure(progress.state.parameters)
        self.watch = stops.after_edit(self.watch, self.metrics, another_task=another_task)
        if not progress.state.step:  # the curves of losses begin with what is there now
            progress.history.begin_epochs(self._row(progress))

    def _record(self, progress: Progress) -> None:
        progress.history.add_epoch(progress.batches.epoch, progress.state.step, self._row(progress))

    def _row(self, progress: Progress) -> Array:
        """What series read here; the metrics are of now."""
        rule, parameters = self.evaluator.rule, progress.state.parameters
        return read_epoch(Measured(self.evaluator.plan, rule, parameters, self.metrics))
