"""Numbers on connections: those that a phase works with, where there is room for them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from bpviz.arrays import Array, IntArray
from bpviz.digits import told_apart
from bpviz.model.layout import NODE_RADIUS
from bpviz.ui.canvas.items import CORNER, NUMBERS_FROM, GuardedItem
from bpviz.ui.canvas.placement import Placement
from bpviz.ui.canvas.texts import with_digits
from bpviz.ui.theme import Theme

MOST: Final = 24
"""Numbers on all connections at work together; more would hide what they belong to."""
_DIGITS: Final = 3
_FONT_PX: Final = 10
_REACH: Final = NODE_RADIUS + 2.0
_PAD: Final = QSizeF(6.0, 2.0)
_PARTS: Final = (0.5, 0.42, 0.58, 0.38, 0.62, 0.34, 0.66, 0.26, 0.74)
"""Where along its connection a number may stand, the best places first."""
_CLEAR: Final = 14.0  # farther from others, no place is better than another
_CURVE_POINTS: Final = 25


class LinkTexts(GuardedItem):
    """Draws numbers on connections, none over another one or over a node."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._texts: list[tuple[QRectF, str]] = []
        self._bounds = QRectF()
        self.setZValue(-5)

    @property
    def texts(self) -> list[str]:
        """What is written."""
        return [text for _, text in self._texts]

    @property
    def boxes(self) -> list[QRectF]:
        """Where it stands."""
        return [box for box, _ in self._texts]

    def show_rows(self, placement: Placement, rows: Sequence[Array]) -> None:
        """Write numbers onto connections: one array after the other for those in sight, `Placement.seen`."""
        found = _placed(placement, *_written(placement, rows), self._font())
        if found != self._texts:
            self.prepareGeometryChange()
            self._texts = found
            self._bounds = QRectF()
            for box, _ in found:
                # A little wider: sums of places differ by their last bit.
                self._bounds = self._bounds.united(box.adjusted(-1, -1, 1, 1))
            self.update()

    def boundingRect(self) -> QRectF:
        return self._bounds

    def draw(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None) -> None:
        if option.levelOfDetailFromTransform(painter.worldTransform()) < NUMBERS_FROM:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._font())
        ground, ink = self._theme.color("window", 0.88), self._theme.color("text")
        for box, text in self._texts:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(ground)
            painter.drawRoundedRect(box, CORNER / 2, CORNER / 2)
            painter.setPen(ink)
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextDontClip, text)

    def _font(self) -> QFont:
        font = self._theme.font("caption")
        font.setPixelSize(self._theme.scaled(_FONT_PX))
        return font


def _written(placement: Placement, rows: Sequence[Array]) -> tuple[IntArray, list[str]]:
    """Which connections have a number, and what it says; none if they are too many."""
    if not rows:
        return np.zeros(0, dtype=np.int64), []
    seen = placement.seen
    columns = np.stack(rows, axis=1)
    known = np.isfinite(columns)
    there = np.flatnonzero(known.any(axis=1))
    if there.size * len(rows) > MOST:
        return np.zeros(0, dtype=np.int64), []
    values = [columns[k][known[k]].tolist() for k in there.tolist()]
    return seen[there], [" → ".join(told_apart(one, with_digits, _DIGITS)) for one in values]


def _placed(placement: Placement, pairs: IntArray, texts: list[str], font: QFont) -> list[tuple[QRectF, str]]:
    """Find a place for each number, or none: as far from other connections as there is one."""
    metrics = QFontMetricsF(font)
    centers = zip(placement.x.tolist(), placement.y.tolist(), strict=True) if texts else ()
    taken = [QRectF(x - _REACH, y - _REACH, 2 * _REACH, 2 * _REACH) for x, y in centers]
    lines = placement.polylines(pairs)
    found = []
    for k, text in enumerate(texts):
        size = QSizeF(metrics.horizontalAdvance(text), metrics.height()) + _PAD
        for place in _places(lines, k):
            box = QRectF(QPointF(), size)
            box.moveCenter(place)
            if not any(box.intersects(other) for other in taken):
                taken.append(box)
                found.append((box, text))
                break
    return found


def _places(lines: Array, k: int) -> list[QPointF]:
    """Places along one of several lines, those that are clear of the others first."""
    way = np.linspace(0.0, 1.0, lines.shape[1])
    fine = np.linspace(0.0, 1.0, _CURVE_POINTS)
    points = np.stack([np.interp(_PARTS, way, lines[k, :, axis]) for axis in range(2)], axis=1)
    others = np.delete(lines, k, axis=0)
    # Straight lines have but two points: more of them are needed to see how near they come.
    dense = np.array([[np.interp(fine, way, one[:, axis]) for axis in range(2)] for one in others])
    if len(others):
        away = np.hypot(*(points.T[:, :, None] - dense.transpose(1, 0, 2).reshape(2, 1, -1))).min(axis=1)
    else:
        away = np.full(len(points), _CLEAR)
    order = np.argsort(-np.minimum(away, _CLEAR), kind="stable")
    return [QPointF(x, y) for x, y in points[order].tolist()]
