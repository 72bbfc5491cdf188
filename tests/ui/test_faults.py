"""Faults: written to a log, told in a sentence, never shown as a traceback."""

from __future__ import annotations

import faulthandler
import platform
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import PySide6
import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from bpviz.errors import DataError
from bpviz.ui import faults
from bpviz.ui.faults import LARGEST_LOG, FaultReporter, log_path, write_log
from bpviz.version import __version__


@pytest.fixture(autouse=True)
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    return tmp_path


@pytest.fixture
def told(qapp: QApplication) -> Iterator[tuple[FaultReporter, list[str]]]:
    before = sys.excepthook
    reporter = FaultReporter()
    sentences: list[str] = []
    reporter.tell = sentences.append
    yield reporter, sentences
    reporter.restore()
    assert sys.excepthook is before


def _fail(error: BaseException) -> None:
    try:
        raise error
    except type(error) as caught:
        sys.excepthook(type(caught), caught, caught.__traceback__)


def test_a_fault_goes_to_the_log_and_a_sentence_to_the_user(
    told: tuple[FaultReporter, list[str]], folder: Path, qtbot: QtBot
) -> None:
    _fail(ZeroDivisionError("secret"))
    qtbot.waitUntil(lambda: bool(told[1]))
    log = folder / "bpviz" / "bpviz.log"
    assert "ZeroDivisionError: secret" in log.read_text(encoding="utf-8")
    assert "Traceback" not in told[1][0]
    assert str(log) in told[1][0]


def test_an_expected_failure_is_told_as_it_is(
    told: tuple[FaultReporter, list[str]], folder: Path, qtbot: QtBot
) -> None:
    _fail(DataError("The table is empty; choose another."))
    qtbot.waitUntil(lambda: told[1] == ["The table is empty; choose another."])
    assert not (folder / "bpviz").exists()


def test_a_log_that_can_not_be_written_is_no_second_fault(
    told: tuple[FaultReporter, list[str]], monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    def fail(text: str) -> Path:
        raise PermissionError

    monkeypatch.setattr(faults, "write_log", fail)
    _fail(ZeroDivisionError())
    qtbot.waitUntil(lambda: len(told[1]) == 1)


def test_control_c_goes_its_usual_way(
    told: tuple[FaultReporter, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[type[BaseException]] = []
    monkeypatch.setattr(told[0], "_before", lambda kind, error, trace: heard.append(kind))
    told[0].report(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert heard == [KeyboardInterrupt]
    monkeypatch.undo()


def test_a_fault_while_another_is_told_waits_for_no_answer(
    told: tuple[FaultReporter, list[str]],
) -> None:
    reporter, sentences = told

    def tell(sentence: str) -> None:
        sentences.append(sentence)
        reporter._on_fault("again")

    reporter.tell = tell
    reporter._on_fault("once")
    assert sentences == ["once"]


def test_without_a_window_it_is_said_on_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    faults.print_sentence("Too bad.")
    assert capsys.readouterr().err == "Too bad.\n"


def test_the_log_says_when_and_of_what(folder: Path) -> None:
    text = write_log("Too bad.").read_text(encoding="utf-8")
    head, said = text.rstrip().split("\n")
    assert said == "Too bad."
    assert head.startswith(f"{datetime.now().astimezone():%Y-%m-%d}")
    for part in (f"bpviz {__version__}", f"Python {platform.python_version()}", PySide6.__version__):
        assert part in head


def test_the_log_never_grows_beyond_its_room(folder: Path) -> None:
    for number in range(60):
        write_log(f"{number}\n" + "x" * 20_000)
    write_log("y" * 10_000_000)
    sizes = {path.name: path.stat().st_size for path in (folder / "bpviz").iterdir()}
    assert sizes.keys() == {"bpviz.log", "bpviz.old.log"}
    assert max(sizes.values()) <= LARGEST_LOG
    assert "\n59\n" in log_path().read_text(encoding="utf-8")


def test_what_fails_with_every_frame_is_written_once(
    told: tuple[FaultReporter, list[str]], folder: Path, qtbot: QtBot
) -> None:
    for _ in range(5):
        _fail(ZeroDivisionError("again"))
    qtbot.waitUntil(lambda: len(told[1]) == 5)
    assert log_path().read_text(encoding="utf-8").count("ZeroDivisionError: again") == 1


def test_a_fault_in_a_thread_is_told_too(
    told: tuple[FaultReporter, list[str]], folder: Path, qtbot: QtBot
) -> None:
    thread = threading.Thread(target=lambda: 1 / 0)
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: len(told[1]) == 1)
    assert "ZeroDivisionError" in log_path().read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("end", "said"),
    [
        ("import os; os.abort()", "Fatal Python error: Aborted"),
        ("import faulthandler; faulthandler._sigsegv()", "Fatal Python error: Segmentation fault"),
        (
            "from PySide6.QtGui import QGuiApplication as A; A(['x', '-platform', 'no'])",
            "no Qt platform plugin",
        ),
    ],
    ids=["abort", "segfault", "qt"],
)
def test_an_end_below_python_leaves_its_stacks(folder: Path, end: str, said: str) -> None:
    code = f"""
from bpviz.ui.faults import crashes_logged, quiet_platform
with quiet_platform(), crashes_logged():
    {end}
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode < 0 or sys.platform == "win32"
    text = log_path().read_text(encoding="utf-8")
    assert said in text
    assert 'File "<string>", line 4' in text
    assert f"bpviz {__version__}, Python" in text


def test_a_log_that_can_not_be_written_stops_nobody(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    before = faulthandler.is_enabled()
    with faults.crashes_logged():
        pass
    assert faulthandler.is_enabled() == before
