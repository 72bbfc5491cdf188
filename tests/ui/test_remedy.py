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
    assert window.remedy.reset_button.text() == "Reset, learning rate 3"
    assert not window.remedy.geometry().intersects(window.pill.geometry())
    QTest.mouseClick(window.remedy.reset_button, Qt.MouseButton.LeftButton)
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
    assert window.remedy.reset_button.text() == "Reset, learning rate 0.003"
    before = window.controller.latest
    window.controller.play()
    qtbot.waitUntil(lambda: window.controller.latest is not before and not window.controller.playing)
    assert "reset the run" in window.pill.text()
    assert window.remedy.isVisible()


def test_one_press_goes_back_to_a_good_step_with_half_the_rate_and_play_works(
    window: MainWindow, qtbot: QtBot
) -> None:
    controller, document, remedy = window.controller, window.document, window.remedy
    document.replace_all(set_training(EXAMPLES["plane"].build(), learning_rate=0.004), 99)
    controller.load(document.project)
    controller.run_to(300)
    qtbot.waitUntil(lambda: not controller.playing, timeout=30_000)
    document.apply("change rate", partial(set_training, learning_rate=30.0))
    controller.run_to(5000)
    qtbot.waitUntil(lambda: remedy.back_button.isVisible(), timeout=30_000)
    assert remedy.back_button.text().startswith("Back to step 300 (loss ")
    assert not remedy.geometry().intersects(window.pill.geometry())
    QTest.mouseClick(remedy.back_button, Qt.MouseButton.LeftButton)
    assert document.project.training.learning_rate == 0.002
    qtbot.waitUntil(lambda: controller.latest is not None and controller.latest.step == 300)
    controller.run_to(600)
    qtbot.waitUntil(lambda: controller.latest is not None and controller.latest.step == 600, timeout=30_000)
    assert controller.latest is not None
    assert controller.latest.stopped is None
    assert controller.latest.timeline is not None
    assert controller.latest.timeline.line == 2
    document.undo_stack.undo()
    qtbot.waitUntil(lambda: remedy.isVisible())
    assert document.project.training.learning_rate == 30.0
