"""Lines beside each other in one look: bands along connections that are marked, wires being drawn."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen, QPolygonF
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from bpviz.arrays import Array
from bpviz.ui.canvas.items import GuardedItem

FEW: Final = 64
"""So many have one outline, in which none lies over another.

To find it takes longer with each pair that crosses: two seconds for a thousand into one node, where each by
itself, narrow and without smooth edges, takes a twentieth of a second altogether.
"""
NARROW_PX: Final = 4.0


class StrandsItem(GuardedItem):
    """Lines of one pen; Qt keeps them as a pixmap until there are others."""

    def __init__(self) -> None:
        super().__init__()
        self._path = QPainterPath()
        self._many: list[QPolygonF] = []
        self._pen = QPen()
        self.setVisible(False)
        self.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)

    def dress(self, pen: QPen) -> None:
        """Draw with another pen, whose ends and corners become round."""
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        if pen != self._pen:
            self.prepareGeometryChange()
            self._pen = pen
            self.update()

    def show_lines(self, lines: Array) -> None:
        """Show lines through points, (lines, points, 2); none hides it."""
        path = QPainterPath()
        for points in lines.tolist():
            path.moveTo(*points[0])
            for _, after in pairwise(points):
                path.lineTo(*after)
        self.show_path(path)

    def show_path(self, path: QPainterPath) -> None:
        """Show the parts of a path, each a line; an empty one hides it."""
        self.setVisible(not path.isEmpty())
        if path == self._path:  # whoever refreshes says it with every snapshot
            return
        self.prepareGeometryChange()
        self._path = path
        parts = path.toSubpathPolygons()
        self._many = parts if len(parts) > FEW else []
        self.update()

    def boundingRect(self) -> QRectF:
        """All of it."""
        margin = self._pen.widthF()
        return self._path.controlPointRect().adjusted(-margin, -margin, margin, margin)

    def draw(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None) -> None:
        """Paint one outline, or very many lines."""
        if not self._many:
            painter.strokePath(self._path, self._pen)
            return
        narrow = QPen(self._pen.color(), min(self._pen.widthF(), NARROW_PX))
        painter.setPen(narrow)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        for line in self._many:
            painter.drawPolyline(line)
