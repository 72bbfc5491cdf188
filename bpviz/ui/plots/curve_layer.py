"""Lines and bands over steps, as the window draws them.

Each curve is one pixel wide: its mean, and behind it, paler, the band between the lowest and the
highest value wherever a point stands for more than one step.  Both are joined to the
width in pixels first, so a curve costs the same after ten steps and after ten million.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPen

from bpviz.training.figure import Figure
from bpviz.training.marks import Band, Curve, Line, Rule
from bpviz.ui.numbers import apart, count
from bpviz.ui.plots.behind import Behind, last_step
from bpviz.ui.plots.end_labels import LABEL_GAP_PX, EndLabel, room_for
from bpviz.ui.plots.frame import Frame
from bpviz.ui.plots.items import Dots, Stroke
from bpviz.ui.plots.layer import Reach
from bpviz.ui.plots.readout import Row
from bpviz.ui.plots.scales import log10
from bpviz.ui.plots.texts import cut
from bpviz.ui.plots.traces import Trace, Traces
from bpviz.ui.theme import Theme

_BEHIND: Final = -1.0
_BEHIND_REACH_PX: Final = 6.0  # a faint curve is told of where the pointer is no farther
_NAMED_AT_MOST: Final = 10
_NAME_PX: Final = 72
_WITH_VALUES_PX: Final = 380  # narrower plots name their curves only; the readout has the values
_WITH_NAMES_PX: Final = 460  # narrower plots name what stands behind under the pointer only
_RULE_REACH_PX: Final = 4.0
_RULE_TEXT_PX: Final = 220
_FOOT_PX: Final = 6.0
_FOOT_SHARE: Final = 0.08  # of a log axis: zeros are drawn so far below the smallest other value
_LEAST_FOOT_DECADES: Final = 0.5
_DIGITS: Final = 3


class CurveLayer:
    """Draws the lines and bands of one figure at a time; see `Layer`."""

    def __init__(self, theme: Theme, frame: Frame) -> None:
        self._theme, self._frame = theme, frame
        self._strokes: list[tuple[Stroke, Stroke, Stroke]] = []
        self._dots = Dots(frame.view)
        self._behind = Behind(frame.view, theme)
        self._pens: dict[tuple[str, bool, bool], QPen] = {}
        self._traces = Traces()
        self._drawn: list[Trace] = []
        self._figure: Figure | None = None
        self._curves: tuple[Line | Band, ...] = ()
        self._pointed: int | None = None  # index of the curve nearest to the pointer

    def prepare(self, figure: Figure) -> Reach | None:
        """Join the points of all curves to columns of pixels."""
        self._figure, self._curves = figure, figure.curves
        log, width, behind = figure.y.log, self._frame.pixel_width, figure.behind
        self._drawn = self._traces.of(self._curves, width, log=log)
        self._behind.show(behind, width, log=log)
        if not self._curves and not behind:
            return None
        reach = np.array(figure.behind_reach)
        ends = (*(trace.reach for trace in self._drawn), log10(reach) if log else reach)
        lows, highs = zip(*ends, strict=True)
        low, high = float(np.fmin.reduce(lows)), float(np.fmax.reduce(highs))
        zero = any(trace.feet is not None for trace in self._drawn)
        if zero and math.isfinite(low) and math.isfinite(high):
            low -= max(_LEAST_FOOT_DECADES, _FOOT_SHARE * (high - low))
        return Reach((0.0, float(last_step((*self._curves, *behind)))), (low, high), zero=zero)

    def draw(self) -> None:
        """Draw what was prepared, into the ranges that the frame shows."""
        while len(self._strokes) < len(self._drawn):
            view = self._frame.view
            self._strokes.append((Stroke(view, _BEHIND), Stroke(view), Stroke(view)))
        foot, top = self._frame.y_range
        mark = _FOOT_PX * (top - foot) / self._height_px
        dots: list[tuple[float, float, QColor]] = []
        for strokes, trace in zip(self._strokes, self._drawn, strict=False):
            dots += self._draw_one(strokes, trace, foot, mark)
        for strokes in self._strokes[len(self._drawn) :]:
            for stroke in strokes:
                stroke.clear()
        self._dots.draw(dots)
        self._label_ends()

    def _draw_one(
        self, strokes: tuple[Stroke, Stroke, Stroke], trace: Trace, foot: float, mark: float
    ) -> list[tuple[float, float, QColor]]:
        """Draw one curve; returns its points that no stroke leads to."""
        band, mean, feet = strokes
        pen, alone = self._pen(trace.line, band=False), isinstance(trace.line, Band)
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
        if trace.feet is None or alone:
            feet.clear()
        else:
            feet.draw_pairs(np.repeat(trace.feet, 2), np.tile([foot, foot + mark], trace.feet.size), pen)
        color = self._pen(trace.line, band=alone).color()
        return [(x, y, color) for x, y in trace.lonely]

    def dress(self) -> None:
        """Take colors from the theme again, at the next drawing."""
        self._pens.clear()
        self._behind.dress()

    def readout(self, place: tuple[float, float]) -> list[Row]:
        """What stands under the pointer: (color token, name, value) of each curve, headed by the step."""
        figure, lines = self._figure, self._curves
        if figure is None or not (lines or figure.behind):
            return []
        every = (*lines, *figure.behind)
        first = min(int(line.first[0]) for line in every)
        step = min(max(round(place[0]), first), last_step(every))
        self._point_at(lines, step, place[1])
        low, high = self._frame.y_range
        behind = self._behind.near(step, place[1], _BEHIND_REACH_PX * (high - low) / self._height_px)
        shown: tuple[Curve, ...] = self._singled_out(lines) + (() if behind is None else (behind,))
        at = [line.nearest(step) for line in shown]
        spans = [line.span(point) for line, point in zip(shown, at, strict=True)]
        head = next((span for span in spans if span[0] <= step <= span[1]), (step, step))
        self._frame.show_pointer((head[0] + head[1]) / 2)
        # A curve may have no value at this very step: then it says of which step its value is.
        names = [
            line.name if span == head else f"{line.name} at {_steps(span)}"
            for line, span in zip(shown, spans, strict=True)
        ]
        values = apart([float(line.y[point]) for line, point in zip(shown, at, strict=True)], _DIGITS)
        rows = zip([line.color for line in shown], names, values, strict=True)
        title = ("secondary", "step" if head[0] == head[1] else "steps", _steps(head))
        return [title, *self._rules_near(place[0], figure.rules), *rows]

    def leave(self) -> None:
        """The pointer is somewhere else."""
        self._frame.show_pointer(None)
        if self._pointed is not None:
            self._pointed = None
            self._label_ends()

    def _rules_near(self, x: float, rules: tuple[Rule, ...]) -> list[Row]:
        """What was done to the run about there."""
        low, high = self._frame.x_range
        reach = _RULE_REACH_PX * (high - low) / self._frame.pixel_width
        metrics, room = self._theme.metrics("caption"), self._theme.scaled(_RULE_TEXT_PX)
        return [
            ("secondary", f"at {count(int(rule.x))}", cut(rule.text, metrics, room))
            for rule in rules
            if abs(rule.x - x) <= reach
        ]

    @property
    def _foot(self) -> float:
        """Where zeros are drawn on a log axis, which has no place for them."""
        return self._frame.y_range[0]

    def _pen(self, line: Line | Band, *, band: bool) -> QPen:
        dashed = isinstance(line, Line) and line.dashed and not band
        key = (line.color, dashed, band)
        if key not in self._pens:
            # A band is mixed instead of see-through: a path that doubles back would darken itself.
            pale = QColor(self._theme.palette.pale(line.color))
            pen = QPen(pale if band else self._theme.color(line.color), 0)
            pen.setStyle(Qt.PenStyle.DashLine if dashed else Qt.PenStyle.SolidLine)
            self._pens[key] = pen
        return self._pens[key]

    # Ends

    def _label_ends(self) -> None:
        if self._figure is None:
            return
        lines = self._curves
        texts = zip(lines, self._end_texts(lines), strict=True)
        named: dict[Curve, str] = {line: text for line, text in texts if isinstance(line, Line)}
        stub = bool(self._figure.behind)
        labels = [
            EndLabel(float(line.x[-1]), self._height_of(float(line.y[-1])), named[line], line.color, stub)
            for line in self._singled_out(lines)
            if line in named and not math.isnan(float(line.y[-1]))
        ]
        behind = self._behind.ends(self._labels_fit - len(labels) if self._is_at_least(_WITH_NAMES_PX) else 0)
        led = (self._figure.named or bool(behind)) and len(named) + len(behind) > 2
        room = room_for([*named.values(), *(label.text for label in behind)], self._theme, led=led)
        self._frame.show_end_labels([*labels, *behind], room_px=room)

    def _end_texts(self, lines: Sequence[Curve]) -> list[str]:
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
        return bool(self._frame.widget.width() >= self._theme.scaled(px))

    @property
    def _labels_fit(self) -> int:
        """How many labels there is room for, one above the other."""
        return int(self._frame.view.height() / self._theme.scaled(LABEL_GAP_PX))

    @property
    def _height_px(self) -> float:
        return max(float(self._frame.view.height()), 1.0)

    def _singled_out(self, lines: tuple[Curve, ...]) -> tuple[Curve, ...]:
        """All curves, or of very many the highest, the lowest, and the one under the pointer."""
        if len(lines) <= min(_NAMED_AT_MOST, max(self._labels_fit, 2)):
            return lines
        ends = np.array([float(line.y[-1]) for line in lines])
        chosen = {self._pointed}
        if not np.isnan(ends).all():
            chosen |= {int(np.nanargmax(ends)), int(np.nanargmin(ends))}
        return tuple(line for at, line in enumerate(lines) if at in chosen)

    def _point_at(self, lines: tuple[Curve, ...], step: int, y: float) -> None:
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
