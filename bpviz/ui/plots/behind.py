"""Faint curves of other runs behind those of the present one; they seldom change, and are drawn only then."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from PySide6.QtGui import QPen

from bpviz.arrays import IntArray
from bpviz.training.marks import Curve, Line
from bpviz.ui.plots.end_labels import EndLabel
from bpviz.ui.plots.items import Stroke
from bpviz.ui.plots.scales import log10
from bpviz.ui.plots.texts import cut
from bpviz.ui.plots.traces import Trace, Traces
from bpviz.ui.theme import Theme

_DEPTH: Final = -0.5  # above bands, below curves
_NAME_PX: Final = 96


class Behind:
    """Draws lines faintly into a view box.

    Attributes:
        lines: Those that are drawn.
    """

    def __init__(self, view: Any, theme: Theme) -> None:
        self._view, self._theme = view, theme
        self._strokes: list[Stroke] = []
        self._traces = Traces()
        self._drawn: list[Trace] = []
        self._key: tuple[object, ...] = ()
        self._kept: tuple[IntArray, ...] = ()
        self._log = False
        self.lines: tuple[Line, ...] = ()
        self._pen = self._new_pen()

    def dress(self) -> None:
        """Take the color from the theme again, at the next drawing."""
        self._pen, self._key = self._new_pen(), ()

    def show(self, lines: tuple[Line, ...], width: int, *, log: bool) -> None:
        """Draw lines; the same ones as before are left as they are.

        Args:
            lines: Each with a point at least.
            width: Of the plotting area, in pixels.
            log: For an axis of logarithms.
        """
        # The steps of a run that has ended are one array in all figures, and tell whether it is the same run;
        # they are kept, so that no other array can take such an address.
        steps = tuple(line.last for line in lines)
        key = (width, log, *map(id, steps))
        self.lines, self._log = lines, log
        if key == self._key:
            return
        self._key, self._kept = key, steps
        self._drawn = self._traces.of(lines, width, log=log)
        while len(self._strokes) < len(lines):
            self._strokes.append(Stroke(self._view, _DEPTH))
        for stroke, trace in zip(self._strokes, self._drawn, strict=False):
            if trace.y is not None:
                stroke.draw(trace.x, trace.y, self._pen)
        for stroke in self._strokes[len(lines) :]:
            stroke.clear()

    def ends(self, most: int) -> list[EndLabel]:
        """Names at the ends, of at most so many lines, those that came last first."""
        chosen = self.lines[max(len(self.lines) - most, 0) :] if most > 0 else ()
        metrics, room = self._theme.metrics("caption"), self._theme.scaled(_NAME_PX)
        heights = [self._height(float(line.y[-1])) for line in chosen]
        return [
            EndLabel(
                float(line.x[-1]), height, cut(line.name, metrics, room, middle=True), line.color, stub=True
            )
            for line, height in zip(chosen, heights, strict=True)
            if np.isfinite(height)
        ]

    def near(self, step: int, y: float, reach: float) -> Line | None:
        """The line that runs by a place, if one is no farther than a reach in the axis's coordinate."""
        found: Line | None = None
        for line in self.lines:
            if line.first[0] <= step <= line.last[-1]:
                far = abs(self._height(float(line.y[line.nearest(step)])) - y)
                if far <= reach:
                    found, reach = line, far
        return found

    def _height(self, value: float) -> float:
        return float(log10(np.array([value]))[0]) if self._log else value

    def _new_pen(self) -> QPen:
        return QPen(self._theme.color("disabled"), 0)


def last_step(lines: Sequence[Curve]) -> int:
    """Where the longest of some lines ends."""
    return max(int(line.last[-1]) for line in lines)
