"""Faults: written to a log, told in a sentence, never shown as a traceback."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from bpviz.errors import DataError
from bpviz.ui import faults
from bpviz.ui.faults import FaultReporter


@pytest.fixture(autouse=True)
def cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
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
    told: tuple[FaultReporter, list[str]], cache: Path, qtbot: QtBot
) -> None:
    _fail(ZeroDivisionError("secret"))
    qtbot.waitUntil(lambda: bool(told[1]))
    log = cache / "bpviz" / "bpviz.log"
    assert "ZeroDivisionError: secret" in log.read_text(encoding="utf-8")
    assert "Traceback" not in told[1][0]
    assert str(log) in told[1][0]


def test_an_expected_failure_is_told_as_it_is(
    told: tuple[FaultReporter, list[str]], cache: Path, qtbot: QtBot
) -> None:
    _fail(DataError("The table is empty; choose another."))
    qtbot.waitUntil(lambda: told[1] == ["The table is empty; choose another."])
    assert not (cache / "bpviz").exists()


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
