"""The phases of one step as a row of small named stops, the present one in accent."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from bpviz.training.phases import Cursor, Phase
from bpviz.ui.strip.signs import draw_sign
from bpviz.ui.texts import name_text, tip_text
from bpviz.ui.theme import Theme

_SHAPES: Final = {"forward": "triangle", "loss": "diamond", "backward": "back", "update": "square"}
_PAD_PX: Final = 6
_APART_PX: Final = 10  # between two names
_LEAST_NAME_PX: Final = 40.0  # names cut shorter say nothing
_SIGN_PX: Final = 3.4
_CROWDED_PX: Final = 8.0  # below, stops are ticks of the line
_PRESENT: Final = 1.35
_NAME_SHARE: Final = 0.31  # of the height: where names have their middle
_LINE_SHARE: Final = 0.72


class PhaseStops(QWidget):
    """A stop for each phase; names stand above those that have room for theirs, always above the present one.

    Signals:
        wanted: (int), the user wants to stand in this phase of the step.
        left: (int), 1 beyond the last phase or -1 before the first one.
    """

    wanted = Signal(int)
    left = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._phases: tuple[Phase, ...] = ()
        self._index = 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        theme.changed.connect(self.update)

    def show_cursor(self, cursor: Cursor) -> None:
        """Show where in a step somebody stands."""
        if (cursor.phases, cursor.index) != (self._phases, self._index):
            self._phases, self._index = cursor.phases, cursor.index
            title = cursor.phase.title
            self.setAccessibleName(f"Phase {cursor.index + 1} of {len(cursor.phases)}: {title}")
            self.update()

    def place(self, index: int) -> QPointF:
        """Where a stop is drawn, in its own coordinates."""
        pad = self._theme.scaled(_PAD_PX)
        cell = (self.width() - 2 * pad) / max(len(self._phases), 1)
        return QPointF(pad + (index + 0.5) * cell, round(_LINE_SHARE * self.height()))

    def names(self) -> dict[int, str]:
        """Which stops are named, and how, where there is so much room."""
        metrics = self._theme.metrics("caption")
        room = self._cell - self._theme.scaled(_APART_PX)
        whole = [name_text(phase.title) for phase in self._phases]
        short = [_short(phase) for phase in self._phases]
        for names in (whole, short):
            if max(map(metrics.horizontalAdvance, names), default=0) <= room:
                return dict(enumerate(names))
        if room >= self._theme.scaled(_LEAST_NAME_PX):
            # Names of layers differ at their ends.
            cut = [metrics.elidedText(name, Qt.TextElideMode.ElideMiddle, int(room)) for name in short]
            return dict(enumerate(cut))
        return {
            self._index: metrics.elidedText(whole[self._index], Qt.TextElideMode.ElideRight, self.width())
        }

    def sizeHint(self) -> QSize:
        return QSize(self._theme.scaled(200), self._theme.scaled(30))

    def minimumSizeHint(self) -> QSize:
        return QSize(60, 0)

    @property
    def _cell(self) -> float:
        return (self.width() - 2 * self._theme.scaled(_PAD_PX)) / max(len(self._phases), 1)

    def _index_at(self, x: float) -> int:
        at = int((x - self._theme.scaled(_PAD_PX)) // max(self._cell, 1e-9))
        return min(max(at, 0), len(self._phases) - 1)

    def event(self, event: QEvent) -> bool:
        """Say the full name of the phase below the pointer."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip and self._phases:
            at = self._index_at(event.pos().x())
            text = f"{self._phases[at].title} ({at + 1} of {len(self._phases)})"
            QToolTip.showText(event.globalPos(), tip_text(text), self)
            return True
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._phases:
            at = self._index_at(event.position().x())
            if at != self._index:
                self.wanted.emit(at)
        else:
            event.ignore()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        last = len(self._phases) - 1
        ways = {
            Qt.Key.Key_Left.value: self._index - 1,
            Qt.Key.Key_Right.value: self._index + 1,
            Qt.Key.Key_Home.value: 0,
            Qt.Key.Key_End.value: last,
        }
        if event.key() not in ways or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            event.ignore()
            return
        to = ways[event.key()]
        if not 0 <= to <= last:
            self.left.emit(1 if to > last else -1)
        elif to != self._index:
            self.wanted.emit(to)

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._phases:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._theme.color("strong_line"), 2.0))
        painter.drawLine(self.place(0), self.place(len(self._phases) - 1))
        self._paint_signs(painter)
        self._paint_names(painter)
        painter.end()

    def _paint_signs(self, painter: QPainter) -> None:
        theme = self._theme
        size = _SIGN_PX * theme.text_percent / 100
        crowded = self._cell < theme.scaled(_CROWDED_PX)
        ground = theme.color("surface")
        # The present one last: where stops are crowded it lies over its neighbors.
        for at in sorted(range(len(self._phases)), key=lambda one: one == self._index):
            present = at == self._index
            token = "accent" if present else "secondary" if at < self._index else "disabled"
            shape = _SHAPES[self._phases[at].kind]
            radius = size * (_PRESENT if present else min(1.0, self._cell / _CROWDED_PX) if crowded else 1.0)
            if present and self.hasFocus():
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(theme.color("accent", 0.3))
                painter.drawEllipse(self.place(at), 2 * size, 2 * size)
                ground_here = theme.color("surface", 0.0)
            else:
                ground_here = ground
            draw_sign(painter, self.place(at), shape, radius, theme.color(token), ground_here, stacked=False)

    def _paint_names(self, painter: QPainter) -> None:
        metrics = self._theme.metrics("caption")
        painter.setFont(self._theme.font("caption"))
        for at, name in self.names().items():
            wide = metrics.horizontalAdvance(name) + 2.0
            box = QRectF(0, 0, wide, metrics.height())
            box.moveCenter(QPointF(self.place(at).x(), _NAME_SHARE * self.height()))
            box.moveLeft(min(max(box.left(), 0.0), max(self.width() - wide, 0.0)))
            painter.setPen(self._theme.color("ink:accent" if at == self._index else "secondary"))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextSingleLine, name)


def _short(phase: Phase) -> str:
    """The name of the layer at work, where the shape says what it does; else how the title begins."""
    _, _, layer = phase.title.partition(": ")
    return name_text(layer or phase.title.partition(" ")[0])
