"""Sentences about timelines that window and command line say alike."""

from __future__ import annotations

from typing import Final

from bpviz.errors import counted, grouped
from bpviz.training.timeline_state import Lost, TimelineState

_LOST: Final[dict[Lost, str]] = {
    "timeline": (
        "The moments and branches in this file are damaged and were left out; the run itself is whole."
    ),
}


def lost_text(what: Lost) -> str:
    """Say what of a file could not be read, although its run could."""
    return _LOST[what]


def repeated_text(step: int) -> str:
    """Say how a step of a run is had of which a file holds only the end."""
    return f"This file holds no moments; its run is repeated from the start up to step {grouped(step)}."


def kept_text(kept: TimelineState) -> str:
    """Say how much of a run's past a file holds: ``37 moments and 2 branches``."""
    branches = f" and {len(kept.lines)} branches" if len(kept.lines) > 1 else ""
    return counted(len(kept.moments), "moment") + branches


def little_room_text(least: int, room_bytes: int) -> str:
    """Say that not even one moment of a run fits into the room for moments."""
    return (
        f"One moment of this run needs {least / 1e6:.3g} MB, more than the {room_bytes / 1e6:.3g} MB for "
        "moments: winding it takes long; allow more in the preferences."
    )
