"""Tables of values as colors: `HeatView` draws a `HeatmapFigure`, `ColorBar` its scale.

Values become whole numbers of a 256-entry color table before they reach the screen: that is
what makes a heatmap of 200 nodes by 512 columns cost about a millisecond.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np
from PySide6.QtCore import QObject, QRectF, Slot
from PySide6.QtGui import QPen, QTransform
from PySide6.QtWidgets import QGraphicsItem

from bpviz.arrays import Array
from bpviz.training.figure import Axis, HeatmapFigure, RowGroup
from bpviz.ui.numbers import count, short
from bpviz.ui.plots.frame import Frame
from bpviz.ui.plots.here import HereLine
from bpviz.ui.plots.items import ColorImage, Label, Stroke
from bpviz.ui.plots.names import LINE_PX, are_turned, side_by_side, thinned
from bpviz.ui.plots.readout import Row
from bpviz.ui.plots.scales import Tick, grown_x, joined_rows
from bpviz.ui.plots.texts import cut
from bpviz.ui.texts import name_text
from bpviz.ui.theme import Theme, scaled

_NAMES_SHARE: Final = 0.3
_TURNED_SHARE: Final = 0.33
_NUMBERS_AT_MOST: Final = 400
_DARK_PLACE: Final = 0.6


def row_ticks(
    rows: Sequence[str], groups: Sequence[RowGroup], height_px: float, *, names_fit: bool = True
) -> tuple[Tick, ...]:
    """Names beside a heatmap: each row's where there is room, else each group's, else those that fit."""
    singly = tuple((k + 0.5, name) for k, name in enumerate(rows))
    row_px = height_px / max(len(rows), 1)
    if not groups:
        return tuple(thinned(singly, row_px))
    if names_fit and row_px >= scaled(LINE_PX):
        return singly
    ticks: list[Tick] = []
    free_from = -1.0
    for group in groups:
        middle = (group.start + group.stop) / 2
        if (middle - free_from) * row_px >= scaled(LINE_PX) or not ticks:
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
        self._image = ColorImage(self.frame.view, theme)
        self._separators = Stroke(self.frame.view)
        self._separator_pen = QPen(theme.color("surface"), 0)
        self._numbers: list[Label] = []
        self._here = HereLine(self.frame, theme)
        self._rows: tuple[str, ...] = ()
        self._widest_name = 0
        self._across = Axis("")
        self._figure: HeatmapFigure | None = None
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
        # More nodes than pixels: what is far from 0 must not hide between others.
        seen = joined_rows(figure.values, round(self.frame.view.height()))
        places = figure.scale.place(seen)
        self._image.draw(places, figure.scale, QRectF(left, 0.0, right - left, rows))
        self._set_axes(figure, right)
        borders = np.array([group.start for group in figure.groups if group.start], dtype=float)
        across = np.tile([left, right], borders.size)
        self._separators.draw_pairs(across, np.repeat(borders, 2), self._separator_pen)
        self._draw_numbers(figure, places)
        self._here.show(figure.here)

    def dress(self) -> None:
        """Take colors from the theme again."""
        self._image.dress()
        self._separator_pen = QPen(self._theme.color("surface"), 0)
        for label in self._numbers:
            label.dress()
        self.frame.dress()
        self._here.dress()
        if self._figure is not None:
            self.show_figure(self._figure)

    def readout(self, scene_position: object) -> list[Row]:
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

    def leave(self) -> None:
        """The pointer is somewhere else; here for the likeness of the views."""

    def forget(self) -> None:
        """Choose the range anew at the next figure: it is of another run."""
        self._x_range = None
        self.frame.follow()

    @Slot()
    def follow(self) -> None:
        """Show everything again after zooming by hand."""
        self.forget()
        if self._figure is not None:
            self.show_figure(self._figure)

    @staticmethod
    def _column_name(figure: HeatmapFigure, column: int) -> tuple[str, str]:
        if figure.x.ticks:
            return figure.x.label, figure.x.ticks[column][1]
        first, stop = figure.edges[column], figure.edges[column + 1]
        last = count(int(stop) - 1)
        return "step", last if stop - first <= 1 else f"{count(int(first))}–{last}"

    def _set_axes(self, figure: HeatmapFigure, right: float) -> None:
        rows = figure.values.shape[0]
        self._name_columns(figure)
        self.frame.set_axes(self._across, Axis(figure.y.label, figure.y.unit, ticks=self._row_names(figure)))
        if figure.x.ticks:
            self._x_range = (float(figure.edges[0]), right)
        else:
            self._x_range = grown_x(self._x_range, right)
        self.frame.show_range(self._x_range, (0.0, float(rows)), y_downwards=True)

    def _row_names(self, figure: HeatmapFigure) -> tuple[Tick, ...]:
        metrics = self._theme.metrics("caption")
        if figure.rows != self._rows:
            self._rows = figure.rows
            self._widest_name = max(
                (metrics.horizontalAdvance(name_text(name)) for name in figure.rows), default=0
            )
        room = _NAMES_SHARE * self.frame.widget.width()
        ticks = row_ticks(
            figure.rows, figure.groups, self.frame.view.height(), names_fit=self._widest_name <= room
        )
        return tuple((at, cut(name, metrics, room, middle=True)) for at, name in ticks)

    def _name_columns(self, figure: HeatmapFigure) -> None:
        """Write the names of columns side by side, or upwards where columns are narrow."""
        names, metrics = figure.x.ticks, self._theme.metrics("caption")
        cell = self.frame.view.width() / max(figure.values.shape[1], 1)
        self._across = figure.x
        if not names:
            return
        if are_turned(names, cell, metrics):
            room = _TURNED_SHARE * self.frame.widget.height()
            turned = [(at, cut(name, metrics, room, middle=True)) for at, name in thinned(names, cell)]
            self._across = replace(figure.x, ticks=((0.0, ""),))  # the axis writes none itself
            self.frame.show_turned_names(turned)
        else:
            self._across = replace(figure.x, ticks=side_by_side(names, cell, metrics))
            self.frame.show_turned_names(())

    def _draw_numbers(self, figure: HeatmapFigure, places: Array) -> None:
        wanted = figure.numbers and self._numbers_fit(figure) and figure.values.size <= _NUMBERS_AT_MOST
        cells = list(np.ndenumerate(figure.values)) if wanted else []
        while len(self._numbers) < len(cells):
            label = Label(self._theme)
            label.item.setFlag(QGraphicsItem.GraphicsItemFlag.ItemIgnoresTransformations)
            self.frame.view.addItem(label.item, ignoreBounds=True)
            self._numbers.append(label)
        for label, ((row, column), value) in zip(self._numbers, cells, strict=False):
            # On the dark end of the scale the surface's color is what stands out.
            color = "surface" if abs(places[row, column]) > _DARK_PLACE else "text"
            if label.write(short(float(value), 3), color):
                label.item.setTransform(QTransform.fromTranslate(-label.width / 2, -label.height / 2))
            label.item.setPos(float(figure.edges[column] + figure.edges[column + 1]) / 2, row + 0.5)
        for label in self._numbers[len(cells) :]:
            label.hide()

    def _numbers_fit(self, figure: HeatmapFigure) -> bool:
        """Whether numbers in cells would not lie over each other."""
        rows, columns = figure.values.shape
        widest = max((short(float(value), 3) for value in figure.values.flat), key=len)
        wide = self._theme.metrics("caption").horizontalAdvance(widest)
        return bool(
            self.frame.view.height() >= scaled(LINE_PX) * rows and self.frame.view.width() >= wide * columns
        )
