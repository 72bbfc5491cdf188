"""How formulas are written: notation, digits and sign; and the menu in which that is chosen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from bpviz.training.explain.documents import FORMATS
from bpviz.training.explain.notation import DIALECTS
from bpviz.training.explain.writing import DIGITS
from bpviz.ui.preferences import Preferences

DIGIT_CHOICES: Final = (3, 4, 6, 9, 12)
COPIED: Final = ("latex", "markdown", "text")
PICTURE: Final = "picture"
FILE: Final = "file"
"""A picture, into a file."""
_FOLD: Final = 12


@dataclass(frozen=True, slots=True)
class Options:
    """How formulas are written.

    Attributes:
        dialect: Entry of DIALECTS.
        digits: Significant ones.
        minus_delta: Whether minus delta is written, which some books call the error.
        fold: So many terms of a long sum are written out.
    """

    dialect: str = "matrix"
    digits: int = DIGITS
    minus_delta: bool = False
    fold: int = _FOLD


def remembered(preferences: Preferences) -> Options:
    """Read what the user chose some other day; what is damaged counts as not chosen."""
    dialect, digits = preferences.notation, preferences.digits
    return Options(
        dialect if dialect in DIALECTS else "matrix",
        digits if digits in DIGIT_CHOICES else DIGITS,
        preferences.minus_delta,
    )


def remember(preferences: Preferences, options: Options) -> None:
    """Keep it for another day."""
    preferences.notation, preferences.digits = options.dialect, options.digits
    preferences.minus_delta = options.minus_delta


class OptionsMenu(QMenu):
    """Chooses how formulas are written, and copies them.

    Signals:
        chosen: (Options).
        copy_wanted: (str, bool), in which of FORMATS, or PICTURE or FILE, and whether the whole pass.
    """

    chosen = Signal(object)
    copy_wanted = Signal(str, bool)

    def __init__(self, options: Options, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._options = options
        self._entries: list[QAction] = []
        self.setToolTipsVisible(True)
        dialects = [(entry.label, {"dialect": entry.name}) for entry in DIALECTS.values()]
        self._add_choices(self, dialects)
        digits = self.addMenu("Significant digits")
        self._add_choices(digits, [(str(count), {"digits": count}) for count in DIGIT_CHOICES])
        errors = self._add(self, "Write minus delta, “the error”", self._on_minus_delta)
        errors.setCheckable(True)
        errors.setChecked(options.minus_delta)
        errors.setToolTip("Some books call minus delta the error of a node")
        for whole, title in ((False, "Copy"), (True, "Copy the whole pass")):
            if not whole:
                self.addSeparator()
            menu = self.addMenu(title)
            for name in COPIED:
                self._add(menu, f"As {FORMATS[name].label}", partial(self.copy_wanted.emit, name, whole))
            if not whole:
                self._add(menu, "As picture", partial(self.copy_wanted.emit, PICTURE, whole))
        self._add(self, "Save as picture…", partial(self.copy_wanted.emit, FILE, False))

    @property
    def options(self) -> Options:
        """What is chosen."""
        return self._options

    def action(self, label: str) -> QAction:
        """Find an entry, in whichever of its menus it stands."""
        return next(action for action in self._entries if action.text() == label)

    def _add_choices(self, menu: QMenu, choices: list[tuple[str, dict[str, Any]]]) -> None:
        group = QActionGroup(self)
        for label, change in choices:
            action = self._add(menu, label, partial(self._choose, change))
            action.setCheckable(True)
            action.setChecked(replace(self._options, **change) == self._options)
            group.addAction(action)

    def _add(self, menu: QMenu, label: str, run: Callable[[], object]) -> QAction:
        action = QAction(label, self)
        action.triggered.connect(lambda _checked=False: run())
        menu.addAction(action)
        self._entries.append(action)
        return action

    def _choose(self, change: dict[str, Any]) -> None:
        self._options = replace(self._options, **change)
        self.chosen.emit(self._options)

    def _on_minus_delta(self) -> None:
        self._choose({"minus_delta": not self._options.minus_delta})
