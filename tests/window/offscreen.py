"""The program without a screen, which makes the events of a hand itself, by Qt's own test library.

The other end is `Told`: fingers that send what they do as a line, answered by nothing.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from functools import partial
from typing import Any, Final, TypeGuard

from PySide6.QtCore import QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QKeySequence, QWindow
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from shiboken6 import isValid

from tests.window.hand import WHEEL_DOWN, WHEEL_UP, Point
from tests.window.inside import Answers, main

_DO: Final = "do "
_NOTCH: Final = 120
_BUTTONS: Final = {
    1: Qt.MouseButton.LeftButton,
    2: Qt.MouseButton.MiddleButton,
    3: Qt.MouseButton.RightButton,
}


class Told:
    """Fingers of a hand that tell the program what to feel."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        self._tell = tell

    def move(self, place: Point) -> None:
        """Put the pointer somewhere."""
        self._say("move", *place)

    def button(self, button: int, *, down: bool) -> None:
        """Press or release a button."""
        self._say("button", button, down)

    def strike(self, keys: str) -> None:
        """Strike a key, with others held down."""
        self._say("strike", keys)

    def ring(self, ear: int, place: int) -> None:
        """Do nothing: events and questions come by the same pipe."""

    def close(self) -> None:
        """Let go of nothing."""

    def _say(self, *words: object) -> None:
        self._tell(f"{_DO}{json.dumps(words)}")


class Feeling(Answers):
    """Answers questions, and makes events as if from a mouse and a keyboard."""

    def __init__(self, app: QApplication, questions: int, answers: int) -> None:
        super().__init__(app, questions, answers)
        self._place = QPoint()
        self._pressed: QWindow | None = None

    def hear(self, words: str) -> None:
        """Make an event from the event loop, as it may open a dialog and stay in it; or answer a question."""
        if words.startswith(_DO):
            name, *arguments = json.loads(words.removeprefix(_DO))
            feel: dict[str, Callable[..., None]] = {
                "move": self._move,
                "button": self._button,
                "strike": self._strike,
            }
            QTimer.singleShot(0, partial(feel[name], *arguments))
        else:
            super().hear(words)

    def _move(self, x: int, y: int) -> None:
        self._place = QPoint(x, y)
        found = self._under()
        if found is not None:
            QTest.mouseMove(*found)

    def _button(self, button: int, down: Any) -> None:
        found = self._under()
        if found is None:
            return
        window, at = found
        if button in (WHEEL_UP, WHEEL_DOWN):
            if down:
                turn = _NOTCH if button == WHEEL_UP else -_NOTCH
                QTest.wheelEvent(window, QPointF(at), QPoint(0, turn))
            return
        self._pressed = window if down else None
        feel = QTest.mousePress if down else QTest.mouseRelease
        feel(window, _BUTTONS[button], Qt.KeyboardModifier.NoModifier, at)

    def _strike(self, keys: str) -> None:
        popup = QApplication.activePopupWidget()
        window = popup.windowHandle() if popup is not None else QGuiApplication.focusWindow()
        if _is_window(window):
            QTest.keySequence(window, QKeySequence(keys))

    def _under(self) -> tuple[QWindow, QPoint] | None:
        """The window that the pointer is in, and where; beyond all, the one where a button was pressed."""
        there: QWindow | None = QGuiApplication.topLevelAt(self._place)
        window = self._pressed if there is None else there
        if not _is_window(window) or not window.isVisible():
            return None
        at = window.mapFromGlobal(self._place)
        # What lies outside the test library remarks upon; the edge does as well.
        right, low = window.width() - 1, window.height() - 1
        return window, QPoint(min(max(at.x(), 0), right), min(max(at.y(), 0), low))


def _is_window(found: QWindow | None) -> TypeGuard[QWindow]:
    """Whether Qt gave a window; rarely PySide gives what stood at its address before and is gone."""
    return isinstance(found, QWindow) and isValid(found)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], Feeling))
