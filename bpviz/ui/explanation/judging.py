"""Judges what a learner typed beside the window: in a wide network looking for slips takes long."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Event
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from bpviz.training.explain.checking import Verdict, check
from bpviz.training.passes import Pass
from bpviz.training.quantities import Ref

_LOOK_MS: Final = 8  # half a frame
_SAY_AFTER_MS: Final = 150  # a sentence that comes and goes sooner would only flicker


@dataclass(frozen=True, slots=True)
class Case:
    """What is judged.

    Attributes:
        made: The step.
        ref: Which number of it.
        text: What was typed.
        own: What the learner typed for others.
        turned: Whether minus the number is asked for.
    """

    made: Pass
    ref: Ref
    text: str
    own: Mapping[Ref, float] = field(default_factory=dict)
    turned: bool = False


class Judge(QObject):
    """Judges one number at a time, in a thread of its own that is asked to stop when nobody waits any more.

    Signals:
        judged: (Case, Verdict).
        looking: It takes a while.
    """

    judged = Signal(object, object)
    looking = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._case: Case | None = None
        self._stop = Event()
        self._found: Future[Verdict] = Future()
        # What is found is fetched from here, so that the thread never meets an object of Qt.
        self._timer = QTimer(self, interval=_LOOK_MS)
        self._timer.timeout.connect(self._look)
        self._late = QTimer(self, singleShot=True, interval=_SAY_AFTER_MS)
        self._late.timeout.connect(self.looking)

    @property
    def busy(self) -> bool:
        """Whether somebody waits for a verdict."""
        return self._case is not None

    def begin(self, case: Case) -> None:
        """Judge something else than before."""
        self.cancel()
        self._case, self._stop = case, Event()
        pool = ThreadPoolExecutor(1)
        self._found = pool.submit(_judge, case, self._stop)
        pool.shutdown(wait=False)  # its thread ends with the work
        self._timer.start()
        self._late.start()

    def cancel(self) -> None:
        """Nobody waits any more."""
        self._stop.set()
        self._case = None
        self._timer.stop()
        self._late.stop()

    @Slot()
    def _look(self) -> None:
        if self._case is None or not self._found.done():
            return
        case, found = self._case, self._found
        self.cancel()
        self.judged.emit(case, found.result())


def _judge(case: Case, stop: Event) -> Verdict:
    return check(case.made, case.ref, case.text, case.own, turned=case.turned, stop=stop.is_set)
