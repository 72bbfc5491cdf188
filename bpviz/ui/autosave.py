"""Keeps the work of a window by itself: every half minute, beside the window, when there is something new.

The run is asked for its state as for saving, which takes it less than a millisecond; packing and writing are
done by a thread that lives only as long.  What is kept is a seat of `bpviz.files.autosave`.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import Final

from PySide6.QtCore import QEventLoop, QObject, Qt, QTimer, Signal, Slot

from bpviz.errors import FileError
from bpviz.files.autosave import Leftover, Owner, Seat
from bpviz.files.project import Saved
from bpviz.model.spec import Project
from bpviz.training.report import Report
from bpviz.training.timeline import MEGABYTE
from bpviz.ui.document import Document
from bpviz.ui.file_commands import FileCommands
from bpviz.ui.run.controller import TrainingController
from bpviz.ui.saving import saved_now

INTERVAL_S: Final = 30.0
_SHARE: Final = 0.01  # of the time may go into packing; a huge run is kept less often
_LONGEST: Final = 5 / 3  # but not after many more intervals: it is on the disk before a minute is over
_LAST_WITHIN_MS: Final = 3000  # a few seconds after it asked a program to end, the system ends it
_JOIN_S: Final = 10.0
_MOMENTS_BYTES: Final = MEGABYTE  # of the run's past: quick to write


@dataclass(frozen=True, slots=True, eq=False)
class _Moment:
    """What tells whether anything has changed."""

    project: Project
    run: int
    step: int
    events: tuple[tuple[int, str], ...]
    values: int
    owner: Owner

    def same_as(self, other: _Moment | None) -> bool:
        # An edit replaces the project; to compare what is in it could take long.
        return other is not None and self.project is other.project and self._rest == other._rest

    @property
    def _rest(self) -> tuple[object, ...]:
        return self.run, self.step, self.events, self.values, self.owner


class _Writing(Thread):
    """Packs and writes, in a thread of its own.

    Attributes:
        seat: Where to; made here if there is none yet.
        leftover: What is kept now; None if it failed.
        error: Why it failed.
        took_s: Time of the processor that it took.
    """

    def __init__(
        self, folder: Path, seat: Seat | None, saved: Saved, owner: Owner, at: float, done: Callable[[], None]
    ) -> None:
        super().__init__(name="autosave", daemon=True)
        self._folder, self._saved, self._owner, self._at, self._done = folder, saved, owner, at, done
        self.seat = seat
        self.leftover: Leftover | None = None
        self.error: FileError | None = None
        self.took_s = 0.0

    def run(self) -> None:
        begin_s = time.thread_time()
        try:
            self.seat = self.seat or Seat.make(self._folder)
            self.leftover = self.seat.keep(self._saved, self._owner, self._at)
        except FileError as error:
            self.error = error
        finally:  # also after a fault of ours, which goes on to the hook of threads
            self.took_s = time.thread_time() - begin_s
            self._done()


class Autosave(QObject):
    """Keeps one window's work as long as it differs from what its file holds.

    Signals:
        kept: (Leftover), the work as it stood a moment ago is safe.
        failed: (str), a sentence: work can't be kept; said once, until it can again.

    Args:
        document: Whose work.
        controller: Its run.
        files: Knows the file it belongs to.
        folder: Where to.
        interval_s: Between two looks at what has changed.
    """

    kept = Signal(object)
    failed = Signal(str)

    _written = Signal()
    _settled = Signal()

    def __init__(
        self,
        document: Document,
        controller: TrainingController,
        files: FileCommands,
        folder: Path,
        *,
        interval_s: float = INTERVAL_S,
    ) -> None:
        super().__init__(files)
        self._document, self._controller, self._files = document, controller, files
        self._folder, self._interval_s = folder, interval_s
        self._seat: Seat | None = None
        self._moment: _Moment | None = None  # that is kept
        self._writing: _Writing | None = None
        self._dropped = False  # what is being written is of no use any more
        self._asked = self._ended = self._told = False
        self._values = 0  # set by hand, which no step need follow
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self.look)
        self._written.connect(self._on_written, Qt.ConnectionType.QueuedConnection)
        document.opened.connect(self._drop)  # the user was asked about what was shown so far
        document.title_changed.connect(self._on_title_changed)
        document.values_set.connect(self._on_value_set)
        self._wait(interval_s)

    @property
    def busy(self) -> bool:
        """Whether work is just being kept."""
        return self._asked or self._writing is not None

    def adopt(self, seat: Seat) -> None:
        """Go on in the seat from which this window's work came, so that it is never without one."""
        self._drop()
        self._seat = seat

    @Slot()
    def look(self) -> None:
        """Keep the work now, if there is any that is not kept."""
        if self._ended or self.busy:
            return
        moment, at = self._now(), time.time()
        if not self._document.differs or moment.same_as(self._moment):
            self._wait(self._interval_s)
            return
        self._asked, self._dropped = True, False
        self._controller.ask(
            frozenset(), lambda report: self._on_report(moment, at, report), room_bytes=_MOMENTS_BYTES
        )

    def end(self, *, keep: bool) -> None:
        """Stop, with the window.

        Args:
            keep: Leave the work to the next start, since nobody was asked about it.
        """
        if self._ended:
            return
        if keep:
            self._keep_last()
        if self._writing is not None:
            self._writing.join(_JOIN_S)
            if not self._writing.is_alive():  # else the disk hangs; the thread ends with the program
                self._on_written()
        self._ended = True
        self._timer.stop()
        if self._seat is not None:
            if keep:
                self._seat.leave()
            else:
                self._seat.clear()
            self._seat = None

    def _keep_last(self) -> None:
        """Keep what came since the last time, if run and disk are quick enough."""
        self.look()
        if self.busy:
            loop = QEventLoop()
            self._settled.connect(loop.quit)
            QTimer.singleShot(_LAST_WITHIN_MS, loop, loop.quit)
            loop.exec()

    def _now(self) -> _Moment:
        latest, document = self._controller.latest, self._document
        step, events = (0, ()) if latest is None else (latest.last_step, latest.events)
        return _Moment(document.present, document.run, step, events, self._values, self._files.owner)

    def _on_report(self, moment: _Moment, at: float, report: Report | None) -> None:
        self._asked = False
        lacking = report is None and self._controller.latest is not None  # the run could not answer
        if self._ended or self._dropped or lacking:
            self._wait(self._interval_s)
            return
        self._moment = moment
        saved, owner = saved_now(self._document, report), self._files.owner
        self._writing = _Writing(self._folder, self._seat, saved, owner, at, self._written.emit)
        self._writing.start()

    @Slot()
    def _on_written(self) -> None:
        writing = self._writing
        if writing is None or self._ended:
            return
        writing.join()
        self._writing = None
        if self._dropped:
            if writing.seat is not None:
                writing.seat.clear()
        else:
            self._seat = writing.seat
            self._tell(writing)
        pause_s = max(self._interval_s, writing.took_s / _SHARE)
        self._wait(min(pause_s, _LONGEST * self._interval_s))

    def _tell(self, writing: _Writing) -> None:
        """Say that work is kept; that it can't be is said once."""
        if writing.leftover is not None:
            self._told = False
            self.kept.emit(writing.leftover)
            return
        self._moment = None
        if not self._told:
            self._told = True
            cause = writing.error.__cause__ if writing.error is not None else None
            reason = f" ({cause.strerror.lower()})" if isinstance(cause, OSError) and cause.strerror else ""
            self.failed.emit(f"Unsaved work can't be kept by itself{reason}; save it now and then.")

    def _wait(self, seconds: float) -> None:
        """Look again after a while."""
        if not self._ended:
            self._timer.start(int(1000 * seconds))
        self._settled.emit()

    @Slot()
    def _drop(self) -> None:
        """Throw away what is kept, and what is being written once that is over."""
        self._moment, self._dropped = None, True
        if self._writing is None and self._seat is not None:
            self._seat.clear()
        self._seat = None

    @Slot()
    def _on_title_changed(self) -> None:
        if not self._document.differs:
            self._drop()

    @Slot()
    def _on_value_set(self) -> None:
        self._values += 1
