"""A field in the picture itself, for the name of a layer or node, or the weight of a connection."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QWidget

from bpviz.ui.line_edit import NumberLine
from bpviz.ui.theme import Theme

_LEAST_PX: Final = QSize(96, 26)
_UNTIL_EDGE: Final = 4


@dataclass(frozen=True, slots=True)
class Question:
    """What a field asks for.

    Attributes:
        about: Its accessible name.
        text: What stands there now.
        hint: What stands there while nothing does.
        take: Takes what was typed, and returns why it can't, a sentence, or nothing when it was taken.
    """

    about: str
    text: str
    hint: str
    take: Callable[[str], str]


class InPlace(NumberLine):
    """Asks one question at a time: Enter answers it, Esc and whatever else happens leave all as it was.

    Signals:
        refused: (str) why what was typed can't be; empty once it is mended or given up.
    """

    refused = Signal(str)

    def __init__(self, theme: Theme, canvas: QWidget, back: QWidget) -> None:
        """Make one, hidden.

        Args:
            theme: Sizes.
            canvas: Over which it stands.
            back: Who gets the keys when it is done.
        """
        super().__init__(canvas)
        self._theme, self._above, self._back = theme, canvas, back
        self._question: Question | None = None
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.textEdited.connect(self._on_edited)
        self.hide()

    def ask(self, question: Question, middle: QPoint, wide: int) -> None:
        """Ask, with the field around a place of the canvas."""
        self._question = question
        self.setAccessibleName(question.about)
        self.setPlaceholderText(question.hint)
        self.mark(wrong=False)
        self.setText(question.text)
        least = self._theme.scaled(_LEAST_PX.width()), self._theme.scaled(_LEAST_PX.height())
        box = QRect(QPoint(), QSize(max(wide, least[0]), max(self.sizeHint().height(), least[1])))
        box.moveCenter(middle)
        room = self._above.rect().adjusted(_UNTIL_EDGE, _UNTIL_EDGE, -_UNTIL_EDGE, -_UNTIL_EDGE)
        box.moveLeft(max(min(box.left(), room.right() - box.width()), room.left()))
        box.moveTop(max(min(box.top(), room.bottom() - box.height()), room.top()))
        self.setGeometry(box)
        self.show()
        self.raise_()
        self.selectAll()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def close_up(self) -> None:
        """Ask no more, and change nothing."""
        if self._question is not None:
            self._question = None
            self.refused.emit("")
            had_keys = self.hasFocus()
            self.hide()
            if had_keys:
                self._back.setFocus(Qt.FocusReason.OtherFocusReason)

    def leaves(self, event: QKeyEvent) -> bool:
        """None: a name may have spaces, and what undo takes back is typed here."""
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key == Qt.Key.Key_Escape:
            self.close_up()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._answer()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        menu = event.reason() in (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason)
        if not menu:
            self.close_up()

    def _answer(self) -> None:
        question = self._question
        if question is None:
            return
        refusal = question.take(self.text()) if self.text() != question.text else ""
        if refusal:
            self.mark(wrong=True)
            self.refused.emit(refusal)
        else:
            self.close_up()

    def _on_edited(self) -> None:
        if self.wrong:
            self.mark(wrong=False)
            self.refused.emit("")
