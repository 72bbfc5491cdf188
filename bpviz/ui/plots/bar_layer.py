"""Bars, as the window draws them."""

from __future__ import annotations

import numpy as np

from bpviz.training.figure import Figure
from bpviz.training.marks import Bars
from bpviz.ui.numbers import short
from bpviz.ui.plots.frame import Frame
from bpviz.ui.plots.items import Boxes
from bpviz.ui.plots.layer import Reach
from bpviz.ui.plots.readout import Row
from bpviz.ui.plots.scales import log10
from bpviz.ui.theme import Theme


class BarLayer:
    """Draws the bars of one figure at a time; see `Layer`."""

    def __init__(self, theme: Theme, frame: Frame) -> None:
        self._theme, self._frame = theme, frame
        self._boxes: list[Boxes] = []
        self._bars: tuple[Bars, ...] = ()
        self._log = False

    def prepare(self, figure: Figure) -> Reach | None:
        """Take in a figure."""
        self._bars, self._log = figure.all(Bars), figure.y.log
        if not self._bars:
            return None
        edges = np.concatenate([bars.edges for bars in self._bars])
        y = np.concatenate([bars.y for bars in self._bars])
        y = log10(y[y > 0]) if self._log else np.append(y[np.isfinite(y)], 0.0)
        reach = (float(y.min()), float(y.max())) if y.size else (np.nan, np.nan)
        return Reach((float(edges.min()), float(edges.max())), reach, exact_x=True)

    def draw(self) -> None:
        """Draw each bar from 0, on a log axis from the foot."""
        while len(self._boxes) < len(self._bars):
            self._boxes.append(Boxes(self._frame.view))
        foot = self._frame.y_range[0] if self._log else 0.0
        for boxes, bars in zip(self._boxes, self._bars, strict=False):
            heights = np.maximum(log10(bars.y), foot) if self._log else np.nan_to_num(bars.y)
            edge = self._theme.color(bars.color)
            boxes.draw(bars.edges, foot, heights, edge, self._theme.palette.pale(bars.color))
        for boxes in self._boxes[len(self._bars) :]:
            boxes.clear()

    def dress(self) -> None:
        """Take colors from the theme again, at the next drawing; here for the likeness of layers."""

    def readout(self, place: tuple[float, float]) -> list[Row]:
        """The bars at that place of the x axis."""
        rows: list[Row] = []
        for bars in self._bars:
            at = int(np.searchsorted(bars.edges, place[0], side="right")) - 1
            if 0 <= at < bars.y.size:
                span = f"{short(float(bars.edges[at]), 3)} – {short(float(bars.edges[at + 1]), 3)}"
                rows += [("secondary", "from – to", span)] if not rows else []
                rows.append((bars.color, bars.name, short(float(bars.y[at]), 3)))
        return rows

    def leave(self) -> None:
        """The pointer is somewhere else; here for the likeness of layers."""
