"""The names of a plot's curves or dots, in one line that fits where it stands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, TypeAlias

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from bpviz.ui.plots.texts import cut
from bpviz.ui.texts import name_text, tip_text
from bpviz.ui.theme import Theme

LegendEntry: TypeAlias = tuple[str, str, bool]
"""Name, color token, whether its curve is dashed."""

_STROKE_PX: Final = 12
_DOT_PX: Final = 8
_GAP_PX: Final = 5  # from a stroke to its name
_APART_PX: Final = 10
_LEAST_PX: Final = 36.0  # a name cut shorter than this says nothing
_LINE_PX: Final = 2.0


class Legend(QWidget):
    """Draws names as plain text, each beside its stroke; those that don't fit are cut, then left out."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._entries: tuple[LegendEntry, ...] = ()
        self._dots = False
        # What does not fit is cut; the title keeps its room.
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        theme.changed.connect(self.update)

    @property
    def names(self) -> tuple[str, ...]:
        """The names as they are seen."""
        return tuple(text for text, _, _ in self._fitted())

    def show_entries(self, entries: tuple[LegendEntry, ...], *, dots: bool) -> None:
        """Name curves, or dots."""
        if (entries, dots) != (self._entries, self._dots):
            self._entries, self._dots = entries, dots
            names = ", ".join(name for name, _, _ in entries)
            self.setAccessibleName(names)
            self.setToolTip(tip_text(names))
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(0, self._theme.metrics("caption").height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._theme.font("caption"))
        metrics, left, middle = painter.fontMetrics(), 0.0, self.height() / 2
        for text, color, dashed in self._fitted():
            if color:
                self._draw_sign(painter, left, middle, color, dashed=dashed)
                left += self._sign_px + _GAP_PX
            painter.setPen(self._theme.color("secondary"))
            room = QRectF(left, 0.0, self.width() - left, self.height())
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, text)
            left += metrics.horizontalAdvance(text) + _APART_PX
        painter.end()

    @property
    def _sign_px(self) -> int:
        return _DOT_PX if self._dots else _STROKE_PX

    def _draw_sign(self, painter: QPainter, left: float, middle: float, color: str, *, dashed: bool) -> None:
        shade = self._theme.color(color)
        if self._dots:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(shade)
            painter.drawEllipse(QRectF(left, middle - _DOT_PX / 2, _DOT_PX, _DOT_PX))
            return
        pen = QPen(shade, _LINE_PX)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        if dashed:
            pen.setDashPattern([2.5, 1.5])
        painter.setPen(pen)
        painter.drawLine(QPointF(left, middle), QPointF(left + _STROKE_PX, middle))

    def _fitted(self) -> list[LegendEntry]:
        """What is shown of each entry; a last one without a color stands for those left out."""
        metrics = self._theme.metrics("caption")
        beside = self._sign_px + _GAP_PX + _APART_PX
        for count in range(len(self._entries), 0, -1):
            shown = self._entries[:count]
            more: list[LegendEntry] = [] if count == len(self._entries) else [("…", "", False)]
            taken = count * beside + (metrics.horizontalAdvance("…") if more else -_APART_PX)
            widths = _shares([name for name, _, _ in shown], metrics, self.width() - taken)
            if widths is not None:
                pairs = zip(shown, widths, strict=True)
                return [*((cut(entry[0], metrics, px), *entry[1:]) for entry, px in pairs), *more]
        return []


def _shares(names: Sequence[str], metrics: QFontMetrics, room: float) -> list[float] | None:
    """Widths for names: the short ones whole, the long ones what is left; None if that is too little."""
    wanted = [float(metrics.horizontalAdvance(name_text(name))) for name in names]
    limit = 0.0
    left, waiting = room, sorted(wanted)
    while waiting:
        limit = left / len(waiting)
        if waiting[0] > limit:
            break
        left -= waiting.pop(0)
    fits = not waiting or limit >= _LEAST_PX
    return [px if not waiting else min(px, limit) for px in wanted] if fits else None
