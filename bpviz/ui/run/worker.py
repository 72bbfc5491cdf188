"""The one object that lives in the training thread.

It owns the sessions outright.  What reaches it is a queued slot, what leaves it is an
immutable snapshot; so there is no lock in bpviz.

It trains in slices and publishes at most one snapshot at a time: the next one waits until
the window has drawn the last.  The reference path also rests meanwhile, because both
threads share one interpreter lock and training while the window draws makes it stutter;
kernels release the lock and train on.

Never subclass this class and never connect to it through a lambda: PySide6 would run the
slot in the caller's thread.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from threading import Event
from time import perf_counter
from typing import Final, final

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from bpviz.errors import BpvizError, grouped
from bpviz.model.spec import Address, Project
from bpviz.training.run_state import RunState
from bpviz.training.session import Move, Session
from bpviz.training.snapshot import Path, Snapshot
from bpviz.ui.run.engines import Engines, Kernels
from bpviz.ui.run.observer import Observer
from bpviz.ui.run.report import Report
from bpviz.ui.run.shelf import Kept, Shelf
from bpviz.ui.run.speed import FLAT_OUT, Pace, Speed

SLICE_S: Final = 0.01  # no call begins later in a slice; commands wait for the last one
FRAME_S: Final = 0.035  # at most one snapshot in this time
_CALL_S: Final[dict[Path, float]] = {"reference": 0.003, "kernel": 0.014}
"""What one call of `advance` aims at.  The reference ends its slices on time; a kernel makes one call a
slice, because after each it has to wait for the interpreter, which the window may be using."""
_WAIT_MS: Final = 50  # a run that waits for its engine asks so often
_SPEED_WINDOW_S: Final = 1.5  # steps a second are counted over this time


@final
class TrainingWorker(QObject):
    """Steps a session while playing.

    Signals:
        snapshot_ready: (Snapshot); the next one comes only after `acknowledge`.
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
        self._closing = closing
        self._sessions: tuple[Session, ...] = ()
        self._engines = Engines(None)
        self._run_id = 0
        self._run_ids: frozenset[int] = frozenset()  # under which the window knows the run
        self._playing = False
        self._goal: int | None = None
        self._speed = FLAT_OUT
        self._pace: Pace | None = None
        self._wants: frozenset[str] = frozenset()
        self._in_flight = self._stale = self._waiting = False
        self._published_s = 0.0
        self._chunk = 1
        self._seconds = 0.0
        self._playing_since_s: float | None = None
        self._recent: deque[tuple[float, int]] = deque()
        self._observer = Observer()
        self._shelf = Shelf()
        self._timer = QTimer(self)  # a child, so it moves along with us
        self._timer.timeout.connect(self._train_slice)

    @Slot(object)
    def use_kernels(self, kernels: Kernels) -> None:
        """Train with kernels as soon as they are ready."""
        self._engines = Engines(kernels)
        with self._border():
            for session in self._sessions:
                self._engines.settle(session)  # which tells them what is wanted first

    @Slot(int, object, object)
    def load(self, run_id: int, project: Project, state: RunState | None) -> None:
        """Begin a run, paused, from its start or from a saved state."""
        self._begin(run_id, project, state, 0.0)

    @Slot()
    def forget(self) -> None:
        """Forget every run: what comes next belongs to another document, which may have none."""
        self._stop()
        self._sessions = ()
        self._shelf.clear()

    @Slot(int, object, str)
    def replace(self, run_id: int, project: Project, why: str) -> None:
        """Begin a run because of an edit, paused, and say why, as a sentence.

        The run that it ends is kept, and goes on when an edit, or undo, leads to its project again.
        """
        self._stop()
        trained = False
        with self._border():
            for session in self._sessions:
                trained = session.step > 0
                self._shelf.keep(Kept(session, self._seconds, self._run_ids))
        kept = self._shelf.take(project)
        if kept is None:
            self._begin(run_id, project, None, 0.0)
            if trained and self._sessions:
                self.said.emit(f"{why.removesuffix('.')}; undo brings it back.")
        else:
            self._stand(run_id, kept)
            self.said.emit(f"The run from before is back, at step {grouped(kept.session.step)}.")

    @Slot(object)
    def follow(self, project: Project) -> None:
        """Go on with a changed project, keeping what was learned; names and places count, too."""
        with self._border():
            for session in self._sessions:
                if not session.follow(project):  # it refused an edit before, and is too far from this one
                    self._begin(self._run_id, project, None, 0.0)
                    return
            self._chunk = 1  # as many steps as before may take a thousand times as long
            self._publish_soon()

    @Slot()
    def play(self) -> None:
        """Train until paused, or until a stop rule holds."""
        self._start(goal=None)

    @Slot(int)
    def run_to(self, step: int) -> None:
        """Train flat out until a step, then pause."""
        self._start(goal=step)

    @Slot()
    def finish_epoch(self) -> None:
        """Train to the end of the present epoch, then pause."""
        if self._sessions:
            session = self._sessions[0]
            self._start(goal=session.step + session.to_epoch_end())

    @Slot()
    def pause(self) -> None:
        """Stop training and show where it stopped."""
        self._stop()
        with self._border():
            self._publish_soon()

    @Slot()
    def make_step(self) -> None:
        """Make one update, paused."""
        self._stop()
        if not self._settled():
            self._start(goal=self._sessions[0].step + 1)
            return
        with self._border():
            for session in self._sessions:
                session.go_on()
                session.advance(1)
            self._publish_soon()

    @Slot(object)
    def move_cursor(self, move: Move) -> None:
        """Move the cursor inside the coming step, paused; its last phase makes the step."""
        self._stop()
        if not self._settled():
            return
        with self._border():
            for session in self._sessions:
                session.go_on()
                session.move_cursor(move)
            self._publish_soon()

    @Slot(object)
    def set_speed(self, speed: Speed) -> None:
        """Play faster or slower from now on."""
        self._speed = speed
        self._recent.clear()  # what was counted at another speed says nothing about this one
        self._pace = None if speed.per_s is None else Pace(speed.per_s)
        if self._playing and not self._resting:
            self._schedule()

    @Slot(object)
    def set_wants(self, wants: frozenset[str]) -> None:
        """Compute what the visible views want, beginning with a fresh snapshot."""
        if wants != self._wants:
            more = wants - self._wants
            self._wants = wants
            if more:
                with self._border():
                    self._publish_soon()

    @Slot(int, object, float)
    def set_value(self, run_id: int, address: Address, value: float) -> None:
        """Set a weight or bias by hand, in the run that the window meant; of another nothing is changed."""
        if run_id not in self._run_ids:
            self.said.emit("That value was set in another run; nothing was changed in this one.")
            return
        with self._border():
            for session in self._sessions:
                session.set_value(address, value)
            self._publish_soon()

    @Slot(int, object)
    def report(self, ticket: int, wants: frozenset[str]) -> None:
        """Answer with everything about the run as it stands now."""
        answer: Report | None = None
        with self._border():
            if self._sessions:
                session = self._sessions[0]
                snapshot = self._timed(session.snapshot(wants | {"parameters"}, self._run_id))
                answer = Report(session.project, snapshot, session.prepared, session.state())
        self.answered.emit(ticket, answer)

    @Slot()
    def acknowledge(self) -> None:
        """The window has drawn the last snapshot."""
        self._in_flight = False
        with self._border():
            # Flat out there is always news: the next slice publishes it when a frame's time is over.
            if self._stale and not (self._playing and self._pace_in_force is None):
                self._publish()
        if self._playing and not self._resting:
            self._schedule()

    @Slot()
    def _train_slice(self) -> None:
        if self._closing.is_set():
            self._stop()
            return
        with self._border():
            if not self._settled():
                self._timer.start(_WAIT_MS)
                self._waiting = True
                return
            if self._waiting:
                self._schedule()
            made = self._make_phase() if self._by_phase else self._make_steps()
            self._finish_if_over()
            self._stale = self._stale or made
            if self._stale and (not self._playing or perf_counter() - self._published_s >= FRAME_S):
                self._publish_soon()
        if self._resting:
            self._timer.stop()

    def _begin(self, run_id: int, project: Project, state: RunState | None, seconds: float) -> None:
        self._stop()
        self._run_id, self._run_ids, self._sessions = run_id, frozenset({run_id}), ()
        self._seconds, self._chunk, self._goal = seconds, 1, None
        with self._border():
            self._sessions = (self._engines.session(project, state),)
            self._publish()

    def _stand(self, run_id: int, kept: Kept) -> None:
        """Let a run that was kept go on, paused."""
        self._run_id, self._run_ids = run_id, kept.run_ids | {run_id}
        self._seconds, self._chunk = kept.seconds, 1
        with self._border():
            self._sessions = (kept.session,)
            self._engines.settle(kept.session)
            self._publish()

    def _settled(self) -> bool:
        """Let the fastest engine that is ready compute; whether the runs may go on now."""
        before = [session.path for session in self._sessions]
        waiting = [session for session in self._sessions if not self._engines.settle(session)]
        if before != [session.path for session in self._sessions]:
            self._chunk = 1
        for sentence in self._engines.news():
            self.said.emit(sentence)
        return not waiting

    @property
    def _by_phase(self) -> bool:
        return self._speed.unit == "phase" and self._goal is None

    @property
    def _resting(self) -> bool:
        return self._in_flight and any(session.path == "reference" for session in self._sessions)

    @property
    def _pace_in_force(self) -> Pace | None:
        return self._pace if self._goal is None else None

    def _make_phase(self) -> bool:
        if self._pace is not None and not self._pace.due(perf_counter()):
            return False
        for session in self._sessions:
            session.move_cursor("phase")
        self._published_s = 0.0  # every phase is worth a picture
        return True

    def _make_steps(self) -> bool:
        begun = now = perf_counter()
        first = self._sessions[0].step
        left = None if self._goal is None else self._goal - first
        if self._pace_in_force is not None:
            left = self._pace_in_force.due(now)
        while (left is None or left > 0) and now - begun < SLICE_S and not self._closing.is_set():
            count = self._chunk if left is None else min(self._chunk, left)
            done = min(session.advance(count) for session in self._sessions)
            before, now = now, perf_counter()
            self._fit_chunk((now - before) / _CALL_S[self._sessions[0].path], done)
            left = None if left is None else left - done
            if done < count:
                break
        self._recent.append((now, self._sessions[0].step))
        while self._recent[-1][0] - self._recent[0][0] > _SPEED_WINDOW_S:
            self._recent.popleft()
        return self._sessions[0].step > first

    def _fit_chunk(self, part: float, done: int) -> None:
        """Make more or fewer steps a call, after one that took so many times what it should."""
        if part > 1.25 or (part < 0.8 and done == self._chunk):
            self._chunk = max(1, int(self._chunk / max(part, 0.5)))

    def _finish_if_over(self) -> None:
        session = self._sessions[0]
        reached = self._goal is not None and session.step >= self._goal
        if self._playing and (reached or session.stopped is not None):
            self._stop()
            self._stale = True  # also where no step was made: why it stopped is news
            self.ended.emit(self._run_id)

    def _start(self, goal: int | None) -> None:
        if not self._sessions:
            return
        for session in self._sessions:
            session.go_on()
        self._goal, self._playing = goal, True
        self._playing_since_s = perf_counter()
        self.set_speed(self._speed)

    def _schedule(self) -> None:
        self._waiting = False
        self._timer.start(0 if self._pace_in_force is None else self._pace_in_force.interval_ms)

    def _stop(self) -> None:
        if self._playing_since_s is not None:
            self._seconds += perf_counter() - self._playing_since_s
        self._playing, self._goal, self._playing_since_s = False, None, None
        self._recent.clear()
        self._timer.stop()

    def _publish_soon(self) -> None:
        if self._in_flight:
            self._stale = True
        else:
            self._publish()

    def _publish(self) -> None:
        self._stale = False
        for session in self._sessions:
            self._in_flight = True
            self._published_s = perf_counter()
            seen = self._observer.look(session, self._run_id, self._wants, playing=self._playing)
            self.snapshot_ready.emit(self._timed(seen))

    def _timed(self, snapshot: Snapshot) -> Snapshot:
        seconds, speed = self._seconds, 0.0
        if self._playing_since_s is not None:
            seconds += perf_counter() - self._playing_since_s
        if len(self._recent) > 1:
            (begin_s, begin), (end_s, end) = self._recent[0], self._recent[-1]
            speed = (end - begin) / max(end_s - begin_s, 1e-9)
        return replace(snapshot, seconds=seconds, steps_per_s=speed)

    @contextmanager
    def _border(self) -> Iterator[None]:
        # An exception that left a slot would reach the excepthook alone, and the window would wait for ever.
        try:
            yield
        except Exception as error:
            self._stop()
            self.failed.emit(self._run_id, error)
            if not isinstance(error, BpvizError):
                raise  # a fault of ours, and the excepthook's to report
