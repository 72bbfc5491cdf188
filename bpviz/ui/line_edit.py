"""A line of text that is typed: what every field that is typed into has in common."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit


class LineEdit(QLineEdit):
    """A text that is typed; what is not being typed any more, undo takes back in the window.

    A stock line of text keeps the keys of undo to itself even when it has nothing to take back.
    """

    def event(self, event: QEvent) -> bool:
        """Leave a key to the window where the field itself has no use for it."""
        key = event if event.type() == QEvent.Type.ShortcutOverride else None
        if isinstance(key, QKeyEvent) and not self.isModified() and self.leaves(key):
            event.ignore()
            return False
        return super().event(event)

    def leaves(self, event: QKeyEvent) -> bool:
        """Whether a key is the window's while nothing is being typed."""
        return event.matches(QKeySequence.StandardKey.Undo) or event.matches(QKeySequence.StandardKey.Redo)

    def drop(self) -> None:
        """Show again what was shown before somebody typed."""
        while self.isUndoAvailable():
            self.undo()
        self.setModified(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape drops what was typed; where the focus goes then, the window knows."""
        if event.key() == Qt.Key.Key_Escape:
            self.drop()
            event.ignore()
        else:
            super().keyPressEvent(event)


class NumberLine(LineEdit):
    """A line that a number is typed into; what is refused stays, marked, until it is mended or dropped."""

    @property
    def wrong(self) -> bool:
        """Whether it shows something that was refused."""
        return bool(self.property("wrong"))

    def mark(self, *, wrong: bool) -> None:
        """Show whether what stands there was refused."""
        if self.wrong != wrong:
            self.setProperty("wrong", wrong)
            self.style().polish(self)

    def leaves(self, event: QKeyEvent) -> bool:
        """Space, too: it has no place in a number."""
        return event.key() == Qt.Key.Key_Space or super().leaves(event)
