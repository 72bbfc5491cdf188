"""A bar that shows how far something is: moving to and fro until that is known."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QProgressBar, QWidget

_WHOLE: Final = 100  # bytes of a large file would be more than a bar can count


class ProgressBar(QProgressBar):
    """Shows a part of a whole, in hundredths."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Progress")
        self.setTextVisible(False)
        self.begin()

    def begin(self) -> None:
        """Nothing is known yet."""
        self.setRange(0, 0)

    @Slot(int, int)
    def show_progress(self, done: int, of: int) -> None:
        """Show how much of it is done."""
        self.setRange(0, _WHOLE)
        self.setValue(_WHOLE * done // max(of, 1))
