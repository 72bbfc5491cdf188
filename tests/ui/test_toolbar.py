"""Toolbar, docks and the pill over the network."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPointF, QRect, Qt
from PySide6.QtGui import QEnterEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QMessageBox, QPushButton, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from bpviz.training.speed import DEFAULT_SPEED, SPEEDS, Speed
from bpviz.ui.docks import Dock, Pill
from bpviz.ui.main_window import MainWindow
from bpviz.ui.panels.questions import Questions
from bpviz.ui.quiet import QuietButton
from bpviz.ui.speed_slider import SpeedSlider
from bpviz.ui.theme import Theme


def test_the_slider_says_each_speed(theme: Theme, qtbot: QtBot) -> None:
    slider = SpeedSlider(theme)
    qtbot.addWidget(slider)
    heard: list[Speed] = []
    slider.changed.connect(heard.append)
    assert slider.speed == DEFAULT_SPEED
    assert slider.label.text() == "1\u202f000 steps/s"
    slider.change_by(100)
    slider.change_by(-1)
    slider.change_by(-100)
    assert heard == [SPEEDS[-1], SPEEDS[-2], SPEEDS[0]]
    assert slider.label.text() == "1 phase/s"


def test_play_becomes_pause_in_a_button_that_keeps_its_width(window: MainWindow) -> None:
    button = window.toolbar.play_button
    before = button.width()
    window.toolbar.show_playing(True)
    assert button.text() == "Pause"
    assert button.sizeHint().width() <= button.width() == before
    window.toolbar.show_playing(False)
    assert button.text() == "Play"


def test_what_a_narrow_window_has_no_room_for_is_offered_behind_a_visible_arrow(
    window: MainWindow, qtbot: QtBot
) -> None:
    window.resize(1024, 700)
    arrow = window.toolbar.findChild(QToolButton, "qt_toolbar_ext_button")
    assert isinstance(arrow, QToolButton)
    qtbot.waitUntil(arrow.isVisible)
    image = arrow.grab().toImage()
    colors = {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())}
    assert len(colors) > 1


def test_the_step_button_offers_every_step(window: MainWindow) -> None:
    texts = [action.text().replace("&", "") for action in window.toolbar.step_button.menu().actions()]
    assert texts == ["Step one epoch", "Step one batch", "Step one example", "Step one phase", "Phase back"]
    assert window.toolbar.step_button.text() == "Step"


def test_docks_float_and_close_by_the_buttons_of_their_title(window: MainWindow) -> None:
    dock = window.arrangement.docks["inspector"]
    title = dock.titleBarWidget()
    enter = QEnterEvent(QPointF(1, 1), QPointF(1, 1), QPointF(1, 1))
    QApplication.sendEvent(title, enter)
    buttons = title.findChildren(QuietButton)
    assert [button.seen for button in buttons] == [True, True]
    QApplication.sendEvent(title, QEvent(QEvent.Type.Leave))
    assert [button.seen for button in buttons] == [False, False]
    title._float.click()  # type: ignore[attr-defined]
    assert dock.isFloating()
    title._float.click()  # type: ignore[attr-defined]
    assert not dock.isFloating()


def test_a_title_is_said_once(window: MainWindow, qtbot: QtBot) -> None:
    data, training = window.arrangement.docks["data"], window.arrangement.docks["training"]
    assert data.titleBarWidget().height() > 0
    window.tabifyDockWidget(data, training)
    for dock in window.findChildren(Dock):
        dock.fit_title()
    assert data.titleBarWidget().maximumHeight() == 0
    window.arrangement.reset()
    qtbot.waitUntil(lambda: data.titleBarWidget().maximumHeight() > 0)


def test_sentences_of_a_row_are_in_one_place_whether_short_or_long(theme: Theme, qtbot: QtBot) -> None:
    beneath = QWidget()
    qtbot.addWidget(beneath)
    beneath.resize(700, 400)
    pill = Pill(beneath, lambda: (300, 110, 50))
    places = []
    for sentence in ("Short.", "The outputs are compared with the targets, all of them. " * 3):
        pill.say(sentence, lines=2)
        places.append(pill.geometry())
        assert pill.heightForWidth(pill.width()) <= pill.height()
    assert places[0] == places[1]
    pill.say("Short.")
    assert pill.height() < places[0].height(), "a sentence by itself takes the room that it needs"


@pytest.mark.parametrize("width", [300, 720, 1400])
def test_a_pill_stays_inside_and_wraps(theme: Theme, qtbot: QtBot, width: int) -> None:
    beneath = QWidget()
    qtbot.addWidget(beneath)
    beneath.resize(width, 400)
    beneath.show()
    pill = Pill(beneath, lambda: (300, 110, 50))
    pill.say("The outputs are compared with the targets: the mean half squared error is 0.298371109.")
    assert beneath.rect().contains(pill.geometry())
    beneath.resize(width, 200)
    assert beneath.rect().contains(pill.geometry())
    corners = QRect(0, 150, 300, 50), QRect(width - 110, 150, 110, 50)
    assert not any(pill.geometry().intersects(corner) for corner in corners)
    assert pill.testAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    pill.say("")
    assert not pill.isVisible()


@pytest.mark.parametrize(
    ("label", "answer"), [("Save", "save"), ("Don't save", "discard"), ("Cancel", "cancel")]
)
def test_the_unsaved_question_has_three_answers(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, label: str, answer: str
) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    monkeypatch.setattr(QMessageBox, "exec", lambda box: _click(box, label))
    assert Questions(parent).unsaved("Spiral") == answer


def test_yes_and_news(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    monkeypatch.setattr(QMessageBox, "exec", lambda box: _click(box, "Leave them out"))
    assert Questions(parent).yes("Title", "Leave them out?", "Leave them out")
    shown: list[str] = []
    monkeypatch.setattr(QMessageBox, "exec", lambda box: shown.append(box.text()))
    Questions(parent).tell("Title", "It is so.")
    assert shown == ["It is so."]


def test_a_file_name_gets_the_suffix_of_its_kind(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    questions = Questions(parent)
    kinds = (("NumPy", ".npz"), ("JSON", ".json"))

    def answer(name: str, kind: str) -> Path | None:
        monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (name and str(tmp_path / name), kind))
        return questions.file_to_save("Save", tmp_path / "a.npz", kinds)

    assert answer("w", "JSON (*.json)") == tmp_path / "w.json"
    assert answer("w.npz", "JSON (*.json)") == tmp_path / "w.npz"
    assert answer("a.npz", "JSON (*.json)") == tmp_path / "a.json", "the suggested name goes with the kind"
    assert answer("a.npz", "NumPy (*.npz)") == tmp_path / "a.npz"
    assert answer("w", "") == tmp_path / "w.npz"
    assert answer("", "") is None
    (tmp_path / "w.npz").touch()
    monkeypatch.setattr(questions, "yes", lambda *_: False)
    assert answer("w", "NumPy (*.npz)") is None
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(tmp_path / "w.npz"), ""))
    assert questions.file_to_open("Open", tmp_path, kinds) == tmp_path / "w.npz"


def _click(box: QMessageBox, label: str) -> int:
    button = next(button for button in box.findChildren(QPushButton) if button.text() == label)
    button.click()
    return 0
