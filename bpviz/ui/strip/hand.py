"""A hand that winds a run: on its way it only glances, where it rests or leaves it wants the exact step."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal, Slot

FRAME_MS: Final = 16
"""At most one glance in so long a time."""
REST_MS: Final = 150
"""A hand that has not moved for so long rests."""
_PATIENCE_MS: Final = 1500  # then what is shown counts, and no longer what was wanted


class Hand(QObject):
    """Where a hand wants a run to be, from taking hold of it until the run is there.

    Steps are emitted as objects, because Qt's whole numbers have 32 bits.

    Signals:
        glanced: (int) on the way.
        sought: (int) exactly there.
        end_wanted: The step is the last one: where the run goes on.
        changed: `wanted` differs.

    Attributes:
        wanted: The step; None once the run is there.
        holding: Whether the hand has not let go.
        end: The last step there is.
    """

    glanced = Signal(object)
    sought = Signal(object)
    end_wanted = Signal()
    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.wanted: int | None = None
        self.holding = False
        self.end = 0
        self._asked: int | None = None  # the exact step that was asked for last
        self._pending = False
        self._frame = QTimer(self, singleShot=True, interval=FRAME_MS)
        self._frame.timeout.connect(self._on_frame)
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self._ask)
        self._patience = QTimer(self, singleShot=True, interval=_PATIENCE_MS)
        self._patience.timeout.connect(self.forget)

    def take(self) -> None:
        """Take hold."""
        self.holding, self._asked = True, None
        self._patience.stop()

    def move(self, step: int) -> None:
        """Be on the way, at a step."""
        if step == self.wanted:
            return
        self.wanted, self._asked, self._pending = step, None, True
        self._rest.start()
        self._patience.stop()
        if not self._frame.isActive():
            self._on_frame()
        self.changed.emit()

    def drop(self, step: int | None = None) -> None:
        """Let go, at a step or where it is."""
        self.holding = False
        if step is not None:
            self.wanted, self._asked = step, None
        self._frame.stop()
        self._pending = False
        self._ask()
        self.changed.emit()

    def follow(self, step: int, *, exact: bool, at_end: bool) -> None:
        """The run stands at a step now; if it is the one that was wanted, nothing is wanted any more."""
        arrived = (
            at_end if self.wanted is not None and self.wanted >= self.end else step == self.wanted and exact
        )
        if arrived and not self.holding and not self._rest.isActive():
            self.forget()

    @Slot()
    def forget(self) -> None:
        """Want nothing."""
        for timer in (self._frame, self._rest, self._patience):
            timer.stop()
        self.holding = self._pending = False
        self._asked = None
        if self.wanted is not None:
            self.wanted = None
            self.changed.emit()

    @Slot()
    def _on_frame(self) -> None:
        if self._pending and self.wanted is not None:
            self._pending = False
            self._frame.start()
            self.glanced.emit(self.wanted)

    @Slot()
    def _ask(self) -> None:
        """Want the exact step, once."""
        self._rest.stop()
        if not self.holding:
            self._patience.start()
        if self.wanted is None or self.wanted == self._asked:
            return
        self._asked = self.wanted
        if self.wanted >= self.end:
            self.end_wanted.emit()
        else:
            self.sought.emit(self.wanted)
