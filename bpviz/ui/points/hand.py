"""The pointer on the map while examples are drawn: a click adds, a drag moves, a held button sprays."""

from __future__ import annotations

import random
from typing import Final

from PySide6.QtCore import QEvent, QObject, QPointF, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent, QMouseEvent

from bpviz.ui.plots.figure_view import FigureView
from bpviz.ui.plots.plane_layers import PointsLayer

_FIRST_MS: Final = 350  # a click is over before
_NEXT_MS: Final = 60
_SPREAD_PX: Final = 9.0
_GRIP_PX: Final = 5.0  # within an example; beside it another one may be wanted
_PULL_PX: Final = (
    3.0  # from there on a press is a drag: until then it may be a click or be held, in a crowd, too
)


class PointHand(QObject):
    """Turns what the pointer does over the map into examples.

    What belongs together, from a press to its release, has one number, so that it can be undone as one.

    Signals:
        added: (float, float, int), where an example is to be, and in which stroke.
        moved: (int, float, float, int), which example goes where, by its row in the data set, and the stroke.
        removed: (int), which one goes.
        left: Esc was pressed: enough is drawn.

    Args:
        view: The map.
        parent: Qt's.
    """

    added = Signal(float, float, int)
    moved = Signal(int, float, float, int)
    removed = Signal(int)
    left = Signal()

    def __init__(self, view: FigureView, parent: QObject) -> None:
        super().__init__(parent)
        self._view, self._surface = view, view.frame.widget.viewport()
        self._active = False
        self._stroke = 0
        self._gripped: int | None = None  # the example under the press, which a drag would move
        self._from = QPointF()  # where the button went down
        self._at: QPointF | None = None  # where it is held down
        self._moving = self._spraying = False
        self._random = random.Random()
        self._spray = QTimer(self)
        self._spray.timeout.connect(self._on_spray)
        self._surface.installEventFilter(self)

    def set_active(self, *, active: bool) -> None:
        """Draw from now on, or leave the map to its usual clicks."""
        self._active = active
        self._release()
        self._surface.setCursor(Qt.CursorShape.CrossCursor if active else Qt.CursorShape.ArrowCursor)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take the pointer's events while drawing."""
        if not self._active:
            return False
        if isinstance(event, QMouseEvent):
            return self._on_mouse(event)
        if event.type() == QEvent.Type.ContextMenu and self._row_at(self._pointer()) is not None:
            return True  # the second button has removed it
        if event.type() in (QEvent.Type.Leave, QEvent.Type.WindowDeactivate):
            self._release()
        if isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            self.left.emit()
            return True
        return False

    def _on_mouse(self, event: QMouseEvent) -> bool:
        kind, position, button = event.type(), event.position(), event.button()
        if kind in (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick):
            if button == Qt.MouseButton.LeftButton:
                return self._press(position)
            if button == Qt.MouseButton.RightButton and self._at is None:
                return self._remove(position)
        elif kind == QEvent.Type.MouseMove and self._at is not None:
            self._move(position)
            return True
        elif kind == QEvent.Type.MouseButtonRelease and button == Qt.MouseButton.LeftButton:
            if self._at is not None and not (self._moving or self._spraying):
                self._begin_spray()
            self._release()
            return True
        return self._at is not None

    def _press(self, position: QPointF) -> bool:
        if self._plane(position) is None:
            return False
        self._stroke += 1
        self._from = self._at = position
        self._gripped = self._row_at(position)
        if self._gripped is None:
            self._begin_spray()
        self._spray.start(_FIRST_MS)
        return True

    def _begin_spray(self) -> None:
        self._spraying, self._gripped = True, None
        self._add(self._from)

    def _move(self, position: QPointF) -> None:
        self._at = position
        if self._gripped is None:
            return
        if not self._moving and (position - self._from).manhattanLength() >= _PULL_PX:
            self._moving = True
            self._spray.stop()
        place = self._plane(position)
        if self._moving and place is not None:
            self.moved.emit(self._gripped, *place, self._stroke)

    def _remove(self, position: QPointF) -> bool:
        row = self._row_at(position)
        if row is not None:
            self.removed.emit(row)
        return row is not None

    def _release(self) -> None:
        self._at = self._gripped = None
        self._moving = self._spraying = False
        self._spray.stop()

    @Slot()
    def _on_spray(self) -> None:
        if self._at is None:
            self._spray.stop()
            return
        self._spray.start(_NEXT_MS)
        if not self._spraying:
            self._begin_spray()
            return
        away = QPointF(self._random.gauss(0.0, _SPREAD_PX), self._random.gauss(0.0, _SPREAD_PX))
        self._add(self._at + away)

    def _add(self, position: QPointF) -> None:
        place = self._plane(position)
        if place is not None:
            self.added.emit(*place, self._stroke)

    def _plane(self, position: QPointF) -> tuple[float, float] | None:
        """The point of the plane under a position in the widget."""
        frame = self._view.frame
        return frame.plane_position(frame.widget.mapToScene(position.toPoint()))

    def _row_at(self, position: QPointF) -> int | None:
        place, layer = self._plane(position), self._view.layers.get(PointsLayer)
        if place is None or not isinstance(layer, PointsLayer):
            return None
        return layer.row_at(place, self._view.frame.pixel, _GRIP_PX)

    def _pointer(self) -> QPointF:
        return QPointF(self._surface.mapFromGlobal(self._surface.cursor().pos()))
