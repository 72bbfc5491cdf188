"""What a drag means: objects with a life.

A gesture begins, is dragged, and is dropped or given up.  It edits nothing before it is dropped: until then
it shows a picture of what would be.  A drop is one edit of the document, or none.  Which one begins where is
`bpviz.ui.canvas.tools`' to say, and when it ends that of `bpviz.ui.canvas.lifecycle`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, Protocol

import numpy as np
from PySide6.QtCore import QPointF, QRectF

from bpviz.model import edits, layout
from bpviz.model.spec import Network
from bpviz.ui.canvas.items import PORT_AT
from bpviz.ui.canvas.scene import NetworkScene
from bpviz.ui.canvas.targets import Target
from bpviz.ui.desk.editor import Editor, moved_layers
from bpviz.ui.document import Selection

_SNAP: Final = 6.0
"""A node dragged nearer than this to the height of another, or of its own old place, takes that height."""
_ENDS: Final = frozenset({"node", "row", "port in", "port out"})


class Gesture(Protocol):
    """What a drag does; points are in the scene."""

    def drag(self, point: QPointF, at: Target) -> None:
        """The pointer moved, and is over ``at``."""

    def drop(self, point: QPointF, at: Target) -> None:
        """The button was released."""

    def cancel(self) -> None:
        """It was given up; nothing stays behind, and the lifecycle brings the selection back."""


class MoveNodes:
    """Moves nodes up and down in their columns."""

    def __init__(
        self, scene: NetworkScene, editor: Editor, nodes: frozenset[str], grip: str, begin: QPointF
    ) -> None:
        """Begin.

        Args:
            scene: Shows the preview.
            editor: Gets the edit.
            nodes: Ids of all nodes that move.
            grip: Id of the node under the pointer.
            begin: Where the drag began.
        """
        self._scene, self._editor = scene, editor
        self._network = editor.network
        self._grip, self._begin = grip, begin
        moving = (node for layer in self._network.layers for node in layer.nodes if node.id in nodes)
        self._heights = {node.id: node.y for node in moving}

    def drag(self, point: QPointF, at: Target) -> None:
        self._scene.show_network(edits.move_nodes(self._network, self._moved(point)))

    def drop(self, point: QPointF, at: Target) -> None:
        if not self._editor.move_nodes(self._moved(point)):
            self.cancel()

    def cancel(self) -> None:
        self._scene.show_network(self._editor.network)

    def _moved(self, point: QPointF) -> Mapping[str, float]:
        dy = point.y() - self._begin.y()
        wanted = self._heights[self._grip] + dy
        others = [
            node.y for layer in self._network.layers for node in layer.nodes if node.id not in self._heights
        ]
        near = [y for y in (*others, self._heights[self._grip]) if abs(y - wanted) <= _SNAP]
        if near:
            dy = min(near, key=lambda y: abs(y - wanted)) - self._heights[self._grip]
        return {node: y + dy for node, y in self._heights.items()}


class MoveLayers:
    """Moves whole columns anywhere."""

    def __init__(self, scene: NetworkScene, editor: Editor, layers: frozenset[str], begin: QPointF) -> None:
        self._scene, self._editor, self._begin = scene, editor, begin
        self._network = editor.network
        self._places = {layer.id: layer.x for layer in self._network.layers if layer.id in layers}

    def drag(self, point: QPointF, at: Target) -> None:
        places, dy = self._moved(point)
        self._scene.show_network(moved_layers(self._network, places, dy))

    def drop(self, point: QPointF, at: Target) -> None:
        if not self._editor.move_layers(*self._moved(point)):
            self.cancel()

    def cancel(self) -> None:
        self._scene.show_network(self._editor.network)

    def _moved(self, point: QPointF) -> tuple[Mapping[str, float], float]:
        off = point - self._begin
        dx, dy = (0.0 if abs(part) <= _SNAP else part for part in (off.x(), off.y()))
        return {layer: x + dx for layer, x in self._places.items()}, dy


class Connect:
    """Draws a connection from a node's port to another node.

    Where it may end, nodes are lifted; where it may not, a sentence beside the pointer says why.
    """

    def __init__(
        self, scene: NetworkScene, editor: Editor, port: Target, tell: Callable[[str], None]
    ) -> None:
        """Begin.

        Args:
            scene: Shows the wire.
            editor: Gets the edit, and says what is legal.
            port: Where it begins; at a port on the left it is drawn backward.
            tell: Shows a sentence beside the pointer; an empty one hides it.
        """
        self._scene, self._editor, self._port, self._tell = scene, editor, port, tell
        self._forward = port.kind == "port out"
        at, k = scene.placement, scene.placement.topology.number[port.node]
        self._anchor = QPointF(at.x[k] + (PORT_AT if self._forward else -PORT_AT), at.y[k])
        scene.lift(self._legal_ends())

    def drag(self, point: QPointF, at: Target) -> None:
        refusal, end = self._refusal(at), point
        if self._ends_at(at) and not refusal:
            place, k = self._scene.placement, self._scene.placement.topology.number[at.node]
            wide = layout.STRIP_WIDTH / 2 if at.kind == "row" else PORT_AT
            end = QPointF(place.x[k] + (-wide if self._forward else wide), place.y[k])
        ends = (self._anchor, end) if self._forward else (end, self._anchor)
        self._scene.hints.show_wire(*ends, legal=not refusal)
        self._tell(refusal)

    def drop(self, point: QPointF, at: Target) -> None:
        self.cancel()
        if self._ends_at(at) and not self._refusal(at):
            self._editor.connect(*self._pair(at.node))

    def cancel(self) -> None:
        self._tell("")
        self._scene.hints.hide_wire()
        self._scene.lift(frozenset())

    def _ends_at(self, at: Target) -> bool:
        return at.kind in _ENDS and at.node != self._port.node

    def _refusal(self, at: Target) -> str:
        return self._editor.connect_refusal(*self._pair(at.node)) if self._ends_at(at) else ""

    def _pair(self, node: str) -> tuple[str, str]:
        return (self._port.node, node) if self._forward else (node, self._port.node)

    def _legal_ends(self) -> frozenset[str]:
        topology = self._scene.placement.topology
        mine = topology.number[self._port.node]
        here, there = topology.source, topology.target
        taken = there[here == mine] if self._forward else here[there == mine]
        connected = {topology.node_ids[k] for k in np.unique(taken).tolist()}
        ends: set[str] = set()
        for layer in topology.network.layers:
            # Direction and loops are matters of layers, so asking for one free node answers for the others.
            free = [node.id for node in layer.nodes if node.id not in connected]
            if free and not self._editor.connect_refusal(*self._pair(free[0])):
                ends.update(free)
        return frozenset(ends)


class Frame:
    """Selects the nodes inside a frame."""

    def __init__(
        self, scene: NetworkScene, begin: QPointF, before: Selection, select: Callable[[Selection], None]
    ) -> None:
        """Begin.

        Args:
            scene: Shows the frame.
            begin: One corner.
            before: What stays selected besides.
            select: Takes the selection, also while dragging.
        """
        self._scene, self._begin, self._before, self._select = scene, begin, before, select

    def drag(self, point: QPointF, at: Target) -> None:
        box = QRectF(self._begin, point).normalized()
        self._scene.hints.show_frame(box)
        inside = self._scene.nodes_in(box)
        self._select(Selection(self._before.nodes | inside, self._before.pairs, self._before.layers))

    def drop(self, point: QPointF, at: Target) -> None:
        self.drag(point, at)
        self._scene.hints.show_frame(None)

    def cancel(self) -> None:
        self._scene.hints.show_frame(None)


class Pan:
    """Moves the sheet under the window."""

    def __init__(self, scroll: Callable[[QPointF], None], begin: QPointF) -> None:
        """Begin.

        Args:
            scroll: Moves the view so that the scene's point that was at ``begin`` is under the pointer again.
            begin: A point of the scene.
        """
        self._scroll, self._begin = scroll, begin

    def drag(self, point: QPointF, at: Target) -> None:
        self._scroll(self._begin - point)

    def drop(self, point: QPointF, at: Target) -> None:
        """Stay where it is."""

    def cancel(self) -> None:
        """Stay where it is."""


def moving_of(network: Network, selection: Selection, node: str) -> frozenset[str]:
    """Ids of the nodes that move when one is dragged: all selected ones, if it is one of them."""
    present = {other.id for layer in network.layers for other in layer.nodes}
    return (selection.nodes & present) if node in selection.nodes else frozenset({node})
