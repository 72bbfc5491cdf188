"""What a drawing is made of.

To add a kind of mark, write it here and draw it in each of the three drawers; their tables say where.
Places are pixels, y grows downwards, colors are ``#rrggbb``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

import numpy as np

from bpviz.arrays import Array, BoolArray
from bpviz.palette import Color

Anchor: TypeAlias = Literal["left", "center", "right"]


@dataclass(frozen=True, slots=True)
class Disc:
    """A filled circle with a ring."""

    x: float
    y: float
    radius: float
    fill: Color
    line: Color
    width: float


@dataclass(frozen=True, slots=True)
class Box:
    """A filled rectangle with round corners and a border."""

    left: float
    top: float
    right: float
    bottom: float
    corner: float
    fill: Color
    line: Color
    width: float


@dataclass(frozen=True, slots=True, eq=False)
class Tile:
    """A rectangle of cells of color with round corners and a border.

    Attributes:
        left, top, right, bottom: Where it is.
        corner: Radius of its corners.
        colors: (rows, columns, 3) red, green and blue of each cell, each 0 to 1; row 0 at the top.
        line: Of its border.
        width: Of its border.
    """

    left: float
    top: float
    right: float
    bottom: float
    corner: float
    colors: Array
    line: Color
    width: float


@dataclass(frozen=True, slots=True, eq=False)
class Strokes:
    """Many lines at once, the last of them on top.

    Attributes:
        paths: (lines, 2, 2) straight ones from one place to another, or (lines, 4, 2) cubic curves: start,
            two control points, end.
        colors: One a line.
        opacities: (lines,) 0 to 1.
        widths: (lines,) pixels.
        dashed: (lines,)
    """

    paths: Array
    colors: tuple[Color, ...]
    opacities: Array
    widths: Array
    dashed: BoolArray


@dataclass(frozen=True, slots=True)
class Words:
    """A text in one line.

    Attributes:
        text: What it says.
        x: Where its anchor is.
        y: The height of its middle.
        size: Of its letters, in pixels.
        color: Of its letters.
        anchor: Which part of it stands at x.
        bold: In strong letters.
        upward: It is read from below.
        ground: What hides lines that pass behind it; None for nothing.
    """

    text: str
    x: float
    y: float
    size: float
    color: Color
    anchor: Anchor = "center"
    bold: bool = False
    upward: bool = False
    ground: Color | None = None


Mark: TypeAlias = Disc | Box | Tile | Strokes | Words


@dataclass(frozen=True, slots=True, eq=False)
class Drawing:
    """A picture.

    Attributes:
        left, top, right, bottom: What is to be seen of the plane.
        ground: The color behind all.
        marks: What is drawn, the last of them on top.
    """

    left: float
    top: float
    right: float
    bottom: float
    ground: Color
    marks: tuple[Mark, ...]

    @property
    def size(self) -> tuple[float, float]:
        """Width and height in pixels."""
        return self.right - self.left, self.bottom - self.top

    def without_words(self) -> Drawing:
        """Return the shapes and strokes alone."""
        return replace(self, marks=tuple(mark for mark in self.marks if not isinstance(mark, Words)))

    def inside(self, width: float, height: float, margin: float) -> Drawing:
        """Return it stretched to a size: places follow both sides, radii and widths the shorter one."""
        left, top, right, bottom = self._extent()
        across = (width - 2 * margin) / max(right - left, 1.0)
        down = min((height - 2 * margin) / max(bottom - top, 1.0), across)
        scale = np.array([across, down])
        shift = np.array([width / 2 - across * (left + right) / 2, height / 2 - down * (top + bottom) / 2])
        marks = tuple(_scaled(mark, scale, shift) for mark in self.marks)
        return replace(self, left=0.0, top=0.0, right=width, bottom=height, marks=marks)

    def fitted(self, width: float, height: float) -> Drawing:
        """Return it as large as it has room in a size, in the middle, with all its proportions."""
        own_width, own_height = self.size
        factor = min(width / own_width, height / own_height)
        middle = np.array([self.left + self.right, self.top + self.bottom]) / 2
        shift = np.array([width, height]) / 2 - factor * middle
        marks = tuple(_scaled(mark, np.array([factor, factor]), shift) for mark in self.marks)
        return replace(self, left=0.0, top=0.0, right=width, bottom=height, marks=marks)

    def _extent(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom of discs and boxes; all of it where there are none."""
        sides = [
            (mark.x - mark.radius, mark.y - mark.radius, mark.x + mark.radius, mark.y + mark.radius)
            if isinstance(mark, Disc)
            else (mark.left, mark.top, mark.right, mark.bottom)
            for mark in self.marks
            if isinstance(mark, Disc | Box | Tile)
        ]
        if not sides:
            return self.left, self.top, self.right, self.bottom
        lefts, tops, rights, bottoms = zip(*sides, strict=True)
        return min(lefts), min(tops), max(rights), max(bottoms)


def _scaled(mark: Mark, scale: Array, shift: Array) -> Mark:
    (across, down), (right, low) = scale.tolist(), shift.tolist()
    if isinstance(mark, Strokes):
        return replace(mark, paths=mark.paths * scale + shift, widths=mark.widths * down)
    if isinstance(mark, Box | Tile):
        # It keeps its middle: sides of its own would follow a stretch that its breadth does not mean.
        middle, half = across * (mark.left + mark.right) / 2 + right, down * (mark.right - mark.left) / 2
        top, bottom = down * mark.top + low, down * mark.bottom + low
        sides = {"left": middle - half, "top": top, "right": middle + half, "bottom": bottom}
        return replace(mark, **sides, corner=down * mark.corner, width=down * mark.width)
    x, y = across * mark.x + right, down * mark.y + low
    if isinstance(mark, Disc):
        return replace(mark, x=x, y=y, radius=down * mark.radius, width=down * mark.width)
    return replace(mark, x=x, y=y, size=down * mark.size)
