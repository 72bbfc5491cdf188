"""The run as a thin line: marks where something was done, and a head that is drawn to any step."""

from __future__ import annotations

import html
from typing import Final

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QHelpEvent,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from bpviz.errors import one_line
from bpviz.training.timeline_view import Mark, TimelineView
from bpviz.ui.numbers import count
from bpviz.ui.strip.line_picture import HEAD_PX, LinePainter, Picture, paint_empty
from bpviz.ui.strip.spots import Crowd, Scale, Spot, Spots, marks_spots, other_spots
from bpviz.ui.strip.step_slider import StepSlider
from bpviz.ui.theme import Theme

_EMPTY: Final = "Nothing to wind yet"
_PAD_PX: Final = 10  # on both sides, so that the head is whole at the ends
_LEAST_PX: Final = 60
_USUAL_PX: Final = 200
_REACH_PX: Final = 8.0  # how near a pointer must be to a mark
_HEAD_REACH_PX: Final = 6.0
_DRAG_PX: Final = 3.0
_LONGEST_LINE: Final = 60  # letters of a tooltip's line that does not wrap


class RunLine(StepSlider):
    """Shows a `TimelineView` as a line and lets a hand wind it; see `StepSlider` for the signals of that.

    Signals:
        moved: (int, as an object because Qt's own has 32 bits), at which step the head is drawn.
    """

    moved = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._painter = LinePainter(theme)
        self._told: tuple[tuple[Mark, ...], tuple[Spot, ...]] = ((), ())
        self._marked: tuple[Spot, ...] = ()
        self._spots = Spots()
        self._scale: Scale | None = None
        self._picture: Picture | None = None
        self._under: Crowd | None = None
        self._pressed: tuple[float, Crowd | None] | None = None
        self._before: tuple[int, bool] = (0, True)
        self.hand.changed.connect(self._refresh)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        theme.changed.connect(self._dress)

    @property
    def spots(self) -> Spots:
        """What is marked on it."""
        return self._spots

    @property
    def picture(self) -> Picture | None:
        """What there is to see; None of a run without a step."""
        return self._picture

    def place(self, step: int) -> QPoint:
        """Where a step is drawn, in its own coordinates."""
        x = self._scale.x(step) if self._scale is not None else self._pad
        return QPoint(round(x), self.height() // 2)

    def show_view(self, view: TimelineView | None, step: int) -> None:
        """Show how a timeline stands."""
        self._stand(view, step)
        marks, others = ((), ()) if view is None else (view.marks, other_spots(view))
        if (marks, others) != self._told:
            if marks != self._told[0]:
                self._marked = marks_spots(marks)
            self._told = (marks, others)
            self._spots = Spots(self._marked, others)
        self._refresh()

    def sizeHint(self) -> QSize:
        return QSize(self._theme.scaled(_USUAL_PX), self._theme.scaled(HEAD_PX[1]))

    def minimumSizeHint(self) -> QSize:
        return QSize(_LEAST_PX, 0)

    @property
    def _pad(self) -> int:
        return self._theme.scaled(_PAD_PX)

    @Slot()
    def _dress(self) -> None:
        self._painter.dress()
        self._refresh()
        self.update()

    @Slot()
    def _refresh(self) -> None:
        """Paint again if a pixel differs; below a hand the scale rests."""
        view, picture = self._view, None
        if view is None or view.last_step <= view.first_step:
            self._scale = None
        else:
            if not self.hand.holding or self._scale is None:
                right = max(self.width() - self._pad, self._pad + 1)
                self._scale = Scale(view.first_step, view.last_step, self._pad, right)
            wanted = self.hand.wanted is not None
            picture = Picture(
                round(self._scale.left),
                round(self._scale.right),
                self._spots.crowds(self._scale),
                round(self._scale.x(self.step)),
                hollow=not view.exact or (wanted and self.step != self._step),
                past=not view.at_end or (wanted and self.step < self.hand.end),
            )
        self._tell_qt()
        self.moved.emit(self.step)
        if picture != self._picture:
            self._picture = picture
            if picture is None or self._under not in picture.crowds:
                self._show_under(None)
            self.update()

    # The hand

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or self._picture is None:
            event.ignore()
            return
        x = event.position().x()
        crowd = self._crowd_at(x)
        self._pressed = (x, crowd)
        QToolTip.hideText()
        if crowd is None and abs(x - self._picture.head) > self._theme.scaled(_HEAD_REACH_PX):
            self._begin(x)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        x = event.position().x()
        if self._pressed is None:
            self._show_under(self._crowd_at(x))
        elif self.hand.holding:
            self._move_to(x)
        elif abs(x - self._pressed[0]) >= _DRAG_PX:
            self._begin(x)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or self._pressed is None:
            event.ignore()
            return
        crowd, self._pressed = self._pressed[1], None
        if self.hand.holding:
            self.hand.drop()
        elif crowd is not None:  # a drag that began here would hold by now
            self.go_to(self._spots.next_step(crowd, self.step))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """While the mouse holds the head, Escape goes back to where it took hold, and other keys rest."""
        if self._pressed is None:
            super().keyPressEvent(event)
        elif event.key() == Qt.Key.Key_Escape:
            self._pressed = None
            if self.hand.holding:
                step, at_end = self._before
                self.hand.drop(self.hand.end if at_end else step)

    def _begin(self, x: float) -> None:
        self._show_under(None)
        self._before = (self._step, self._view is None or self._view.at_end)
        self.hand.take()
        self._move_to(x)

    def _move_to(self, x: float) -> None:
        if self._scale is not None:
            self.hand.move(self._scale.step(x))

    # What the pointer is told

    def event(self, event: QEvent) -> bool:
        """Say which step lies below a pointer that waits."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            if self._under is None and self._scale is not None:
                QToolTip.showText(event.globalPos(), f"Step {count(self._scale.step(event.pos().x()))}", self)
            return True
        return super().event(event)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._show_under(None)

    def _show_under(self, crowd: Crowd | None) -> None:
        """Say what is under the pointer, at once, and lift it."""
        if crowd == self._under:
            return
        self._under = crowd
        self.setCursor(Qt.CursorShape.ArrowCursor if crowd is None else Qt.CursorShape.PointingHandCursor)
        self.update()
        if crowd is None:
            QToolTip.hideText()
        else:
            reach = self._theme.scaled(_REACH_PX)
            around = QRect(crowd.x - reach, 0, 2 * reach + 1, self.height())
            QToolTip.showText(
                self.mapToGlobal(QPoint(crowd.x, self.height() // 2)),
                _tip(self._spots.tip(crowd)),
                self,
                around,
            )

    def _crowd_at(self, x: float) -> Crowd | None:
        crowds = () if self._picture is None else self._picture.crowds
        nearest = min(crowds, key=lambda crowd: abs(crowd.x - x), default=None)
        reach = self._theme.scaled(_REACH_PX)
        return nearest if nearest is not None and abs(nearest.x - x) <= reach else None

    # Qt

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._pressed = None
        if self.hand.holding:
            self.hand.drop()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._picture is None:
            paint_empty(painter, self.rect().adjusted(self._pad, 0, -self._pad, 0), self._theme, _EMPTY)
        else:
            under, focus = self._under, self.hasFocus()
            self._painter.paint(painter, self._picture, self.height(), under, focus=focus)
        painter.end()


def _tip(text: str) -> str:
    """A tooltip of several lines, which may hold anybody's names; only long ones wrap."""
    lines = [html.escape(one_line(line)) for line in text.splitlines()]
    wraps = max(map(len, lines)) > _LONGEST_LINE
    style = "normal" if wraps else "pre"
    return f"<qt><div style='white-space:{style}'>{'<br>'.join(lines)}</div></qt>"
