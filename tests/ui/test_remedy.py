"""Help for a run that left the finite numbers, offered where its sentence stands."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from bpviz.model.edits import set_training
from bpviz.model.examples import EXAMPLES
from bpviz.ui.main_window import MainWindow


def _diverge(window: MainWindow, qtbot: QtBot) -> None:
    window.document.replace_all(set_training(EXAMPLES["plane"].build(), learning_rate=30.0), 99)
    window.controller.load(window.document.project)
    window.controller.run_to(1000)
    qtbot.waitUntil(lambda: window.remedy.isVisible(), timeout=30_000)


def test_one_press_lowers_the_rate_and_the_run_can_go_on(window: MainWindow, qtbot: QtBot) -> None:
    _diverge(window, qtbot)
    assert "reset the run" in window.pill.text()
    assert window.remedy.text() == "Reset, learning rate 3"
    assert not window.remedy.geometry().intersects(window.pill.geometry())
    QTest.mouseClick(window.remedy, Qt.MouseButton.LeftButton)
    assert not window.remedy.isVisible()
    assert window.document.project.training.learning_rate == 3.0
    qtbot.waitUntil(lambda: window.controller.latest is not None and window.controller.latest.step == 0)
    qtbot.waitUntil(lambda: window.pill.text() == "")


def test_a_lower_rate_alone_does_not_hide_what_stands_in_the_way(window: MainWindow, qtbot: QtBot) -> None:
    _diverge(window, qtbot)
    before = window.controller.latest
    window.document.apply("change rate", partial(set_training, learning_rate=0.003))
    qtbot.waitUntil(lambda: window.controller.latest is not before)
    assert window.remedy.isVisible()
    assert window.remedy.text() == "Reset, learning rate 0.003"
    before = window.controller.latest
    window.controller.play()
    qtbot.waitUntil(lambda: window.controller.latest is not before and not window.controller.playing)
    assert "reset the run" in window.pill.text()
    assert window.remedy.isVisible()
