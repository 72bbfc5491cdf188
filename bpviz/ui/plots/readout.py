"""The card beside the pointer that says what stands under it."""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import Final, TypeAlias

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLabel, QWidget

from bpviz.ui.plots.texts import cut
from bpviz.ui.theme import Theme

Row: TypeAlias = tuple[str, str, str]
"""Color token, name, value."""

_POINTER_GAP_PX: Final = 14
_TEXT_PX: Final = 220


class Readout(QLabel):
    """Rows of names and values.  The mouse doesn't notice it, so it may come and go where the pointer is."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setProperty("look", "card")
        self.setMargin(6)
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.dress()
        self.hide()

    def dress(self) -> None:
        """Take the font of the theme; colors come with the next rows."""
        self.setFont(self._theme.font("caption"))

    def say(self, rows: Sequence[Row], pointer: QPoint) -> None:
        """Show rows beside the pointer; none hide it."""
        if not rows:
            self.hide()
            return
        ink, metrics = self._theme.palette.ink, self._theme.metrics("caption")
        room = self._theme.scaled(_TEXT_PX)
        cells = "".join(
            f"<tr><td style='color:{ink(color)}'>{html.escape(cut(name, metrics, room))}&nbsp;&nbsp;</td>"
            f"<td align='right'>{html.escape(cut(value, metrics, room))}</td></tr>"
            for color, name, value in rows
        )
        self.setText(f"<table cellspacing='0' style='white-space:pre'>{cells}</table>")
        self.adjustSize()
        self.move(self._beside(pointer))
        self.raise_()
        self.show()

    def _beside(self, pointer: QPoint) -> QPoint:
        """Where it fits without lying under the pointer."""
        over = self.parentWidget()
        assert over is not None, "a readout lies over a plot"
        size, room = self.size(), over.size()
        x = pointer.x() + _POINTER_GAP_PX
        if x + size.width() > room.width():
            x = pointer.x() - _POINTER_GAP_PX - size.width()
        y = min(max(pointer.y() - size.height() // 2, 0), max(room.height() - size.height(), 0))
        return QPoint(max(x, 0), y)
