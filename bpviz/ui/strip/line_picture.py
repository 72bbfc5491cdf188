"""What there is to see of a run's line, and how it is painted."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPixmap

from bpviz.ui.strip.signs import draw_sign
from bpviz.ui.strip.spots import SIGNS, Crowd
from bpviz.ui.theme import Theme

HEAD_PX: Final = (6.0, 20.0)
_SIGN_PX: Final = 4.2
_GROWN: Final = 1.35  # of the sign under the pointer
_BOX_RADII: Final = 2.6  # a sign, another one behind it, and their edges
_LINE_PX: Final = 2.0
_FAINT: Final = 0.45


@dataclass(frozen=True, slots=True)
class Picture:
    """All there is to see, to the pixel; the line is painted again where it differs.

    Attributes:
        left: Where the line begins.
        right: Where it ends.
        crowds: Of marks.
        head: Where the head stands.
        hollow: The head does not stand at the exact step.
        past: The run is only looked at; what lies beyond the head is fainter.
    """

    left: int
    right: int
    crowds: tuple[Crowd, ...]
    head: int
    hollow: bool
    past: bool


class LinePainter:
    """Paints pictures of lines; remembers what each sign looks like, as there may be hundreds."""

    def __init__(self, theme: Theme) -> None:
        self._theme = theme
        self._signs: dict[tuple[str, bool, bool, float], QPixmap] = {}

    def dress(self) -> None:
        """Take colors and sizes from the theme again."""
        self._signs.clear()

    def paint(
        self, painter: QPainter, picture: Picture, height: int, under: Crowd | None, *, focus: bool
    ) -> None:
        """Paint a line.

        Args:
            painter: With antialiasing.
            picture: What there is to see.
            height: In pixels.
            under: The crowd under the pointer.
            focus: The keys wind it.
        """
        theme, middle, head = self._theme, height / 2, float(picture.head)
        for begin, end, token in ((picture.left, head, "secondary"), (head, picture.right, "strong_line")):
            painter.setPen(QPen(theme.color(token), _LINE_PX))
            painter.drawLine(QPointF(begin, middle), QPointF(end, middle))
        ratio = painter.device().devicePixelRatioF()
        for crowd in picture.crowds:
            painter.setOpacity(_FAINT if picture.past and crowd.x > picture.head else 1.0)
            sign = self._sign(crowd.kind, ratio, stacked=crowd.several, grown=crowd == under)
            half = sign.width() / ratio / 2
            painter.drawPixmap(QPointF(crowd.x - half, middle - half), sign)
        painter.setOpacity(1.0)
        _paint_head(painter, QPointF(head, middle), theme, hollow=picture.hollow, focus=focus)

    def _sign(self, kind: str, ratio: float, *, stacked: bool, grown: bool) -> QPixmap:
        key = (kind, stacked, grown, ratio)
        if key not in self._signs:
            radius = _SIGN_PX * self._theme.text_percent / 100 * (_GROWN if grown else 1.0)
            half = math.ceil(_BOX_RADII * radius)
            pixmap = QPixmap(round(2 * half * ratio), round(2 * half * ratio))
            pixmap.setDevicePixelRatio(ratio)
            pixmap.fill(Qt.GlobalColor.transparent)
            painter = QPainter(pixmap)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            sign, ground = SIGNS[kind], self._theme.color("surface")
            color = self._theme.color(sign.color)
            draw_sign(painter, QPointF(half, half), sign.shape, radius, color, ground, stacked=stacked)
            painter.end()
            self._signs[key] = pixmap
        return self._signs[key]


def _paint_head(painter: QPainter, at: QPointF, theme: Theme, *, hollow: bool, focus: bool) -> None:
    share = theme.text_percent / 100
    box = QRectF(0, 0, HEAD_PX[0] * share, HEAD_PX[1] * share)
    box.moveCenter(at)
    round_px, accent, ground = box.width() / 2, theme.color("accent"), theme.color("surface")
    if focus:
        painter.setPen(QPen(theme.color("accent", _FAINT), 2.0))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box.adjusted(-3, -3, 3, 3), round_px + 3, round_px + 3)
    painter.setPen(QPen(ground, 2.0))
    painter.setBrush(accent)
    painter.drawRoundedRect(box.adjusted(-1, -1, 1, 1), round_px + 1, round_px + 1)
    if hollow:
        painter.setPen(QPen(accent, 1.5))
        painter.setBrush(ground)
        painter.drawRoundedRect(box.adjusted(0.75, 0.75, -0.75, -0.75), round_px, round_px)


def paint_empty(painter: QPainter, box: QRect, theme: Theme, sentence: str) -> None:
    """Paint a line that has no length yet, and say so."""
    metrics = theme.metrics("caption")
    text = metrics.elidedText(sentence, Qt.TextElideMode.ElideRight, box.width())
    painter.setFont(theme.font("caption"))
    painter.setPen(theme.color("secondary"))
    painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, text)
    begin = box.left() + metrics.horizontalAdvance(text) + theme.scaled(8)
    if begin < box.right():
        painter.setPen(QPen(theme.color("strong_line"), _LINE_PX))
        middle = box.top() + box.height() / 2
        painter.drawLine(QPointF(begin, middle), QPointF(box.right(), middle))
