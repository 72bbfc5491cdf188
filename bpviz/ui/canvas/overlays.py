"""What floats above the picture: the legend, the buttons for zooming, the line that says where keys lead."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QFont, QLinearGradient, QPainter, QPaintEvent, QPen, QRegion
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from bpviz.ui.canvas.scales import Scales
from bpviz.ui.keys import tell_keys
from bpviz.ui.theme import Theme

_PAD: Final = 12
_LINE: Final = 18
_CORNER: Final = 6.0
_GAP: Final = 8
_BAR: Final = QSize(112, 6)
_BAR_LEAST_PX: Final = 24
_UNLIMITED_PX: Final = 10_000
_END_WIDTH: Final = 64  # room for every end of a scale, so that none makes the rest jump
_BESIDE: Final = 18  # from the scales to notes beside them
_CARD_WIDTH: Final = 320
_STOPS: Final = 8
_BUTTON_PX: Final = 28
_ICON_PX: Final = 16
_FOCUS_PX: Final = 1


def float_above(widget: QWidget) -> None:
    """Let the mouse through to the picture."""
    widget.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    widget.setFocusPolicy(Qt.FocusPolicy.NoFocus)


def draw_sheet(painter: QPainter, theme: Theme, size: QSize) -> None:
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
        self._from_zero = False
        self._most_px = self._most_high_px = _UNLIMITED_PX
        self._beside_px = 0  # where the notes begin if they stand beside the scales
        self._scale = QBrush()
        float_above(self)
        theme.changed.connect(self._on_theme)
        self.show_scales(Scales())

    def show_scales(self, scales: Scales) -> None:
        """Describe the values in the picture."""
        self._rows, self._notes = scales.rows, scales.notes
        if scales.view.shares != self._from_zero:
            self._from_zero = scales.view.shares
            self._paint_scale()
        self._lay_out()

    def fit(self, most_px: int, most_high_px: int) -> None:
        """Be at most so wide; if that allows it, stand in two columns rather than be higher than this."""
        if (most_px, most_high_px) != (self._most_px, self._most_high_px):
            self._most_px, self._most_high_px = most_px, most_high_px
            self._lay_out()

    @property
    def least_px(self) -> int:
        """How wide it is when it has to be narrow."""
        return self._label_px + 2 * (self._end_px + _GAP) + _BAR_LEAST_PX + 2 * _GAP

    @property
    def usual_px(self) -> int:
        """How high it is with two lines, as most of the time."""
        return 2 * self._line_px + _GAP

    def _lay_out(self) -> None:
        metrics, most = self._theme.metrics("caption"), self._most_px - 2 * _GAP
        self._label_px = max(metrics.horizontalAdvance(label) for label, _, _ in self._rows)
        line, ends = self._line_px, self._label_px + 2 * (self._end_px + _GAP)
        notes = max((metrics.horizontalAdvance(note) + 1 for note in self._notes), default=0)  # it rounds
        least = ends + _BAR_LEAST_PX + _BESIDE + notes
        high = len(self._rows) + len(self._notes)
        beside = bool(self._notes) and high * line + _GAP > self._most_high_px and least <= most
        room = most - _BESIDE - notes if beside else most
        bar_px = max(min(self._theme.scaled(_BAR.width()), room - ends), _BAR_LEAST_PX)
        if bar_px != self._bar_px:
            self._bar_px = bar_px
            self._paint_scale()
        if beside:
            wide, high = ends + bar_px + _BESIDE + notes, max(len(self._rows), len(self._notes))
        else:
            wide = min(max(ends + bar_px, notes), most)
        self._beside_px = ends + bar_px + _BESIDE if beside else 0
        self.resize(wide + 2 * _GAP, high * line + _GAP)
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
        if self._beside_px:
            line.moveTop(_GAP // 2)
            line.setLeft(_GAP + self._beside_px)
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
            part = k / _STOPS
            gradient.setColorAt(part, self._theme.diverging(part if self._from_zero else 2 * part - 1))
        self._scale = QBrush(gradient)


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
            "fit": "Show the whole network",
        }
        for name, run in actions.items():
            button = QToolButton(self)
            button.setAutoRaise(True)
            theme.size(button, _BUTTON_PX, _BUTTON_PX, icon=_ICON_PX)
            tell_keys(button, tips[name], name.replace("-", "_"))
            button.setAccessibleName(tips[name])
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.clicked.connect(run)
            theme.show_icon(button, name, "secondary")
            row.addWidget(button)
        theme.changed.connect(self._dress)
        self._dress()

    def _dress(self) -> None:
        self.resize(self.sizeHint())
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        draw_sheet(painter, self._theme, self.size())
        painter.end()


class FocusFrame(QWidget):
    """A line around the picture while keys lead there."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        float_above(self)
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


class ToolHint(QWidget):
    """One small line near the foot while a gesture lasts: what else it can do."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme, self._above = theme, parent
        self._text = ""
        float_above(self)
        theme.changed.connect(self.update)
        self.hide()

    @property
    def text(self) -> str:
        """What it says."""
        return self._text

    def say(self, text: str, low: int) -> None:
        """Show a line, or nothing, that ends at a height."""
        self._text = text
        room = self._above.rect().adjusted(_GAP + _PAD, 0, -_GAP - _PAD, 0)
        flags = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignHCenter
        box = (
            self._theme.metrics("caption").boundingRect(room, flags, text).adjusted(-_PAD, -_GAP, _PAD, _GAP)
        )
        box.moveBottom(low)
        self.setGeometry(box)
        self.setVisible(bool(text))
        self.raise_()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        draw_sheet(painter, self._theme, self.size())
        painter.setFont(self._theme.font("caption"))
        painter.setPen(self._theme.color("text"))
        flags = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignCenter
        painter.drawText(self.rect().adjusted(_GAP, 0, -_GAP, 0), flags, self._text)
        painter.end()


class Hint(QWidget):
    """One quiet line on a sheet that is not a network yet: what to do next."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._text = ""
        float_above(self)
        theme.changed.connect(self.update)
        self.hide()

    @property
    def text(self) -> str:
        """What it says."""
        return self._text

    def say(self, text: str) -> None:
        """Show a line, or nothing."""
        self._text = text
        self.setVisible(bool(text))
        self.update()

    def stand(self, room: QRect, *, middle: bool) -> None:
        """Stand in the middle of a place, or at its upper edge."""
        metrics = self._theme.metrics("title")
        wide = room.adjusted(_GAP, _GAP, -_GAP, -_GAP)
        flags = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignHCenter
        box = metrics.boundingRect(wide, flags, self._text).adjusted(-_GAP, -_GAP, _GAP, _GAP)
        if middle:
            box.moveCenter(room.center())
        else:
            box.moveTop(room.top() + _GAP)
        self.setGeometry(box & room)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        font = self._theme.font("title")
        font.setWeight(QFont.Weight.Normal)
        painter.setFont(font)
        painter.setPen(self._theme.color("secondary"))
        flags = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignCenter
        painter.drawText(self.rect(), flags, self._text)
        painter.end()
