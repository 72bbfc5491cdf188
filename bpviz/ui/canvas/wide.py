"""Layers too wide for discs: a column of rows that scrolls, or a sheet of pixels; both answer the same."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final, TypeAlias

import numpy as np

from bpviz.arrays import Array, IntArray
from bpviz.data.images import Pixels
from bpviz.model import layout
from bpviz.model.spec import Layer

ROW_HEIGHT: Final = 8.0  # of a column's rows, when they have to scroll
SHEET_SIDE: Final = layout.STRIP_HEIGHT  # the longer one
HIDDEN_SIDE: Final = 240.0  # between other layers
_LEAST_SIDE: Final = 24.0


@dataclass(frozen=True, slots=True)
class Column:
    """A layer as a box with as many rows as fit, the rest by scrolling.

    Attributes:
        layer: Its id.
        x: Center.
        top: Upper edge.
        height: Of the box.
        first: First row in sight.
        shown: Rows in sight.
        size: All rows.
    """

    layer: str
    x: float
    top: float
    height: float
    first: int
    shown: int
    size: int

    @property
    def width(self) -> float:
        """Of the box."""
        return layout.STRIP_WIDTH

    @property
    def row_height(self) -> float:
        """Height of one row."""
        return self.height / self.shown

    @property
    def grid(self) -> tuple[int, int]:
        """How many cells stand below and beside each other."""
        return self.shown, 1

    @property
    def places(self) -> tuple[Array, Array]:
        """(nodes,) x and y of their middles; rows out of sight stand at the nearest edge."""
        rows = np.clip(np.arange(self.size) - self.first + 0.5, 0.0, self.shown)
        return np.full(self.size, self.x), self.top + rows * self.row_height

    def cell(self, at: int) -> tuple[int, int]:
        """Row and column of a node's cell in the grid."""
        return at - self.first, 0

    def node_at(self, x: float, y: float) -> int | None:
        """Which node is at a point, counted in the layer: of those in sight the nearest in height."""
        return self.first + min(max(int((y - self.top) / self.row_height), 0), self.shown - 1)

    def image(self, values: Array) -> Array:
        """Arrange one value for each node of the layer as the cells of the grid."""
        return values[self.first : self.first + self.shown, None]

    @classmethod
    def of(cls, layer: Layer, first: int) -> Column:
        """Lay out a wide layer, scrolled so that ``first`` is the uppermost row."""
        shown = min(layer.size, int(layout.STRIP_HEIGHT / ROW_HEIGHT))
        top = layout.center_y(layer) - layout.STRIP_HEIGHT / 2
        first = min(max(first, 0), layer.size - shown)
        return cls(layer.id, layer.x, top, layout.STRIP_HEIGHT, first, shown, layer.size)


@dataclass(frozen=True, eq=False)
class Sheet:
    """A layer as the image that its nodes are the pixels of; all of it is in sight.

    Attributes:
        layer: Its id.
        x: Center.
        middle: Height of the center.
        side: The longer one.
        pixels: Where each of its nodes stands.
    """

    layer: str
    x: float
    middle: float
    side: float
    pixels: Pixels

    first = 0

    @property
    def size(self) -> int:
        """All nodes."""
        return self.pixels.row.size

    @property
    def shown(self) -> int:
        """Nodes in sight."""
        return self.size

    @property
    def grid(self) -> tuple[int, int]:
        """How many pixels stand below and beside each other."""
        return self.pixels.rows, self.pixels.columns

    @property
    def width(self) -> float:
        """Of the box."""
        return self._side(self.pixels.columns)

    @property
    def height(self) -> float:
        """Of the box."""
        return self._side(self.pixels.rows)

    @property
    def top(self) -> float:
        """Upper edge."""
        return self.middle - self.height / 2

    def _side(self, count: int) -> float:
        return max(self.side * count / max(self.grid), _LEAST_SIDE)

    @property
    def places(self) -> tuple[Array, Array]:
        """(nodes,) x and y of their middles."""
        rows, columns = self.grid
        across = (self.pixels.column + 0.5) / columns - 0.5
        down = (self.pixels.row + 0.5) / rows - 0.5
        return self.x + across * self.width, self.middle + down * self.height

    def cell(self, at: int) -> tuple[int, int]:
        """Row and column of a node's pixel."""
        return int(self.pixels.row[at]), int(self.pixels.column[at])

    def node_at(self, x: float, y: float) -> int | None:
        """Which node's pixel is at a point, counted in the layer; None where the image has none."""
        rows, columns = self.grid
        row = min(max(int((y - self.top) / self.height * rows), 0), rows - 1)
        column = min(max(int(((x - self.x) / self.width + 0.5) * columns), 0), columns - 1)
        at = int(self._nodes[row, column])
        return at if at >= 0 else None

    def image(self, values: Array) -> Array:
        """Arrange one value for each node of the layer as the image; NaN where it has no pixel."""
        return self.pixels.image(values)

    @classmethod
    def of(cls, layer: Layer, pixels: Pixels) -> Sheet:
        """Lay out a layer of pixels, large where nothing follows at its other side."""
        outward = {"input": -0.5, "output": 0.5}.get(layer.role, 0.0)
        side = SHEET_SIDE if outward else HIDDEN_SIDE
        sheet = cls(layer.id, layer.x, layout.center_y(layer), side, pixels)
        return replace(sheet, x=layer.x + outward * (sheet.width - layout.STRIP_WIDTH))

    @cached_property
    def _nodes(self) -> IntArray:
        numbers = np.full(self.grid, -1, dtype=np.int64)
        numbers[self.pixels.row, self.pixels.column] = np.arange(self.size)
        return numbers


Wide: TypeAlias = Column | Sheet


def laid_out(layer: Layer, pixels: Pixels | None, first: int) -> Wide:
    """Lay out a wide layer: as an image, if its nodes are the pixels of one.

    Args:
        layer: The layer.
        pixels: Where its nodes stand in an image.
        first: Uppermost row of a column.
    """
    return Column.of(layer, first) if pixels is None else Sheet.of(layer, pixels)
