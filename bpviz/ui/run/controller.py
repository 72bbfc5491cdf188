"""What the window says to a run, and what it hears from it: the owner of the training thread."""

from __future__ import annotations

import sys
from collections.abc import Callable
from threading import Event
from typing import Final

from PySide6.QtCore import QObject, QThread, QTimer, Signal, Slot

from bpviz.errors import BpvizError
from bpviz.model.impact import Impact, impact
from bpviz.model.problems import problems
from bpviz.model.spec import Address, Project
from bpviz.training.run_state import RunState
from bpviz.training.session import Move
from bpviz.training.snapshot import Snapshot
from bpviz.ui.run.engines import Kernels
from bpviz.ui.run.report import Report
from bpviz.ui.run.speed import Speed
from bpviz.ui.run.worker import TrainingWorker

_STOP_WITHIN_MS: Final = 30_000  # one step of a huge network; far less in every usual case
_SWITCH_S: Final = 0.001  # Python's own 5 ms would be a third of a frame, whoever of the two threads waits
_KERNELS_AFTER_MS: Final = 250  # after the first snapshot: the window is painted and stands still
_FAULT: Final = "Training stopped because of a fault in bpviz; the log file in Help > About says more."


class TrainingController(QObject):
    """Owns the training thread.  Its signals are emitted in the UI thread.

    Signals:
        snapshot: (Snapshot) of the current run, in order.
        playing_changed: (bool).
        problem_changed: (str), why Play is impossible, as a sentence; empty when it is possible.
        run_began: (int), another run stands in place of the one before, under this number.
        failed: (str), a sentence for the user; the run has paused.
        said: (str), a sentence for the user: about the engines, or why an edit began another run.
    """

    snapshot = Signal(object)
    playing_changed = Signal(bool)
    problem_changed = Signal(str)
    run_began = Signal(int)
    failed = Signal(str)
    said = Signal(str)

    # Requests to the worker: a call would run here, a signal crosses over.
    _use_kernels = Signal(object)
    _load = Signal(int, object, object)
    _forget = Signal()
    _replace = Signal(int, object, str)
    _follow = Signal(object)
    _play = Signal()
    _pause = Signal()
    _run_to = Signal(int)
    _finish_epoch = Signal()
    _make_step = Signal()
    _move_cursor = Signal(object)
    _set_speed = Signal(object)
    _set_wants = Signal(object)
    _set_value = Signal(int, object, float)
    _report = Signal(int, object)
    _acknowledge = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._run_id = 0
        self._playing = False
        self._problem = ""
        self._project: Project | None = None  # what the run follows; lags behind an edit that can't run
        self._latest: Snapshot | None = None
        self._wants: dict[str, frozenset[str]] = {}
        self._watched = True
        self._ticket = 0
        self._asked: dict[int, Callable[[Report | None], None]] = {}
        self._kernels: Kernels | None = None
        self._kernels_started = False
        self._switch_s = sys.getswitchinterval()
        self._closing = Event()
        self._thread = QThread(self)
        self._worker = TrainingWorker(self._closing)
        self._worker.moveToThread(self._thread)
        self._thread.finished.connect(self._worker.deleteLater)
        self._connect_worker()

    def _connect_worker(self) -> None:
        worker = self._worker
        self._use_kernels.connect(worker.use_kernels)
        self._load.connect(worker.load)
        self._forget.connect(worker.forget)
        self._replace.connect(worker.replace)
        self._follow.connect(worker.follow)
        self._play.connect(worker.play)
        self._pause.connect(worker.pause)
        self._run_to.connect(worker.run_to)
        self._finish_epoch.connect(worker.finish_epoch)
        self._make_step.connect(worker.make_step)
        self._move_cursor.connect(worker.move_cursor)
        self._set_speed.connect(worker.set_speed)
        self._set_wants.connect(worker.set_wants)
        self._set_value.connect(worker.set_value)
        self._report.connect(worker.report)
        self._acknowledge.connect(worker.acknowledge)
        worker.snapshot_ready.connect(self._on_snapshot)
        worker.ended.connect(self._on_ended)
        worker.answered.connect(self._on_answered)
        worker.failed.connect(self._on_failed)
        worker.said.connect(self.said)

    @property
    def playing(self) -> bool:
        """Whether the run was told to train."""
        return self._playing

    @property
    def problem(self) -> str:
        """Why Play is impossible, as a sentence; empty when it is possible."""
        return self._problem

    @property
    def latest(self) -> Snapshot | None:
        """The last snapshot of the current run; None until it has one."""
        return self._latest

    def use_kernels(self, kernels: Kernels) -> None:
        """Train with kernels as soon as they are ready.

        Args:
            kernels: Not started yet: they are once a first snapshot was drawn, so that no window opens later
                for their sake.  Closed with the controller.
        """
        self._kernels = kernels
        self._use_kernels.emit(kernels)

    def load(self, project: Project, state: RunState | None = None) -> None:
        """Begin a new run, paused, from its start or from a saved state."""
        self._forget.emit()
        self._begin(project, lambda: self._load.emit(self._run_id, project, state))

    def reset(self) -> None:
        """Throw the run away and stand at its start again."""
        project = self._project
        if project is not None:
            self._begin(project, lambda: self._load.emit(self._run_id, project, None))

    @Slot(object, object)
    def follow(self, before: Project, after: Project) -> None:
        """Go on with an edited project: change the run, or begin another where the edit asks for one.

        A run that ends so is kept, and comes back when undo leads to its project again.
        An edit after which the project can't run pauses the run; it keeps everything and goes on from what
        it followed last once the project can run again.
        """
        self._set_problem(_problem_of(after))
        if self._problem:
            self.pause()
            return
        what, why = impact(self._project or before, after)
        if self._project is None:
            self._begin(after, lambda: self._load.emit(self._run_id, after, None))
        elif what is Impact.RESTART:
            was_playing = self._playing
            self._begin(after, lambda: self._replace.emit(self._run_id, after, why))
            if was_playing:
                self.play()
        else:  # names and places are the run's, too: what it says and what is saved of it speak of them
            self._project = after
            self._follow.emit(after)

    @Slot()
    def play(self) -> None:
        """Train until `pause`, or until a stop rule holds."""
        if not self._problem:
            self._set_playing(playing=True)
            self._play.emit()

    @Slot()
    def pause(self) -> None:
        """Stop after the present slice; one last snapshot follows."""
        if self._playing:
            self._set_playing(playing=False)
            self._pause.emit()

    @Slot()
    def toggle(self) -> None:
        """Play if paused, pause if playing."""
        if self._playing:
            self.pause()
        else:
            self.play()

    def run_to(self, step: int) -> None:
        """Train flat out until a step, then pause."""
        if not self._problem:
            self._set_playing(playing=True)
            self._run_to.emit(step)

    def finish_epoch(self) -> None:
        """Train to the end of the present epoch, then pause."""
        if not self._problem:
            self._set_playing(playing=True)
            self._finish_epoch.emit()

    def make_step(self) -> None:
        """Pause and make one update."""
        if not self._problem:
            self._set_playing(playing=False)
            self._make_step.emit()

    def move_cursor(self, move: Move) -> None:
        """Pause and look inside the coming step: its next phase, its next example, or the phase before."""
        if not self._problem:
            self._set_playing(playing=False)
            self._move_cursor.emit(move)

    def set_speed(self, speed: Speed) -> None:
        """Play at another speed from now on."""
        self._set_speed.emit(speed)

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

    @Slot(int, object, float)
    def set_value(self, run_id: int, address: Address, value: float) -> None:
        """Set a weight or bias by hand, in the run of that number; if another stands there, say so."""
        self._set_value.emit(run_id, address, value)

    def ask(self, wants: frozenset[str], then: Callable[[Report | None], None]) -> None:
        """Ask for everything about the run at one moment, to save or export it.

        Args:
            wants: What its snapshot is to hold besides the parameters.
            then: Is called with the answer, soon; with None if there is no run.
        """
        if not self._thread.isRunning():  # nothing could begin so far
            then(None)
            return
        self._ticket += 1
        self._asked[self._ticket] = then
        self._report.emit(self._ticket, wants)

    def close(self) -> None:
        """End the thread, within one step of the run.  Safe to call twice."""
        self._closing.set()
        self._thread.quit()
        if self._kernels is not None:
            self._kernels.close()
        if not self._thread.wait(_STOP_WITHIN_MS):
            raise RuntimeError("the training thread did not stop")
        sys.setswitchinterval(self._switch_s)

    def _begin(self, project: Project, begin: Callable[[], None]) -> None:
        self._run_id += 1
        self._project, self._latest = project, None
        self._set_playing(playing=False)
        self.run_began.emit(self._run_id)
        self._set_problem(_problem_of(project))
        if self._problem:
            self._project = None  # there is no run to go on with: the first edit that can run begins one
        else:
            # Not before there is something to do: a window that can't be built leaves no thread behind.
            if not self._thread.isRunning():
                sys.setswitchinterval(_SWITCH_S)
                self._thread.start()
            begin()

    def _set_playing(self, *, playing: bool) -> None:
        if playing != self._playing:
            self._playing = playing
            self.playing_changed.emit(playing)

    def _set_problem(self, problem: str) -> None:
        if problem != self._problem:
            self._problem = problem
            self.problem_changed.emit(problem)

    @Slot(object)
    def _on_snapshot(self, snapshot: Snapshot) -> None:
        if snapshot.run_id == self._run_id:  # else it was on its way while another run began
            self._latest = snapshot
            self.snapshot.emit(snapshot)
        # A zero timer fires after the pending paint events: drawn, then on.
        QTimer.singleShot(0, self, self._acknowledge.emit)
        if self._kernels is not None and not self._kernels_started:
            self._kernels_started = True
            QTimer.singleShot(_KERNELS_AFTER_MS, self, self._start_kernels)

    @Slot()
    def _start_kernels(self) -> None:
        if self._kernels is not None and not self._closing.is_set():
            self._kernels.start()

    def _tell_wants(self) -> None:
        views = self._wants.values() if self._watched else ()
        self._set_wants.emit(frozenset[str]().union(*views))

    @Slot(int)
    def _on_ended(self, run_id: int) -> None:
        if run_id == self._run_id:
            self._set_playing(playing=False)

    @Slot(int, object)
    def _on_answered(self, ticket: int, report: Report | None) -> None:
        self._asked.pop(ticket)(report)

    @Slot(int, object)
    def _on_failed(self, run_id: int, error: Exception) -> None:
        if run_id != self._run_id:
            return
        self._set_playing(playing=False)
        sentence = str(error) if isinstance(error, BpvizError) else _FAULT
        if self._latest is None:  # it could not even begin
            self._project = None
            self._set_problem(sentence)
        self.failed.emit(sentence)


def _problem_of(project: Project) -> str:
    """The first reason why a project can't run, with its remedy; empty if there is none."""
    found = problems(project)
    return found[0].sentence if found else ""
