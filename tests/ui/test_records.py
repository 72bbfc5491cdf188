"""Reports and animations are written beside the window, can be ended, and leave nothing half behind."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QDialogButtonBox
from pytestqt.qtbot import QtBot

from bpviz.ui.main_window import MainWindow
from bpviz.ui.panels.animation_dialog import AnimationDialog
from bpviz.ui.panels.work_dialog import WorkDialog
from tests.ui.conftest import Answers


def train(window: MainWindow, qtbot: QtBot) -> None:
    window.controller.run_to(20)
    qtbot.waitUntil(
        lambda: window.controller.latest is not None and window.controller.latest.step >= 20, timeout=20_000
    )


@pytest.fixture
def small(answers: Answers, monkeypatch: pytest.MonkeyPatch) -> Answers:
    """Answers that choose few and small frames of the loss."""
    asked = answers.accepts

    def accepts(dialog: QDialog) -> bool:
        if isinstance(dialog, AnimationDialog):
            dialog.what.show_value("loss")
            for field, value in ((dialog.frames, 3), (dialog.width_field, 200), (dialog.height_field, 160)):
                field.show_value(value)
        return asked(dialog)

    monkeypatch.setattr(answers, "accepts", accepts)
    return answers


def test_a_report_is_written(window: MainWindow, answers: Answers, qtbot: QtBot, tmp_path: Path) -> None:
    train(window, qtbot)
    answers.path = tmp_path / "a.html"
    with qtbot.waitSignal(window.files.message, timeout=60_000) as said:
        window.actions_by_name["report"].trigger()
    assert said.args == [f"Wrote a.html in {tmp_path}."]
    assert "Learning rate" in answers.path.read_text("utf-8")


def test_a_report_in_markdown_has_its_pictures_beside_it(
    window: MainWindow, answers: Answers, qtbot: QtBot, tmp_path: Path
) -> None:
    train(window, qtbot)
    answers.path = tmp_path / "a.md"
    with qtbot.waitSignal(window.files.message, timeout=60_000) as said:
        window.actions_by_name["report"].trigger()
    assert said.args == [f"Wrote a.md in {tmp_path}. Its pictures are in a-pictures."]
    assert "| Learning rate |" in answers.path.read_text("utf-8")
    assert (tmp_path / "a-pictures" / "loss.png").exists()


def test_a_run_without_a_step_has_nothing_to_move(window: MainWindow, small: Answers, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: window.controller.latest is not None)
    window.actions_by_name["animation"].trigger()
    qtbot.waitUntil(lambda: bool(small.told))
    assert small.told == ["This run has made no step yet, so nothing moves; train it first."]
    assert not small.asked


def test_an_animation_is_written(window: MainWindow, small: Answers, qtbot: QtBot, tmp_path: Path) -> None:
    train(window, qtbot)
    small.path = tmp_path / "a.gif"
    with qtbot.waitSignal(window.files.message, timeout=60_000) as said:
        window.actions_by_name["animation"].trigger()
    assert said.args == [f"Wrote a.gif in {tmp_path}, 3 frames."]
    with Image.open(small.path) as image:
        assert image.size == (200, 160)
        assert getattr(image, "n_frames", 1) == 3
    assert window.controller.latest is not None  # the run is where it was
    assert window.controller.latest.last_step == 20


def test_what_is_under_way_can_be_ended(
    window: MainWindow, answers: Answers, qtbot: QtBot, tmp_path: Path
) -> None:
    train(window, qtbot)
    answers.path = tmp_path / "a.html"
    with qtbot.waitSignal(window.exports.records.begun) as begun:
        window.actions_by_name["report"].trigger()
    (dialog,) = begun.args
    assert isinstance(dialog, WorkDialog)
    qtbot.waitUntil(dialog.isVisible)
    with qtbot.waitSignal(dialog.finished, timeout=30_000):
        QTest.mouseClick(
            dialog.buttons.button(QDialogButtonBox.StandardButton.Cancel), Qt.MouseButton.LeftButton
        )
    assert [path.name for path in tmp_path.iterdir()] == ["bpviz.ini"]


def test_what_can_not_be_made_is_said_where_one_waits(
    window: MainWindow, small: Answers, qtbot: QtBot, tmp_path: Path
) -> None:
    train(window, qtbot)
    small.path = tmp_path / "a.avi"
    with qtbot.waitSignal(window.exports.records.begun) as begun:
        window.actions_by_name["animation"].trigger()
    (dialog,) = begun.args
    qtbot.waitUntil(lambda: "can't be written as '.avi'" in dialog.problem.text(), timeout=30_000)
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert [path.name for path in tmp_path.iterdir()] == ["bpviz.ini"]


def test_the_picture_of_the_network_is_copied(window: MainWindow, qtbot: QtBot) -> None:
    from PySide6.QtGui import QGuiApplication

    QGuiApplication.clipboard().clear()
    with qtbot.waitSignal(window.files.message, timeout=60_000):
        window.actions_by_name["copy_network_picture"].trigger()
    assert QGuiApplication.clipboard().image().width() > 200
