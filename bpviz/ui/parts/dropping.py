"""Parts dragged over the picture: what would take them in is marked, and a drop puts them there."""

from __future__ import annotations

from itertools import count
from typing import Final

from PySide6.QtCore import QEvent, QMimeData, QObject, QPointF
from PySide6.QtGui import QDropEvent, QPainterPath

from bpviz.model.layout import NODE_GAP, NODE_RADIUS
from bpviz.model.spec import Network, Pair
from bpviz.ui.canvas.gestures.between import Between, Insert
from bpviz.ui.canvas.gestures.gesture import Motion
from bpviz.ui.canvas.pane import NetworkPane
from bpviz.ui.canvas.scene import NetworkScene
from bpviz.ui.desk import Desk
from bpviz.ui.desk.editor import NEW_LAYER_SIZE
from bpviz.ui.parts.table import PARTS, Part, near_layer

KIND: Final = "application/x-bpviz-part"
"""What dragged data are called that name a part."""
_HINTS: Final = {
    "into a pair": "Drop into a column or on a connection · Ctrl leaves connections alone",
    "into a link": "Drop between columns or on a connection · Ctrl leaves connections alone",
    "anywhere": "Drop to draw this in place of what is there; undo brings it back",
}
_EDGE: Final = 6.0


def data_of(name: str) -> QMimeData:
    """What is dragged of a part."""
    data = QMimeData()
    data.setData(KIND, name.encode())
    return data


def part_of(data: QMimeData) -> Part | None:
    """The part that is dragged; None for anything else."""
    name = bytes(data.data(KIND).data()).decode(errors="replace") if data.hasFormat(KIND) else ""
    return PARTS.get(name)


class Dropping(QObject):
    """Lets a canvas take parts."""

    def __init__(self, desk: Desk, pane: NetworkPane, scene: NetworkScene) -> None:
        super().__init__(pane)
        self._desk, self._pane, self._scene = desk, pane, scene
        self._part: Part | None = None
        self._taken = False  # what is dragged is ours: the view has not heard of its coming
        self._between: Between | None = None
        self._pair: Pair | None = None
        pane.viewport().setAcceptDrops(True)
        pane.viewport().installEventFilter(self)

    @property
    def pair(self) -> Pair | None:
        """The connection that a drop would go into."""
        return self._pair

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take what names a part; the rest is for others, such as a file that is to be opened."""
        if isinstance(event, QDropEvent) and (part := part_of(event.mimeData())) is not None:
            motion = self._motion(event)
            self._taken = True
            if event.type() == QEvent.Type.Drop:
                self._follow(part, motion)
                pair = self._pair
                self._leave()
                self._put(part, motion.point, pair)
            else:
                self._follow(part, motion)
            event.acceptProposedAction()
            return True
        if event.type() == QEvent.Type.DragLeave and self._taken:  # also a second time, or after the drop
            if self._part is not None:
                self._leave()
            return True
        if event.type() == QEvent.Type.DragEnter:
            self._taken = False
        return super().eventFilter(watched, event)

    def _motion(self, event: QDropEvent) -> Motion:
        point = self._pane.mapToScene(event.position().toPoint())
        scale = self._pane.scale_factor
        return Motion(point, self._scene.target_at(point, scale), event.modifiers(), scale)

    def _follow(self, part: Part, motion: Motion) -> None:
        if part is not self._part:
            self._pane.cancel_gesture()
            self._part = part
            whole = part.goes == "into a link"
            self._between = Between(self._scene, frozenset(), self._insert_of(part), whole=whole)
            self._pane.hinted.emit(_HINTS[part.goes])
        assert self._between is not None
        self._pair = self._between.find(motion)
        self._scene.hints.show_area(None if self._pair else self._outline(part, motion.point))

    @staticmethod
    def _insert_of(part: Part) -> Insert | None:
        inside = part.inside
        if inside is None:
            return None
        numbers = count()

        def insert(network: Network, pair: Pair) -> object:
            return inside(network, pair, lambda prefix: f"{prefix} {next(numbers)}")

        return insert

    def _outline(self, part: Part, point: QPointF) -> QPainterPath:
        """Where it would come, as far as one can say."""
        path = QPainterPath()
        if part.goes == "anywhere":
            whole = self._pane.mapToScene(self._pane.viewport().rect()).boundingRect()
            path.addRect(whole.adjusted(_EDGE, _EDGE, -_EDGE, -_EDGE))
            return path
        network = self._desk.network
        layer = near_layer(network, point.x()) if part.goes == "into a pair" else ""
        x = network.layer(layer).x if layer else point.x()
        many = 1 if part.goes == "into a pair" else NEW_LAYER_SIZE
        for at in range(many):
            y = point.y() + (at - (many - 1) / 2) * NODE_GAP
            path.addEllipse(QPointF(x, y), NODE_RADIUS, NODE_RADIUS)
        return path

    def _put(self, part: Part, point: QPointF, pair: Pair | None) -> None:
        if pair is not None:
            part.insert(self._desk, pair, self._scene.value_of)
        else:
            part.put(self._desk, (point.x(), point.y()))

    def _leave(self) -> None:
        self._part = self._pair = None
        if self._between is not None:
            self._between.hide()
            self._between = None
        self._scene.hints.show_area(None)
        self._pane.hinted.emit("")
