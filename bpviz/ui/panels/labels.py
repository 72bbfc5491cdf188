"""Labels for texts of any length: one that wraps, and one that stays one line."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from bpviz.errors import one_line
from bpviz.ui.texts import breakable, tip_text

_ROOM_FOR_PADDING_PX: Final = 6


class Wrapped(QLabel):
    """A text that takes several lines, and never more width than there is: its long words break."""

    def __init__(self, text: str = "", look: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = ""
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        if look:
            self.setProperty("look", look)
        self.setText(text)

    def text(self) -> str:
        """The text as it was given."""
        return self._text

    def setText(self, text: str) -> None:
        """Show another text."""
        self._text = text
        super().setText(breakable(text))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())


class Elided(QLabel):
    """A sentence that takes the room there is, ends with an ellipsis, and is whole in its tooltip."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        # A label as wide as a long sentence would widen the whole window.
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.sentence = ""

    def show_sentence(self, sentence: str) -> None:
        """Show another sentence, or nothing."""
        if sentence != self.sentence:
            self.sentence = sentence
            self.setToolTip(tip_text(sentence))
            self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show as much as there is room for now."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        room = self.contentsRect().width() - _ROOM_FOR_PADDING_PX
        self.setText(
            self.fontMetrics().elidedText(one_line(self.sentence), Qt.TextElideMode.ElideRight, room)
        )
