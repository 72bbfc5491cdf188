"""The one object that lives in the training thread: a `Player` with a timer, reached by queued slots.

It owns the run outright.  What reaches it is a queued slot, what leaves it is an immutable snapshot; so there
is no lock in bpviz.

Never subclass this class and never connect to it through a lambda: PySide6 would run the slot in the
caller's thread.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event
from typing import final

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from bpviz.errors import BpvizError
from bpviz.training.player import Player
from bpviz.training.report import Report
from bpviz.training.snapshot import Snapshot


@final
class TrainingWorker(QObject):
    """Hands on what is asked to its player, and calls it when it says.

    Signals:
        snapshot_ready: (Snapshot); the next one comes only after `Player.acknowledge`.
        ended: (run id), playing stopped by itself: a stop rule, or the goal was reached.
        answered: (ticket, Report), the answer to `report`; None while there is no run.
        failed: (run id, Exception); playing has then stopped.
        said: (str), a sentence about the engines, or about a run that an edit ended or brought back.
    """

    snapshot_ready = Signal(object)
    ended = Signal(int)
    answered = Signal(int, object)
    failed = Signal(int, object)
    said = Signal(str)

    def __init__(self, closing: Event) -> None:
        super().__init__()
        self._player = Player(_Heard(self), closing.is_set)
        self._timer = QTimer(self)  # a child, so it moves along with us
        self._timer.timeout.connect(self._slice)

    @Slot(object)
    def do(self, what: Callable[[Player], object]) -> None:
        """Do what the window asks of the player."""
        with self._border():
            what(self._player)

    @Slot(int, object, object)
    def report(self, ticket: int, wants: frozenset[str], room_bytes: int) -> None:
        answer: Report | None = None
        with self._border():
            answer = self._player.screen.report(wants, room_bytes)
        self.answered.emit(ticket, answer)

    @Slot()
    def _slice(self) -> None:
        with self._border():
            self._player.slice()

    @contextmanager
    def _border(self) -> Iterator[None]:
        # An exception that left a slot would reach the excepthook alone, and the window would wait for ever.
        try:
            yield
        except Exception as error:
            self._player.stop()
            self.failed.emit(self._player.stage.run_id, error)
            if not isinstance(error, BpvizError):
                raise  # a fault of ours, and the excepthook's to report
        finally:
            self._keep_time()

    def _keep_time(self) -> None:
        """Call the player again when it says."""
        wait_ms = self._player.wait_ms
        if wait_ms is None:
            self._timer.stop()
        elif not self._timer.isActive() or self._timer.interval() != wait_ms:
            self._timer.start(wait_ms)


class _Heard:
    """Sends what the player tells across the threads."""

    def __init__(self, worker: TrainingWorker) -> None:
        self._worker = worker

    def show(self, snapshot: Snapshot) -> None:
        self._worker.snapshot_ready.emit(snapshot)

    def say(self, sentence: str) -> None:
        self._worker.said.emit(sentence)

    def end(self, run_id: int) -> None:
        self._worker.ended.emit(run_id)
