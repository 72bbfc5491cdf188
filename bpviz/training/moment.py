"""A run at one of its steps, without its history: a few kilobytes, and enough to go on from bit for bit."""

from __future__ import annotations

from dataclasses import dataclass

from bpviz.data.prepare import Prepared
from bpviz.model.compile import Compiled
from bpviz.model.spec import Project
from bpviz.training.beginning import rule_for
from bpviz.training.evaluate import Evaluator
from bpviz.training.history import HistoryShape
from bpviz.training.rewire import Box
from bpviz.training.run_state import RunState


@dataclass(frozen=True, slots=True, eq=False)
class Moment:
    """Where a run stood.

    Attributes:
        project: What it followed.
        compiled: The project's network.
        state: Its numbers; without events and history, which the run has once.
        events: How many events had happened.
        boxes: What the attic held.
        shape: How far the history had come.
        prepared: What it learned from; None of a moment out of a file, until `with_data` has told it.
    """

    project: Project
    compiled: Compiled
    state: RunState
    events: int
    boxes: tuple[Box, ...]
    shape: HistoryShape
    prepared: Prepared | None = None

    @property
    def step(self) -> int:
        """Steps done."""
        return self.state.step

    @property
    def place(self) -> tuple[int, int]:
        """Moments follow each other in this order: by steps, and between two steps by what was done."""
        return self.step, self.events

    @property
    def nbytes(self) -> int:
        """Memory of its own numbers; what it shares with others, such as the start, counts for nothing."""
        return self.state.parameters.nbytes + self.state.slots.nbytes + _OVERHEAD


def measured_loss(moment: Moment) -> float:
    """Measure the training loss at a moment of a run; the metrics that belong to it may be an epoch old."""
    numbers, prepared = moment.state.parameters, moment.prepared
    assert prepared is not None, "it was taken of a run, or has been told"
    x, y = prepared.train_x.astype(numbers.dtype), prepared.train_y.astype(numbers.dtype)
    rule = rule_for(moment.project, len(x))
    return Evaluator(moment.compiled.plan, rule, prepared, x, y).metrics(numbers).train_loss


_OVERHEAD = 1_500
"""Bytes of the objects around the numbers."""
