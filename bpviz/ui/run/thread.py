"""The thread that a run lives in, as the window sees it: it asks, and it hears."""

from __future__ import annotations

import sys
from collections.abc import Callable
from threading import Event
from typing import Final

from PySide6.QtCore import QObject, QThread, QTimer, Signal, Slot

from bpviz.training.engines import Kernels
from bpviz.training.player import Player
from bpviz.training.report import Report
from bpviz.training.snapshot import Snapshot
from bpviz.ui.run.worker import TrainingWorker

_STOP_WITHIN_MS: Final = 30_000  # one step of a huge network; far less in every usual case
_SWITCH_S: Final = 0.001  # Python's own 5 ms would be a third of a frame, whoever of the two threads waits
_KERNELS_AFTER_MS: Final = 250  # after the first snapshot: the window is painted and stands still


class TrainingThread(QObject):
    """Owns the thread and its worker.  Its signals are emitted in the UI thread.

    Signals:
        arrived: (Snapshot), in order; the next one comes only when this one was drawn.
        over: (run id), playing stopped by itself.
        broken: (run id, Exception); playing has then stopped.
        said: (str), a sentence for the user: about the engines, or why an edit began another run.
    """

    arrived = Signal(object)
    over = Signal(int)
    broken = Signal(int, object)
    said = Signal(str)

    # Requests to the worker: a call would run here, a signal crosses over.
    _asked = Signal(object)
    _report = Signal(int, object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._wants: dict[str, frozenset[str]] = {}
        self._watched = True
        self._ticket = 0
        self._coming: list[Callable[[Player], object]] = []
        # A timer fires after pending paint events; `QTimer.singleShot` comes before them.
        self._drawn = QTimer(self, singleShot=True, interval=0)
        self._drawn.timeout.connect(self._hand_over)
        self._answers: dict[int, Callable[[Report | None], None]] = {}
        self._kernels: Kernels | None = None
        self._kernels_started = False
        self._switch_s = sys.getswitchinterval()
        self._closing = Event()
        self._thread = QThread(self)
        self._worker = worker = TrainingWorker(self._closing)
        worker.moveToThread(self._thread)
        self._thread.finished.connect(worker.deleteLater)
        self._asked.connect(worker.do)
        self._report.connect(worker.report)
        worker.snapshot_ready.connect(self._on_snapshot)
        worker.answered.connect(self._on_answered)
        worker.ended.connect(self.over)
        worker.failed.connect(self.broken)
        worker.said.connect(self.said)

    def tell(self, what: Callable[[Player], object]) -> None:
        """Ask something of the player, which is done in its thread, in order."""
        self._hand_over()
        self._asked.emit(what)

    def tell_once_drawn(self, what: Callable[[Player], object]) -> None:
        """Ask something that takes the player long, when the window has drawn what there is to draw.

        Both threads share one interpreter lock, and nobody waits for the answer.  What is asked meanwhile is
        done after it, as it is with `tell`.
        """
        self._coming.append(what)
        self._drawn.start()

    def ask(self, wants: frozenset[str], then: Callable[[Report | None], None], room_bytes: int = 0) -> None:
        """Ask for everything about the run at one moment, to save or export it.

        Args:
            wants: What its snapshot is to hold besides the parameters.
            then: Is called with the answer, soon; with None if there is no run.
            room_bytes: For moments and branches; 0 leaves them out.
        """
        if not self._thread.isRunning():  # nothing could begin so far
            then(None)
            return
        self._hand_over()
        self._ticket += 1
        self._answers[self._ticket] = then
        self._report.emit(self._ticket, wants, room_bytes)

    def start(self) -> None:
        """Run from now on, if it does not yet: a window that can't be built leaves no thread behind."""
        if not self._thread.isRunning():
            sys.setswitchinterval(_SWITCH_S)
            self._thread.start()

    def use_kernels(self, kernels: Kernels) -> None:
        """Train with kernels as soon as they are ready.

        Args:
            kernels: Not started yet: they are once a first snapshot was drawn, so that no window opens later
                for their sake.  Closed with the thread.
        """
        self._kernels = kernels
        self.tell(lambda player: player.stage.use_kernels(kernels))

    def set_wants(self, view: str, wants: frozenset[str]) -> None:
        """Say what one view needs in snapshots; nothing for a hidden one."""
        if self._wants.get(view, frozenset()) != wants:
            self._wants[view] = wants
            self._tell_wants()

    def set_watched(self, *, watched: bool) -> None:
        """Take what views want out of snapshots while nobody can see any of them."""
        if watched != self._watched:
            self._watched = watched
            self._tell_wants()

    def close(self) -> None:
        """End, within one step of the run.  Safe to call twice."""
        self._closing.set()
        self._thread.quit()
        if self._kernels is not None:
            self._kernels.close()
        if not self._thread.wait(_STOP_WITHIN_MS):
            raise RuntimeError("the training thread did not stop")
        sys.setswitchinterval(self._switch_s)

    def _tell_wants(self) -> None:
        views = self._wants.values() if self._watched else ()
        wants = frozenset[str]().union(*views)
        self.tell(lambda player: player.screen.set_wants(wants))

    @Slot()
    def _hand_over(self) -> None:
        coming, self._coming = self._coming, []
        for what in coming:
            self._asked.emit(what)

    @Slot(object)
    def _on_snapshot(self, snapshot: Snapshot) -> None:
        self.arrived.emit(snapshot)
        # In the next turn, before it is painted: for that only a real timer is late enough, see `_drawn`.
        QTimer.singleShot(0, self, self._acknowledge)
        if self._kernels is not None and not self._kernels_started:
            self._kernels_started = True
            QTimer.singleShot(_KERNELS_AFTER_MS, self, self._start_kernels)

    @Slot()
    def _acknowledge(self) -> None:
        self.tell(Player.acknowledge)

    @Slot()
    def _start_kernels(self) -> None:
        if self._kernels is not None and not self._closing.is_set():
            self._kernels.start()

    @Slot(int, object)
    def _on_answered(self, ticket: int, report: Report | None) -> None:
        self._answers.pop(ticket)(report)
