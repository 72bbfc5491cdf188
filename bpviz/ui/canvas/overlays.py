"""What floats above the picture: the legend, the buttons for zooming, and the card beside the pointer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QFont, QLinearGradient, QPainter, QPaintEvent, QPen, QRegion
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from bpviz.ui.canvas.scales import Scales
from bpviz.ui.numbers import signed
from bpviz.ui.theme import Theme

_PAD: Final = 12
_LINE: Final = 18
_CORNER: Final = 6.0
_GAP: Final = 8
_BAR: Final = QSize(112, 6)
_BAR_LEAST_PX: Final = 24
_UNLIMITED_PX: Final = 10_000
_END_WIDTH: Final = 64  # room for every end of a scale, so that none makes the rest jump
_BESIDE: Final = 18  # from the pointer to the card
_CARD_WIDTH: Final = 320
_STOPS: Final = 8
_BUTTON_PX: Final = 28
_ICON_PX: Final = 16
_FOCUS_PX: Final = 1


def _float_above(widget: QWidget) -> None:
    """Let the mouse through to the picture."""
    widget.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    widget.setFocusPolicy(Qt.FocusPolicy.NoFocus)


def _draw_sheet(painter: QPainter, theme: Theme, size: QSize) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(theme.color("hairline"), 1.0))
    painter.setBrush(theme.color("raised"))
    painter.drawRoundedRect(QRectF(0.5, 0.5, size.width() - 1, size.height() - 1), _CORNER, _CORNER)


class Legend(QWidget):
    """Says what colors mean: the diverging scale with its two ends, for connections and for nodes."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._rows: list[tuple[str, str, str]] = []
        self._notes: list[str] = []
        self._label_px = self._bar_px = 0
        self._most_px = _UNLIMITED_PX
        self._scale = QBrush()
        _float_above(self)
        theme.changed.connect(self._on_theme)
        self.show_scales(Scales())

    def show_scales(self, scales: Scales) -> None:
        """Describe the values in the picture."""
        self._rows, self._notes = scales.rows, scales.notes
        self._lay_out()

    def fit(self, most_px: int) -> None:
        """Be at most so wide."""
        if most_px != self._most_px:
            self._most_px = most_px
            self._lay_out()

    @property
    def least_px(self) -> int:
        """How wide it is when it has to be narrow."""
        return self._label_px + 2 * (self._end_px + _GAP) + _BAR_LEAST_PX + 2 * _GAP

    def _lay_out(self) -> None:
        metrics, most = self._theme.metrics("caption"), self._most_px - 2 * _GAP
        self._label_px = max(metrics.horizontalAdvance(label) for label, _, _ in self._rows)
        line, ends = self._line_px, self._label_px + 2 * (self._end_px + _GAP)
        bar_px = max(min(self._theme.scaled(_BAR.width()), most - ends), _BAR_LEAST_PX)
        if bar_px != self._bar_px:
            self._bar_px = bar_px
            self._paint_scale()
        wide = max([ends + bar_px, *(metrics.horizontalAdvance(note) for note in self._notes)])
        self.resize(min(wide, most) + 2 * _GAP, (len(self._rows) + len(self._notes)) * line + _GAP)
        self.setAccessibleName(", ".join(f"{label} from {low} to {high}" for label, low, high in self._rows))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color("window", 0.85))  # readable also above lines
        painter.drawRoundedRect(self.rect(), _CORNER, _CORNER)
        painter.setFont(self._theme.font("caption"))
        line = QRect(_GAP, _GAP // 2, self.width() - 2 * _GAP, self._line_px)
        for row in self._rows:
            self._draw_row(painter, line, *row)
            line.translate(0, line.height())
        painter.setPen(self._theme.color("secondary"))
        for note in self._notes:
            shown = painter.fontMetrics().elidedText(note, Qt.TextElideMode.ElideRight, line.width())
            painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, shown)
            line.translate(0, line.height())
        painter.end()

    def _draw_row(self, painter: QPainter, line: QRect, label: str, low: str, high: str) -> None:
        middle, right = Qt.AlignmentFlag.AlignVCenter, Qt.AlignmentFlag.AlignRight
        painter.setPen(self._theme.color("text"))
        painter.drawText(line, middle, label)
        x = line.left() + self._label_px
        painter.setPen(self._theme.color("secondary"))
        end, thick = self._end_px, self._theme.scaled(_BAR.height())
        painter.drawText(QRect(x, line.top(), end, line.height()), middle | right, low)
        x += end + _GAP
        painter.setBrushOrigin(x, 0)
        painter.fillRect(QRect(x, line.center().y() - thick // 2 + 1, self._bar_px, thick), self._scale)
        painter.drawText(QRect(x + self._bar_px + _GAP, line.top(), end, line.height()), middle, high)

    @property
    def _line_px(self) -> int:
        return self._theme.scaled(_LINE)

    @property
    def _end_px(self) -> int:
        return self._theme.scaled(_END_WIDTH)

    def _on_theme(self) -> None:
        self._paint_scale()
        self._lay_out()

    def _paint_scale(self) -> None:
        """Take the colors of the scale, which stands in every frame."""
        gradient = QLinearGradient(0, 0, self._bar_px, 0)
        for k in range(_STOPS + 1):
            gradient.setColorAt(k / _STOPS, self._theme.diverging(2 * k / _STOPS - 1))
        self._scale = QBrush(gradient)


def _titled(label: str) -> str:
    """A label with a capital; symbols such as z stay as they are."""
    return label.capitalize() if len(label) > 1 else label


class ZoomBar(QWidget):
    """Three buttons: smaller, larger, and the whole network."""

    def __init__(self, theme: Theme, actions: Mapping[str, Callable[[], None]], parent: QWidget) -> None:
        """Build the bar.

        Args:
            theme: Colors and icons.
            actions: What ``zoom-out``, ``zoom-in`` and ``fit`` do.
            parent: Above whom it floats.
        """
        super().__init__(parent)
        self._theme = theme
        row = QHBoxLayout(self)
        row.setContentsMargins(4, 4, 4, 4)
        row.setSpacing(2)
        tips = {
            "zoom-out": "Show the network smaller",
            "zoom-in": "Show the network larger",
            "fit": "Show the whole network (F)",
        }
        self._buttons: dict[str, QToolButton] = {}
        for name, run in actions.items():
            button = QToolButton(self)
            button.setAutoRaise(True)
            theme.size(button, _BUTTON_PX, _BUTTON_PX, icon=_ICON_PX)
            button.setToolTip(tips[name])
            button.setAccessibleName(tips[name])
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.clicked.connect(run)
            row.addWidget(button)
            self._buttons[name] = button
        theme.changed.connect(self._dress)
        self._dress()

    def _dress(self) -> None:
        for name, button in self._buttons.items():
            button.setIcon(self._theme.icon(name, "secondary"))
        self.resize(self.sizeHint())
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        _draw_sheet(painter, self._theme, self.size())
        painter.end()


class FocusFrame(QWidget):
    """A line around the picture while keys lead there."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        _float_above(self)
        theme.changed.connect(self.update)
        self.hide()

    def surround(self, box: QRect) -> None:
        """Stand at the inner edge of a box."""
        self.setGeometry(box)
        inner = self.rect().adjusted(_FOCUS_PX, _FOCUS_PX, -_FOCUS_PX, -_FOCUS_PX)
        self.setMask(QRegion(self.rect()) - QRegion(inner))  # so that changes inside don't concern it

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.color("accent"))
        painter.end()


class Card(QWidget):
    """A title and rows of numbers, or one sentence, beside the pointer."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._above = parent
        self._title = ""
        self._rows: list[tuple[str, str]] = []
        self._sentence = ""
        _float_above(self)
        self.hide()

    def show_facts(self, title: str, facts: Mapping[str, float], place: QPoint) -> None:
        """Show numbers under a title."""
        self._title, self._sentence = title, ""
        self._rows = [(_titled(label), signed(value, 6)) for label, value in facts.items()]
        metrics, bold = self._theme.metrics("caption"), self._bold_width(title)
        labels = max((metrics.horizontalAdvance(label) for label, _ in self._rows), default=0)
        numbers = max((metrics.horizontalAdvance(number) for _, number in self._rows), default=0)
        wide = min(max(bold, labels + numbers + 2 * _PAD), self._theme.scaled(_CARD_WIDTH))
        self._show(QSize(wide + 2 * _PAD, self._theme.scaled(_LINE) * (1 + len(self._rows)) + 2 * 8), place)

    def show_sentence(self, sentence: str, place: QPoint) -> None:
        """Show why something can't be done."""
        self._title, self._rows, self._sentence = "", [], sentence
        flags, wide = Qt.TextFlag.TextWordWrap, self._theme.scaled(_CARD_WIDTH)
        box = self._theme.metrics("body").boundingRect(QRect(0, 0, wide, 2 * wide), flags, sentence)
        self._show(QSize(box.width() + 2 * _PAD + 2, box.height() + 2 * 8), place)

    def follow(self, place: QPoint) -> None:
        """Stay beside the pointer, never under it, and inside the parent."""
        room = self._above.rect().adjusted(4, 4, -4, -4)
        x, y = place.x() + _BESIDE, place.y() + _BESIDE
        if x + self.width() > room.right():
            x = place.x() - _BESIDE - self.width()
        if y + self.height() > room.bottom():
            y = place.y() - _BESIDE - self.height()
        self.move(max(x, room.left()), max(y, room.top()))

    def _show(self, size: QSize, place: QPoint) -> None:
        self.resize(size)
        self.follow(place)
        self.show()
        self.raise_()
        self.update()

    def _bold(self) -> QFont:
        font = self._theme.font("caption")
        font.setWeight(QFont.Weight.DemiBold)
        return font

    def _bold_width(self, text: str) -> int:
        return round(self._theme.metrics("caption").horizontalAdvance(text) * 1.1)  # semibold is wider

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        _draw_sheet(painter, self._theme, self.size())
        inner = self.rect().adjusted(_PAD, 8, -_PAD, -8)
        if self._sentence:
            painter.setPen(self._theme.color("bad"))
            painter.setFont(self._theme.font("body"))
            painter.drawText(inner, Qt.TextFlag.TextWordWrap, self._sentence)
        else:
            self._draw_facts(painter, inner)
        painter.end()

    def _draw_facts(self, painter: QPainter, inner: QRect) -> None:
        middle, right = Qt.AlignmentFlag.AlignVCenter, Qt.AlignmentFlag.AlignRight
        line = QRect(inner.left(), inner.top(), inner.width(), self._theme.scaled(_LINE))
        painter.setPen(self._theme.color("text"))
        painter.setFont(self._bold())
        title = painter.fontMetrics().elidedText(self._title, Qt.TextElideMode.ElideRight, inner.width())
        painter.drawText(line, middle, title)
        painter.setFont(self._theme.font("caption"))
        for label, number in self._rows:
            line.translate(0, line.height())
            painter.setPen(self._theme.color("secondary"))
            painter.drawText(line, middle, label)
            painter.setPen(self._theme.color("text"))
            painter.drawText(line, middle | right, number)
