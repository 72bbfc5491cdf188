"""No part of a window or a dialog flashes up as a window of its own while it is made."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QLabel, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from bpviz.ui.app import make_window
from bpviz.ui.commands import COMMANDS
from bpviz.ui.main_window import MainWindow
from bpviz.ui.panels.checklist import Checklist
from bpviz.ui.preferences import Preferences
from tests.ui.conftest import Answers
from tests.ui.strays import strays

ASKING = [entry.name for entry in COMMANDS.values() if entry.label.endswith("…")]


def test_the_window_comes_alone(undressed: QApplication, preferences: Preferences, qtbot: QtBot) -> None:
    assert not preferences.welcomed
    with strays() as found:
        window = make_window(undressed, preferences)
        window.start()
        window.show_as_new()
        qtbot.waitUntil(lambda: window.controller.latest is not None)
    window.abandon()
    window.deleteLater()
    assert found == []


@pytest.mark.parametrize("name", ASKING)
def test_what_asks_comes_as_one_window(window: MainWindow, answers: Answers, qtbot: QtBot, name: str) -> None:
    answers.agrees = False
    leaving = QTimer(window, interval=50)
    leaving.timeout.connect(_leave)
    leaving.start()
    with strays() as found:
        window.actions_by_name[name].trigger()
        qtbot.waitUntil(lambda: QApplication.activeModalWidget() is None)
    assert found == []


def _leave() -> None:
    """Give up what asks and waits."""
    asking = QApplication.activePopupWidget() or QApplication.activeModalWidget()
    if asking is not None:
        asking.close()


def test_a_long_list_to_tick_comes_as_one_window(qtbot: QtBot) -> None:
    with strays() as found:
        dialog = Checklist("Features", "About", [f"x{at}" for at in range(200)], ["x1"])
        qtbot.addWidget(dialog)
        dialog.show()
    assert found == []
    assert dialog.search.isVisible()


def test_a_part_that_is_shown_before_it_has_a_parent_is_noticed(qtbot: QtBot) -> None:
    around = QWidget()
    qtbot.addWidget(around)
    with strays() as found:
        part = QLabel("part")
        part.setObjectName("early")
        part.setVisible(True)
        QVBoxLayout(around).addWidget(part)
    assert found == ["QLabel early"]
