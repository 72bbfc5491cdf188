"""Bands along connections that are selected, pointed at or about to be cut."""

from __future__ import annotations

from typing import Final

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from bpviz.arrays import Array
from bpviz.ui.canvas.items import GuardedItem

FEW: Final = 64
"""So many have one outline, in which none lies over another.

To find it takes longer with each pair that crosses: two seconds for a thousand into one node, where a narrow
band of its own along each takes a twentieth of a second.
"""
_WIDTH_PX: Final = 10.0
_NARROW_PX: Final = 4.0


class HaloItem(GuardedItem):
    """Bands of one color; Qt keeps them as a pixmap until there are others."""

    def __init__(self) -> None:
        super().__init__()
        self._shown: Array = np.zeros((0, 2, 2))
        self._lines: list[QPolygonF] = []
        self._path = QPainterPath()
        self._pen = QPen(QColor(), _WIDTH_PX)
        self._pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        self._pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        self._bounds = QRectF()
        self.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)

    def dress(self, color: QColor) -> None:
        """Have a color."""
        if color != self._pen.color():
            self._pen.setColor(color)
            self.update()

    def show_lines(self, lines: Array) -> None:
        """Run along these, (lines, points, 2); none hides it."""
        self.setVisible(len(lines) > 0)
        if np.array_equal(lines, self._shown):  # whoever refreshes says it with every snapshot
            return
        self.prepareGeometryChange()
        self._shown = lines
        self._lines = [QPolygonF([QPointF(*point) for point in points]) for points in lines.tolist()]
        self._path = QPainterPath()
        for line in self._lines if len(self._lines) <= FEW else ():
            self._path.addPolygon(line)
        self._bounds = _bounds(lines)
        self.update()

    def boundingRect(self) -> QRectF:
        """All of it."""
        return self._bounds

    def draw(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None) -> None:
        """Paint one outline, or very many bands."""
        if len(self._lines) <= FEW:
            painter.strokePath(self._path, self._pen)
            return
        narrow = QPen(self._pen)
        narrow.setWidthF(_NARROW_PX)
        painter.setPen(narrow)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        for line in self._lines:
            painter.drawPolyline(line)


def _bounds(lines: Array) -> QRectF:
    if lines.size == 0:
        return QRectF()
    points = np.asarray(lines).reshape(-1, 2)
    low, high = points.min(axis=0) - _WIDTH_PX, points.max(axis=0) + _WIDTH_PX
    return QRectF(QPointF(*low.tolist()), QPointF(*high.tolist()))
