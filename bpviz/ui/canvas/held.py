"""Which keys are held over the picture: those that change what a gesture does, and the letter of a tool."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QInputEvent, QKeyEvent

from bpviz.ui.canvas.tools import TOOLS

_LETTERS: Final = tuple(tool.letter for tool in TOOLS if tool.letter is not None)
_WITH_LETTERS: Final = Qt.KeyboardModifier.ShiftModifier  # others make a command of a letter


class Held(QObject):
    """Keeps track of keys that are held.

    Signals:
        changed: Other keys are held.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.keys = Qt.KeyboardModifier.NoModifier
        self.letter: Qt.Key | None = None

    def see(self, event: QInputEvent) -> None:
        """A mouse event tells which keys are held, whoever got their own events."""
        self.keys = event.modifiers()

    def press(self, event: QKeyEvent) -> bool:
        """A key went down; whether it is the letter of a tool, and no command."""
        letter = _letter_of(event)
        if not event.isAutoRepeat():
            self._take(event, letter if letter is not None else self.letter)
        return letter is not None

    def release(self, event: QKeyEvent) -> None:
        """A key went up."""
        if not event.isAutoRepeat():
            self._take(event, None if event.key() == self.letter else self.letter)

    def forget(self) -> None:
        """Who has the keys now gets to know when they go up."""
        self.letter = None
        self.changed.emit()

    def _take(self, event: QKeyEvent, letter: Qt.Key | None) -> None:
        before = self.keys, self.letter
        self.keys, self.letter = event.modifiers(), letter
        if (self.keys, self.letter) != before:
            self.changed.emit()


def _letter_of(event: QKeyEvent) -> Qt.Key | None:
    plain = not event.modifiers() & ~_WITH_LETTERS
    return next((letter for letter in _LETTERS if plain and event.key() == letter), None)
