"""A large project file is read beside the window."""

from __future__ import annotations

from pathlib import Path
from threading import Event, get_ident

import pytest
from PySide6.QtWidgets import QDialogButtonBox
from pytestqt.qtbot import QtBot

from bpviz.files.binding import stamp_of
from bpviz.files.project import Saved, open_project, save_project
from bpviz.model.examples import EXAMPLES
from bpviz.ui import project_file
from bpviz.ui.main_window import MainWindow
from bpviz.ui.panels.work_dialog import WorkDialog
from tests.ui.conftest import Answers


@pytest.fixture
def large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project file that counts as large."""
    path = tmp_path / "large.bpviz"
    save_project(path, Saved(EXAMPLES["xor"].build(), None, 99))
    monkeypatch.setattr(project_file, "LARGE_BYTES", 0)
    return path


def _dialog(window: MainWindow) -> WorkDialog:
    return next(dialog for dialog in window.findChildren(WorkDialog) if dialog.isVisible())


def test_a_large_file_is_read_in_another_thread_and_shown_in_this_one(
    window: MainWindow, large: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    read_in: list[int] = []

    def noted(path: Path) -> Saved:
        read_in.append(get_ident())
        return open_project(path)

    monkeypatch.setattr(project_file, "open_project", noted)
    before = window.document.project
    window.files.open_path(large)
    assert window.document.project is before
    qtbot.waitUntil(lambda: window.document.path == large)
    assert window.document.project == EXAMPLES["xor"].build()
    assert window.document.next_id == 99
    assert window.preferences.recent == (large,)
    assert not window.document.modified
    assert window.files.owner.stamp == stamp_of(large)
    assert read_in
    assert get_ident() not in read_in


def test_a_large_file_that_is_damaged_leaves_what_is_shown(
    window: MainWindow, large: Path, qtbot: QtBot, answers: Answers
) -> None:
    large.write_bytes(b"nothing of the kind")
    before = window.document.project
    window.files.open_path(large)
    dialog = _dialog(window)
    qtbot.waitUntil(lambda: "large.bpviz" in dialog.problem.text())
    assert window.document.project is before
    dialog.reject()


def test_who_thinks_better_of_a_large_file_stays_where_they_are(
    window: MainWindow, large: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go_on = Event(), Event()

    def slow(path: Path) -> Saved:
        begun.set()
        go_on.wait(10)
        return open_project(path)

    monkeypatch.setattr(project_file, "open_project", slow)
    before = window.document.project
    window.files.open_path(large)
    dialog = _dialog(window)
    assert begun.wait(10)
    go_on.set()
    dialog.buttons.button(QDialogButtonBox.StandardButton.Cancel).click()
    qtbot.wait(50)
    assert window.document.project is before
    assert window.document.path is None
