"""Reading a project file for the window, in whatever thread."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bpviz.data.accounts import accounts
from bpviz.data.datasets import facts
from bpviz.errors import BpvizError
from bpviz.files.binding import Stamp, stamp_of
from bpviz.files.project import Saved, open_project
from bpviz.model.problems import problems

LARGE_BYTES: Final = 200_000
"""A file larger than this takes longer to read than a press of a key may."""


@dataclass(frozen=True, slots=True, eq=False)
class ProjectFile:
    """What a project file holds.

    Attributes:
        saved: The project and its run.
        stamp: Of the file before it was read: what is written to it from there on is somebody else's.
    """

    saved: Saved
    stamp: Stamp | None


def is_large_file(path: Path) -> bool:
    """Whether a file is better read beside the window; one that is not there says so at once."""
    try:
        return path.stat().st_size > LARGE_BYTES
    except OSError:
        return False


def read_file(path: Path) -> ProjectFile:
    """Read a project, and find out what the window is about to ask of its data, which is remembered.

    Raises:
        FileError: If it can't be opened.
    """
    stamp = stamp_of(path)
    saved = open_project(path)
    with suppress(BpvizError):  # data that can't be used are shown with the reason
        facts(saved.project.data)
        accounts(saved.project.data)
    problems(saved.project)
    return ProjectFile(saved, stamp)
