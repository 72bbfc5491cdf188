"""What a plot draws, as stock items of Qt held by pyqtgraph's view box: painting them runs no Python.

pyqtgraph's own curves, lines and images are asked for their bounds several times a frame, in Python, which
costs far more than the strokes themselves.  Each item here touches Qt only where something differs.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainterPath, QPen, QPixmap, QTransform
from PySide6.QtWidgets import QGraphicsItem, QGraphicsPathItem, QGraphicsPixmapItem, QGraphicsSimpleTextItem

from bpviz.arrays import Array
from bpviz.training.marks import Scale
from bpviz.ui.plots.colors import color_table, indices
from bpviz.ui.theme import Theme, packed

_DOT_PX: Final = 5


class Stroke:
    """A curve, or several short ones, one pixel wide at any zoom."""

    def __init__(self, view: Any, z: float = 0.0) -> None:
        self._item = QGraphicsPathItem()
        self._item.setZValue(z)
        self._pen: QPen | None = None
        view.addItem(self._item, ignoreBounds=True)

    @property
    def path(self) -> QPainterPath:
        """What is drawn, in the view's coordinates."""
        return self._item.path()

    def draw(self, x: Array, y: Array, pen: QPen) -> None:
        """Draw a curve; a value that is missing leaves a gap.

        Args:
            x: (points,) finite.
            y: (points,)
            pen: Of width 0, Qt's one pixel at any zoom.
        """
        whole = bool(np.isfinite(y).all())
        self._show(pg.arrayToQPath(x, y, connect="all" if whole else "finite", finiteCheck=not whole), pen)

    def draw_pairs(self, x: Array, y: Array, pen: QPen) -> None:
        """Draw a straight line from the first point to the second, from the third to the fourth, and on."""
        self._show(pg.arrayToQPath(x, y, connect="pairs", finiteCheck=False), pen)

    def clear(self) -> None:
        """Draw nothing."""
        if not self._item.path().isEmpty():
            self._item.setPath(QPainterPath())

    def _show(self, path: QPainterPath, pen: QPen) -> None:
        if pen is not self._pen:
            self._pen = pen
            self._item.setPen(pen)
        self._item.setPath(path)


class Dots:
    """Points that no curve leads to, as dots of a few pixels at any zoom."""

    def __init__(self, view: Any) -> None:
        self._view = view
        self._item: Any = None  # seldom needed, and costs a little in every frame

    @property
    def points(self) -> list[tuple[float, float]]:
        """Where there are dots, in the view's coordinates."""
        return [] if self._item is None else [tuple(spot.pos()) for spot in self._item.points()]

    def draw(self, dots: Sequence[tuple[float, float, QColor]]) -> None:
        """Draw dots, each given by its place and color."""
        if not dots and self._item is None:
            return
        if self._item is None:
            self._item = pg.ScatterPlotItem(size=_DOT_PX, pxMode=True, pen=None)
            self._view.addItem(self._item, ignoreBounds=True)
        self._item.setVisible(bool(dots))
        x, y = [dot[0] for dot in dots], [dot[1] for dot in dots]
        self._item.setData(x=x, y=y, brush=[pg.mkBrush(dot[2]) for dot in dots])


class Boxes:
    """Bars beside each other, filled, with an edge one pixel wide at any zoom."""

    def __init__(self, view: Any) -> None:
        self._item = QGraphicsPathItem()
        view.addItem(self._item, ignoreBounds=True)

    @property
    def path(self) -> QPainterPath:
        """What is drawn, in the view's coordinates."""
        return self._item.path()

    def draw(self, edges: Array, foot: float, heights: Array, edge: QColor, fill: str) -> None:
        """Draw bars.

        Args:
            edges: (bars + 1,) where they begin and end.
            foot: Where they stand.
            heights: (bars,) what they reach to, finite.
            edge: Color of their edges.
            fill: Color inside.
        """
        path = QPainterPath()
        for left, right, height in zip(
            edges[:-1].tolist(), edges[1:].tolist(), heights.tolist(), strict=True
        ):
            path.addRect(QRectF(left, foot, right - left, height - foot))
        self._item.setPen(QPen(edge, 0))
        self._item.setBrush(QColor(fill))
        self._item.setPath(path)

    def clear(self) -> None:
        """Draw nothing."""
        self._item.setPath(QPainterPath())


class Label:
    """A short text in the font of captions.

    Attributes:
        item: To be placed by its owner.
    """

    def __init__(self, theme: Theme, parent: QGraphicsItem | None = None) -> None:
        self._theme = theme
        self.item = QGraphicsSimpleTextItem(parent)
        self.item.setFont(theme.font("caption"))
        self._color = ""

    @property
    def width(self) -> float:
        """Width of the text in pixels."""
        return self.item.boundingRect().width()

    @property
    def height(self) -> float:
        """Height of the text in pixels."""
        return self.item.boundingRect().height()

    def write(self, text: str, color: str) -> bool:
        """Show a text in the color of a token; whether it is another text than before."""
        if color != self._color:
            self._color = color
            self.item.setBrush(self._theme.color(color))
        self.item.setVisible(True)
        if text == self.item.text():
            return False
        self.item.setText(text)
        return True

    def dress(self) -> None:
        """Take color and size from the theme again."""
        self.item.setFont(self._theme.font("caption"))
        if self._color:
            self.item.setBrush(self._theme.color(self._color))

    def hide(self) -> None:
        """Show nothing."""
        self.item.setVisible(False)


class ColorImage:
    """A table of values as colors, stretched over a part of the plane; row 0 lies where y is smallest."""

    def __init__(self, view: Any, theme: Theme) -> None:
        self._theme = theme
        self._item = QGraphicsPixmapItem()
        # Its outline is asked for wherever the pointer moves; the pixels' own would have to be searched for.
        self._item.setShapeMode(QGraphicsPixmapItem.ShapeMode.BoundingRectShape)
        self._colors: list[int] = []
        self._colors_of: tuple[str, float] | None = None
        self._placed: tuple[int, int, QRectF] | None = None
        view.addItem(self._item, ignoreBounds=True)

    def dress(self) -> None:
        """Take colors from the theme again, at the next drawing."""
        self._colors_of = None

    def clear(self) -> None:
        """Draw nothing."""
        self._item.setPixmap(QPixmap())

    def set_opacity(self, opacity: float) -> None:
        """Let what is behind shine through."""
        self._item.setOpacity(opacity)

    def draw(self, places: Array, scale: Scale, over: QRectF) -> None:
        """Draw a table.

        Args:
            places: (rows, columns) places on the scale's color map; see `Scale.place`.
            scale: Which colors.
            over: The part of the plane it covers.
        """
        cells: NDArray[np.uint8] = np.ascontiguousarray(indices(places, scale.kind))
        rows, columns = cells.shape
        image = QImage(cells.data, columns, rows, columns, QImage.Format.Format_Indexed8)
        image.setColorTable(self._table(scale))
        self._item.setPixmap(QPixmap.fromImage(image))
        placed = (rows, columns, over)
        if placed != self._placed:
            self._placed = placed
            stretch = QTransform.fromTranslate(over.left(), over.top())
            self._item.setTransform(stretch.scale(over.width() / columns, over.height() / rows))

    def _table(self, scale: Scale) -> list[int]:
        """Colors as Qt packs them; how many classes there are is part of their table, a limit is not."""
        key = (scale.kind, scale.limit if scale.kind == "classes" else 0.0)
        if key != self._colors_of:
            self._colors, self._colors_of = packed(color_table(self._theme, scale)).tolist(), key
        return self._colors
