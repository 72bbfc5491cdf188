"""A `Drawing` by Qt: one function for each kind of mark."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter, QPainterPath, QPen

from bpviz.drawing.value import Box, Disc, Drawing, Mark, Strokes, Tile, Words

_DASHES: Final = [3.0, 2.0]
_SHARES: Final = {"left": 0.0, "center": 0.5, "right": 1.0}


def paint(painter: QPainter, drawn: Drawing) -> None:
    """Paint a drawing, its upper left corner at the painter's origin."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    width, height = drawn.size
    painter.fillRect(QRectF(0, 0, width, height), QColor(drawn.ground))
    painter.translate(-drawn.left, -drawn.top)
    for mark in drawn.marks:
        _PAINTERS[type(mark)](painter, mark)
    painter.restore()


def _disc(painter: QPainter, disc: Disc) -> None:
    painter.setPen(QPen(QColor(disc.line), disc.width))
    painter.setBrush(QColor(disc.fill))
    painter.drawEllipse(QPointF(disc.x, disc.y), disc.radius, disc.radius)


def _box(painter: QPainter, box: Box) -> None:
    painter.setPen(QPen(QColor(box.line), box.width))
    painter.setBrush(QColor(box.fill))
    painter.drawRoundedRect(
        QRectF(QPointF(box.left, box.top), QPointF(box.right, box.bottom)), box.corner, box.corner
    )


def _tile(painter: QPainter, tile: Tile) -> None:
    box = QRectF(QPointF(tile.left, tile.top), QPointF(tile.right, tile.bottom))
    colors = np.ascontiguousarray(np.rint(255 * tile.colors), dtype=np.uint8)
    rows, columns = colors.shape[:2]
    image = QImage(colors.data, columns, rows, 3 * columns, QImage.Format.Format_RGB888)
    border = QPainterPath()
    border.addRoundedRect(box, tile.corner, tile.corner)
    painter.save()
    painter.setClipPath(border)
    painter.drawImage(box, image)
    painter.restore()
    painter.setPen(QPen(QColor(tile.line), tile.width))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(border)


def _strokes(painter: QPainter, strokes: Strokes) -> None:
    painter.setBrush(Qt.BrushStyle.NoBrush)
    dashed = strokes.dashed.tolist()
    looks = zip(strokes.colors, strokes.opacities.tolist(), strokes.widths.tolist(), dashed, strict=True)
    for path, (name, opacity, width, is_dashed) in zip(strokes.paths.tolist(), looks, strict=True):
        color = QColor(name)
        color.setAlphaF(opacity)
        pen = QPen(color, width)
        if is_dashed:
            pen.setDashPattern(_DASHES)
        painter.setPen(pen)
        places = [QPointF(x, y) for x, y in path]
        if len(places) == 2:
            painter.drawLine(*places)
            continue
        curve = QPainterPath(places[0])
        curve.cubicTo(*places[1:])
        painter.drawPath(curve)


def _words(painter: QPainter, words: Words) -> None:
    font = QFont(painter.font())
    font.setPixelSize(max(round(words.size), 1))
    font.setBold(words.bold)
    painter.setFont(font)
    metrics = QFontMetricsF(font)
    size = metrics.horizontalAdvance(words.text), metrics.height()
    box = QRectF(-_SHARES[words.anchor] * size[0], -size[1] / 2, *size)
    painter.save()
    painter.translate(words.x, words.y)
    if words.upward:
        painter.rotate(-90)
    if words.ground is not None:
        ground = QColor(words.ground)
        ground.setAlphaF(0.8)
        painter.fillRect(box, ground)
    painter.setPen(QColor(words.color))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextDontClip, words.text)
    painter.restore()


_PAINTERS: Final[Mapping[type[Mark], Callable[..., None]]] = {
    Disc: _disc,
    Box: _box,
    Tile: _tile,
    Strokes: _strokes,
    Words: _words,
}
