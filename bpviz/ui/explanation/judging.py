"""Judges what a learner typed beside the window: in a wide network looking for slips takes long."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from bpviz.training.explain.checking import Verdict, check
from bpviz.training.passes import Pass
from bpviz.training.quantities import Ref
from bpviz.ui.background import Background, Tell

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
    """Judges one number at a time, beside the window.

    Signals:
        judged: (Case, Verdict).
        looking: It takes a while.
    """

    judged = Signal(object, object)
    looking = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._case: Case | None = None
        self._background = Background(self)
        self._background.finished.connect(self._on_found)
        self._late = QTimer(self, singleShot=True, interval=_SAY_AFTER_MS)
        self._late.timeout.connect(self.looking)

    @property
    def busy(self) -> bool:
        """Whether somebody waits for a verdict."""
        return self._background.busy

    def begin(self, case: Case) -> None:
        """Judge something else than before."""
        self._case = case
        self._background.start(partial(_judged, case))
        self._late.start()

    def cancel(self) -> None:
        """Nobody waits any more."""
        self._background.cancel()
        self._late.stop()

    def close(self) -> None:
        """End, and wait until it has."""
        self._background.close()
        self._late.stop()

    @Slot(object)
    def _on_found(self, verdict: Verdict) -> None:
        self._late.stop()
        self.judged.emit(self._case, verdict)


def _judged(case: Case, tell: Tell) -> Verdict:
    def stop() -> bool:
        tell(0, 1)  # which does not come back when nobody waits any more
        return False

    return check(case.made, case.ref, case.text, case.own, turned=case.turned, stop=stop)
