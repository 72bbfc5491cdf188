"""Nothing comes, goes, moves or changes its size because of a pointer.

Qt sends the next event of the pointer from within the one that caused such a change, and the program may
never come back from there; and what moves under a hand is hit by mistake.
"""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPointF, QRect, Qt
from PySide6.QtGui import QEnterEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from bpviz.training.figures import PLOTS
from bpviz.ui.main_window import MainWindow

pytestmark = pytest.mark.thorough

Standing = list[tuple[str, bool, QRect]]


def _widgets(window: QWidget) -> list[QWidget]:
    """All that the pointer can meet."""
    through = Qt.WidgetAttribute.WA_TransparentForMouseEvents
    return [each for each in window.findChildren(QWidget) if not each.testAttribute(through)]


def _standing(widgets: list[QWidget]) -> Standing:
    QApplication.processEvents()  # a layout that was asked for is made now
    return [
        (f"{type(each).__name__} {each.objectName()}", each.isVisible(), each.geometry()) for each in widgets
    ]


def _visit(widget: QWidget) -> None:
    """Come, and move a little."""
    middle = QPointF(widget.rect().center())
    beyond = QPointF(widget.mapToGlobal(middle))
    none = Qt.MouseButton.NoButton
    QApplication.sendEvent(widget, QEnterEvent(middle, middle, beyond))
    for step in (QPointF(0, 0), QPointF(1, 0), QPointF(0, 1)):
        move = QMouseEvent(
            QEvent.Type.MouseMove, middle + step, beyond + step, none, none, Qt.KeyboardModifier.NoModifier
        )
        QApplication.sendEvent(widget, move)


@pytest.fixture
def shown(window: MainWindow, qtbot: QtBot) -> MainWindow:
    """The window when every plot in sight is drawn."""
    panels = window.board.panels
    window.controller.run_to(40)
    names = [name for name in PLOTS if panels[name].wants]
    qtbot.waitUntil(lambda: window.controller.latest is not None and window.controller.latest.step == 40)
    qtbot.waitUntil(lambda: all(panels[name]._view is not None for name in names))
    assert window.explanation.panel is not None  # it comes by itself, a moment later, and wants room
    return window


def test_the_pointer_moves_nothing_wherever_it_comes_and_goes(shown: MainWindow) -> None:
    widgets = _widgets(shown)
    before = _standing(widgets)
    for widget in widgets:
        if not widget.isVisible():
            continue
        _visit(widget)
        assert _standing(widgets) == before, f"{type(widget).__name__} {widget.objectName()} was entered"
        QApplication.sendEvent(widget, QEvent(QEvent.Type.Leave))
        assert _standing(widgets) == before, f"{type(widget).__name__} {widget.objectName()} was left"


@pytest.mark.parametrize("name", PLOTS)
def test_buttons_are_seen_while_the_pointer_is_near_their_plot(shown: MainWindow, name: str) -> None:
    panel = shown.board.panels[name]
    buttons = (panel.heading.freeze, panel.heading.export)
    for near in (panel, panel.heading):
        _visit(near)
        assert all(button.seen for button in buttons)
        QApplication.sendEvent(near, QEvent(QEvent.Type.Leave))
        assert not any(button.seen for button in buttons)
