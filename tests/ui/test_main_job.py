"""The main job, done as a user does it: play, draw while it trains, take the results away, come back."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PySide6.QtCore import QPointF, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from bpviz.training.report import Report
from bpviz.training.session import Session
from bpviz.ui.app import make_window
from bpviz.ui.main_window import MainWindow
from bpviz.ui.panels.code_dialog import CodeDialog
from bpviz.ui.preferences import Preferences
from tests.ui.canvas.hand import Hand
from tests.ui.conftest import Answers


def _report(window: MainWindow, qtbot: QtBot) -> Report:
    answers: list[Report | None] = []
    window.controller.ask(frozenset(), answers.append)
    qtbot.waitUntil(lambda: bool(answers))
    assert answers[0] is not None
    return answers[0]


def _steps(window: MainWindow) -> int:
    return window.controller.latest.step if window.controller.latest else 0


def _play(window: MainWindow) -> None:
    QTest.keyClick(window, Qt.Key.Key_Space)


def _draw(window: MainWindow, qtbot: QtBot) -> None:
    """Move a node, connect two across a layer, delete a connection and undo that, all while it trains."""
    hand, document = Hand(window.canvas), window.document
    begin = hand.node(1, 0)
    hand.drag(begin, begin + QPointF(0, -24))
    assert document.undo_stack.undoText() == "move node"
    count = len(document.project.network.links)
    hand.drag(hand.node(0, 0, port=1), hand.node(3, 0))
    assert len(document.project.network.links) == count + 1
    connected = document.project.network
    pair = (hand.layer(1).nodes[7].id, hand.layer(2).nodes[7].id)
    window.canvas.desk.select(type(window.canvas.selection)(pairs=frozenset({pair})))
    window.canvas.pane.setFocus()
    QTest.keyClick(window.canvas.pane, Qt.Key.Key_Delete)
    assert document.project.network != connected
    step = _steps(window)
    qtbot.waitUntil(lambda: _steps(window) > step)
    assert window.controller.playing
    window.actions_by_name["undo"].trigger()
    assert document.project.network == connected


def test_the_main_job_end_to_end(
    window: MainWindow,
    answers: Answers,
    preferences: Preferences,
    qapp: QApplication,
    qtbot: QtBot,
    tmp_path: Path,
) -> None:
    first = window.controller.latest
    assert first is not None
    _play(window)
    qtbot.waitUntil(lambda: window.controller.playing and _steps(window) > 20)
    _draw(window, qtbot)
    _play(window)
    assert not window.controller.playing

    answers.path = tmp_path / "weights.npz"
    window.actions_by_name["export_weights"].trigger()
    qtbot.waitUntil(answers.path.exists)
    answers.path = tmp_path / "loss.png"
    window.exports.plot("loss")
    qtbot.waitUntil((tmp_path / "loss.png").exists, timeout=20_000)
    answers.path = tmp_path / "mine.bpviz"
    window.actions_by_name["save"].trigger()
    qtbot.waitUntil(lambda: not window.document.modified)
    assert answers.told == []

    saved = _report(window, qtbot)
    project, next_id = window.document.project, window.document.next_id
    window.close()
    assert not window.isVisible()

    again = make_window(qapp, preferences, quiet=True)
    again.files.questions = answers
    try:
        again.files.open_path(tmp_path / "mine.bpviz")
        again.show_as_new()
        qtbot.waitUntil(lambda: again.controller.latest is not None)
        assert (again.document.project, again.document.next_id) == (project, next_id)
        assert (again.document.title, again.document.modified) == ("mine", False)
        found = _report(again, qtbot)
        assert found.snapshot.step == saved.snapshot.step > 20
        assert found.state.events == saved.state.events
        for name, values in saved.state.history.items():
            np.testing.assert_array_equal(found.state.history[name], values)

        again.controller.run_to(saved.state.step + 50)
        qtbot.waitUntil(lambda: not again.controller.playing)
        went_on = Session(saved.project, state=saved.state)
        went_on.advance(50)
        state = _report(again, qtbot).state
        np.testing.assert_array_equal(state.parameters, went_on.parameters)
        np.testing.assert_array_equal(state.slots, went_on.state().slots)
    finally:
        again.abandon()
        again.deleteLater()


def test_the_exported_weights_are_those_of_the_window(
    window: MainWindow, answers: Answers, qtbot: QtBot, tmp_path: Path
) -> None:
    window.controller.run_to(30)
    qtbot.waitUntil(lambda: not window.controller.playing)
    answers.path = tmp_path / "weights.npz"
    window.exports.weights()
    qtbot.waitUntil(answers.path.exists)
    report = _report(window, qtbot)
    with np.load(answers.path, allow_pickle=False) as file:
        weights = file["weights/1/0"]
    np.testing.assert_array_equal(weights, report.snapshot.compiled.plan.weights(report.state.parameters, 0))


def test_a_program_of_the_run_is_saved_from_its_dialog(
    window: MainWindow, answers: Answers, qtbot: QtBot, tmp_path: Path
) -> None:
    window.controller.run_to(30)
    qtbot.waitUntil(lambda: not window.controller.playing)
    answers.path = tmp_path / "circle.py"

    def press() -> None:
        dialog = QApplication.activeModalWidget()
        if isinstance(dialog, CodeDialog):
            looking.stop()
            QTest.mouseClick(dialog.save_button, Qt.MouseButton.LeftButton)
            dialog.reject()

    looking = QTimer(interval=10)  # the dialog waits for its answer, so somebody has to look for it meanwhile
    looking.timeout.connect(press)
    looking.start()
    window.actions_by_name["export_code"].trigger()
    qtbot.waitUntil(answers.path.exists)
    assert "from step 30 of that run" in answers.path.read_text(encoding="utf-8")
    assert (tmp_path / "circle-data.npz").exists()
