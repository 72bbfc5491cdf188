"""The window onto the scene: turns mouse, wheel, pinch and keys into gestures, selections and edits."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt, Signal, Slot
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QGraphicsView, QWidget

from bpviz.ui.canvas.camera import Camera
from bpviz.ui.canvas.chooser import Offer, offer
from bpviz.ui.canvas.clicks import BUTTONS, Clicks
from bpviz.ui.canvas.gestures.bench import Bench
from bpviz.ui.canvas.gestures.gesture import Gesture, Motion
from bpviz.ui.canvas.held import Held
from bpviz.ui.canvas.lifecycle import Lifecycle
from bpviz.ui.canvas.scene import NetworkScene
from bpviz.ui.canvas.selecting import clicked, of_selection
from bpviz.ui.canvas.sliding import Sliding
from bpviz.ui.canvas.targets import EMPTY, Target, column_at
from bpviz.ui.canvas.tools import Press, Tool, of_letter, tool_for
from bpviz.ui.desk.editor import Editor
from bpviz.ui.document import Selection

_ZOOM_STEP: Final = 1.2
_WHEEL_NOTCH: Final = 120.0
_ROWS_A_NOTCH: Final = 6
_TURNING: Final = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.AltModifier
_NUMBER_BEGINS: Final = "0123456789-+="
_DRAGGING: Final = (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton)
# The button is still held: a window that comes to the front, or a menu, is no reason to lose what is dragged.
_COMES_BACK: Final = (
    Qt.FocusReason.ActiveWindowFocusReason,
    Qt.FocusReason.PopupFocusReason,
    Qt.FocusReason.MenuBarFocusReason,
)
_KEY_REASONS: Final = (
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
)


class NetworkPane(QGraphicsView):
    """Shows the scene and leads the gestures.

    Signals:
        selected: (`Selection`) by the user.
        pressed: (`Target`), a button went down there.
        hovered: (`Target`, QPoint) under the pointer, in the pane's coordinates; `EMPTY` when nothing is.
        refused: (str) why a connection can't end here; empty when it can.
        hinted: (str) what can be done with the gesture under way; empty when there is none.
        menu_wanted: (`Target`, QPoint, QPointF) context menu at a global position, and a point of the scene.
        asked: (`Target`), whose name or weight is to be written where it stands.
        turned: (pair, float, bool), by how many notches the wheel was, and whether for coarse steps.
        weighed: (pair, float, bool), its weight is dragged to a value, or to none, and whether it is dropped.
        approached: The pointer does something here.
        left: The pointer is elsewhere.
        moved: The view shows another part, because the user wished so.
        resized: The pane has another size.
        typed: (str) the beginning of a number.
        led_by_keys: (bool) whether keys lead here, so that it should be seen where they go.
    """

    selected = Signal(object)
    pressed = Signal(object)
    hovered = Signal(object, QPoint)
    refused = Signal(str)
    hinted = Signal(str)
    menu_wanted = Signal(object, QPoint, QPointF)
    asked = Signal(object)
    turned = Signal(object, float, bool)
    weighed = Signal(object, object, bool)
    approached = Signal()
    left = Signal()
    moved = Signal()
    resized = Signal()
    typed = Signal(str)
    led_by_keys = Signal(bool)

    def __init__(self, scene: NetworkScene, editor: Editor, parent: QWidget | None = None) -> None:
        super().__init__(scene, parent)
        self._picture, self._editor = scene, editor
        self._camera = Camera(self, scene)
        tell, value_of = self.refused.emit, scene.value_of
        bench = Bench(
            scene, editor, self.selected.emit, self.pan, tell, self._ask, value_of, self.weighed.emit
        )
        self._life = Lifecycle(bench, self)
        self._life.began.connect(self._on_began)
        self._life.ended.connect(self._on_ended)
        self._clicks = Clicks(scene, editor, self._camera, self.selected.emit, self.asked.emit)
        self._life.clicked.connect(self._clicks.click)
        self._sliding = Sliding(self._pan_px, self)
        self._sliding.slid.connect(self._drag_on)
        self._pointer, self._pointed = QPoint(), False
        self._held = Held(self)
        self._held.changed.connect(self._on_keys)
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
        return self._camera.scale

    @property
    def gesture(self) -> Gesture | None:
        """The drag under way."""
        return self._life.gesture

    @property
    def tool(self) -> Tool | None:
        """What leads it."""
        return self._life.tool

    @property
    def tells(self) -> bool:
        """Whether numbers may be shown of what is pointed at: a drag has its own to say."""
        return self.gesture is None or self._life.kept != EMPTY

    @property
    def held(self) -> bool:
        """Whether a mouse button is held here."""
        return self._life.active

    @property
    def pointer(self) -> QPoint:
        """Where the pointer was last, in the pane."""
        return self._pointer

    @property
    def pointed(self) -> bool:
        """Whether the pointer is here: it did something, and did not leave since.

        Qt's own `underMouse` is told by events of entering, which may miss where windows come and go.
        """
        return self._pointed

    def fit(self, foot_px: int = 0) -> None:
        """Show the whole network, as large as is useful, with so much left free at the foot."""
        self._camera.fit(foot_px)

    def zoom(self, factor: float, place: QPointF | None = None) -> None:
        """Zoom, keeping the point under ``place`` where it is; the middle by default."""
        self._camera.zoom(factor, place)
        self.moved.emit()

    def zoom_in(self) -> None:
        """Show the network larger."""
        self.zoom(_ZOOM_STEP)

    def zoom_out(self) -> None:
        """Show the network smaller."""
        self.zoom(1 / _ZOOM_STEP)

    def pan(self, by: QPointF) -> None:
        """Show the part of the scene that lies ``by`` further."""
        self._camera.scroll(by)
        self.moved.emit()

    def cancel_gesture(self) -> None:
        """Give up the drag under way, if there is one, and select again what was selected before it."""
        self._life.cancel()

    # Mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._lead_by_keys(yes=False)
        self.approached.emit()
        event.accept()
        self._see(event)
        if not self._life.active:
            self.pressed.emit(self._at(event.position())[1])
        elif event.button() == Qt.MouseButton.MiddleButton:
            self._sliding.grip(event.position())
        if event.button() in _DRAGGING:
            self._life.press(self._press(event.button(), event.position()))
            self._show_cursor(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.approached.emit()
        self._see(event)
        if self._sliding.gripped or (self._life.tool is not None and self._life.tool.scrolls):
            self._sliding.follow(event.position(), QRectF(self.viewport().rect()))
        self._life.drag(self._pointer, self._motion(event.position()), event.buttons())
        self._point_at(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._see(event)
        if event.button() == Qt.MouseButton.MiddleButton:
            self._sliding.let_go()
        self._life.release(event.button(), self._motion(event.position()))
        self._point_at(event.position())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._see(event)
        press = self._press(event.button(), event.position())
        left = event.button() == Qt.MouseButton.LeftButton and not self._life.active
        if not (left and self._clicks.click_twice(press)):
            self.mousePressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if self._life.active:
            return  # a second button, or the key, pressed during a drag
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            target = of_selection(self._picture.selection)
            at = self._picture.middle_of(target)
            point = self._camera.to_scene(QPointF(self.viewport().rect().center())) if at is None else at
            self.menu_wanted.emit(target, self.viewport().mapToGlobal(self._camera.nearest(point)), point)
            return
        point, target = self._at(QPointF(event.pos()))
        if not self._is_selected(target):
            self.selected.emit(clicked(self._picture.selection, target, extend=False))
        self.menu_wanted.emit(target, event.globalPos(), point)

    def leaveEvent(self, event: QEvent) -> None:
        self._pointed = False
        self.left.emit()
        if self.gesture is None:
            self._picture.hover(EMPTY, None)
            self.hovered.emit(EMPTY, QPoint())
        super().leaveEvent(event)

    # Wheel and touch pad

    def wheelEvent(self, event: QWheelEvent) -> None:
        self.approached.emit()
        zooms = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        layer = column_at(self._picture.placement, self._camera.to_scene(event.position()))
        notches = (event.angleDelta().y() or event.angleDelta().x()) / _WHEEL_NOTCH
        pair = self._at(event.position())[1].pair if event.modifiers() & _TURNING else None
        if event.modifiers() & _TURNING and self.gesture is None:
            if pair is not None:  # who misses it wants no zoom instead
                self.turned.emit(pair, notches, zooms)
        elif layer and not zooms:
            self._picture.scroll_column(layer, round(-notches * _ROWS_A_NOTCH))
        elif not event.pixelDelta().isNull() and not zooms:  # two fingers on a touch pad
            self.pan(QPointF(-event.pixelDelta()) / self.scale_factor)
        else:
            self.zoom(_ZOOM_STEP**notches, event.position())
        self._see(event)
        self._drag_on()  # something else came under it
        event.accept()

    def viewportEvent(self, event: QEvent) -> bool:
        pinch = Qt.NativeGestureType.ZoomNativeGesture
        if isinstance(event, QNativeGestureEvent) and event.gestureType() == pinch:
            self.zoom(1.0 + event.value(), event.position())
            return True
        return super().viewportEvent(event)

    # Keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if self._held.press(event):
            return
        if event.text():  # and not only a key held down while the mouse does something
            self.lead_by_keys()
        if event.text() and event.text() in _NUMBER_BEGINS:
            self.cancel_gesture()
            self.typed.emit(event.text())
        elif key != Qt.Key.Key_Escape or event.modifiers():
            super().keyPressEvent(event)
        elif self.gesture is not None:
            self.cancel_gesture()
        else:
            self.selected.emit(Selection())

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        self._held.release(event)
        super().keyReleaseEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._lead_by_keys(yes=self._keys_lead or event.reason() in _KEY_REASONS)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.led_by_keys.emit(False)
        if event.reason() not in _COMES_BACK:
            self.cancel_gesture()
        self._held.forget()
        super().focusOutEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        self.cancel_gesture()
        super().hideEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.resized.emit()

    def lead_by_keys(self) -> None:
        """Show where the keys lead, which they do here."""
        self._lead_by_keys(yes=True)

    # Helpers

    def _lead_by_keys(self, *, yes: bool) -> None:
        self._keys_lead = yes
        self.led_by_keys.emit(yes and self.hasFocus())

    @Slot()
    def _on_began(self) -> None:
        if self._life.tool is not None:
            self.viewport().setCursor(self._life.tool.cursor)
            self.hinted.emit(self._life.tool.hint)

    @Slot()
    def _on_ended(self) -> None:
        self._sliding.rest()
        self.viewport().unsetCursor()
        self._on_keys()

    @Slot()
    def _on_keys(self) -> None:
        """Other keys are held, which may change what a gesture does, and what a press would begin."""
        self._life.hold(self._held.keys)
        if not self._life.active:
            tool = of_letter(self._held.letter)
            self.hinted.emit(tool.hint if tool is not None else "")
            if self._pointed:
                self._point_at(QPointF(self._pointer))

    def _at(self, place: QPointF) -> tuple[QPointF, Target]:
        """The point of the scene at a place of the pane, and what is there."""
        point = self._camera.to_scene(place)
        return point, self._picture.target_at(point, self.scale_factor)

    def _motion(self, place: QPointF) -> Motion:
        return Motion(*self._at(place), self._held.keys, self.scale_factor)

    def _press(self, button: Qt.MouseButton, place: QPointF) -> Press:
        chosen, held = self._picture.selection, self._held
        return Press(button, place.toPoint(), *self._at(place), held.keys, chosen, held.letter)

    def _ask(self, offers: Sequence[Offer], settled: Callable[[], None]) -> None:
        offer(self, self.viewport().mapToGlobal(self._pointer), offers, settled)

    def _see(self, event: QMouseEvent | QWheelEvent) -> None:
        self._pointer, self._pointed = event.position().toPoint(), True
        self._held.see(event)

    def _pan_px(self, by: QPointF) -> None:
        self.pan(by / self.scale_factor)

    @Slot()
    def _drag_on(self) -> None:
        """The picture moved under the pointer: what is dragged goes along."""
        place = QPointF(self._pointer)
        self._life.drag(self._pointer, self._motion(place))
        self._point_at(place)

    def _point_at(self, place: QPointF) -> None:
        """Mark what is under the pointer, and say it; a drag marks by itself where it may end."""
        point, target = self._at(place)
        tool = self._life.tool
        if tool is None:
            self._show_cursor(place)
        marked = target if tool is None or tool.points else EMPTY
        self._picture.hover(marked, point if tool is None else None)
        self.hovered.emit(target if tool is None else self._life.kept, place.toPoint())

    def _show_cursor(self, place: QPointF) -> None:
        """Tell by the pointer what a press would begin, or what the one that is held will."""
        press, grip = self._press(Qt.MouseButton.LeftButton, place), self._life.grip
        shape = tool_for(press).before if grip is None else grip.cursor
        if press.target.kind in BUTTONS and press.letter is None and self._life.tool is None:
            shape = Qt.CursorShape.PointingHandCursor
        self.viewport().setCursor(shape)

    def _is_selected(self, target: Target) -> bool:
        chosen = self._picture.selection
        return (
            target.node in chosen.nodes
            or target.pair in chosen.pairs
            or (target.kind == "caption" and target.layer in chosen.layers)
        )
