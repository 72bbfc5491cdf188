"""What the window remembers between two days: theme, text size, motion, room, keys, recent files, its layout.

Kept in an INI file in the user's configuration folder, so that it can be read and deleted by hand.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final, get_args

from PySide6.QtCore import QByteArray, QSettings, QStandardPaths

from bpviz.palette import ThemeMode
from bpviz.reading import is_file, is_folder

MOST_RECENT: Final = 8
TEXT_PERCENTS: Final = (80, 200)
"""The smallest and the largest text size."""
MOMENTS_MB: Final = (1, 4_000)
"""The least and the most memory for moments of a run."""
FILE_MOMENTS_MB: Final = (0, 400)
"""Likewise in a project file; 0 keeps none."""
BREAKPOINT_STEPS: Final = (1, 9_999)
"""The fewest and the most steps through which the next breakpoint is looked for."""
_DIGITS: Final = (1, 17)
_LAYOUT_VERSION: Final = 3  # raised when the docks of the default layout change, or how they are dragged


class Preferences:
    """Typed access to the settings file.  A damaged or foreign value counts as not set.

    Attributes:
        path: The file.
    """

    def __init__(self, path: Path | None = None) -> None:
        """Open the settings file.

        Args:
            path: Another file than the user's own.
        """
        self.path = path or default_path()
        self._settings = QSettings(str(self.path), QSettings.Format.IniFormat)

    @property
    def theme(self) -> ThemeMode:
        """Which palette the user asked for."""
        value = self._text("window/theme")
        return next((mode for mode in get_args(ThemeMode) if mode == value), "system")

    @theme.setter
    def theme(self, mode: ThemeMode) -> None:
        self._settings.setValue("window/theme", mode)

    @property
    def text_percent(self) -> int:
        """How large texts are."""
        return self._number("window/text_percent", TEXT_PERCENTS, 100)

    @text_percent.setter
    def text_percent(self, percent: int) -> None:
        self._settings.setValue("window/text_percent", str(percent))

    @property
    def moments_mb(self) -> int:
        """Memory for the moments of a run, in millions of bytes."""
        return self._number("run/moments_mb", MOMENTS_MB, 64)

    @moments_mb.setter
    def moments_mb(self, megabytes: int) -> None:
        self._settings.setValue("run/moments_mb", str(megabytes))

    @property
    def file_moments_mb(self) -> int:
        """As much of them goes into a project file, before it is packed."""
        return self._number("files/moments_mb", FILE_MOMENTS_MB, 4)

    @file_moments_mb.setter
    def file_moments_mb(self, megabytes: int) -> None:
        self._settings.setValue("files/moments_mb", str(megabytes))

    @property
    def reduced_motion(self) -> bool:
        """Whether nothing is to move by itself."""
        return self._text("window/reduced_motion") == "true"

    @reduced_motion.setter
    def reduced_motion(self, reduced: bool) -> None:
        self._settings.setValue("window/reduced_motion", "true" if reduced else "false")

    @property
    def minimap(self) -> bool:
        """Whether a network larger than what is in sight has a map in a corner."""
        return self._text("window/minimap") != "false"

    @minimap.setter
    def minimap(self, wanted: bool) -> None:
        self._settings.setValue("window/minimap", "true" if wanted else "false")

    @property
    def welcomed(self) -> bool:
        """Whether the welcome page was closed for good."""
        return self._text("window/welcomed") == "true"

    @welcomed.setter
    def welcomed(self, done: bool) -> None:
        self._settings.setValue("window/welcomed", "true" if done else "false")

    @property
    def notation(self) -> str:
        """In which notation derivations are written; empty before one was chosen."""
        return self._text("explanation/notation")

    @notation.setter
    def notation(self, name: str) -> None:
        self._settings.setValue("explanation/notation", name)

    @property
    def digits(self) -> int:
        """How many significant digits they have."""
        return self._number("explanation/digits", _DIGITS, 6)

    @digits.setter
    def digits(self, digits: int) -> None:
        self._settings.setValue("explanation/digits", str(digits))

    @property
    def minus_delta(self) -> bool:
        """Whether they write minus delta, as some books do."""
        return self._text("explanation/minus_delta") == "true"

    @minus_delta.setter
    def minus_delta(self, minus: bool) -> None:
        self._settings.setValue("explanation/minus_delta", "true" if minus else "false")

    @property
    def breakpoints(self) -> tuple[str, ...]:
        """Where walks stop, each in a line of its own language."""
        return tuple(line for line in self._text("walking/breakpoints").split(";") if line)

    @breakpoints.setter
    def breakpoints(self, lines: tuple[str, ...]) -> None:
        self._settings.setValue("walking/breakpoints", ";".join(lines))

    @property
    def breakpoint_steps(self) -> int:
        """Through how many steps the next one is looked for."""
        return self._number("walking/breakpoint_steps", BREAKPOINT_STEPS, 1000)

    @breakpoint_steps.setter
    def breakpoint_steps(self, steps: int) -> None:
        self._settings.setValue("walking/breakpoint_steps", str(steps))

    @property
    def keys(self) -> dict[str, str]:
        """The keys that the user gave to commands, by the command's name; those of the table are not here."""
        try:
            found = json.loads(self._text("keys/chosen") or "{}")
        except ValueError:
            return {}
        if not isinstance(found, dict):
            return {}
        return {name: keys for name, keys in found.items() if isinstance(keys, str)}

    @keys.setter
    def keys(self, chosen: Mapping[str, str]) -> None:
        # One text: a comma and a semicolon are keys, too.
        self._settings.setValue("keys/chosen", json.dumps(dict(chosen)))

    @property
    def picture(self) -> str:
        """How pictures were made the last time, as `bpviz.ui.panels.picture_dialog` writes it."""
        return self._text("files/picture")

    @picture.setter
    def picture(self, text: str) -> None:
        self._settings.setValue("files/picture", text)

    @property
    def recent(self) -> tuple[Path, ...]:
        """Files opened or saved lately that still exist, the latest first."""
        value = self._settings.value("files/recent")
        texts = value if isinstance(value, list) else [value]
        paths = (Path(text) for text in texts if isinstance(text, str) and text)
        return tuple(path for path in paths if is_file(path))

    def add_recent(self, path: Path) -> None:
        """Put a file at the head of the recent ones."""
        paths = [path.resolve(), *(other for other in self.recent if other != path.resolve())]
        self._settings.setValue("files/recent", [str(one) for one in paths[:MOST_RECENT]])

    @property
    def folder(self) -> Path:
        """Where file dialogs begin."""
        folder = Path(self._text("files/folder"))
        return folder if self._text("files/folder") and is_folder(folder) else Path.home()

    @folder.setter
    def folder(self, folder: Path) -> None:
        self._settings.setValue("files/folder", str(folder))

    @property
    def layout(self) -> tuple[QByteArray, QByteArray] | None:
        """Geometry and docks of the window as it was closed; None before the first time."""
        if self._text("window/layout") != str(_LAYOUT_VERSION):
            return None
        geometry, docks = (self._settings.value(f"window/{name}") for name in ("geometry", "docks"))
        if isinstance(geometry, QByteArray) and isinstance(docks, QByteArray):
            return geometry, docks
        return None

    def save_layout(self, geometry: QByteArray, docks: QByteArray) -> None:
        """Remember where the window and its docks are."""
        self._settings.setValue("window/layout", str(_LAYOUT_VERSION))
        self._settings.setValue("window/geometry", geometry)
        self._settings.setValue("window/docks", docks)

    def forget_layout(self) -> None:
        """Let the next window start with the default layout."""
        self._settings.remove("window/layout")

    def sync(self) -> None:
        """Write what is not written yet."""
        self._settings.sync()

    def _number(self, key: str, bounds: tuple[int, int], default: int) -> int:
        value = self._text(key)
        low, high = bounds
        usable = value.isascii() and value.isdigit() and len(value) < 5
        return min(max(int(value), low), high) if usable else default

    def _text(self, key: str) -> str:
        value = self._settings.value(key, "")
        return value if isinstance(value, str) else ""


def default_path() -> Path:
    """The settings file in the user's configuration folder."""
    folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.GenericConfigLocation)
    return Path(folder) / "bpviz" / "bpviz.ini"
