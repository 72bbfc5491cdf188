"""Curves over steps: `LineView` draws a `LineFigure`.

Each curve is one pixel wide: its mean, and behind it, paler, the band between the lowest and the
highest value wherever a point stands for more than one step.  Both are joined to the
width in pixels first, so a curve costs the same after ten steps and after ten million.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import groupby
from typing import Final

import numpy as np
from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import QColor, QPen

from bpviz.arrays import Array
from bpviz.palette import mix
from bpviz.training.figure import Line, LineFigure, Mark
from bpviz.ui.numbers import count, short
from bpviz.ui.plots.frame import EndLabel, Frame
from bpviz.ui.plots.items import Stroke
from bpviz.ui.plots.scales import Columns, Range, grown_x, grown_y, log10
from bpviz.ui.theme import Theme

_BAND_SHARE: Final = 0.24
_BEHIND: Final = -1.0
_LABELS_AT_MOST: Final = 8
_MARK_REACH_PX: Final = 4.0
_MARK_TEXT_PX: Final = 220


@dataclass(frozen=True, slots=True, eq=False)
class _Trace:
    """One curve as it meets the screen: joined to columns of pixels, on the axis's coordinate.

    Attributes:
        line: What it shows.
        x: Where its mean is drawn.
        y: The mean; None where only the band is drawn.
        band_x: Where the band is drawn.
        band_y: The lowest and highest value of each column in turn; None where the mean says it all.
    """

    line: Line
    x: Array
    y: Array | None
    band_x: Array
    band_y: Array | None

    @property
    def reach(self) -> tuple[float, float]:
        """Its lowest and highest value; not finite where it has none."""
        drawn = self.y if self.band_y is None else self.band_y
        assert drawn is not None, "a line is drawn as its mean, its band or both"
        return float(np.fmin.reduce(drawn)), float(np.fmax.reduce(drawn))


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
        self._strokes: list[tuple[Stroke, Stroke]] = []
        self._pens: dict[tuple[str, bool, bool], QPen] = {}
        self._columns: Columns | None = None
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
        traces = self._traces([line for line in figure.lines if line.y.size])
        self._set_ranges(traces)
        self._draw(traces)
        self.frame.show_marks(tuple(mark.x for mark in figure.marks))
        self._label_ends([trace.line for trace in traces])

    def dress(self) -> None:
        """Take colors from the theme again."""
        self._pens.clear()
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
        if step is None:
            return []
        return [("secondary", "step", count(step)), *self._marks_near(place[0], self._figure.marks), *rows]

    @Slot()
    def follow(self) -> None:
        """Show everything again after zooming by hand."""
        self.frame.follow()
        self._x_range = self._y_range = None
        if self._figure is not None:
            self.show_figure(self._figure, log=self._log)

    def _marks_near(self, x: float, marks: tuple[Mark, ...]) -> list[tuple[str, str, str]]:
        """What was done to the run about there."""
        low, high = self.frame.x_range
        reach = _MARK_REACH_PX * (high - low) / self.frame.pixel_width
        metrics, elide = self._theme.metrics("caption"), Qt.TextElideMode.ElideRight
        return [
            ("secondary", f"at {count(int(mark.x))}", metrics.elidedText(mark.text, elide, _MARK_TEXT_PX))
            for mark in marks
            if abs(mark.x - x) <= reach
        ]

    def _traces(self, lines: list[Line]) -> list[_Trace]:
        """Join the points of all lines to columns, neighbors over the same steps at once.

        One by one, each step of the arithmetic would cost as much as for all together.
        """
        traces: list[_Trace] = []
        for columns, alike in groupby(lines, key=self._columns_of):
            traces += self._traces_over(columns, list(alike))
        return traces

    def _columns_of(self, line: Line) -> Columns:
        width = self.frame.pixel_width
        if self._columns is None or not self._columns.fit(line.first, line.last, width):
            self._columns = Columns.of(line.first, line.last, width)
        return self._columns

    def _traces_over(self, columns: Columns, lines: list[Line]) -> list[_Trace]:
        values = np.array([(line.low, line.high, line.y) for line in lines])
        # While each point stands for one step the band of single batches is a pale line.
        has_band = (values[:, 0] != values[:, 1]).any(axis=1).tolist()
        if self._log:
            values = log10(values)
        extremes = columns.extremes(values[:, 0], values[:, 1])
        means = columns.means(values[:, 2])
        return [
            _Trace(
                line,
                columns.means_x,
                None if line.band else means[at],
                columns.extremes_x,
                extremes[at] if line.band or has_band[at] else None,
            )
            for at, line in enumerate(lines)
        ]

    def _set_ranges(self, traces: list[_Trace]) -> None:
        if not traces:
            return
        self._x_range = grown_x(self._x_range, max(float(trace.line.last[-1]) for trace in traces))
        lows, highs = zip(*(trace.reach for trace in traces), strict=True)
        low, high = np.fmin.reduce(lows), np.fmax.reduce(highs)
        if math.isfinite(low) and math.isfinite(high):
            self._y_range = grown_y(self._y_range, float(low), float(high), log=self._log)
        self.frame.show_range(self._x_range, self._y_range or (0.0, 1.0))

    def _draw(self, traces: list[_Trace]) -> None:
        while len(self._strokes) < len(traces):
            self._strokes.append((Stroke(self.frame.view, _BEHIND), Stroke(self.frame.view)))
        for (band, mean), trace in zip(self._strokes, traces, strict=False):
            if trace.band_y is None:
                band.clear()
            else:
                band.draw(trace.band_x, trace.band_y, self._pen(trace.line, band=True))
            if trace.y is None:
                mean.clear()
            else:
                mean.draw(trace.x, trace.y, self._pen(trace.line, band=False))
        for band, mean in self._strokes[len(traces) :]:
            band.clear()
            mean.clear()

    def _pen(self, line: Line, *, band: bool) -> QPen:
        key = (line.color, line.dashed, band)
        if key not in self._pens:
            palette = self._theme.palette
            # A band is mixed instead of see-through: a path that doubles back would darken itself.
            pale = mix(palette.surface, palette.color(line.color), _BAND_SHARE)
            pen = QPen(QColor(pale) if band else self._theme.color(line.color), 0)
            pen.setStyle(Qt.PenStyle.DashLine if line.dashed and not band else Qt.PenStyle.SolidLine)
            self._pens[key] = pen
        return self._pens[key]

    def _label_ends(self, lines: list[Line]) -> None:
        labels: list[EndLabel] = []
        named = [line for line in lines if not line.band]
        for line in named if len(named) <= _LABELS_AT_MOST else [named[0], named[-1]]:
            value = float(line.y[-1])
            y = float(log10(line.y[-1:])[0]) if self._log else value
            if math.isfinite(y):
                labels.append((y, short(value, 3), f"ink:{line.color}"))
        self.frame.show_end_labels(labels)
