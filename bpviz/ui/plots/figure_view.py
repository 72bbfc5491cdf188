"""A live plot: `FigureView` draws one `Figure` at a time, whatever marks it has, in layers.

To add a kind of mark, write a layer for it and add it to `LAYERS`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from PySide6.QtCore import QObject, Signal, Slot

from bpviz.training.figure import Figure
from bpviz.training.marks import Band, Bars, Heat, Image, Line, Points, Rule, Space
from bpviz.ui.plots.bar_layer import BarLayer
from bpviz.ui.plots.curve_layer import CurveLayer
from bpviz.ui.plots.frame import Frame
from bpviz.ui.plots.heat_layer import HeatLayer
from bpviz.ui.plots.layer import Layer, Reach
from bpviz.ui.plots.plane_layers import ImageLayer, PointsLayer
from bpviz.ui.plots.readout import Row
from bpviz.ui.plots.rule_layer import RuleLayer
from bpviz.ui.plots.scales import Range, grown_x, grown_y
from bpviz.ui.theme import Theme

LAYERS: Final[dict[type, Callable[[Theme, Frame], Layer]]] = {
    Band: CurveLayer,
    Line: CurveLayer,
    Bars: BarLayer,
    Heat: HeatLayer,
    Image: ImageLayer,
    Points: PointsLayer,
    Rule: RuleLayer,
}


@dataclass(frozen=True, slots=True)
class Manner:
    """How a space is shown.

    Attributes:
        grid: With lines at the numbers of its axes.
        mouse: Whether the mouse moves and zooms along x, and along y.
        square: About as wide as high: a plane drawn out to a strip looks like another function.
        downwards: Row 0 at the top.
    """

    grid: bool = False
    mouse: tuple[bool, bool] = (False, False)
    square: bool = False
    downwards: bool = False


_LEAST_POWER: Final = -300.0
MANNERS: Final[dict[Space, Manner]] = {
    "curves": Manner(grid=True, mouse=(True, True)),
    "table": Manner(mouse=(True, False), downwards=True),
    "plane": Manner(square=True),
}


class FigureView(QObject):
    """Draws figures of one space.

    Signals:
        example_chosen: (int), the user clicked at an example, by its row in the data set.
        rows_changed: There is room for another number of rows.

    Attributes:
        frame: Its axes and widget.
        layers: What draws the marks, by its class; each is made with the first mark that needs it.
        rows: How many rows of a table there is room for.
    """

    example_chosen = Signal(int)
    rows_changed = Signal()

    def __init__(self, theme: Theme, space: Space, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme, self._manner = theme, MANNERS[space]
        self.frame = Frame(theme, self, grid=self._manner.grid)
        self.frame.set_mouse(x=self._manner.mouse[0], y=self._manner.mouse[1])
        if self._manner.square:
            self.frame.keep_square()
        self.frame.moved.connect(self._redraw)
        self.frame.clicked.connect(self._on_clicked)
        self.frame.resized.connect(self._on_resized)
        self.layers: dict[Callable[[Theme, Frame], Layer], Layer] = {}
        self._figure: Figure | None = None
        self._x_range: Range | None = None
        self._y_range: Range | None = None
        self.rows = 0

    def show_figure(self, figure: Figure) -> None:
        """Draw a figure."""
        figure = figure.as_drawn
        if self._figure is not None and figure.y.log != self._figure.y.log:
            self._y_range = None
            self.frame.follow()  # to zoom on numbers is another thing than to zoom on decades
        self._figure = figure
        if figure.is_empty:
            return
        for mark in figure.marks:
            make = LAYERS[type(mark)]
            if make not in self.layers:
                self.layers[make] = make(self._theme, self.frame)
        layers = list(self.layers.values())
        reaches = [reach for reach in (layer.prepare(figure) for layer in layers) if reach is not None]
        axes = next((reach.axes for reach in reaches if reach.axes is not None), (figure.x, figure.y))
        self.frame.set_axes(*axes, zero=any(reach.zero for reach in reaches))
        self._set_ranges(reaches, log=figure.y.log)
        for layer in layers:
            layer.draw()

    def ranges(self, figure: Figure) -> tuple[Range | None, Range | None]:
        """The parts of the axes in sight, in values; None where an axis always shows all.

        Of a figure that nobody zoomed into and that shows a table or a plane, all is in sight.
        """
        if figure.space == "plane" or (figure.space == "table" and self.frame.following):
            return None, None
        y = self.frame.y_range
        if figure.y.log:
            y = 10.0 ** max(y[0], _LEAST_POWER), 10.0 ** min(y[1], -_LEAST_POWER)
        return self.frame.x_range, y if figure.space == "curves" else None

    def dress(self) -> None:
        """Take colors from the theme again."""
        self.frame.dress()
        for layer in self.layers.values():
            layer.dress()
        self._redraw()

    def readout(self, scene_position: object) -> list[Row]:
        """What stands under the pointer: (color token, name, value)."""
        place = self.frame.plane_position(scene_position)
        if place is None or self._figure is None or self._figure.is_empty:
            self.leave()
            return []
        return [row for layer in self.layers.values() for row in layer.readout(place)]

    def leave(self) -> None:
        """The pointer is somewhere else."""
        for layer in self.layers.values():
            layer.leave()

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

    @Slot()
    def _on_resized(self) -> None:
        rows = round(self.frame.view.height()) if self._manner.downwards else 0
        if rows != self.rows:
            self.rows = rows
            self.rows_changed.emit()

    @Slot(object)
    def _on_clicked(self, scene_position: object) -> None:
        place, layer = self.frame.plane_position(scene_position), self.layers.get(PointsLayer)
        row = layer.row_at(place, self.frame.pixel) if place and isinstance(layer, PointsLayer) else None
        if row is not None:
            self.example_chosen.emit(row)

    def _set_ranges(self, reaches: Sequence[Reach], *, log: bool) -> None:
        if not reaches:
            return
        x, y = (_all_of([getattr(reach, side) for reach in reaches]) for side in ("x", "y"))
        exact = all(reach.exact_x for reach in reaches)
        self._x_range = x if exact else grown_x(self._x_range, x[1])
        if all(reach.exact_y for reach in reaches):
            self._y_range = y
        elif math.isfinite(y[0]) and math.isfinite(y[1]):
            self._y_range = grown_y(self._y_range, *y, log=log)
        shown = self._y_range or (0.0, 1.0)
        self.frame.show_range(self._x_range, shown, y_downwards=self._manner.downwards)


def _all_of(ranges: Sequence[Range]) -> Range:
    """From the lowest to the highest; NaN where there is neither."""
    lows, highs = zip(*ranges, strict=True)
    return float(np.fmin.reduce(lows)), float(np.fmax.reduce(highs))
