"""Between a run and its file: opened with its timeline, and saved with as much of it as is wanted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Final
from warnings import warn

from bpviz.errors import SettingError
from bpviz.files.project import Saved, open_project
from bpviz.model.naming import first_free_number
from bpviz.model.playground import unhad_text
from bpviz.plain import as_float, is_number
from bpviz.training.paths import RUNNERS, engine_named
from bpviz.training.run import Run
from bpviz.training.session import Session
from bpviz.training.timeline import MEGABYTE
from bpviz.training.timeline_state import LARGEST_ROOM, end_of, state_of, taken_up
from bpviz.training.timeline_words import lost_text

KEPT_MB: Final = 16.0
"""For moments and branches in a file, before they are packed."""


def remarks(saved: Saved) -> Iterator[str]:
    """Say what of a file or link could not be read or had."""
    yield from map(lost_text, saved.lost)
    yield from map(unhad_text, saved.unhad)


def open_told(path: str | Path) -> Saved:
    """Open a file or link for a script: what of a link could not be had is a warning at the caller's caller.

    Raises:
        BpvizError: If it can't be read.
    """
    saved = open_project(Path(path))
    for one in saved.unhad:
        warn(unhad_text(one), stacklevel=3)
    return saved


def session_of(saved: Saved, engine: str | None = None) -> Session:
    """Stand where a saved run stood; at the beginning if there is none.

    Args:
        saved: What a file holds.
        engine: ``reference`` or ``kernel``; by default the one that computed the run so far.

    Raises:
        BpvizError: If the project can't run as it is drawn.
    """
    project = saved.project
    if saved.run_network is not None:
        project = replace(project, network=saved.run_network)
    if engine is None and saved.state is not None and saved.state.path in RUNNERS:
        engine = saved.state.path
    return Session(project, state=saved.state, path=engine_named(engine))


def reopen(path: Path, engine: str | None = None) -> tuple[Run, Saved]:
    """Open a file and lead its run about.

    Args:
        path: The file.
        engine: As in `session_of`.

    Returns:
        The run, and what the file holds, with all that of it is lost.

    Raises:
        FileError: If it can't be read or is damaged.
        BpvizError: If the project can't run as it is drawn.
    """
    saved = open_project(path)
    timeline, lost = taken_up(session_of(saved, engine), saved.timeline)
    return Run(timeline), replace(saved, lost=(*saved.lost, *lost))


def run_of(saved: Saved) -> Run:
    """Lead a saved run about.

    Raises:
        BpvizError: If the project can't run as it is drawn.
    """
    return Run(taken_up(session_of(saved), saved.timeline)[0])


def saved_run(run: Run, keep_moments: float = KEPT_MB) -> Saved:
    """Say what a file of a run holds.

    Args:
        run: It stays where it is.
        keep_moments: MB for moments and branches; 0 leaves them out.

    Raises:
        SettingError: If not even one moment has room there.
    """
    room_bytes = room_of(keep_moments)
    timeline = state_of(run.timeline, room_bytes) if room_bytes else None
    project, state = end_of(run.timeline)
    return Saved(project, state, first_free_number(project.network), timeline=timeline)


def room_of(megabytes: Any) -> int:
    """Return how many bytes so many MB are.

    Raises:
        SettingError: If that is no room that a file can have.
    """
    megabytes, most = as_float(megabytes), LARGEST_ROOM // MEGABYTE
    if not is_number(megabytes) or not 0 <= megabytes <= most:
        told = f"{megabytes:g}" if isinstance(megabytes, float) else megabytes
        raise SettingError(f"Moments can't take {told} MB; choose a number from 0 to {most}.")
    return int(megabytes * MEGABYTE)
