"""Where the window keeps what is neither a setting nor the user's own file."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QStandardPaths


def state_folder() -> Path:
    """The folder for what outlives a window: kept work, marks on open projects, the log of faults."""
    folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.GenericStateLocation)
    return Path(folder) / "bpviz"


def autosave_folder() -> Path:
    """Where work is kept by itself; see `bpviz.files.autosave`."""
    return state_folder() / "autosave"


def open_projects_folder() -> Path:
    """Where windows mark the projects they have open; see `bpviz.files.binding`."""
    return state_folder() / "open"
