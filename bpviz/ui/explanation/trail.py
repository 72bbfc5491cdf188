"""The way from what is selected down to the number that is explained; each word leads back to its own."""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QLabel, QWidget

from bpviz.errors import one_line

_MOST: Final = 6
_BETWEEN: Final = " › "


class Trail(QLabel):
    """A line of words.

    Signals:
        wanted: (int), to a word, by its place.
    """

    wanted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setWordWrap(True)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.LinksAccessibleByMouse | Qt.TextInteractionFlag.LinksAccessibleByKeyboard
        )
        self.setAccessibleName("Where you are")
        self._words: tuple[str, ...] = ()
        self.linkActivated.connect(self._on_link)

    @property
    def words(self) -> tuple[str, ...]:
        """All of them, whether shown or not."""
        return self._words

    def show_words(self, words: Sequence[str]) -> None:
        """Show the way; of a long one its beginning and its end."""
        if tuple(words) == self._words:
            return
        self._words = tuple(words)
        last = len(words) - 1
        shown = [at for at in range(len(words)) if at == 0 or at > last - _MOST]
        pieces = [self._piece(words, at, last) for at in shown]
        if len(shown) < len(words):
            pieces.insert(1, "…")
        self.setText(_BETWEEN.join(pieces))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus if last > 0 else Qt.FocusPolicy.NoFocus)

    @staticmethod
    def _piece(words: Sequence[str], at: int, last: int) -> str:
        word = html.escape(one_line(words[at])).replace(" ", "&nbsp;")
        return f"<b>{word}</b>" if at == last else f'<a href="{at}" style="text-decoration: none">{word}</a>'

    @Slot(str)
    def _on_link(self, link: str) -> None:
        self.wanted.emit(int(link))
