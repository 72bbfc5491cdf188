"""Computing beside the window: progress, results, refusals, and an end at any time."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from threading import Event

import pytest
from pytestqt.qtbot import QtBot

from bpviz.errors import CancelledError, ModelError
from bpviz.ui.background import Background, Tell


@pytest.fixture
def background(qtbot: QtBot) -> Iterator[Background]:
    made = Background()
    yield made
    made.close()


def test_a_result_comes_in_the_thread_of_the_window(background: Background, qtbot: QtBot) -> None:
    where: list[int] = []
    background.finished.connect(lambda _: where.append(threading.get_ident()))

    def compute(_tell: Tell) -> int:
        where.append(threading.get_ident())
        return 7

    with qtbot.waitSignal(background.finished) as caught:
        background.start(compute)
        assert background.busy
    assert caught.args == [7]
    assert where[1] == threading.get_ident() != where[0]
    assert not background.busy


def test_progress_is_told_now_and_then(background: Background, qtbot: QtBot) -> None:
    told: list[tuple[int, int]] = []
    background.progressed.connect(lambda *both: told.append(both))

    def compute(tell: Tell) -> str:
        for done in range(1000):
            tell(done, 1000)
        return "done"

    with qtbot.waitSignal(background.finished):
        background.start(compute)
    assert told[0] == (0, 1000)
    assert len(told) < 500


def test_a_refusal_is_a_sentence(background: Background, qtbot: QtBot) -> None:
    def compute(_tell: Tell) -> None:
        raise ModelError("It can't be.")

    with qtbot.waitSignal(background.failed) as caught:
        background.start(compute)
    assert caught.args == ["It can't be."]


def test_of_what_was_ended_nothing_is_heard(background: Background, qtbot: QtBot) -> None:
    heard: list[object] = []
    background.finished.connect(heard.append)
    background.failed.connect(heard.append)
    ended, go = Event(), Event()

    def endless(tell: Tell) -> None:
        go.set()
        try:
            while True:
                tell(0, 1)
        except CancelledError:
            ended.set()
            raise

    background.start(endless, gently=True)
    assert go.wait(10)
    with qtbot.waitSignal(background.finished):
        background.start(lambda _tell: "next")
    assert ended.wait(10)
    assert heard == ["next"]
    background.start(endless)
    background.close()
    assert not background.busy


def test_a_fault_of_ours_is_reported_and_nobody_waits(
    background: Background, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    reported: list[object] = []
    monkeypatch.setattr(threading, "excepthook", lambda args: reported.append(args.exc_type))

    def compute(_tell: Tell) -> None:
        raise ZeroDivisionError

    background.start(compute)
    qtbot.waitUntil(lambda: not background.busy and bool(reported))
    assert reported == [ZeroDivisionError]
