"""One command more, one entry, is found wherever commands are."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from bpviz.ui.app import make_window
from bpviz.ui.commands import COMMANDS, Command
from bpviz.ui.commands.keys_dialog import KeysDialog
from bpviz.ui.commands.palette import Palette
from bpviz.ui.main_window import MainWindow
from bpviz.ui.preferences import Preferences
from tests.ui.conftest import Answers

DONE: list[str] = []
NOT_YET = "The moon is not full."
WAIT = [""]
SWING = Command(
    "swing",
    "S&wing by the moon",
    "Take the long way round",
    lambda shop: DONE.append(shop.document.title),
    keys="R",
    icon="info",
    menu="Network",
    group=9,
    contexts=("node", "empty"),
    toolbar="edits",
    why_not=lambda shop: WAIT[0],
)


@pytest.fixture
def moon(
    monkeypatch: pytest.MonkeyPatch,
    undressed: QApplication,
    qtbot: QtBot,
    preferences: Preferences,
    answers: Answers,
) -> Iterator[MainWindow]:
    """A window whose table has one entry more, and nothing else."""
    monkeypatch.setattr(COMMANDS, "_entries", {**COMMANDS, SWING.name: SWING})
    DONE.clear()
    WAIT[0] = ""
    window = make_window(undressed, preferences, quiet=True)
    window.files.questions = answers
    window.start()
    window.show_as_new()
    qtbot.waitUntil(lambda: window.controller.latest is not None)
    yield window
    window.abandon()
    window.deleteLater()


def _strike(window: MainWindow, key: Qt.Key) -> None:
    QTest.keyClick(window.canvas.pane, key)


def test_it_stands_in_its_menu_its_context_menus_and_the_toolbar(moon: MainWindow) -> None:
    action = moon.actions_by_name["swing"]
    assert action in moon.menus.by_name["Network"].actions()
    assert action in moon.menus.context("node").actions()
    assert action in moon.menus.context("empty").actions()
    assert action not in moon.menus.context("pair").actions()
    assert action in moon.toolbar.actions()
    assert action.toolTip() == "Take the long way round (R)"
    assert not action.icon().isNull()
    action.trigger()
    assert [moon.document.title] == DONE


def test_its_key_works_and_can_be_changed(moon: MainWindow, qtbot: QtBot) -> None:
    moon.canvas.pane.setFocus()
    qtbot.waitUntil(moon.canvas.pane.hasFocus)
    _strike(moon, Qt.Key.Key_R)
    assert len(DONE) == 1
    dialog = KeysDialog(moon.commands.keys, moon)
    dialog.search.setText("swing moon")
    assert dialog.chosen == "swing"
    assert dialog.list.topLevelItem(0).text(2) == "R"  # type: ignore[union-attr]
    QTest.keyClick(dialog.field, Qt.Key.Key_Q)
    dialog.close()
    dialog.deleteLater()
    _strike(moon, Qt.Key.Key_R)
    assert len(DONE) == 1
    _strike(moon, Qt.Key.Key_Q)
    assert len(DONE) == 2
    assert Preferences(moon.preferences.path).keys == {"swing": "Q"}


def test_it_is_found_by_words_and_run_by_return(moon: MainWindow) -> None:
    def choose() -> None:
        palette = QApplication.activeModalWidget()
        assert isinstance(palette, Palette)
        try:
            QTest.keyClicks(palette.search, "swing moon")
            assert palette.labels == ["Swing by the moon"]
            QTest.keyClick(palette.search, Qt.Key.Key_Return)
        finally:
            palette.close()

    QTimer.singleShot(0, choose)
    moon.actions_by_name["palette"].trigger()
    assert len(DONE) == 1


def test_when_it_can_not_be_done_it_says_why_everywhere(moon: MainWindow, qtbot: QtBot) -> None:
    WAIT[0] = NOT_YET
    moon.commands.refresh()
    action = moon.actions_by_name["swing"]
    assert not action.isEnabled()
    assert action.toolTip() == f"Take the long way round (R). {NOT_YET}"
    offer = next(one for one in moon.commands.offers() if one.label == "Swing by the moon")
    assert offer.why_not == NOT_YET
    moon.canvas.pane.setFocus()
    qtbot.waitUntil(moon.canvas.pane.hasFocus)
    _strike(moon, Qt.Key.Key_R)
    assert not DONE
