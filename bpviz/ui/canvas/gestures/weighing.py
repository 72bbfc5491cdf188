"""Dragging a connection's weight up and down."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPointF, Qt

from bpviz.model.spec import Pair, WeightAddress
from bpviz.ui.canvas.gestures.bench import Bench
from bpviz.ui.canvas.gestures.gesture import Motion
from bpviz.ui.canvas.turning import COARSE, STEP

NOTCH_PX: Final = 12.0
"""Of the screen, for what a notch of the wheel adds."""
FINE: Final = 0.1
"""Part of that, with Shift held."""


class Weigh:
    """Tells what another weight would do to the loss while it is dragged, and sets it where it is dropped.

    Upward is more and downward less.
    """

    def __init__(self, bench: Bench, pair: Pair, point: QPointF) -> None:
        """Begin.

        Args:
            bench: Sets the weight.
            pair: Whose it is.
            point: Where the pointer went down.
        """
        self._bench, self._pair = bench, pair
        self._began = self._wanted = bench.value_of(WeightAddress(*pair))
        self._y = point.y()

    def drag(self, motion: Motion) -> None:
        up_px, self._y = (self._y - motion.point.y()) * motion.scale, motion.point.y()
        if self._wanted is None or not up_px:
            return
        fine = motion.keys & Qt.KeyboardModifier.ShiftModifier
        factor = COARSE if motion.free else FINE if fine else 1.0
        self._wanted += up_px / NOTCH_PX * STEP * factor
        self._bench.weigh(self._pair, self._wanted, False)

    def drop(self, motion: Motion) -> None:
        if self._wanted is not None and self._wanted != self._began:
            self._bench.weigh(self._pair, self._wanted, True)

    def cancel(self) -> None:
        self._bench.weigh(self._pair, None, False)
