"""Names that a user chose, no wider than there is room in a plot."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics

from bpviz.ui.texts import name_text


def cut(text: str, metrics: QFontMetrics, px: float, *, middle: bool = False) -> str:
    """Put a text into one line of a width; an ellipsis in the middle where names may differ at the end."""
    line = name_text(text)
    if metrics.horizontalAdvance(line) <= px:  # to the pixel; Qt would cut here, too
        return line
    mode = Qt.TextElideMode.ElideMiddle if middle else Qt.TextElideMode.ElideRight
    return metrics.elidedText(line, mode, max(int(px), 0))
