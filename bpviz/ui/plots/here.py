"""The step that is looked at in the past of a run: a line through a plot, with the step on a flag."""

from __future__ import annotations

from typing import Final

import numpy as np
from PySide6.QtCore import QObject, QRectF, Slot
from PySide6.QtGui import QPen
from PySide6.QtWidgets import QGraphicsRectItem

from bpviz.ui.numbers import count
from bpviz.ui.plots.frame import Frame
from bpviz.ui.plots.items import Label, Stroke
from bpviz.ui.theme import Theme

_PAD_PX: Final = 4.0
_EDGE_PX: Final = 3.0
_EDGE_OPACITY: Final = 0.8


class HereLine(QObject):
    """Draws the line into a frame, whatever part of the plane that shows."""

    def __init__(self, frame: Frame, theme: Theme) -> None:
        super().__init__(frame)
        self._frame, self._theme = frame, theme
        self._step: int | None = None
        self._edge = Stroke(frame.view, z=0.9)  # of the surface's color: it is seen on heatmaps, too
        self._stroke = Stroke(frame.view, z=1.0)
        self._flag = QGraphicsRectItem(frame.view)
        self._flag.setZValue(10.0)
        self._flag.setPen(QPen(theme.color("surface"), 0))
        self._flag.hide()
        self._label = Label(theme, self._flag)
        self.dress()
        frame.view.sigRangeChanged.connect(self._place)
        frame.view.sigResized.connect(self._place)

    @property
    def step(self) -> int | None:
        """Where it is; None where there is none."""
        return self._step

    def show(self, step: int | None) -> None:
        """Draw it at a step; None takes it away."""
        if step != self._step:
            self._step = step
            self._place()

    def dress(self) -> None:
        """Take colors from the theme again."""
        self._pen = QPen(self._theme.color("accent"), 0)
        self._edge_pen = QPen(self._theme.color("surface", _EDGE_OPACITY), _EDGE_PX)
        self._edge_pen.setCosmetic(True)
        self._flag.setBrush(self._theme.color("accent"))
        self._flag.setPen(QPen(self._theme.color("surface"), 0))
        self._label.dress()
        self._place()

    @Slot()
    def _place(self, *_: object) -> None:
        low, high = self._frame.x_range
        inside = self._step is not None and low <= self._step <= high
        self._flag.setVisible(inside)
        if self._step is None or not inside:
            self._stroke.clear()
            self._edge.clear()
            return
        x, y = np.array([self._step, self._step], dtype=float), np.array(self._frame.y_range)
        self._edge.draw_pairs(x, y, self._edge_pen)
        self._stroke.draw_pairs(x, y, self._pen)
        self._label.write(count(self._step), "surface")
        wide, high_px = self._label.width + 2 * _PAD_PX, self._label.height
        width = self._frame.view.width()
        across = (self._step - low) / (high - low) * width
        # Beside the line: right of it, where there is room.
        left = across if across + wide <= width else across - wide
        self._flag.setRect(QRectF(0.0, 0.0, wide, high_px))
        self._flag.setPos(left, 0.0)
        self._label.item.setPos(_PAD_PX, 0.0)
