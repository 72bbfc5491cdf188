"""Moving the picture under a gesture: on at the edges of the pane, and anywhere by the middle button."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QObject, QPointF, QRectF, QTimer, Signal, Slot

EDGE_PX: Final = 28
"""So near to an edge of the pane, the picture moves on."""
TICK_MS: Final = 16
_FASTEST_PX: Final = 24.0  # a tick, at the edge itself twice as far as in the middle of its zone


class Sliding(QObject):
    """Slides the picture while a button is held.

    A gesture that begins near an edge does not slide at once: the pointer has to have been farther in.

    Signals:
        slid: Something else is under the pointer, which did not move.
    """

    slid = Signal()

    def __init__(self, pan_px: Callable[[QPointF], None], parent: QObject | None = None) -> None:
        """Make one.

        Args:
            pan_px: Shows the part of the picture that lies so many pixels further.
            parent: Who owns it.
        """
        super().__init__(parent)
        self._pan_px = pan_px
        self._was_inside = False
        self._grip: QPointF | None = None
        self._step = QPointF()
        self._timer = QTimer(self, interval=TICK_MS)
        self._timer.timeout.connect(self._on_tick)

    @property
    def gripped(self) -> bool:
        """Whether the picture is held by the middle button."""
        return self._grip is not None

    def grip(self, place: QPointF) -> None:
        """The middle button took hold of the picture."""
        self._grip = place
        self._timer.stop()

    def let_go(self) -> None:
        """The middle button went up."""
        self._grip = None

    def follow(self, place: QPointF, room: QRectF) -> None:
        """The pointer of a gesture moved to a place in the pane, whose room this is."""
        if self._grip is not None:
            self._pan_px(self._grip - place)
            self._grip = place
            return
        step = _step(place, room)
        self._was_inside = self._was_inside or step.isNull()
        self._step = step if self._was_inside or not room.contains(place) else QPointF()
        if self._step.isNull():
            self._timer.stop()
        elif not self._timer.isActive():
            self._timer.start()

    @Slot()
    def rest(self) -> None:
        """The gesture is over."""
        self._timer.stop()
        self._grip, self._was_inside = None, False

    @Slot()
    def _on_tick(self) -> None:
        self._pan_px(self._step)
        self.slid.emit()


def _step(place: QPointF, room: QRectF) -> QPointF:
    """How far the picture moves in a tick, with the pointer at a place."""
    return QPointF(_along(place.x(), room.left(), room.right()), _along(place.y(), room.top(), room.bottom()))


def _along(at: float, low: float, high: float) -> float:
    deep = max(at - (high - EDGE_PX), 0.0) - max(low + EDGE_PX - at, 0.0)
    return max(-1.0, min(deep / (2 * EDGE_PX), 1.0)) * _FASTEST_PX
