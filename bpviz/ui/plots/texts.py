"""Names that a user chose, made fit to stand in a plot: one line, no longer than there is room, no markup."""

from __future__ import annotations

import html
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics

_LONGEST: Final = 200  # letters looked at; measuring thousands takes long, and nobody sees them
_TIP_LETTERS: Final = 400


def one_line(text: str, letters: int = _LONGEST) -> str:
    """Put a text into one line; of a very long one only the beginning."""
    line = " ".join(text[: 2 * letters].split())
    return line if len(line) <= letters else f"{line[: letters - 1]}…"


def cut(text: str, metrics: QFontMetrics, px: float, *, middle: bool = False) -> str:
    """Cut a text to a width, with an ellipsis; in the middle where names may differ at their ends."""
    line = one_line(text)
    if metrics.horizontalAdvance(line) <= px:  # to the pixel; Qt would cut here, too
        return line
    mode = Qt.TextElideMode.ElideMiddle if middle else Qt.TextElideMode.ElideRight
    return metrics.elidedText(line, mode, max(int(px), 0))


def tip(text: str) -> str:
    """A text for a tooltip, where Qt would take a name such as ``<b>`` for markup."""
    return f"<qt>{html.escape(one_line(text, _TIP_LETTERS))}</qt>" if text else ""
