"""The network editor as one widget: picture, gestures, legend, zoom buttons and a card beside the pointer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QPoint, QPointF, QRect, QSize, QTimer, Signal, Slot
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from bpviz.data.datasets import facts
from bpviz.data.shapes import places_of
from bpviz.errors import BpvizError
from bpviz.model.spec import Project
from bpviz.training.snapshot import Snapshot
from bpviz.ui.canvas.calm import Calm
from bpviz.ui.canvas.corners import MARGIN, Corners
from bpviz.ui.canvas.field import PlaceField
from bpviz.ui.canvas.minimap import Minimap
from bpviz.ui.canvas.overlays import FocusFrame, Hint, ToolHint
from bpviz.ui.canvas.pane import NetworkPane
from bpviz.ui.canvas.pointing import Pointing
from bpviz.ui.canvas.scales import Scales
from bpviz.ui.canvas.scene import NetworkScene
from bpviz.ui.canvas.selecting import clicked, menu_kind
from bpviz.ui.canvas.targets import Target
from bpviz.ui.canvas.texts import sheet_hint
from bpviz.ui.canvas.turning import Turning
from bpviz.ui.canvas.views import views
from bpviz.ui.desk import Desk, Editor
from bpviz.ui.document import Document, Selection
from bpviz.ui.theme import Theme

_HOVER_TRACE_PAIRS: Final = 2000  # beyond, a full trace only to fill a card would cost too much


class NetworkCanvas(QWidget):
    """Shows and edits the network of a document, with the values of a run.

    Signals:
        pointed: (`Selection`), what is under the pointer.
        wants_changed: (frozenset of names from `bpviz.training.wants.WANTS`).
        corners_changed: What `corners` says.
        value_edited: (`Address`, float, float), a weight is to have another value instead of an old one.
        asked: (`Target`), whose name or weight is to be written.
        typed: (str), the beginning of a number for what is selected.
        menu_wanted: (str, QPoint), a context menu about that kind of thing, at a place of the screen.
    """

    pointed = Signal(object)
    wants_changed = Signal(object)
    corners_changed = Signal()
    value_edited = Signal(object, float, float)
    asked = Signal(object)
    typed = Signal(str)
    menu_wanted = Signal(str, QPoint)

    def __init__(self, desk: Desk, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._document = desk, desk.document
        self._snapshot: Snapshot | None = None
        self._wants: frozenset[str] = frozenset()
        self._theme = theme
        self._window_size = QSize()
        self._following = True  # until the user pans or zooms, the whole network stays in sight
        self._scene = NetworkScene(theme, self)
        self._pane = NetworkPane(self._scene, desk.editor, self)
        self._asked_at: QPointF | None = None
        self._field = PlaceField(self._pane)
        buttons = {"zoom-out": self.zoom_out, "zoom-in": self.zoom_in, "fit": self.fit}
        self._corners = Corners(theme, self._scene, self._pane, buttons, self)
        self._focus_frame = FocusFrame(theme, self)
        self._hint = Hint(theme, self)
        self._pane.asked.connect(self.asked)
        self._tool_hint = ToolHint(theme, self)
        self._pane.hinted.connect(self._on_hinted)
        self._turning = Turning(self)
        self._pane.turned.connect(self._turning.turn)
        self._pane.weighed.connect(self._turning.weigh)
        self._turning.turned.connect(self.value_edited)
        self._pointing = Pointing(self._scene, self._pane, theme, self._turning, self)
        self._pointing.rested.connect(self._say_wants)
        self._calm = Calm(self)
        self._calm.came.connect(self._keep_in_sight)
        self.setFocusProxy(self._pane)
        self._pane.selected.connect(desk.select)
        self._pane.hovered.connect(self._on_hovered)
        self._pane.menu_wanted.connect(self._on_menu_wanted)
        self._pane.moved.connect(self._on_moved)
        self._pane.typed.connect(self.typed)
        self._pane.resized.connect(self._on_resized)
        self._pane.led_by_keys.connect(self._on_led_by_keys)
        self._pane.approached.connect(self._calm.approach)
        self._pane.left.connect(self._calm.withdraw)
        self._scene.scales_changed.connect(self._on_scales)
        theme.changed.connect(self._on_theme)
        self._follow(desk.document)

    def _follow(self, document: Document) -> None:
        document.changing.connect(self.give_up)
        document.changing.connect(self._field.give_up)
        document.opened.connect(self._on_opened)
        document.changed.connect(self._on_changed)
        document.edited.connect(self._on_edited)
        self._desk.selection_changed.connect(self._scene.select)
        self._desk.view_changed.connect(self._on_view)
        self._show_project(document.project)

    @property
    def pane(self) -> NetworkPane:
        """The view onto the picture, which takes mouse and keys."""
        return self._pane

    @property
    def scene(self) -> NetworkScene:
        """The picture."""
        return self._scene

    @property
    def tool_hint(self) -> ToolHint:
        """What is said about the gesture under way."""
        return self._tool_hint

    @property
    def desk(self) -> Desk:
        """What is worked on, selected and looked at."""
        return self._desk

    @property
    def editor(self) -> Editor:
        """What the canvas can ask of the document."""
        return self._desk.editor

    @property
    def selection(self) -> Selection:
        """What is selected."""
        return self._desk.selection

    @property
    def minimap(self) -> Minimap:
        """The whole network in a corner, while only a part of it is in sight."""
        return self._corners.minimap

    def wants(self) -> frozenset[str]:
        """What a snapshot has to bring for the picture at hand; nothing while nobody sees it."""
        if not self.isVisible():
            return frozenset()
        wants = {"parameters"}
        walking = self._snapshot is not None and self._snapshot.cursor is not None
        small = self._scene.placement.topology.pair_count <= _HOVER_TRACE_PAIRS
        pointed = small and bool(self._pointing.target.node or self._pointing.target.pair)
        if (
            self._scene.view.is_of_step
            or walking
            or pointed
            # Rows of a collapsed column are too low for a map.
            or (bool(self._scene.view.nodes) and not (self._plane and not self._scene.parts.columns))
        ):
            wants.add("trace")
        if self._scene.view.maps and self._plane:
            wants.add("node_maps")
        return frozenset(wants)

    @property
    def _plane(self) -> bool:
        """Whether the data have two raw inputs, so that outputs can be shown over them."""
        try:
            return facts(self._document.project.data).plane
        except BpvizError:
            return False

    @property
    def asked_at(self) -> QPointF | None:
        """The point of the scene for which a context menu is open; None for none, or one of something."""
        return self._asked_at

    def spot(self) -> QPointF | None:
        """The point of the scene that is meant: of an open context menu, or else under the pointer."""
        if self._asked_at is not None or not self._pane.pointed:
            return self._asked_at
        return self._pane.mapToScene(self._pane.pointer)

    def write_at(self, target: Target, text: str, take: Callable[[str], str], *, chosen: bool = True) -> None:
        """Let a text be written in place.

        Args:
            target: What it is about; nothing happens if that is nowhere.
            text: What stands there to begin with.
            take: Gets what was written; returns why it can't be taken, a sentence, or nothing.
            chosen: Typing replaces it, and does not go on.
        """
        box = self._place_of(target)
        if box is not None:
            self._field.open(box.center(), text, take, chosen=chosen)

    def lead_by_keys(self) -> None:
        """Show where the keys lead."""
        self._pane.lead_by_keys()

    @Slot()
    def forget_place(self) -> None:
        """The context menu is closed."""
        self._asked_at = None

    def corners(self) -> tuple[int, int, int]:
        """Pixels that legend and buttons take: how far in at the left, at the right, and up from the foot."""
        return self._corners.taken()

    def fit(self) -> None:
        """Show the whole network, and keep it in sight until the user pans or zooms."""
        self._following = True
        self._calm.forget()
        self._fit()

    def zoom_in(self) -> None:
        """Show the network larger."""
        self._pane.zoom_in()

    def zoom_out(self) -> None:
        """Show the network smaller."""
        self._pane.zoom_out()

    @Slot()
    def give_up(self) -> None:
        """Give up the drag under way, if there is one: something else is about to happen."""
        self._pane.cancel_gesture()

    @Slot()
    def watch(self) -> None:
        """The run is led on: who watches draws nothing, so all comes in sight, wherever the pointer lies."""
        self._calm.rest()

    @Slot(object)
    def light(self, lit: Selection) -> None:
        """Mark what somebody points at elsewhere."""
        self._scene.light(lit)

    @Slot(object)
    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show the values of a run; while hidden, they are only kept."""
        self._snapshot = snapshot
        self._turning.show_snapshot(snapshot)
        if self.isVisible():
            self._scene.show_snapshot(snapshot)
            self._corners.minimap.stir()
            self._pointing.refresh()
            self._say_wants()

    @Slot(str)
    def _on_view(self, view: str) -> None:
        self._scene.show_view(views()[view])
        self._say_wants()

    @Slot(object, QPoint)
    def _on_hovered(self, target: Target, _place: QPoint) -> None:
        self._turning.point_at(target.pair)
        self.pointed.emit(clicked(Selection(), target, extend=False))

    def _place_of(self, target: Target) -> QRect | None:
        """Where something stands on the canvas, a layer where its name does; None when it is nowhere."""
        if target.kind == "caption":
            item, scale = self._scene.parts.layers[target.layer], self._pane.scale_factor
            box = item.mapRectToScene(item.caption_at(scale))
            box.setHeight(box.height() / 2)  # the name, without the line below it
            return self._pane.mapFromScene(box).boundingRect()
        middle = self._scene.middle_of(target)
        return None if middle is None else QRect(self._pane.mapFromScene(middle), QSize())

    @Slot(str)
    def _on_hinted(self, text: str) -> None:
        self._tool_hint.say(text, self.height() - self.corners()[2] - MARGIN)

    @Slot()
    def _on_opened(self) -> None:
        """Ids of another project may be the same, its values are not."""
        self._snapshot = None
        self._turning.show_snapshot(None)
        self._scene.forget_values()
        QTimer.singleShot(0, self, self.fit)

    @Slot(object, object)
    def _on_changed(self, before: Project, after: Project) -> None:
        self._show_project(after)
        self._say_wants()

    def _show_project(self, project: Project) -> None:
        self._scene.places = places_of(project.data)
        self._scene.show_network(project.network)
        self._corners.minimap.follow()
        self._corners.minimap.stir()
        self._hint.say(sheet_hint(project.network))
        self._place_hint()

    def _place_hint(self) -> None:
        self._hint.stand(self.rect(), middle=not self._scene.network.layers)

    @Slot(object, object)
    def _on_edited(self, before: Project, after: Project) -> None:
        if before.network != after.network:
            self._keep_in_sight()

    @Slot()
    def _keep_in_sight(self) -> None:
        """Fit again when the network no longer is wholly in sight, unless the user chose the part to see.

        While a hand is near nothing may move under it; it is done later.
        """
        self._arrange_overlays()
        if self._calm.near or self._pane.held or self._field.isVisible():
            self._calm.put_off()
        elif self._following:
            self._fit()

    @Slot()
    def _on_resized(self) -> None:
        size = self.window().size()
        if size != self._window_size:  # then it is the window that the hand holds
            self._window_size = size
            self._calm.rest()
        self._keep_in_sight()

    @Slot(bool)
    def _on_led_by_keys(self, led: bool) -> None:
        self._focus_frame.setVisible(led)
        if led:  # wherever the pointer was left
            self._calm.rest()

    def _fit(self) -> None:
        """Fit, with room at the foot for all that may stand there: its coming and going moves nothing."""
        self._pane.fit(self._corners.foot_px)
        self._corners.minimap.follow()

    def _on_moved(self) -> None:
        self._following = False

    def _on_menu_wanted(self, target: Target, place: QPoint, point: QPointF) -> None:
        kind = menu_kind(target, self.selection)
        if kind == "layer":
            self._desk.select(Selection(layers=self.selection.layers | {target.layer}))
        self._asked_at = point if kind == "empty" else None
        self.menu_wanted.emit(kind, place)

    def _on_scales(self, scales: Scales) -> None:
        before = self._corners.legend.size()
        self._corners.legend.show_scales(scales)
        self._arrange_overlays()
        if self._corners.legend.size() != before:
            self.corners_changed.emit()

    @Slot()
    def _on_theme(self) -> None:
        """The text size may differ: of captions, which have to be in sight, and of what floats above."""
        self._keep_in_sight()
        self.corners_changed.emit()

    def _arrange_overlays(self) -> None:
        self._corners.arrange()
        self._place_hint()

    @Slot()
    def _say_wants(self) -> None:
        wants = self.wants()
        if wants != self._wants:
            self._wants = wants
            self.wants_changed.emit(wants)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._pane.setGeometry(self.rect())
        self._focus_frame.surround(self.rect())
        self._arrange_overlays()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._snapshot is not None:
            self._scene.show_snapshot(self._snapshot)
        self._keep_in_sight()
        self._say_wants()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._say_wants()
