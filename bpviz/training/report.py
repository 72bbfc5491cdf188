"""What a run answers when it is asked for everything at one moment, to save or export it."""

from __future__ import annotations

from dataclasses import dataclass

from bpviz.data.prepare import Prepared
from bpviz.model.spec import Project
from bpviz.training.run_state import RunState
from bpviz.training.snapshot import Snapshot
from bpviz.training.timeline_state import TimelineState


@dataclass(frozen=True, slots=True, eq=False)
class Report:
    """A run between two steps; nothing in it changes any more.

    Attributes:
        project: What the run follows; lags behind a drawing that can't run yet.
        snapshot: With the parameters and whatever else was asked for.
        prepared: The data as the network sees them.
        state: What continues the run bit for bit.
        timeline: Its moments and branches, as many as there was room for; None if none were wanted.
        refused: Why there was no room, as a sentence.
    """

    project: Project
    snapshot: Snapshot
    prepared: Prepared
    state: RunState
    timeline: TimelineState | None = None
    refused: str = ""
