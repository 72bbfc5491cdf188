"""What a press shows is there in the turn of the event loop that brings the press, and moves nothing."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from bpviz.ui.canvas.tools import TOOLS
from tests.ui.canvas.hand import Hand
from tests.ui.canvas.takes import NAMES, TAKES

_BY_NAME = {tool.name: tool for tool in TOOLS}
_SHIFT = Qt.Key.Key_Shift


def _seen(hand: Hand) -> tuple[QImage, object]:
    viewport = hand.canvas.pane.viewport()
    return viewport.grab().toImage(), viewport.cursor().shape()


@pytest.mark.parametrize("name", NAMES)
def test_a_press_shows_at_once_that_it_was_felt(hand: Hand, name: str) -> None:
    tool, take = _BY_NAME[name], TAKES[name]
    point = take.place(hand)
    hand.move(point)
    if tool.letter is not None:
        QTest.keyPress(hand.canvas.pane, tool.letter)
    if take.keys:
        QTest.keyPress(hand.canvas.pane, _SHIFT, take.keys)
    QApplication.processEvents()
    before, drawn = _seen(hand), hand.network
    hand.press(point, take.button, take.keys)
    assert _seen(hand) != before, "without another turn of the event loop"
    assert hand.canvas.pane.tool in (None, tool)
    hand.canvas.pane.cancel_gesture()
    hand.release(point, take.button, take.keys)
    assert hand.network == drawn
