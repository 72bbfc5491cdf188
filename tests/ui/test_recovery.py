"""Offering work back: a card for each dead window, taken by a click or offered again at the next start."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QProcess, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from bpviz.errors import FileError
from bpviz.files.autosave import KEPT_DAYS, Leftover, Owner, Seat, look
from bpviz.files.binding import Binding, stamp_of
from bpviz.files.project import Saved, save_project
from bpviz.model.edits import set_training
from bpviz.model.examples import EXAMPLES
from bpviz.training.session import Session
from bpviz.ui.autosave import Autosave
from bpviz.ui.folders import open_projects_folder
from bpviz.ui.main_window import MainWindow
from bpviz.ui.panels.recovery_page import RecoveryPage, described, when
from bpviz.ui.recovery import Recovery
from tests.ui.conftest import Answers

Leave = Callable[..., Leftover]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "autosave"


@pytest.fixture
def leave(folder: Path) -> Leave:
    """Leave work behind, as a killed window does."""

    def work(example: str, steps: int = 30, path: Path | None = None, age_s: float = 0) -> Leftover:
        session = Session(EXAMPLES[example].build())
        session.advance(steps)
        seat = Seat.make(folder)
        title = path.stem if path else example
        owner = Owner(title, path, stamp_of(path) if path else None)
        leftover = seat.keep(Saved(session.project, session.state(), 900), owner, time.time() - age_s)
        seat.leave()
        return leftover

    return work


@pytest.fixture
def recovery(window: MainWindow, folder: Path) -> Iterator[Recovery]:
    autosave = Autosave(window.document, window.controller, window.files, folder, interval_s=3600)
    yield Recovery(window, autosave, folder)
    autosave.end(keep=False)
    window.files.end()


def _click(recovery: Recovery, leftover: Leftover, text: str) -> None:
    assert recovery.page is not None
    buttons = recovery.page.cards[leftover.seat].findChildren(QPushButton)
    button = next(button for button in buttons if button.text() == text)
    assert button.isVisible()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def _offers(recovery: Recovery) -> bool:
    return recovery.page is not None


def _edit(window: MainWindow) -> None:
    window.document.apply("change rate", partial(set_training, learning_rate=0.5))


def test_nothing_is_asked_after_an_end_in_order(window: MainWindow, recovery: Recovery) -> None:
    count = window.pages.count()
    recovery.offer()
    assert not _offers(recovery)
    assert window.pages.count() == count


def test_work_is_restored_as_unsaved_and_of_its_file(
    window: MainWindow, recovery: Recovery, leave: Leave, qtbot: QtBot, tmp_path: Path, answers: Answers
) -> None:
    path = tmp_path / "mine.bpviz"
    save_project(path, Saved(EXAMPLES["xor"].build(), None, 900))
    leftover = leave("xor", 30, path)
    recovery.offer()
    assert window.pages.currentWidget() is recovery.page
    _click(recovery, leftover, "Restore")
    qtbot.waitUntil(lambda: window.controller.latest is not None and window.controller.latest.step == 30)
    assert (window.document.path, window.document.modified) == (path, True)
    assert window.pages.currentWidget() is window.canvas
    assert not _offers(recovery)
    assert "as it was today at" in window.status.message.sentence
    window.files.save()
    qtbot.waitUntil(lambda: not window.document.modified)
    assert answers.asked == []


def test_a_file_that_changed_after_the_crash_is_asked_about_as_well(
    window: MainWindow, recovery: Recovery, leave: Leave, answers: Answers, tmp_path: Path
) -> None:
    path = tmp_path / "mine.bpviz"
    save_project(path, Saved(EXAMPLES["xor"].build(), None, 900))
    leftover = leave("xor", 30, path)
    save_project(path, Saved(EXAMPLES["circle"].build(), None, 900))
    assert recovery.take(leftover)
    window.files.save()
    assert len(answers.asked) == 1


def test_each_further_one_opens_in_a_window_of_its_own(
    window: MainWindow, recovery: Recovery, leave: Leave, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = leave("xor"), leave("circle")
    started: list[list[str]] = []

    def start(_program: str, words: list[str]) -> tuple[bool, int]:
        started.append(words)
        return True, 1

    monkeypatch.setattr(QProcess, "startDetached", start)
    recovery.offer()
    _click(recovery, first, "Restore")
    assert started == []
    assert window.document.project.title == EXAMPLES["xor"].build().title
    assert recovery.page is not None
    window.pages.show_page(recovery.page, "Unsaved work")
    _click(recovery, second, "Restore")
    assert started == [["-m", "bpviz", "open", "--restore", second.seat]]
    assert not _offers(recovery)
    assert second.file.exists()  # until that window has taken it


def test_what_can_not_be_started_stays(
    window: MainWindow, recovery: Recovery, leave: Leave, answers: Answers, monkeypatch: pytest.MonkeyPatch
) -> None:
    leftover = leave("xor")
    monkeypatch.setattr(QProcess, "startDetached", lambda *_: (False, 0))
    _edit(window)
    recovery.offer()
    _click(recovery, leftover, "Restore")
    assert len(answers.told) == 1
    assert recovery.page is not None


def test_discarding_asks_and_is_for_good(
    window: MainWindow, recovery: Recovery, leave: Leave, answers: Answers, folder: Path
) -> None:
    leftover, other = leave("xor"), leave("circle")
    recovery.offer()
    answers.agrees = False
    _click(recovery, leftover, "Discard")
    assert leftover.file.exists()
    answers.agrees = True
    _click(recovery, leftover, "Discard")
    assert look(folder, 0).leftovers == (other,)
    assert window.pages.currentWidget() is recovery.page
    _click(recovery, other, "Discard")
    assert list(folder.iterdir()) == []
    assert window.pages.currentWidget() is window.canvas


def test_closing_the_page_keeps_it_for_later(
    window: MainWindow, recovery: Recovery, leave: Leave, folder: Path
) -> None:
    leftover = leave("xor")
    recovery.offer()
    window.pages.tabCloseRequested.emit(window.pages.currentIndex())
    assert window.pages.currentWidget() is window.canvas
    assert not window.preferences.welcomed
    assert look(folder, 0).leftovers == (leftover,)


def test_damaged_work_is_said_and_the_others_are_offered(
    window: MainWindow, recovery: Recovery, leave: Leave, answers: Answers, qtbot: QtBot
) -> None:
    bad, good = leave("xor"), leave("circle")
    bad.file.write_bytes(bad.file.read_bytes()[:-200])
    before = window.document.project
    recovery.offer()
    _click(recovery, bad, "Restore")
    assert window.document.project is before
    assert answers.told[0].startswith("What was kept of “xor” can't be read. Can't open ")
    _click(recovery, good, "Restore")
    assert window.document.project.title == EXAMPLES["circle"].build().title


def test_what_another_window_has_taken_is_not_taken_twice(
    window: MainWindow, recovery: Recovery, leave: Leave, answers: Answers
) -> None:
    leftover = leave("xor")
    recovery.offer()
    seat = Seat.take(leftover)
    assert seat is not None
    before = window.document.project
    _click(recovery, leftover, "Restore")
    assert window.document.project is before
    assert "another window" in answers.told[0]
    assert not _offers(recovery)
    assert leftover.file.exists()
    seat.leave()


def test_a_file_open_elsewhere_is_said(
    window: MainWindow, recovery: Recovery, leave: Leave, tmp_path: Path
) -> None:
    path = tmp_path / "mine.bpviz"
    save_project(path, Saved(EXAMPLES["xor"].build(), None, 900))
    other = Binding(open_projects_folder())
    other.bind(path, stamp_of(path))
    assert recovery.take(leave("xor", 30, path))
    assert "another window has its file open" in window.status.message.sentence
    other.release()


def test_expired_work_is_named(window: MainWindow, recovery: Recovery, leave: Leave) -> None:
    leave("xor", age_s=(KEPT_DAYS + 1) * 86_400)
    recovery.offer()
    assert not _offers(recovery)
    assert "“xor”" in window.status.message.sentence


def test_a_window_started_for_a_piece_of_work_shows_it(
    window: MainWindow, recovery: Recovery, leave: Leave
) -> None:
    recovery.take_named(leave("circle").seat)
    assert window.document.project.title == EXAMPLES["circle"].build().title
    with pytest.raises(FileError, match="No unsaved work is left as 'nothing'"):
        recovery.take_named("nothing")


NOON = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (NOON.replace(hour=9, minute=5), "today at 09:05"),
        (NOON.replace(day=25, hour=23), "yesterday at 23:00"),
        (NOON.replace(day=3, month=1), "on 3 January at 12:00"),
        (NOON.replace(year=2025), "on 26 November 2025 at 12:00"),
        (NOON.replace(day=27), "on 27 November at 12:00"),  # a clock that was wrong
    ],
)
def test_a_moment_is_said_as_people_say_it(moment: datetime, words: str) -> None:
    assert when(moment, NOON) == words


def test_a_card_says_what_it_is_and_draws_no_markup(qtbot: QtBot, tmp_path: Path) -> None:
    owner = Owner("<b>bold</b>", Path.home() / "a.bpviz")
    leftover = Leftover("20260101-000000-abcdef", tmp_path / "x.bpviz", owner, 12, NOON.timestamp())
    title, kept, belongs = described(leftover, NOON)
    assert title == "<b>bold</b>"
    assert kept.endswith("step 12")
    assert belongs == "Not yet in ~/a.bpviz"
    page = RecoveryPage()
    qtbot.addWidget(page)
    page.offer([leftover], NOON)
    labels = page.cards[leftover.seat].findChildren(QLabel)
    assert {label.textFormat() for label in labels} == {Qt.TextFormat.PlainText}
