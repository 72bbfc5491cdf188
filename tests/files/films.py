"""Timelines for the tests of files: small, with edits of every kind, an attic and branches."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import count

from bpviz.files.project import Saved
from bpviz.model.edits import remove_nodes
from bpviz.model.naming import first_free_number
from bpviz.model.spec import Project
from bpviz.training.session import Session
from bpviz.training.timeline import Timeline
from bpviz.training.timeline_state import end_of, state_of
from tests.training.projects import first_weight, retrained

ROOM = 64_000_000


def steady() -> Callable[[], float]:
    """A clock after which a moment is due about every three steps."""
    ticks = count()
    return lambda: next(ticks) * 0.05


def film(project: Project) -> Timeline:
    """A timeline of three lines that stands at the end of the last."""
    timeline = Timeline(Session(project))
    clock = steady()
    timeline.advance(8, clock)
    layer = project.network.layers[1]
    timeline.follow(replace(project, network=remove_nodes(project.network, [layer.nodes[-1].id])))
    timeline.advance(5, clock)
    timeline.set_value(first_weight(timeline.session.project), 0.25)
    timeline.advance(6, clock)
    timeline.seek(10)
    timeline.follow(retrained(timeline.session.project, learning_rate=0.2))
    timeline.advance(6, clock)
    timeline.seek(15)
    timeline.follow(replace(project, training=timeline.session.project.training))  # the node is back
    timeline.advance(3, clock)
    timeline.lines[2].name = "faster, ω"
    return timeline


def saved(timeline: Timeline, room_bytes: int = ROOM) -> Saved:
    """What a file of it holds."""
    project, state = end_of(timeline)
    next_id = first_free_number(project.network)
    return Saved(project, state, next_id, timeline=state_of(timeline, room_bytes))
