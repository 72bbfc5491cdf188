"""Tables of values as colors, as the window draws them; `ColorBar` shows their scale.

Values become whole numbers of a 256-entry color table before they reach the screen: that is
what makes a heatmap of 200 nodes by 512 columns cost about a millisecond.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPen, QTransform
from PySide6.QtWidgets import QGraphicsItem

from bpviz.arrays import Array
from bpviz.training.figure import Axis, Figure
from bpviz.training.joining import joined_rows
from bpviz.training.marks import Heat, RowGroup
from bpviz.ui.numbers import count, short
from bpviz.ui.plots.frame import Frame
from bpviz.ui.plots.items import ColorImage, Label, Stroke
from bpviz.ui.plots.layer import Reach
from bpviz.ui.plots.names import LINE_PX, are_turned, side_by_side, thinned
from bpviz.ui.plots.readout import Row
from bpviz.ui.plots.scales import Tick
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
    row_px = height_px / max(len(rows), 1)
    fits = names_fit and row_px >= scaled(LINE_PX)
    if fits or not groups:
        singly = tuple((k + 0.5, name) for k, name in enumerate(rows))
        return singly if groups else tuple(thinned(singly, row_px))
    ticks: list[Tick] = []
    free_from = -1.0
    for group in groups:
        middle = (group.start + group.stop) / 2
        if (middle - free_from) * row_px >= scaled(LINE_PX) or not ticks:
            ticks.append((middle, group.label))
            free_from = middle
    return tuple(ticks)


class HeatLayer:
    """Draws the table of one figure at a time; see `Layer`."""

    def __init__(self, theme: Theme, frame: Frame) -> None:
        self._theme, self._frame = theme, frame
        self._image = ColorImage(frame.view, theme)
        self._separators = Stroke(frame.view)
        self._separator_pen = QPen(theme.color("surface"), 0)
        self._numbers: list[Label] = []
        self._rows: tuple[str, ...] = ()
        self._widest_name = 0
        self._figure: Figure | None = None
        self._heat: Heat | None = None

    def prepare(self, figure: Figure) -> Reach | None:
        """Choose the names that there is room for."""
        self._figure, self._heat = figure, next(iter(figure.all(Heat)), None)
        heat = self._heat
        if heat is None:
            return None
        across = self._named_columns(figure, heat)
        axes = (across, replace(figure.y, ticks=self._row_names(heat)))
        x, y = (float(heat.edges[0]), self._right(heat)), (0.0, float(len(heat.rows)))
        return Reach(x, y, exact_x=bool(figure.x.ticks), exact_y=True, axes=axes)

    def draw(self) -> None:
        """Draw the table, the lines between its groups, and the numbers in its cells."""
        heat = self._heat
        if heat is None:
            self._image.clear()
            self._separators.clear()
            self._draw_numbers(None, np.zeros((0, 0)))
            return
        left, right = float(heat.edges[0]), self._right(heat)
        # More nodes than pixels: what is far from 0 must not hide between others.
        table = heat.values if heat.joined is None else heat.joined
        seen = joined_rows(table, round(self._frame.view.height()))
        places = heat.scale.place(seen)
        self._image.draw(places, heat.scale, QRectF(left, 0.0, right - left, len(heat.rows)))
        borders = np.array([group.start for group in heat.groups if group.start], dtype=float)
        across = np.tile([left, right], borders.size)
        self._separators.draw_pairs(across, np.repeat(borders, 2), self._separator_pen)
        self._draw_numbers(heat, places)

    def dress(self) -> None:
        """Take colors from the theme again, at the next drawing."""
        self._image.dress()
        self._separator_pen = QPen(self._theme.color("surface"), 0)
        for label in self._numbers:
            label.dress()

    def readout(self, place: tuple[float, float]) -> list[Row]:
        """What stands under the pointer: node, step and value."""
        figure, heat = self._figure, self._heat
        if figure is None or heat is None:
            return []
        row = int(place[1])
        column = int(np.searchsorted(heat.edges, place[0], side="right")) - 1
        if not (0 <= row < len(heat.rows) and 0 <= column < heat.columns):
            return []
        group = next((group.label for group in heat.groups if group.start <= row < group.stop), "")
        name = heat.rows[row]
        where = (
            "secondary",
            "node" if group else figure.y.label,
            name if name.startswith(group) else f"{group} · {name}",
        )
        value = ("secondary", heat.scale.label, short(float(heat.values[row, column]), 3))
        return [where, ("secondary", *self._column_name(figure, heat, column)), value]

    def leave(self) -> None:
        """The pointer is somewhere else; here for the likeness of layers."""

    @staticmethod
    def _right(heat: Heat) -> float:
        # All columns stand for equally many steps but the last, which is still being filled.
        return float(heat.edges[0]) + heat.columns * float(heat.edges[1] - heat.edges[0])

    @staticmethod
    def _column_name(figure: Figure, heat: Heat, column: int) -> tuple[str, str]:
        if figure.x.ticks:
            return figure.x.label, figure.x.ticks[column][1]
        first, stop = heat.edges[column], heat.edges[column + 1]
        last = count(int(stop) - 1)
        return "step", last if stop - first <= 1 else f"{count(int(first))}–{last}"

    def _row_names(self, heat: Heat) -> tuple[Tick, ...]:
        metrics = self._theme.metrics("caption")
        if heat.rows != self._rows:
            self._rows = heat.rows
            self._widest_name = max(
                (metrics.horizontalAdvance(name_text(name)) for name in heat.rows), default=0
            )
        room = _NAMES_SHARE * self._frame.widget.width()
        ticks = row_ticks(
            heat.rows, heat.groups, self._frame.view.height(), names_fit=self._widest_name <= room
        )
        return tuple((at, cut(name, metrics, room, middle=True)) for at, name in ticks)

    def _named_columns(self, figure: Figure, heat: Heat) -> Axis:
        """The axis with the names of columns side by side, or written upwards where columns are narrow."""
        names, metrics = figure.x.ticks, self._theme.metrics("caption")
        cell = self._frame.view.width() / max(heat.columns, 1)
        if not names:
            return figure.x
        if are_turned(names, cell, metrics):
            room = _TURNED_SHARE * self._frame.widget.height()
            turned = [(at, cut(name, metrics, room, middle=True)) for at, name in thinned(names, cell)]
            self._frame.show_turned_names(turned)
            return replace(figure.x, ticks=((0.0, ""),))  # the axis writes none itself
        self._frame.show_turned_names(())
        return replace(figure.x, ticks=side_by_side(names, cell, metrics))

    def _draw_numbers(self, heat: Heat | None, places: Array) -> None:
        wanted = heat is not None and heat.numbers and heat.values.size <= _NUMBERS_AT_MOST
        fit = heat is not None and wanted and self._numbers_fit(heat)
        cells = list(np.ndenumerate(heat.values)) if heat is not None and fit else []
        edges = np.zeros(1) if heat is None else heat.edges
        while len(self._numbers) < len(cells):
            label = Label(self._theme)
            label.item.setFlag(QGraphicsItem.GraphicsItemFlag.ItemIgnoresTransformations)
            self._frame.view.addItem(label.item, ignoreBounds=True)
            self._numbers.append(label)
        for label, ((row, column), value) in zip(self._numbers, cells, strict=False):
            # On the dark end of the scale the surface's color is what stands out.
            color = "surface" if abs(places[row, column]) > _DARK_PLACE else "text"
            if label.write(short(float(value), 3), color):
                label.item.setTransform(QTransform.fromTranslate(-label.width / 2, -label.height / 2))
            label.item.setPos(float(edges[column] + edges[column + 1]) / 2, row + 0.5)
        for label in self._numbers[len(cells) :]:
            label.hide()

    def _numbers_fit(self, heat: Heat) -> bool:
        """Whether numbers in cells would not lie over each other."""
        rows, columns = heat.values.shape
        widest = max((short(float(value), 3) for value in heat.values.flat), key=len)
        wide = self._theme.metrics("caption").horizontalAdvance(widest)
        return bool(
            self._frame.view.height() >= scaled(LINE_PX) * rows and self._frame.view.width() >= wide * columns
        )
