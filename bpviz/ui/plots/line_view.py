"""Curves over steps: `LineView` draws a `LineFigure`.

Each curve is one pixel wide: its mean, and behind it, paler, the band between the lowest and the
highest value wherever a point stands for more than one step.  Both are reduced to the
width in pixels first, so a curve costs the same after ten steps and after ten million.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QObject, Qt, Slot

from bpviz.arrays import Array
from bpviz.palette import mix
from bpviz.training.figure import Line, LineFigure
from bpviz.ui.numbers import count, short
from bpviz.ui.plots.frame import Frame
from bpviz.ui.plots.scales import Range, averaged, grown_x, grown_y, log10, reduced, zigzag
from bpviz.ui.theme import Theme

_BAND_SHARE: Final = 0.24
_BEHIND: Final = -1.0
_MARK_OPACITY: Final = 0.8
_LABELS_AT_MOST: Final = 8


class LineView(QObject):
    """Draws one `LineFigure` at a time.

    Attributes:
        frame: Its axes and widget.
    """

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.frame = Frame(theme, self, grid=True)
        self.frame.set_mouse(x=True, y=True)
        self._curves: list[tuple[Any, Any]] = []
        self._marks: list[Any] = []
        self._figure: LineFigure | None = None
        self._log = False
        self._x_range: Range | None = None
        self._y_range: Range | None = None

    def show_figure(self, figure: LineFigure, *, log: bool) -> None:
        """Draw a figure, with its values on a log axis or a linear one."""
        if log != self._log:
            self._log, self._y_range = log, None
        self._figure = figure
        self.frame.set_axes(figure.x, figure.y, log_y=log)
        shown = [line for line in figure.lines if line.y.size]
        self._set_ranges(shown)
        self._draw_curves(shown)
        self._draw_marks(figure)
        self._label_ends(shown)

    def dress(self) -> None:
        """Take colors from the theme again."""
        self.frame.dress()
        if self._figure is not None:
            self.show_figure(self._figure, log=self._log)

    def readout(self, scene_position: object) -> list[tuple[str, str, str]]:
        """What stands under the pointer: (color token, name, value) of each curve, headed by the step."""
        place = self.frame.plane_position(scene_position)
        if place is None or self._figure is None:
            return []
        lines = [line for line in self._figure.lines if line.y.size]
        rows = []
        step = None
        for line in lines:
            at = int(np.clip(np.searchsorted(line.last, round(place[0])), 0, line.y.size - 1))
            step = int(line.last[at]) if step is None else step
            rows.append((line.color, line.name, short(float(line.y[at]), 3)))
        return [("secondary", "step", count(step)), *rows] if step is not None else []

    @Slot()
    def follow(self) -> None:
        """Show everything again after zooming by hand."""
        self.frame.follow()
        self._x_range = self._y_range = None
        if self._figure is not None:
            self.show_figure(self._figure, log=self._log)

    def _coordinate(self, values: Array) -> Array:
        return log10(values) if self._log else values

    def _set_ranges(self, lines: list[Line]) -> None:
        if not lines:
            return
        last = max(float(line.last[-1]) for line in lines)
        lows = np.concatenate([self._coordinate(line.low) for line in lines])
        highs = np.concatenate([self._coordinate(line.high) for line in lines])
        lows, highs = lows[np.isfinite(lows)], highs[np.isfinite(highs)]
        self._x_range = grown_x(self._x_range, last)
        if lows.size and highs.size:
            self._y_range = grown_y(self._y_range, float(lows.min()), float(highs.max()), log=self._log)
        self.frame.show_range(self._x_range, self._y_range or (0.0, 1.0))

    def _draw_curves(self, lines: list[Line]) -> None:
        while len(self._curves) < len(lines):
            band, mean = pg.PlotCurveItem(), pg.PlotCurveItem()
            band.setZValue(_BEHIND)
            for item in (band, mean):
                self.frame.view.addItem(item, ignoreBounds=True)
            self._curves.append((band, mean))
        columns = self.frame.pixel_width
        for (band, mean), line in zip(self._curves, lines, strict=False):
            low, high = self._coordinate(line.low), self._coordinate(line.high)
            x = line.x
            # While each point stands for one step the band of single batches is a pale line.
            if not line.band and np.array_equal(line.low, line.high):
                band.clear()
            else:
                band.setData(
                    *zigzag(*reduced(x, low, high, columns)),
                    connect="finite",
                    pen=self._band_pen(line),
                )
            if line.band:
                mean.clear()
            else:
                y = self._coordinate(line.y)
                mean.setData(*averaged(x, y, columns), connect="finite", pen=self._mean_pen(line))
        for band, mean in self._curves[len(lines) :]:
            band.clear()
            mean.clear()

    def _mean_pen(self, line: Line) -> Any:
        style = Qt.PenStyle.DashLine if line.dashed else Qt.PenStyle.SolidLine
        return pg.mkPen(self._theme.color(line.color), width=1, style=style)

    def _band_pen(self, line: Line) -> Any:
        # Mixed instead of see-through: a path that doubles back would darken itself.
        palette = self._theme.palette
        return pg.mkPen(mix(palette.surface, palette.color(line.color), _BAND_SHARE), width=1)

    def _draw_marks(self, figure: LineFigure) -> None:
        pen = pg.mkPen(self._theme.color("strong_line", _MARK_OPACITY), width=1, style=Qt.PenStyle.DotLine)
        while len(self._marks) < len(figure.marks):
            line = pg.InfiniteLine(angle=90, movable=False)
            self.frame.view.addItem(line, ignoreBounds=True)
            self._marks.append(line)
        for item, mark in zip(self._marks, figure.marks, strict=False):
            item.setPen(pen)
            item.setValue(mark.x)
            item.setToolTip(mark.text)
            item.show()
        for item in self._marks[len(figure.marks) :]:
            item.hide()

    def _label_ends(self, lines: list[Line]) -> None:
        labels = []
        named = [line for line in lines if not line.band]
        for line in named if len(named) <= _LABELS_AT_MOST else [named[0], named[-1]]:
            value = float(line.y[-1])
            y = float(self._coordinate(line.y[-1:])[0])
            if np.isfinite(y):
                labels.append((y, short(value, 3), line.color))
        self.frame.show_end_labels(labels)
