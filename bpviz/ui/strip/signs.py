"""The shapes of marks and phases, as paths around the origin; to add one, add an entry to `SHAPES`."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF

_LINE_SHARE: Final = 0.4
_STACK_SHARE: Final = 0.7


def draw_sign(
    painter: QPainter, at: QPointF, shape: str, radius: float, color: QColor, ground: QColor, *, stacked: bool
) -> None:
    """Draw a shape, edged by the ground it lies on so that neighbors stay apart.

    Args:
        painter: With antialiasing.
        at: Its middle.
        shape: Entry of `SHAPES`.
        radius: Half its size, in pixels.
        color: Of the shape.
        ground: Behind it.
        stacked: It stands for several: another one looks out from behind.
    """
    path = SHAPES[shape](radius)
    line = shape in _LINES
    for offset in (_STACK_SHARE * radius, 0.0) if stacked else (0.0,):
        painter.save()
        painter.translate(at + QPointF(offset, -offset))
        painter.setPen(QPen(ground, radius * (2 * _LINE_SHARE + 0.5) if line else 2.0))
        painter.setBrush(Qt.BrushStyle.NoBrush if line else ground)
        painter.drawPath(path)
        pen = QPen(color, radius * _LINE_SHARE)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen if line else Qt.PenStyle.NoPen)
        painter.setBrush(ground if shape == "ring" else Qt.BrushStyle.NoBrush if line else color)
        painter.drawPath(path)
        painter.restore()


def _polygon(points: Sequence[tuple[float, float]]) -> Callable[[float], QPainterPath]:
    def path(radius: float) -> QPainterPath:
        made = QPainterPath()
        made.addPolygon(QPolygonF([QPointF(radius * x, radius * y) for x, y in points]))
        made.closeSubpath()
        return made

    return path


def _ellipse(share: float) -> Callable[[float], QPainterPath]:
    def path(radius: float) -> QPainterPath:
        made = QPainterPath()
        half = share * radius
        made.addEllipse(QRectF(-half, -half, 2 * half, 2 * half))
        return made

    return path


def _fork(radius: float) -> QPainterPath:
    made = QPainterPath(QPointF(-0.6 * radius, radius))
    made.lineTo(-0.6 * radius, -radius)
    made.moveTo(-0.6 * radius, 0.5 * radius)
    made.cubicTo(
        QPointF(-0.6 * radius, -0.3 * radius), QPointF(0.8 * radius, 0), QPointF(0.8 * radius, -radius)
    )
    return made


def _star_points() -> list[tuple[float, float]]:
    corners = []
    for k in range(10):
        reach = 1.25 if k % 2 == 0 else 0.52
        corners.append((reach * math.sin(k * math.pi / 5), -reach * math.cos(k * math.pi / 5)))
    return corners


SHAPES: Final[dict[str, Callable[[float], QPainterPath]]] = {
    "square": _polygon([(-0.85, -0.85), (0.85, -0.85), (0.85, 0.85), (-0.85, 0.85)]),
    "star": _polygon(_star_points()),
    "fork": _fork,
    "diamond": _polygon([(0, -1.15), (1.15, 0), (0, 1.15), (-1.15, 0)]),
    "dot": _ellipse(0.9),
    "ring": _ellipse(0.8),
    "triangle": _polygon([(-0.8, -1), (1.05, 0), (-0.8, 1)]),
    "back": _polygon([(0.8, -1), (-1.05, 0), (0.8, 1)]),
    "bowtie": _polygon([(-1, -0.95), (1, 0.95), (1, -0.95), (-1, 0.95)]),
}

_LINES: Final = frozenset({"fork", "ring"})
