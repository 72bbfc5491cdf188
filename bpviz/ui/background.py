"""One long computation at a time, beside the window: with progress, and it can be ended."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event, Thread
from time import perf_counter
from typing import Final, TypeAlias

from PySide6.QtCore import QObject, Signal, Slot

from bpviz.errors import BpvizError, CancelledError

Tell: TypeAlias = Callable[[int, int], None]
"""Called by a computation now and then with (done, of); raises `CancelledError` when it is to end."""

_TOLD_EVERY_S: Final = 0.05
_REST_S: Final = 0.002
_END_WITHIN_S: Final = 10.0


class Background(QObject):
    """Computes in a thread that lives only as long.  Its signals are emitted in the thread of the window.

    Signals:
        progressed: (done, of).
        finished: (object), what came of it.
        failed: (str), why nothing came of it, as a sentence.
    """

    progressed = Signal(int, int)
    finished = Signal(object)
    failed = Signal(str)

    # From the thread, with the number of the computation: a signal crosses over.
    _told = Signal(int, int, int)
    _ended = Signal(int, object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._number = 0
        self._stop = Event()
        self._thread: Thread | None = None
        self._told.connect(self._on_told)
        self._ended.connect(self._on_ended)

    @property
    def busy(self) -> bool:
        """Whether something is being computed that somebody waits for."""
        return self._thread is not None

    def start(self, compute: Callable[[Tell], object], *, gently: bool = False) -> None:
        """Begin a computation; one under way is ended, and nothing is heard of it any more.

        Args:
            compute: Gets a `Tell`.
            gently: Rest whenever it tells how far it is: nobody waits for it, and the window comes first.
        """
        self.cancel()
        self._stop = stop = Event()
        rest_s = _REST_S if gently else 0.0
        job = (self._number, stop, compute, rest_s)
        self._thread = Thread(target=self._run, args=job, name="beside the window", daemon=True)
        self._thread.start()

    def cancel(self) -> None:
        """End what is under way."""
        self._number += 1
        self._stop.set()
        self._thread = None

    def close(self) -> None:
        """End, and wait until it has."""
        thread = self._thread
        self.cancel()
        if thread is not None:
            thread.join(_END_WITHIN_S)

    def _run(self, number: int, stop: Event, compute: Callable[[Tell], object], rest_s: float) -> None:
        last_s = 0.0

        def tell(done: int, of: int) -> None:
            nonlocal last_s
            if stop.wait(rest_s) if rest_s else stop.is_set():
                raise CancelledError("Stopped.")
            if perf_counter() - last_s >= _TOLD_EVERY_S:
                last_s = perf_counter()
                self._told.emit(number, done, of)

        result: object = None
        error: BpvizError | None = None
        try:
            result = compute(tell)
        except BpvizError as fault:
            error = fault
        finally:  # also after a fault of ours, which is the excepthook's to report
            if not stop.is_set():
                self._ended.emit(number, result, error)

    @Slot(int, int, int)
    def _on_told(self, number: int, done: int, of: int) -> None:
        if number == self._number:
            self.progressed.emit(done, of)

    @Slot(int, object, object)
    def _on_ended(self, number: int, result: object, error: BpvizError | None) -> None:
        if number != self._number:
            return
        self._thread = None
        if error is not None:
            self.failed.emit(str(error))
        elif result is not None:
            self.finished.emit(result)
