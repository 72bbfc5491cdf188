"""Autosave: keeps what no file holds, when there is something new, until a file holds it."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from bpviz.errors import FileError
from bpviz.files.autosave import Leftover, Owner, Seat, look
from bpviz.files.project import Saved, open_project
from bpviz.model.edits import set_training
from bpviz.training.report import Report
from bpviz.training.session import Session
from bpviz.ui.autosave import Autosave
from bpviz.ui.main_window import MainWindow
from tests.ui.conftest import Answers, train_to

FOREVER_S = 3600.0


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "autosave"


@pytest.fixture
def autosave(window: MainWindow, folder: Path) -> Iterator[Autosave]:
    """Looks when it is told to."""
    autosave = Autosave(window.document, window.controller, window.files, folder, interval_s=FOREVER_S)
    yield autosave
    autosave.end(keep=False)


@pytest.fixture
def kept(autosave: Autosave) -> list[Leftover]:
    seen: list[Leftover] = []
    autosave.kept.connect(seen.append)
    return seen


def _edit(window: MainWindow, rate: float = 0.5) -> None:
    window.document.apply("change rate", partial(set_training, learning_rate=rate))


def _follows(window: MainWindow) -> bool:
    """Whether the latest edit has reached the run; a snapshot alone may be one of before."""
    latest = window.controller.latest
    return latest is not None and latest.project == window.document.project


def _keep(autosave: Autosave, qtbot: QtBot) -> None:
    autosave.look()
    qtbot.waitUntil(lambda: not autosave.busy)


def _files(folder: Path) -> list[str]:
    return sorted(path.suffix for path in folder.iterdir()) if folder.exists() else []


def test_a_window_with_nothing_to_lose_keeps_nothing(autosave: Autosave, qtbot: QtBot, folder: Path) -> None:
    _keep(autosave, qtbot)
    assert not folder.exists()


def test_training_is_kept_bit_for_bit_also_of_a_project_without_a_file(
    window: MainWindow, autosave: Autosave, kept: list[Leftover], qtbot: QtBot
) -> None:
    train_to(window, qtbot, 150)
    assert not window.document.modified  # closing would not ask, but a crash must not take it
    _keep(autosave, qtbot)
    assert (kept[0].owner.title, kept[0].step) == ("Spiral", 150)
    saved = open_project(kept[0].file)
    assert saved.state is not None
    again = Session(saved.project)
    again.advance(150)
    assert np.array_equal(saved.state.parameters, again.parameters)
    again.advance(50)
    restored = Session(saved.project, state=saved.state)
    restored.advance(50)
    assert np.array_equal(restored.parameters, again.parameters)


def test_it_looks_by_itself_while_the_run_plays(window: MainWindow, qtbot: QtBot, folder: Path) -> None:
    autosave = Autosave(window.document, window.controller, window.files, folder, interval_s=0.02)
    kept: list[Leftover] = []
    autosave.kept.connect(kept.append)
    window.controller.play()
    qtbot.waitUntil(lambda: len(kept) > 3, timeout=20_000)
    autosave.end(keep=False)
    assert kept[-1].step is not None
    assert kept[0].step is not None
    assert kept[-1].step > kept[0].step


def test_what_did_not_change_is_not_written_again(
    window: MainWindow, autosave: Autosave, kept: list[Leftover], qtbot: QtBot
) -> None:
    _edit(window)
    qtbot.waitUntil(lambda: _follows(window))
    for _ in range(3):
        _keep(autosave, qtbot)
    assert len(kept) == 1
    train_to(window, qtbot, 10)
    _keep(autosave, qtbot)
    assert [leftover.step for leftover in kept] == [0, 10]
    latest = window.controller.latest
    assert latest is not None
    address = next(iter(latest.compiled.addresses()))
    window.document.push_value(address, 0.0, 1e-9)  # at the same step
    _keep(autosave, qtbot)
    assert len(kept) == 3


def test_saving_discarding_and_undoing_throw_it_away(
    window: MainWindow, answers: Answers, autosave: Autosave, qtbot: QtBot, folder: Path, tmp_path: Path
) -> None:
    answers.path = tmp_path / "a.bpviz"
    for finish in (
        window.files.save,
        window.document.undo_stack.undo,
        partial(window.files.open_example, "xor"),
        window.files.new,
    ):
        _edit(window, rate=len(answers.asked) / 7 + 0.1)
        _keep(autosave, qtbot)
        assert _files(folder) == [".bpviz", ".json", ".lock"]
        finish()
        qtbot.waitUntil(lambda: _files(folder) == [])


def _hold(monkeypatch: pytest.MonkeyPatch) -> tuple[threading.Event, threading.Event]:
    """Let the next writing begin and wait until it may go on."""
    begun, go_on = threading.Event(), threading.Event()
    keep = Seat.keep

    def wait(seat: Seat, saved: Saved, owner: Owner, at: float) -> Leftover:
        begun.set()
        assert go_on.wait(60)
        return keep(seat, saved, owner, at)

    monkeypatch.setattr(Seat, "keep", wait)
    return begun, go_on


def test_what_is_saved_while_it_is_written_is_thrown_away_afterwards(
    window: MainWindow,
    answers: Answers,
    autosave: Autosave,
    qtbot: QtBot,
    folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    begun, go_on = _hold(monkeypatch)
    _edit(window)
    autosave.look()
    qtbot.waitUntil(begun.is_set)
    answers.path = tmp_path / "a.bpviz"
    window.files.save()
    qtbot.waitUntil(lambda: not window.document.modified)
    assert autosave.busy
    go_on.set()
    qtbot.waitUntil(lambda: not autosave.busy)
    assert _files(folder) == []
    _edit(window, 0.6)
    _keep(autosave, qtbot)
    assert _files(folder) == [".bpviz", ".json", ".lock"]


@pytest.mark.parametrize("keep", [False, True])
def test_ending_while_it_is_written_waits_for_the_disk(
    window: MainWindow,
    autosave: Autosave,
    qtbot: QtBot,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    keep: bool,
) -> None:
    begun, go_on = _hold(monkeypatch)
    _edit(window)
    autosave.look()
    qtbot.waitUntil(begun.is_set)
    join = threading.Thread.join

    def release(thread: threading.Thread, timeout: float | None = None) -> None:
        go_on.set()
        join(thread, timeout)

    monkeypatch.setattr(threading.Thread, "join", release)
    QTimer.singleShot(0, go_on.set)
    autosave.end(keep=keep)
    assert _files(folder) == ([".bpviz", ".json", ".lock"] if keep else [])
    assert len(look(folder, 0).leftovers) == keep


def test_an_end_without_a_question_keeps_what_came_since(
    window: MainWindow, autosave: Autosave, qtbot: QtBot, folder: Path
) -> None:
    train_to(window, qtbot, 40)
    autosave.end(keep=True)
    autosave.end(keep=False)  # it has ended already
    (leftover,) = look(folder, 0).leftovers
    assert leftover.step == 40


def test_a_full_disk_is_said_once_and_training_goes_on(
    window: MainWindow,
    autosave: Autosave,
    kept: list[Leftover],
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    said: list[str] = []
    autosave.failed.connect(said.append)
    real = os.fsync

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        for step in (10, 20):
            train_to(window, qtbot, step)
            _keep(autosave, qtbot)
    assert said == ["Unsaved work can't be kept by itself (no space left on device); save it now and then."]
    assert os.fsync is real
    _keep(autosave, qtbot)  # nothing has changed, but nothing is kept either
    assert [leftover.step for leftover in kept] == [20]
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        train_to(window, qtbot, 30)
        _keep(autosave, qtbot)
    assert len(said) == 2
    assert kept[0].file.exists()


def test_a_folder_that_can_not_be_made_is_said(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    autosave = Autosave(window.document, window.controller, window.files, tmp_path / "file" / "x")
    said: list[str] = []
    autosave.failed.connect(said.append)
    _edit(window)
    _keep(autosave, qtbot)
    autosave.end(keep=True)
    assert len(said) == 1


def test_a_fault_in_the_thread_is_reported_and_the_next_look_tries_again(
    window: MainWindow,
    autosave: Autosave,
    kept: list[Leftover],
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    reported: list[type[BaseException]] = []
    monkeypatch.setattr(threading, "excepthook", lambda args: reported.append(args.exc_type))
    with monkeypatch.context() as patch:
        patch.setattr(Seat, "keep", lambda *_: 1 / 0)
        _edit(window)
        _keep(autosave, qtbot)
    assert reported == [ZeroDivisionError]
    _keep(autosave, qtbot)
    assert len(kept) == 1


def test_a_run_that_can_not_answer_does_not_replace_what_is_kept(
    window: MainWindow,
    autosave: Autosave,
    kept: list[Leftover],
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    train_to(window, qtbot, 10)
    _keep(autosave, qtbot)
    train_to(window, qtbot, 20)

    def ask(_wants: object, then: Callable[[Report | None], None], room_bytes: int = 0) -> None:
        then(None)

    with monkeypatch.context() as patch:
        patch.setattr(window.controller, "ask", ask)
        _keep(autosave, qtbot)
    assert [leftover.step for leftover in kept] == [10]


def test_what_is_restored_goes_on_in_its_seat(
    window: MainWindow, autosave: Autosave, qtbot: QtBot, folder: Path
) -> None:
    seat = Seat.make(folder)
    first = seat.keep(Saved(window.document.project), Owner("Before"), 1.0)
    seat.leave()
    _edit(window)
    _keep(autosave, qtbot)
    taken = Seat.take(first)
    assert taken is not None
    window.files.restore(open_project(first.file), first.owner)
    autosave.adopt(taken)
    assert _files(folder) == [".bpviz", ".json", ".lock"]
    assert window.document.modified
    _keep(autosave, qtbot)
    assert not first.file.exists()
    assert len(_files(folder)) == 3
    autosave.end(keep=True)
    (leftover,) = look(folder, 0).leftovers
    assert leftover.seat == first.seat


def test_a_damaged_seat_is_an_expected_failure(folder: Path, window: MainWindow) -> None:
    seat = Seat.make(folder)
    kept = seat.keep(Saved(window.document.project), Owner("Before"), 1.0)
    kept.file.write_bytes(b"no project")
    with pytest.raises(FileError):
        open_project(kept.file)
    seat.clear()
