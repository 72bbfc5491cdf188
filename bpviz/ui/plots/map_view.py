"""A value over the plane of two inputs, with the examples on it: `MapView` draws a `MapFigure`."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QObject, QRectF, Slot
from PySide6.QtWidgets import QGraphicsItem

from bpviz.training.figure import MapFigure, Scale
from bpviz.training.snapshot import PlanePoints
from bpviz.ui.numbers import short
from bpviz.ui.plots.colors import color_table, indices
from bpviz.ui.plots.frame import Frame
from bpviz.ui.plots.items import ColorImage
from bpviz.ui.plots.readout import Row
from bpviz.ui.theme import Theme

_DOT_PX: Final = 5
_OPACITY: Final = 0.75
_CLASSES_OPACITY: Final = 0.45
_LEVELS: Final = 24
"""A map shows this many shades, as contour lines would: a boundary is easier to see than in a smooth ramp."""


class MapView(QObject):
    """Draws one `MapFigure` at a time.

    Attributes:
        frame: Its axes and widget.
    """

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.frame = Frame(theme, self)
        self.frame.set_mouse(x=False, y=False)
        self.frame.keep_square()  # a plane drawn out to a strip looks like another function
        self._image = ColorImage(self.frame.view, theme)
        self._dots: Any = pg.ScatterPlotItem(size=_DOT_PX, pxMode=True)
        # The examples stay for a whole run: kept as a picture they cost little beside the map behind them.
        self._dots.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)
        self.frame.view.addItem(self._dots, ignoreBounds=True)
        self._figure: MapFigure | None = None
        self._shown_points: tuple[PlanePoints | None, Scale] | None = None

    def show_figure(self, figure: MapFigure) -> None:
        """Draw a figure."""
        self._figure = figure
        if figure.is_empty:
            return
        left, right, bottom, top = figure.extent
        places = figure.scale.place(figure.values)
        if figure.scale.kind != "classes":
            places = np.rint(places * _LEVELS / 2) / (_LEVELS / 2)
        self._image.set_opacity(_CLASSES_OPACITY if figure.scale.kind == "classes" else _OPACITY)
        self._image.draw(places, figure.scale, QRectF(left, bottom, right - left, top - bottom))
        self.frame.set_axes(figure.x, figure.y)
        self.frame.show_range((left, right), (bottom, top))
        # Of numbers, the colors of the examples follow the scale.
        if self._shown_points is None or self._shown_points != (figure.points, figure.scale):
            self._shown_points = (figure.points, figure.scale)
            self._draw_points(figure)

    def dress(self) -> None:
        """Take colors from the theme again."""
        self._shown_points = None
        self._image.dress()
        self.frame.dress()
        if self._figure is not None:
            self.show_figure(self._figure)

    def readout(self, scene_position: object) -> list[Row]:
        """What stands under the pointer: the place, and the output there."""
        place = self.frame.plane_position(scene_position)
        figure = self._figure
        if place is None or figure is None or figure.is_empty:
            return []
        left, right, bottom, top = figure.extent
        rows, columns = figure.values.shape
        column, row = (
            int((place[0] - left) / (right - left) * columns),
            int((place[1] - bottom) / (top - bottom) * rows),
        )
        if not (0 <= row < rows and 0 <= column < columns):
            return []
        value = float(figure.values[row, column])
        classes = figure.points.classes if figure.points else None
        text = classes[int(value)] if figure.scale.kind == "classes" and classes else short(value, 3)
        return [
            ("secondary", figure.x.label, short(place[0], 3)),
            ("secondary", figure.y.label, short(place[1], 3)),
            ("secondary", figure.scale.label, text),
        ]

    def leave(self) -> None:
        """The pointer is somewhere else; here for the likeness of the views."""

    def forget(self) -> None:
        """A map keeps no range; here for the likeness of the views."""

    @Slot()
    def follow(self) -> None:
        """A map always shows everything; here for the likeness of the views."""

    def _draw_points(self, figure: MapFigure) -> None:
        points = figure.points
        if points is None:
            self._dots.clear()
            return
        if points.classes is not None:
            colors = [self._theme.color(f"class:{k}") for k in range(len(points.classes))]
            brushes = [pg.mkBrush(colors[int(k)]) for k in points.value.tolist()]
        else:
            table = color_table(self._theme, figure.scale)
            shades = table[indices(figure.scale.place(points.value), figure.scale.kind)]
            brushes = [pg.mkBrush(*shade) for shade in shades.tolist()]
        train, test = (
            pg.mkPen(self._theme.color("surface"), width=1),
            pg.mkPen(self._theme.color("text"), width=1),
        )
        pens = [test if is_test else train for is_test in points.test.tolist()]
        self._dots.setData(x=points.x, y=points.y, brush=brushes, pen=pens)
