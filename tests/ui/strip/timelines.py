"""Made-up timelines, and snapshots that carry them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bpviz.model.examples import EXAMPLES
from bpviz.model.spec import Project
from bpviz.training.session import Session
from bpviz.training.snapshot import Snapshot
from bpviz.training.timeline_view import LineView, Mark, TimelineView

PROJECT = EXAMPLES["spiral"].build()


def retuned(rate: float) -> Project:
    """The project with another learning rate."""
    return replace(PROJECT, training=replace(PROJECT.training, learning_rate=rate))


def line(number: int, parent: int | None = None, forked_at: int = 0, **others: Any) -> LineView:
    parts: dict[str, Any] = {
        "name": "",
        "before": PROJECT,
        "project": PROJECT,
        "last_step": 45_000,
        "loss": 0.21,
    }
    return LineView(number, parent, forked_at, **(parts | others))


def timeline(last: int = 45_000, **others: Any) -> TimelineView:
    """A run that stands at its end, with one edit at 3000 and one at 30000."""
    parts: dict[str, Any] = {
        "at_end": True,
        "exact": True,
        "line": 1,
        "lines": (line(1),),
        "marks": (
            Mark(3_000, "edited", ("learning rate 0.03 → 0.01",)),
            Mark(30_000, "stopped", ("target loss reached",)),
        ),
    }
    return TimelineView(0, last, **(parts | others))


def snapshot(step: int, view: TimelineView | None, **others: Any) -> Snapshot:
    shown = Session(PROJECT).snapshot(frozenset())
    return replace(shown, step=step, timeline=view, project=PROJECT, **others)
