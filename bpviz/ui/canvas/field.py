"""A field in the picture, for a name or a number that is written where it stands."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QPoint, Qt, Slot
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QToolTip, QWidget

from bpviz.ui.canvas.pane import NetworkPane
from bpviz.ui.line_edit import NumberLine

_LETTERS: Final = 14
_EDGE_PX: Final = 4


class PlaceField(NumberLine):
    """Takes one text by Return; Escape, or going elsewhere, takes none.

    What is refused stays, marked, with the sentence that says why.
    """

    def __init__(self, pane: NetworkPane) -> None:
        super().__init__(pane)
        self._pane = pane
        self._take: Callable[[str], str] | None = None
        self.setAccessibleName("Written in place")
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.returnPressed.connect(self._on_return)
        self.textEdited.connect(lambda: self.mark(wrong=False))
        pane.moved.connect(self.give_up)
        self.hide()

    def open(self, place: QPoint, text: str, take: Callable[[str], str], *, chosen: bool) -> None:
        """Show the field at a place of the pane, its text chosen, or to be gone on with."""
        self._take = take
        self.mark(wrong=False)
        self.setText(text)
        wide = self.fontMetrics().horizontalAdvance("0") * max(_LETTERS, len(text) + 4)
        room = self._pane.viewport().rect()
        self.resize(min(wide, room.width() - 2 * _EDGE_PX), self.sizeHint().height())
        x = min(max(place.x() - self.width() // 2, _EDGE_PX), room.width() - self.width() - _EDGE_PX)
        y = min(max(place.y() - self.height() // 2, _EDGE_PX), room.height() - self.height() - _EDGE_PX)
        self.move(x, y)
        self.show()
        self.raise_()
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        if chosen:
            self.selectAll()

    @Slot()
    def give_up(self) -> None:
        """Take nothing."""
        self._take = None
        self.hide()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape leads back to the picture, and to nothing else."""
        if event.key() == Qt.Key.Key_Escape:
            self._leave()
        else:
            super().keyPressEvent(event)

    def leaves(self, event: QKeyEvent) -> bool:
        """No key is the window's: a name has spaces."""
        return False

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:  # its own context menu
            self.give_up()

    @Slot()
    def _on_return(self) -> None:
        if self._take is None:
            return
        refusal = self._take(self.text())
        if refusal:
            self.mark(wrong=True)
            QToolTip.showText(self.mapToGlobal(QPoint(0, self.height())), refusal, self)
        else:
            self._leave()

    def _leave(self) -> None:
        self.give_up()
        window: QWidget = self._pane
        window.setFocus(Qt.FocusReason.ShortcutFocusReason)
