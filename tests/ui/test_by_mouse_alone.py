"""From a table of birds to a program for PyTorch, island and sex as inputs, with the mouse alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QDialog, QMenu, QWidget
from pytestqt.qtbot import QtBot

from bpviz.data.datasets import facts
from bpviz.ui.main_window import MainWindow
from bpviz.ui.panels.code_dialog import CodeDialog
from bpviz.ui.panels.table_dialog import TableDialog
from bpviz.ui.toolbar import RunToolBar
from tests.data.birds import write_birds
from tests.ui.conftest import Answers
from tests.ui.test_columns import INPUTS, choose

LEFT = Qt.MouseButton.LeftButton


def click(widget: QWidget) -> None:
    QTest.mouseClick(widget, LEFT)


def pick(qtbot: QtBot, box: QComboBox, label: str) -> None:
    """Open a list and click an entry."""
    click(box)
    view = box.view()
    qtbot.waitUntil(view.isVisible)
    place = view.visualRect(view.model().index(box.findText(label), 0)).center()
    QTest.mouseMove(view.viewport(), place)
    qtbot.waitUntil(lambda: view.currentIndex().data() == label)
    QTest.mouseClick(view.viewport(), LEFT, pos=place)
    qtbot.waitUntil(lambda: box.currentText() == label)


def press_play(window: MainWindow) -> None:
    """Press the large button of the toolbar."""
    bar = window.findChild(RunToolBar)
    assert bar is not None
    click(bar.play_button)


def from_menu(window: MainWindow, qtbot: QtBot, title: str, name: str) -> None:
    """Open a menu of the window and click a command."""
    bar, action = window.menuBar(), window.actions_by_name[name]
    entry = next(one for one in bar.actions() if one.text().replace("&", "") == title)
    QTest.mouseClick(bar, LEFT, pos=bar.actionGeometry(entry).center())
    menu = entry.menu()
    assert isinstance(menu, QMenu)
    qtbot.waitUntil(menu.isVisible)
    QTest.mouseClick(menu, LEFT, pos=menu.actionGeometry(action).center())


def in_dialog(kind: type[QDialog], act: Callable[[QDialog], None]) -> list[BaseException | None]:
    """Do something in a dialog as soon as it is open; the list says what went wrong, None if nothing."""
    ended: list[BaseException | None] = []
    waiting = QTimer(QApplication.instance(), interval=5)

    def look() -> None:
        dialog = QApplication.activeModalWidget()
        if not isinstance(dialog, kind) or not dialog.isVisible():
            return
        waiting.stop()
        try:
            act(dialog)
            ended.append(None)
        except BaseException as error:  # noqa: BLE001 - a border: else the dialog would stay open for ever
            ended.append(error)
        if dialog.isVisible():
            dialog.reject()

    waiting.timeout.connect(look)
    waiting.start()
    return ended


@pytest.fixture(autouse=True)
def quick_hand() -> Iterator[None]:
    """A list takes a second click at once, as it would of a hand that is slower than a test."""
    usual = QApplication.doubleClickInterval()
    QApplication.setDoubleClickInterval(1)
    yield
    QApplication.setDoubleClickInterval(usual)


def test_birds_become_a_program(window: MainWindow, answers: Answers, qtbot: QtBot, tmp_path: Path) -> None:
    def open_it(dialog: QDialog) -> None:
        assert isinstance(dialog, TableDialog)
        choose(qtbot, dialog.choices.columns, "tagged", "Left out")
        pick(qtbot, dialog.choices.missing, dialog.choices.missing.itemText(1))
        click(dialog.open_button)

    answers.path = write_birds(tmp_path / "birds.csv")
    ended = in_dialog(TableDialog, open_it)
    from_menu(window, qtbot, "File", "open_data")
    qtbot.waitUntil(lambda: ended == [None])
    assert facts(window.document.project.data).columns == INPUTS

    press_play(window)
    qtbot.waitUntil(lambda: window.controller.latest is not None and window.controller.latest.step > 20)
    press_play(window)
    qtbot.waitUntil(lambda: not window.controller.playing)

    def save_it(dialog: QDialog) -> None:
        assert isinstance(dialog, CodeDialog)
        pick(qtbot, dialog.framework, "PyTorch")
        click(dialog.save_button)

    answers.path = tmp_path / "birds.py"
    ended = in_dialog(CodeDialog, save_it)
    from_menu(window, qtbot, "File", "export_code")
    qtbot.waitUntil(lambda: ended == [None])
    text = answers.path.read_text(encoding="utf-8")
    compile(text, "birds.py", "exec")
    assert "class Network(nn.Module)" in text
    assert all(name in " ".join(text.split()) for name in INPUTS)
    assert answers.told == []
