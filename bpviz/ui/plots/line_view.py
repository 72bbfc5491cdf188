"""Curves over steps: `LineView` draws a `LineFigure`.

Each curve is one pixel wide: its mean, and behind it, paler, the band between the lowest and the
highest value wherever a point stands for more than one step.  Both are joined to the
width in pixels first, so a curve costs the same after ten steps and after ten million.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import numpy as np
from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import QColor, QPen

from bpviz.training.figure import Line, LineFigure, Mark
from bpviz.ui.numbers import apart, count
from bpviz.ui.plots.behind import Behind, last_step
from bpviz.ui.plots.end_labels import LABEL_GAP_PX, EndLabel, room_for
from bpviz.ui.plots.frame import Frame
from bpviz.ui.plots.here import HereLine
from bpviz.ui.plots.items import Dots, Stroke
from bpviz.ui.plots.readout import Row
from bpviz.ui.plots.scales import Range, grown_x, grown_y, log10
from bpviz.ui.plots.texts import cut
from bpviz.ui.plots.traces import Trace, Traces
from bpviz.ui.theme import Theme

_BEHIND: Final = -1.0
_BEHIND_REACH_PX: Final = 6.0  # a faint curve is told of where the pointer is no farther
_NAMED_AT_MOST: Final = 10
_NAME_PX: Final = 72
_WITH_VALUES_PX: Final = 380  # narrower plots name their curves only; the readout has the values
_WITH_NAMES_PX: Final = 460  # narrower plots name what stands behind under the pointer only
_MARK_REACH_PX: Final = 4.0
_MARK_TEXT_PX: Final = 220
_FOOT_PX: Final = 6.0
_FOOT_SHARE: Final = 0.08  # of a log axis: zeros are drawn so far below the smallest other value
_LEAST_FOOT_DECADES: Final = 0.5
_DIGITS: Final = 3


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
        self.frame.moved.connect(self._redraw)
        self._strokes: list[tuple[Stroke, Stroke, Stroke]] = []
        self._dots = Dots(self.frame.view)
        self._behind = Behind(self.frame.view, theme)
        self._here = HereLine(self.frame, theme)
        self._pens: dict[tuple[str, bool, bool], QPen] = {}
        self._traces = Traces()
        self._figure: LineFigure | None = None
        self._x_range: Range | None = None
        self._y_range: Range | None = None
        self._pointed: int | None = None  # index of the curve nearest to the pointer

    def show_figure(self, figure: LineFigure) -> None:
        """Draw a figure."""
        log = figure.y.log
        if self._figure is None or log != self._figure.y.log:
            self._y_range = None
        self._figure = figure
        traces = self._traces.of(figure.shown, self.frame.pixel_width, log=log)
        self.frame.set_axes(figure.x, figure.y, zero=any(trace.feet is not None for trace in traces))
        self._behind.show(figure.behind, self.frame.pixel_width, log=log)
        self._set_ranges(figure, traces)
        self._draw(traces)
        self._here.show(figure.here)
        self.frame.show_marks(tuple(mark.x for mark in figure.marks))
        self._label_ends()

    def dress(self) -> None:
        """Take colors from the theme again."""
        self._pens.clear()
        self.frame.dress()
        self._behind.dress()
        self._here.dress()
        self._redraw()
        self._label_ends()

    def readout(self, scene_position: object) -> list[Row]:
        """What stands under the pointer: (color token, name, value) of each curve, headed by the step."""
        place = self.frame.plane_position(scene_position)
        if place is None or self._figure is None or self._figure.is_empty:
            self.leave()
            return []
        lines = self._figure.shown
        every = (*lines, *self._figure.behind)
        first = min(int(line.first[0]) for line in every)
        step = min(max(round(place[0]), first), last_step(every))
        self._point_at(lines, step, place[1])
        low, high = self.frame.y_range
        behind = self._behind.near(step, place[1], _BEHIND_REACH_PX * (high - low) / self._height_px)
        lines = self._singled_out(lines) + (() if behind is None else (behind,))
        at = [line.nearest(step) for line in lines]
        spans = [line.span(point) for line, point in zip(lines, at, strict=True)]
        head = next((span for span in spans if span[0] <= step <= span[1]), (step, step))
        self.frame.show_pointer((head[0] + head[1]) / 2)
        # A curve may have no value at this very step: then it says of which step its value is.
        names = [
            line.name if span == head else f"{line.name} at {_steps(span)}"
            for line, span in zip(lines, spans, strict=True)
        ]
        values = apart([float(line.y[point]) for line, point in zip(lines, at, strict=True)], _DIGITS)
        rows = zip([line.color for line in lines], names, values, strict=True)
        title = ("secondary", "step" if head[0] == head[1] else "steps", _steps(head))
        return [title, *self._marks_near(place[0], self._figure.marks), *rows]

    def leave(self) -> None:
        """The pointer is somewhere else."""
        self.frame.show_pointer(None)
        if self._pointed is not None:
            self._pointed = None
            self._label_ends()

    def forget(self) -> None:
        """Choose all ranges anew at the next figure: it is of another run."""
        self._x_range = self._y_range = None
        self.frame.follow()

    @Slot()
    def follow(self) -> None:
        """Show everything again after zooming by hand."""
        self.forget()
        self._redraw()

    @Slot()
    def _redraw(self) -> None:
        if self._figure is not None:
            self.show_figure(self._figure)

    def _marks_near(self, x: float, marks: tuple[Mark, ...]) -> list[Row]:
        """What was done to the run about there."""
        low, high = self.frame.x_range
        reach = _MARK_REACH_PX * (high - low) / self.frame.pixel_width
        metrics = self._theme.metrics("caption")
        return [
            (
                "secondary",
                f"at {count(int(mark.x))}",
                cut(mark.text, metrics, self._theme.scaled(_MARK_TEXT_PX)),
            )
            for mark in marks
            if abs(mark.x - x) <= reach
        ]

    def _set_ranges(self, figure: LineFigure, traces: list[Trace]) -> None:
        if figure.is_empty:
            return
        self._x_range = grown_x(self._x_range, last_step((*figure.shown, *figure.behind)))
        log, behind = figure.y.log, np.array(figure.behind_reach)
        lows, highs = zip(*(trace.reach for trace in traces), log10(behind) if log else behind, strict=True)
        low, high = float(np.fmin.reduce(lows)), float(np.fmax.reduce(highs))
        if math.isfinite(low) and math.isfinite(high):
            if any(trace.feet is not None for trace in traces):
                low -= max(_LEAST_FOOT_DECADES, _FOOT_SHARE * (high - low))
            self._y_range = grown_y(self._y_range, low, high, log=log)
        self.frame.show_range(self._x_range, self._y_range or (0.0, 1.0))

    @property
    def _foot(self) -> float:
        """Where zeros are drawn on a log axis, which has no place for them."""
        return self.frame.y_range[0]

    def _draw(self, traces: list[Trace]) -> None:
        while len(self._strokes) < len(traces):
            view = self.frame.view
            self._strokes.append((Stroke(view, _BEHIND), Stroke(view), Stroke(view)))
        foot, top = self.frame.y_range
        mark = _FOOT_PX * (top - foot) / self._height_px
        dots: list[tuple[float, float, QColor]] = []
        for (band, mean, feet), trace in zip(self._strokes, traces, strict=False):
            pen = self._pen(trace.line, band=False)
            if trace.band_y is None:
                band.clear()
            else:
                # Down to zero is down to the foot.
                reaching = np.maximum(trace.band_y, foot) if trace.feet is not None else trace.band_y
                band.draw(trace.band_x, reaching, self._pen(trace.line, band=True))
            if trace.y is None:
                mean.clear()
            else:
                mean.draw(trace.x, trace.y, pen)
            if trace.feet is None or trace.line.band:
                feet.clear()
            else:
                feet.draw_pairs(np.repeat(trace.feet, 2), np.tile([foot, foot + mark], trace.feet.size), pen)
            color = self._pen(trace.line, band=trace.line.band).color()
            dots += [(x, y, color) for x, y in trace.lonely]
        for strokes in self._strokes[len(traces) :]:
            for stroke in strokes:
                stroke.clear()
        self._dots.draw(dots)

    def _pen(self, line: Line, *, band: bool) -> QPen:
        key = (line.color, line.dashed, band)
        if key not in self._pens:
            # A band is mixed instead of see-through: a path that doubles back would darken itself.
            pale = QColor(self._theme.palette.pale(line.color))
            pen = QPen(pale if band else self._theme.color(line.color), 0)
            pen.setStyle(Qt.PenStyle.DashLine if line.dashed and not band else Qt.PenStyle.SolidLine)
            self._pens[key] = pen
        return self._pens[key]

    # Ends

    def _label_ends(self) -> None:
        if self._figure is None:
            return
        lines = self._figure.shown
        named = {
            line: text for line, text in zip(lines, self._end_texts(lines), strict=True) if not line.band
        }
        stub = bool(self._figure.behind)
        labels = [
            EndLabel(float(line.x[-1]), self._height_of(float(line.y[-1])), named[line], line.color, stub)
            for line in self._singled_out(lines)
            if line in named and not math.isnan(float(line.y[-1]))
        ]
        behind = self._behind.ends(self._labels_fit - len(labels) if self._is_at_least(_WITH_NAMES_PX) else 0)
        led = (self._figure.named or bool(behind)) and len(named) + len(behind) > 2
        room = room_for([*named.values(), *(label.text for label in behind)], self._theme, led=led)
        self.frame.show_end_labels([*labels, *behind], room_px=room)

    def _end_texts(self, lines: Sequence[Line]) -> list[str]:
        """What stands at the ends: values where there is room, and names where no legend has them."""
        values = apart([float(line.y[-1]) for line in lines], _DIGITS)
        if self._figure is None or not self._figure.named:
            return values
        metrics = self._theme.metrics("caption")
        names = [cut(line.name, metrics, self._theme.scaled(_NAME_PX), middle=True) for line in lines]
        if not self._is_at_least(_WITH_VALUES_PX):
            return names
        return [f"{name}  {value}" for name, value in zip(names, values, strict=True)]

    def _height_of(self, value: float) -> float:
        """Where a value is drawn."""
        if self._figure is None or not self._figure.y.log:
            return value
        return max(float(log10(np.array([value]))[0]), self._foot)

    def _is_at_least(self, px: int) -> bool:
        """Whether the plot is so wide, at a text size of 100 %."""
        return bool(self.frame.widget.width() >= self._theme.scaled(px))

    @property
    def _labels_fit(self) -> int:
        """How many labels there is room for, one above the other."""
        return int(self.frame.view.height() / self._theme.scaled(LABEL_GAP_PX))

    @property
    def _height_px(self) -> float:
        return max(float(self.frame.view.height()), 1.0)

    def _singled_out(self, lines: tuple[Line, ...]) -> tuple[Line, ...]:
        """All curves, or of very many the highest, the lowest, and the one under the pointer."""
        if len(lines) <= min(_NAMED_AT_MOST, max(self._labels_fit, 2)):
            return lines
        ends = np.array([float(line.y[-1]) for line in lines])
        chosen = {self._pointed}
        if not np.isnan(ends).all():
            chosen |= {int(np.nanargmax(ends)), int(np.nanargmin(ends))}
        return tuple(line for at, line in enumerate(lines) if at in chosen)

    def _point_at(self, lines: tuple[Line, ...], step: int, y: float) -> None:
        """Note which curve runs nearest to the pointer."""
        heights = [self._height_of(float(line.y[line.nearest(step)])) for line in lines]
        far = np.abs(np.array(heights) - y)
        nearest = None if np.isnan(far).all() else int(np.nanargmin(far))
        if nearest != self._pointed:
            self._pointed = nearest
            self._label_ends()


def _steps(span: tuple[int, int]) -> str:
    first, last = span
    return count(first) if first == last else f"{count(first)}–{count(last)}"
