"""A program is chosen, looked at, copied and saved by clicks and keys."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from bpviz.errors import SettingError
from bpviz.files.code.account import Moment, account_of
from bpviz.files.code.files import Program, program
from bpviz.ui.panels.code_dialog import CodeDialog
from bpviz.ui.panels.fields import Choice
from bpviz.ui.theme import Theme
from tests.files.code.projects import going

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def dialog(theme: Theme, qtbot: QtBot) -> CodeDialog:
    """The dialog for a run after nine steps."""
    run = going(3)
    dialog = CodeDialog(lambda framework, since: program(account_of(run, since), framework), 9)
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def choose(choice: Choice, name: str) -> None:
    """Choose an entry by keys."""
    choice.setFocus()
    QTest.keyClick(choice, Qt.Key.Key_Home)
    for _ in range(choice.findData(name)):
        QTest.keyClick(choice, Qt.Key.Key_Down)
    assert choice.value == name


def test_what_is_chosen_is_shown_at_once(dialog: CodeDialog) -> None:
    assert "from step 9 of that run" in dialog.text.toPlainText()
    assert "def backward" in dialog.text.toPlainText()
    choose(dialog.framework, "torch")
    choose(dialog.since, "start")
    assert "class Network(nn.Module)" in dialog.text.toPlainText()
    assert "begins where that run began" in dialog.text.toPlainText()


def test_the_text_is_copied(dialog: CodeDialog) -> None:
    QTest.mouseClick(dialog.copy_button, LEFT)
    assert QGuiApplication.clipboard().text() == dialog.text.toPlainText()


def test_saving_asks_for_what_is_shown(dialog: CodeDialog) -> None:
    heard: list[tuple[str, str]] = []
    dialog.save_wanted.connect(lambda *both: heard.append(both))
    choose(dialog.framework, "torch")
    QTest.mouseClick(dialog.save_button, LEFT)
    assert heard == [("torch", "now")]


def test_what_can_not_be_written_is_said(theme: Theme, qtbot: QtBot) -> None:
    def refuse(_framework: str, since: Moment) -> Program:
        if since == "now":
            raise SettingError("The batches were changed within this epoch.")
        return program(account_of(going(3), "start"), "numpy")

    dialog = CodeDialog(refuse, 9)
    qtbot.addWidget(dialog)
    assert dialog.about.text() == "The batches were changed within this epoch."
    assert not dialog.save_button.isEnabled()
    choose(dialog.since, "start")
    assert dialog.save_button.isEnabled()
