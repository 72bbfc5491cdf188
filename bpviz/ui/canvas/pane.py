"""The window onto the scene: turns mouse, wheel, pinch and keys into gestures, selections and edits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QEvent, QMargins, QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QFrame, QGraphicsView, QWidget

from bpviz.ui.canvas.editor import Editor
from bpviz.ui.canvas.gestures import Connect, Frame, Gesture, MoveLayers, MoveNodes, Pan, moving_of
from bpviz.ui.canvas.scene import NetworkScene
from bpviz.ui.canvas.selecting import all_nodes, clicked, of_selection, stepped
from bpviz.ui.canvas.targets import EMPTY, Kind, Target, column_at
from bpviz.ui.document import Selection

SMALLEST_SCALE: Final = 0.1
SMALLEST_PART: Final = 0.4
"""Of the scale that shows the whole network: so far it can be made smaller."""
LARGEST_SCALE: Final = 4.0
FIT_SCALE: Final = 1.4
"""A small network is not blown up beyond this."""
FIT_MARGIN: Final = 24.0
_ZOOM_STEP: Final = 1.2
_FIT_ROUNDS: Final = 3
_WHEEL_NOTCH: Final = 120.0
_ROWS_A_NOTCH: Final = 6
_STEPS: Final = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
_CURSORS: Final[dict[Kind, Qt.CursorShape]] = {
    "node": Qt.CursorShape.OpenHandCursor,
    "caption": Qt.CursorShape.OpenHandCursor,
    "row": Qt.CursorShape.OpenHandCursor,
    "port in": Qt.CursorShape.CrossCursor,
    "port out": Qt.CursorShape.CrossCursor,
    "add": Qt.CursorShape.PointingHandCursor,
    "remove": Qt.CursorShape.PointingHandCursor,
    "insert": Qt.CursorShape.PointingHandCursor,
}
_KEY_REASONS: Final = (
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
)
_EXTENDING: Final = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.ControlModifier


@dataclass(frozen=True, slots=True)
class _Press:
    """A mouse button held down, before it is known whether it is a click or a drag."""

    place: QPoint
    point: QPointF
    target: Target
    modifiers: Qt.KeyboardModifier


class NetworkPane(QGraphicsView):
    """Shows the scene and leads the gestures.

    Signals:
        selected: (`Selection`) by the user.
        hovered: (`Target`, QPoint) under the pointer, in the pane's coordinates; `EMPTY` when nothing is.
        refused: (str) why a connection can't end here; empty when it can.
        menu_wanted: (`Target`, QPoint, QPointF) context menu at a global position, and a point of the scene.
        moved: The view shows another part, because the user wished so.
        fit_wanted: By a key.
        resized: The pane has another size.
        led_by_keys: (bool) whether keys lead here, so that it should be seen where they go.
    """

    selected = Signal(object)
    hovered = Signal(object, QPoint)
    refused = Signal(str)
    menu_wanted = Signal(object, QPoint, QPointF)
    moved = Signal()
    fit_wanted = Signal()
    resized = Signal()
    led_by_keys = Signal(bool)

    def __init__(self, scene: NetworkScene, editor: Editor, parent: QWidget | None = None) -> None:
        super().__init__(scene, parent)
        self._picture = scene
        self._editor = editor
        self._press: _Press | None = None
        self._gesture: Gesture | None = None
        self._pointer = QPoint()
        self._keys_lead = False
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.SmartViewportUpdate)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setResizeAnchor(QGraphicsView.ViewportAnchor.AnchorViewCenter)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Network")

    @property
    def scale_factor(self) -> float:
        """Screen pixels a scene pixel."""
        return self.transform().m11()

    @property
    def gesture(self) -> Gesture | None:
        """The drag under way."""
        return self._gesture

    @property
    def pointer(self) -> QPoint:
        """Where the pointer was last, in the pane."""
        return self._pointer

    def fit(self, foot_px: int = 0) -> None:
        """Show the whole network, as large as is useful.

        Args:
            foot_px: Height to leave free at the foot of the pane, for what floats there.
        """
        if self.viewport().size().isEmpty() or not self._picture.network.layers:
            return
        scale, box = self._fitting(foot_px)
        self._set_scale(scale)
        self.centerOn(box.center() + QPointF(0.0, foot_px / 2 / scale))

    def zoom(self, factor: float, place: QPointF | None = None) -> None:
        """Zoom, keeping the point under ``place`` (in the pane) where it is; the middle by default."""
        at = place if place is not None else QPointF(self.viewport().rect().center())
        before = self._to_scene(at)
        # Smaller than this a network would be a speck; what became larger meanwhile is not zoomed by that.
        smallest = min(SMALLEST_PART * self._fitting()[0], self.scale_factor)
        scale = min(max(self.scale_factor * factor, smallest, SMALLEST_SCALE), LARGEST_SCALE)
        self._set_scale(scale)
        self._scroll(before - self._to_scene(at))
        self.moved.emit()

    def zoom_in(self) -> None:
        """Show the network larger."""
        self.zoom(_ZOOM_STEP)

    def zoom_out(self) -> None:
        """Show the network smaller."""
        self.zoom(1 / _ZOOM_STEP)

    def pan(self, by: QPointF) -> None:
        """Show the part of the scene that lies ``by`` further."""
        self._scroll(by)
        self.moved.emit()

    def cancel_gesture(self) -> None:
        """Give up the drag under way, if there is one."""
        gesture, self._gesture, self._press = self._gesture, None, None
        if gesture is not None:
            gesture.cancel()
            self.viewport().unsetCursor()

    # Mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._lead_by_keys(yes=False)
        self.cancel_gesture()
        place = event.position().toPoint()
        self.hovered.emit(EMPTY, place)  # what is shown beside the pointer must not lie over a drag or a menu
        point = self._to_scene(event.position())
        target = self._picture.target_at(point, self.scale_factor)
        if event.button() == Qt.MouseButton.MiddleButton:
            self._begin(Pan(self.pan, point))
        elif event.button() == Qt.MouseButton.LeftButton:
            self._press = _Press(place, point, target, event.modifiers())
            if target.kind in ("port out", "port in"):
                self._begin(Connect(self._picture, self._editor, target, self.refused.emit))
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        place, point = event.position().toPoint(), self._to_scene(event.position())
        self._pointer = place
        target = self._picture.target_at(point, self.scale_factor)
        if self._gesture is None and self._press is not None:
            far = (place - self._press.place).manhattanLength() >= QApplication.startDragDistance()
            if not far:
                return
            self._begin(self._gesture_of(self._press))
        if self._gesture is not None:
            self._gesture.drag(point, target)
        self._point_at(EMPTY if self._drags_picture() else target, place, point)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() not in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton):
            return
        point = self._to_scene(event.position())
        target = self._picture.target_at(point, self.scale_factor)
        gesture, press = self._gesture, self._press
        self._gesture = self._press = None
        if gesture is not None:
            self.viewport().unsetCursor()
            gesture.drop(point, target)
        elif press is not None:
            self._click(press)
        self._point_at(self._picture.target_at(point, self.scale_factor), event.position().toPoint(), point)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        point = self._to_scene(event.position())
        target = self._picture.target_at(point, self.scale_factor)
        if event.button() == Qt.MouseButton.LeftButton and target.kind == "empty":
            self._editor.insert_layer(point.x())
        else:
            self.mousePressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.cancel_gesture()
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            target = of_selection(self._picture.selection)
            at = self._picture.middle_of(target)
            point = self._to_scene(QPointF(self.viewport().rect().center())) if at is None else at
            place, room = self.mapFromScene(point), self.viewport().rect()
            x = min(max(place.x(), room.left()), room.right())
            y = min(max(place.y(), room.top()), room.bottom())
            self.menu_wanted.emit(target, self.viewport().mapToGlobal(QPoint(x, y)), point)
            return
        point = self._to_scene(QPointF(event.pos()))
        target = self._picture.target_at(point, self.scale_factor)
        if not self._is_selected(target):
            self.selected.emit(clicked(self._picture.selection, target, extend=False))
        self.menu_wanted.emit(target, event.globalPos(), point)

    def leaveEvent(self, event: QEvent) -> None:
        if self._gesture is None:
            self._picture.hover(EMPTY, None)
            self.hovered.emit(EMPTY, QPoint())
        super().leaveEvent(event)

    # Wheel and touch pad

    def wheelEvent(self, event: QWheelEvent) -> None:
        zooms = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        layer = column_at(self._picture.placement, self._to_scene(event.position()))
        notches = event.angleDelta().y() / _WHEEL_NOTCH
        if layer and not zooms:
            self._picture.scroll_column(layer, round(-notches * _ROWS_A_NOTCH))
        elif not event.pixelDelta().isNull() and not zooms:  # two fingers on a touch pad
            self.pan(QPointF(-event.pixelDelta()) / self.scale_factor)
        else:
            self.zoom(_ZOOM_STEP**notches, event.position())
        if self._press is None and self._gesture is None:  # something else came under the pointer
            self._pointer = event.position().toPoint()
            point = self._to_scene(event.position())
            self._point_at(self._picture.target_at(point, self.scale_factor), self._pointer, point)
        event.accept()

    def viewportEvent(self, event: QEvent) -> bool:
        pinch = Qt.NativeGestureType.ZoomNativeGesture
        if isinstance(event, QNativeGestureEvent) and event.gestureType() == pinch:
            self.zoom(1.0 + event.value(), event.position())
            return True
        return super().viewportEvent(event)

    # Keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, extend = event.key(), bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        plain = not event.modifiers() & ~(
            Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier
        )
        if event.text() or key in _STEPS:  # and not only a key held down while the mouse does something
            self._lead_by_keys(yes=True)
        if key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and plain:
            self._editor.delete(self._picture.selection)
        elif key == Qt.Key.Key_Escape and self._gesture is not None:
            self.cancel_gesture()
        elif key == Qt.Key.Key_Escape:
            self.selected.emit(Selection())
        elif key == Qt.Key.Key_A and event.modifiers() == Qt.KeyboardModifier.ControlModifier:
            self.selected.emit(all_nodes(self._picture.network))
        elif key == Qt.Key.Key_F and plain:
            self.fit_wanted.emit()
        elif key in _STEPS and plain:
            step = _STEPS[Qt.Key(key)]
            self.selected.emit(
                stepped(self._picture.placement, self._picture.selection, *step, extend=extend)
            )
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._lead_by_keys(yes=self._keys_lead or event.reason() in _KEY_REASONS)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.led_by_keys.emit(False)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.cancel_gesture()
        super().focusOutEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.resized.emit()

    # Helpers

    def _fitting(self, foot_px: int = 0) -> tuple[float, QRectF]:
        """The scale at which the whole network has room, and what is to be shown then."""
        room = self.viewport().size().shrunkBy(QMargins(0, 0, 0, foot_px))
        scale, box = 1.0, QRectF()
        for _ in range(_FIT_ROUNDS):  # captions grow as the picture shrinks
            box = self._picture.extent(scale).adjusted(-FIT_MARGIN, -FIT_MARGIN, FIT_MARGIN, FIT_MARGIN)
            scale = min(room.width() / box.width(), room.height() / box.height(), FIT_SCALE)
            scale = max(scale, SMALLEST_SCALE)
        return scale, box

    def _lead_by_keys(self, *, yes: bool) -> None:
        self._keys_lead = yes
        self.led_by_keys.emit(yes and self.hasFocus())

    def _gesture_of(self, press: _Press) -> Gesture:
        target, selection = press.target, self._picture.selection
        extend = bool(press.modifiers & _EXTENDING)
        if target.kind == "node":
            if target.node not in selection.nodes:
                self.selected.emit(clicked(selection, target, extend=extend))
            nodes = moving_of(self._picture.network, self._picture.selection, target.node)
            return MoveNodes(self._picture, self._editor, nodes, target.node, press.point)
        if target.kind in ("caption", "row"):
            together = selection.layers if target.layer in selection.layers else frozenset({target.layer})
            return MoveLayers(self._picture, self._editor, together, press.point)
        if press.modifiers & Qt.KeyboardModifier.ShiftModifier:
            return Pan(self.pan, press.point)
        before = selection if extend else Selection()
        return Frame(self._picture, press.point, before, self.selected.emit)

    def _begin(self, gesture: Gesture) -> None:
        self._gesture = gesture
        if isinstance(gesture, Pan | MoveNodes | MoveLayers):
            self.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)

    def _click(self, press: _Press) -> None:
        target = press.target
        if target.kind == "add":
            self._editor.add_node(target.layer)
        elif target.kind == "remove":
            self._editor.remove_node(target.layer)
        elif target.kind == "insert":
            self._editor.insert_layer(target.x)
        else:
            extend = bool(press.modifiers & _EXTENDING)
            self.selected.emit(clicked(self._picture.selection, target, extend=extend))

    def _drags_picture(self) -> bool:
        return self._gesture is not None and not isinstance(self._gesture, Connect)

    def _point_at(self, target: Target, place: QPoint, point: QPointF) -> None:
        if self._gesture is None:
            self.viewport().setCursor(_CURSORS.get(target.kind, Qt.CursorShape.ArrowCursor))
        self._picture.hover(target, point if self._gesture is None else None)
        self.hovered.emit(target if self._gesture is None else EMPTY, place)

    def _is_selected(self, target: Target) -> bool:
        chosen = self._picture.selection
        return (
            target.node in chosen.nodes
            or target.pair in chosen.pairs
            or (target.kind == "caption" and target.layer in chosen.layers)
        )

    def _scroll(self, by: QPointF) -> None:
        self._picture.stir()
        transform = self.transform()
        x, y = by.x() * transform.m11(), by.y() * transform.m22()
        across, down = self.horizontalScrollBar(), self.verticalScrollBar()
        across.setValue(across.value() + round(x))
        down.setValue(down.value() + round(y))

    def _set_scale(self, scale: float) -> None:
        self._picture.stir()
        self.resetTransform()
        self.scale(scale, scale)

    def _to_scene(self, place: QPointF) -> QPointF:
        inverse, _ = self.viewportTransform().inverted()
        return inverse.map(place)
