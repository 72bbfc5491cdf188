"""Values over the plane of two inputs, and the examples on it, as the window draws them."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF
from PySide6.QtWidgets import QGraphicsItem

from bpviz.training.figure import Figure
from bpviz.training.marks import Image, Points, Scale
from bpviz.training.snapshot import PlanePoints
from bpviz.ui.numbers import short
from bpviz.ui.plots.colors import color_table, indices
from bpviz.ui.plots.frame import Frame
from bpviz.ui.plots.items import ColorImage
from bpviz.ui.plots.layer import Reach
from bpviz.ui.plots.readout import Row
from bpviz.ui.theme import Theme

_DOT_PX: Final = 5
_RING_PX: Final = 13
_BATCH_PX: Final = 9
_FEW: Final = 100  # examples of a batch that are marked; more would mark them all
_NEAR_PX: Final = 10.0  # a click hits the nearest point within so many
_MARGIN_SHARE: Final = 0.05
_OPACITY: Final = 0.75
_CLASSES_OPACITY: Final = 0.45
_LEVELS: Final = 24
"""A map shows this many shades, as contour lines would: a boundary is easier to see than in a smooth ramp."""


class ImageLayer:
    """Draws the image of one figure at a time; see `Layer`."""

    def __init__(self, theme: Theme, frame: Frame) -> None:
        self._image = ColorImage(frame.view, theme)
        self._figure: Figure | None = None
        self._mark: Image | None = None

    def prepare(self, figure: Figure) -> Reach | None:
        """Take in a figure."""
        self._figure, self._mark = figure, next(iter(figure.all(Image)), None)
        if self._mark is None:
            return None
        left, right, bottom, top = self._mark.extent
        return Reach((left, right), (bottom, top), exact_x=True, exact_y=True)

    def draw(self) -> None:
        """Draw the image, in shades that make its contours visible."""
        image = self._mark
        if image is None:
            self._image.clear()
            return
        left, right, bottom, top = image.extent
        places = image.scale.place(image.values)
        if image.scale.kind != "classes":
            places = np.rint(places * _LEVELS / 2) / (_LEVELS / 2)
        self._image.set_opacity(_CLASSES_OPACITY if image.scale.kind == "classes" else _OPACITY)
        self._image.draw(places, image.scale, QRectF(left, bottom, right - left, top - bottom))

    def dress(self) -> None:
        """Take colors from the theme again, at the next drawing."""
        self._image.dress()

    def readout(self, place: tuple[float, float]) -> list[Row]:
        """What stands under the pointer: the place, and the value there."""
        figure, image = self._figure, self._mark
        if figure is None or image is None:
            return []
        left, right, bottom, top = image.extent
        rows, columns = image.values.shape
        column, row = (
            int((place[0] - left) / (right - left) * columns),
            int((place[1] - bottom) / (top - bottom) * rows),
        )
        if not (0 <= row < rows and 0 <= column < columns):
            return []
        value = float(image.values[row, column])
        named = image.scale.kind == "classes" and image.classes
        text = image.classes[int(value)] if named else short(value, 3)
        return [
            ("secondary", figure.x.label, short(place[0], 3)),
            ("secondary", figure.y.label, short(place[1], 3)),
            ("secondary", image.scale.label, text),
        ]

    def leave(self) -> None:
        """The pointer is somewhere else; here for the likeness of layers."""


class PointsLayer:
    """Draws the examples of one figure at a time; see `Layer`."""

    def __init__(self, theme: Theme, frame: Frame) -> None:
        self._theme = theme
        self._dots: Any = pg.ScatterPlotItem(size=_DOT_PX, pxMode=True)
        # The examples stay for a whole run: kept as a picture they cost little beside the map behind them.
        self._dots.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)
        frame.view.addItem(self._dots, ignoreBounds=True)
        self._mark: Points | None = None
        self._rings: Any = pg.ScatterPlotItem(size=_RING_PX, pxMode=True)
        frame.view.addItem(self._rings, ignoreBounds=True)
        self._shown: tuple[PlanePoints, Scale] | None = None
        self._ringed: tuple[PlanePoints, bytes, int | None] | None = None

    def prepare(self, figure: Figure) -> Reach | None:
        """Take in a figure; an image behind its points says how much of the plane is seen."""
        self._mark = next(iter(figure.all(Points)), None)
        if self._mark is None or figure.all(Image):
            return None
        points = self._mark.points
        x, y = ((float(values.min()), float(values.max())) for values in (points.x, points.y))
        return Reach(_with_margin(*x), _with_margin(*y), exact_x=True, exact_y=True)

    def draw(self) -> None:
        """Draw the points; of numbers, their colors follow the scale."""
        mark = self._mark
        if mark is None:
            self._shown = self._ringed = None
            self._dots.clear()
            self._rings.clear()
            return
        if self._shown != (mark.points, mark.scale):
            self._shown = (mark.points, mark.scale)
            self._draw(mark)
        ringed = (mark.points, mark.batch.tobytes(), mark.chosen)
        if self._ringed != ringed:
            self._ringed = ringed
            self._draw_rings(mark)

    def dress(self) -> None:
        """Take colors from the theme again, at the next drawing."""
        self._shown = self._ringed = None

    def row_at(
        self, place: tuple[float, float], pixel: tuple[float, float], near_px: float = _NEAR_PX
    ) -> int | None:
        """Return the point that is nearest to a place, if it is near; ``pixel`` is how much one shows."""
        if self._mark is None:
            return None
        points, batch = self._mark.points, self._mark.batch
        away = np.hypot((points.x - place[0]) / pixel[0], (points.y - place[1]) / pixel[1])
        for rows in (batch, np.arange(len(away))):  # among many, one of the batch is meant
            nearest = int(rows[away[rows].argmin()]) if rows.size else -1
            if nearest >= 0 and away[nearest] <= near_px:
                return nearest
        return None

    def readout(self, place: tuple[float, float]) -> list[Row]:
        """Nothing: the image behind them says what is there."""
        return []

    def leave(self) -> None:
        """The pointer is somewhere else; here for the likeness of layers."""

    def _draw(self, mark: Points) -> None:
        points = mark.points
        if points.classes is not None:
            colors = [self._theme.color(f"class:{k}") for k in range(len(points.classes))]
            brushes = [pg.mkBrush(colors[int(k)]) for k in points.value.tolist()]
        else:
            table = color_table(self._theme, mark.scale)
            shades = table[indices(mark.scale.place(points.value), mark.scale.kind)]
            brushes = [pg.mkBrush(*shade) for shade in shades.tolist()]
        train, test = (
            pg.mkPen(self._theme.color("surface"), width=1),
            pg.mkPen(self._theme.color("text"), width=1),
        )
        pens = [test if is_test else train for is_test in points.test.tolist()]
        self._dots.setData(x=points.x, y=points.y, brush=brushes, pen=pens)

    def _draw_rings(self, mark: Points) -> None:
        """Mark a small batch, and the example that is looked at: on any color."""
        ground = pg.mkPen(self._theme.color("surface"), width=2)
        few = mark.batch.tolist() if len(mark.batch) <= _FEW else []
        looks = [(row, _BATCH_PX, pg.mkPen(self._theme.color("text"), width=1)) for row in few]
        if mark.chosen is not None:
            looks += [
                (mark.chosen, _RING_PX + 3, ground),
                (mark.chosen, _RING_PX, pg.mkPen(self._theme.color("accent"), width=2)),
            ]
        x, y = mark.points.x, mark.points.y
        self._rings.setData(
            [{"pos": (x[row], y[row]), "size": size, "pen": pen, "brush": None} for row, size, pen in looks]
        )


def _with_margin(low: float, high: float) -> tuple[float, float]:
    margin = _MARGIN_SHARE * (high - low) or 1.0
    return low - margin, high + margin
