"""Tables of values as colors: `HeatView` draws a `HeatmapFigure`, `ColorBar` its scale.

Values become whole numbers of a 256-entry color table before they reach the screen: that is
what makes a heatmap of 200 nodes by 512 columns cost about a millisecond.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QRectF, Qt, Slot

from bpviz.training.figure import Axis, HeatmapFigure, RowGroup, Scale
from bpviz.ui.numbers import count, short
from bpviz.ui.plots.colors import color_table, indices
from bpviz.ui.plots.frame import Frame
from bpviz.ui.plots.scales import grown_x
from bpviz.ui.theme import Theme

_ROW_NAME_PX: Final = 13
_NAMES_SHARE: Final = 0.3
_NAMES_APART_PX: Final = 4
_NUMBERS_AT_MOST: Final = 400
_DARK_PLACE: Final = 0.6


def row_ticks(
    rows: Sequence[str], groups: Sequence[RowGroup], height_px: float, *, names_fit: bool = True
) -> tuple[tuple[float, str], ...]:
    """Names beside a heatmap: each row's where there is room, else each group's, else those that fit."""
    if rows and (names_fit or not groups) and height_px / len(rows) >= _ROW_NAME_PX:
        return tuple((k + 0.5, name) for k, name in enumerate(rows))
    ticks: list[tuple[float, str]] = []
    free_from = -1.0
    for group in groups:
        middle = (group.start + group.stop) / 2
        if (middle - free_from) * height_px / max(len(rows), 1) >= _ROW_NAME_PX or not ticks:
            ticks.append((middle, group.label))
            free_from = middle
    return tuple(ticks)


class HeatView(QObject):
    """Draws one `HeatmapFigure` at a time.

    Attributes:
        frame: Its axes and widget.
    """

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.frame = Frame(theme, self)
        self.frame.set_mouse(x=True, y=False)
        self._image: Any = pg.ImageItem()
        self._image.setLevels((0, 255))
        self.frame.view.addItem(self._image, ignoreBounds=True)
        self._separators: list[Any] = []
        self._numbers: list[Any] = []
        self._figure: HeatmapFigure | None = None
        self._table: NDArray[np.uint8] | None = None
        self._table_kind: tuple[str, float] | None = None
        self._x_range: tuple[float, float] | None = None

    def show_figure(self, figure: HeatmapFigure) -> None:
        """Draw a figure."""
        self._figure = figure
        rows, columns = figure.values.shape
        if figure.is_empty:
            return
        left = float(figure.edges[0])
        # All columns stand for equally many steps but the last, which is still being filled.
        right = left + columns * float(figure.edges[1] - figure.edges[0])
        picture = indices(figure.scale.place(figure.values), figure.scale.kind)
        self._image.setImage(picture.T, autoLevels=False, levels=(0, 255), lut=self._colors(figure.scale))
        self._image.setRect(QRectF(left, 0.0, right - left, rows))
        self._set_axes(figure, right)
        self._draw_separators(figure)
        self._draw_numbers(figure)

    def dress(self) -> None:
        """Take colors from the theme again."""
        self._table = None
        self.frame.dress()
        if self._figure is not None:
            self.show_figure(self._figure)

    def readout(self, scene_position: object) -> list[tuple[str, str, str]]:
        """What stands under the pointer: node, step and value."""
        place = self.frame.plane_position(scene_position)
        figure = self._figure
        if place is None or figure is None or figure.is_empty:
            return []
        row = int(place[1])
        column = int(np.searchsorted(figure.edges, place[0], side="right")) - 1
        if not (0 <= row < figure.values.shape[0] and 0 <= column < figure.values.shape[1]):
            return []
        group = next((group.label for group in figure.groups if group.start <= row < group.stop), "")
        name = figure.rows[row]
        value = (figure.scale.kind, figure.scale.label, short(float(figure.values[row, column]), 3))
        where = (
            "secondary",
            "node" if group else figure.y.label,
            name if name.startswith(group) else f"{group} · {name}",
        )
        return [where, ("secondary", *self._column_name(figure, column)), ("secondary", *value[1:])]

    @Slot()
    def follow(self) -> None:
        """Show everything again after zooming by hand."""
        self.frame.follow()
        self._x_range = None
        if self._figure is not None:
            self.show_figure(self._figure)

    @staticmethod
    def _column_name(figure: HeatmapFigure, column: int) -> tuple[str, str]:
        if figure.x.ticks:
            return figure.x.label, figure.x.ticks[column][1]
        first, stop = figure.edges[column], figure.edges[column + 1]
        last = count(int(stop) - 1)
        return "step", last if stop - first <= 1 else f"{count(int(first))}–{last}"

    def _colors(self, scale: Scale) -> NDArray[np.uint8]:
        kind = (scale.kind, scale.limit if scale.kind == "classes" else 0.0)
        if self._table is None or self._table_kind != kind:
            self._table, self._table_kind = color_table(self._theme, scale), kind
        return self._table

    def _set_axes(self, figure: HeatmapFigure, right: float) -> None:
        rows = figure.values.shape[0]
        metrics = self._theme.metrics("caption")
        widest = max(map(metrics.horizontalAdvance, figure.rows), default=0)
        fit = widest <= _NAMES_SHARE * self.frame.widget.width()
        names = row_ticks(figure.rows, figure.groups, self.frame.view.height(), names_fit=fit)
        across = figure.x
        if across.ticks:
            room = int(self.frame.view.width() / max(figure.values.shape[1], 1)) - _NAMES_APART_PX
            elide = Qt.TextElideMode.ElideRight
            ticks = tuple((at, metrics.elidedText(text, elide, room)) for at, text in across.ticks)
            across = replace(across, ticks=ticks)
        self.frame.set_axes(across, Axis(figure.y.label, figure.y.unit, ticks=names))
        if figure.x.ticks:
            self._x_range = (float(figure.edges[0]), right)
        else:
            self._x_range = grown_x(self._x_range, right)
        self.frame.show_range(self._x_range, (0.0, float(rows)), y_downwards=True)

    def _draw_separators(self, figure: HeatmapFigure) -> None:
        borders = [group.start for group in figure.groups if group.start]
        while len(self._separators) < len(borders):
            line = pg.InfiniteLine(angle=0, movable=False)
            self.frame.view.addItem(line, ignoreBounds=True)
            self._separators.append(line)
        pen = pg.mkPen(self._theme.color("surface"), width=1)
        for line, border in zip(self._separators, borders, strict=False):
            line.setPen(pen)
            line.setValue(border)
            line.show()
        for line in self._separators[len(borders) :]:
            line.hide()

    def _draw_numbers(self, figure: HeatmapFigure) -> None:
        wanted = figure.numbers and figure.values.size <= _NUMBERS_AT_MOST
        cells = list(np.ndenumerate(figure.values)) if wanted else []
        while len(self._numbers) < len(cells):
            text = pg.TextItem(anchor=(0.5, 0.5))
            text.setFont(self._theme.font("caption"))
            self.frame.view.addItem(text, ignoreBounds=True)
            self._numbers.append(text)
        places = figure.scale.place(figure.values) if cells else figure.values
        for item, ((row, column), value) in zip(self._numbers, cells, strict=False):
            # On the dark end of the scale the surface's color is what stands out.
            item.setColor(self._theme.color("surface" if abs(places[row, column]) > _DARK_PLACE else "text"))
            item.setText(short(float(value), 3))
            item.setPos(float(figure.edges[column] + figure.edges[column + 1]) / 2, row + 0.5)
            item.show()
        for item in self._numbers[len(cells) :]:
            item.hide()
