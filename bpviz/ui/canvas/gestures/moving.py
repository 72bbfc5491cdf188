"""Moving nodes and layers: they come to rest in line with others, unless Ctrl is held."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QPointF

from bpviz.model import edits
from bpviz.model.layout import center_y
from bpviz.model.spec import Network
from bpviz.ui.canvas.gestures.gesture import Motion
from bpviz.ui.canvas.scene import NetworkScene
from bpviz.ui.canvas.snapping import SNAP_PX, Place, Snap, snapped
from bpviz.ui.desk.editor import Editor, moved_layers
from bpviz.ui.document import Selection


class MoveNodes:
    """Moves nodes anywhere."""

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
        self._begin = begin
        at = scene.placement
        places = zip(at.topology.node_ids, at.x.tolist(), at.y.tolist(), at.single.tolist(), strict=True)
        standing = {node: ((x, y), single) for node, x, y, single in places}
        self._places: Mapping[str, Place] = {node: standing[node][0] for node in nodes}
        self._others = [place for node, (place, single) in standing.items() if single and node not in nodes]
        self._grip = standing[grip][0]

    def drag(self, motion: Motion) -> None:
        snap = self._snapped(motion)
        self._scene.show_network(edits.place_nodes(self._network, self._moved(snap)))
        self._scene.hints.show_guides(snap.guides)

    def drop(self, motion: Motion) -> None:
        moved = self._moved(self._snapped(motion))
        self._scene.hints.show_guides(())
        if not self._editor.place_nodes(moved):
            self.cancel()

    def cancel(self) -> None:
        self._scene.hints.show_guides(())
        self._scene.show_network(self._editor.network)

    def _snapped(self, motion: Motion) -> Snap:
        return _snapped(self._grip, self._begin, self._others, motion)

    def _moved(self, snap: Snap) -> Mapping[str, Place]:
        dx, dy = snap.place[0] - self._grip[0], snap.place[1] - self._grip[1]
        return {node: (x + dx, y + dy) for node, (x, y) in self._places.items()}


class MoveLayers:
    """Moves whole columns anywhere."""

    def __init__(
        self, scene: NetworkScene, editor: Editor, layers: frozenset[str], grip: str, begin: QPointF
    ) -> None:
        """Begin.

        Args:
            scene: Shows the preview.
            editor: Gets the edit.
            layers: Ids of all layers that move.
            grip: Id of the layer under the pointer.
            begin: Where the drag began.
        """
        self._scene, self._editor, self._begin = scene, editor, begin
        self._network = editor.network
        places = {layer.id: (layer.x, center_y(layer)) for layer in self._network.layers}
        self._places = {layer: places[layer][0] for layer in places if layer in layers}
        self._others = [place for layer, place in places.items() if layer not in layers]
        self._grip = places[grip]

    def drag(self, motion: Motion) -> None:
        snap = self._snapped(motion)
        self._scene.show_network(moved_layers(self._network, *self._moved(snap)))
        self._scene.hints.show_guides(snap.guides)

    def drop(self, motion: Motion) -> None:
        moved = self._moved(self._snapped(motion))
        self._scene.hints.show_guides(())
        if not self._editor.move_layers(*moved):
            self.cancel()

    def cancel(self) -> None:
        self._scene.hints.show_guides(())
        self._scene.show_network(self._editor.network)

    def _snapped(self, motion: Motion) -> Snap:
        return _snapped(self._grip, self._begin, self._others, motion)

    def _moved(self, snap: Snap) -> tuple[Mapping[str, float], float]:
        dx, dy = snap.place[0] - self._grip[0], snap.place[1] - self._grip[1]
        return {layer: x + dx for layer, x in self._places.items()}, dy


def _snapped(grip: Place, begin: QPointF, others: list[Place], motion: Motion) -> Snap:
    """Where what was gripped is to stand."""
    off = motion.point - begin
    wanted = (grip[0] + off.x(), grip[1] + off.y())
    return Snap(wanted) if motion.free else snapped(wanted, others, motion.within(SNAP_PX), grip)


def moving_of(network: Network, selection: Selection, node: str) -> frozenset[str]:
    """Ids of the nodes that move when one is dragged: all selected ones, if it is one of them."""
    present = {other.id for layer in network.layers for other in layer.nodes}
    return (selection.nodes & present) if node in selection.nodes else frozenset({node})
