"""Buttons that stay out of sight until the pointer or the keys come near, without anything moving.

To show, hide, move or resize a widget under the pointer inside an event of the pointer makes Qt send the next
such event from within the first, and that one the next, until the stack is full.  So a quiet button always
keeps its place; only whether it is painted changes.
"""

from __future__ import annotations

from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QToolButton, QWidget

from bpviz.ui.theme import Theme


class QuietButton(QToolButton):
    """A button that is always there, and is seen while it is offered, has the focus or is kept in sight."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._offered = self._kept = False
        self.setProperty("look", "quiet")

    @property
    def kept(self) -> bool:
        """Whether it is painted whatever is offered."""
        return self._kept

    @property
    def seen(self) -> bool:
        """Whether it is painted."""
        return self._offered or self._kept or self.hasFocus()

    def offer(self, *, offered: bool) -> None:
        """Paint it, or step back."""
        if offered != self._offered:
            self._offered = offered
            self.update()

    def keep(self, *, kept: bool) -> None:
        """Paint it whatever is offered: it says how something stands."""
        if kept != self._kept:
            self._kept = kept
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self.seen:
            return
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.color("surface"))  # it may lie over something else
        painter.end()
        super().paintEvent(event)
