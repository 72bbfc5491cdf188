"""Moving nodes and layers: they come to rest in line with others, and go in between where they are dropped.

With Ctrl held they do neither.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from functools import partial

from PySide6.QtCore import QPointF

from bpviz.model import edits
from bpviz.model.edits import ValueOf
from bpviz.model.layout import center_y
from bpviz.model.spec import Network, Pair
from bpviz.ui.canvas.gestures.between import Between
from bpviz.ui.canvas.gestures.gesture import Motion
from bpviz.ui.canvas.scene import NetworkScene
from bpviz.ui.canvas.snapping import SNAP_PX, Place, Snap, snapped
from bpviz.ui.desk.editor import Editor, moved_layers
from bpviz.ui.document import Selection


class _Move(ABC):
    """What moving has in common, whatever moves."""

    def __init__(
        self,
        scene: NetworkScene,
        editor: Editor,
        begin: QPointF,
        grip: Place,
        others: Sequence[Place],
        between: Between,
    ) -> None:
        self._scene, self._editor, self._begin = scene, editor, begin
        self._network = editor.network
        self._grip, self._others, self._between = grip, others, between

    def drag(self, motion: Motion) -> None:
        snap = self._snapped(motion)
        self._scene.show_network(self._preview(self._off(snap)), self._network)
        lit = self._between.find(motion)
        self._scene.hints.show_guides(() if lit else snap.guides)

    def drop(self, motion: Motion) -> None:
        pair = self._between.find(motion)
        snap = self._snapped(motion)
        self._put_away()
        done = self._insert(pair) if pair is not None else self._place(self._off(snap))
        if not done:
            self.cancel()

    def cancel(self) -> None:
        self._put_away()
        self._scene.show_network(self._editor.network)

    @abstractmethod
    def _preview(self, off: Place) -> Network:
        """The drawing with what moves so far from where it was."""

    @abstractmethod
    def _place(self, off: Place) -> bool:
        """Make the edit that puts it there."""

    @abstractmethod
    def _insert(self, pair: Pair) -> bool:
        """Make the edit that lets it go into a connection."""

    def _snapped(self, motion: Motion) -> Snap:
        way = motion.point - self._begin
        wanted = (self._grip[0] + way.x(), self._grip[1] + way.y())
        if motion.free:
            return Snap(wanted)
        return snapped(wanted, self._others, motion.within(SNAP_PX), self._grip)

    def _off(self, snap: Snap) -> Place:
        return snap.place[0] - self._grip[0], snap.place[1] - self._grip[1]

    def _put_away(self) -> None:
        self._between.hide()
        self._scene.hints.show_guides(())


class MoveNodes(_Move):
    """Moves nodes anywhere."""

    def __init__(
        self,
        scene: NetworkScene,
        editor: Editor,
        nodes: frozenset[str],
        grip: str,
        begin: QPointF,
        value_of: ValueOf,
    ) -> None:
        """Begin.

        Args:
            scene: Shows the preview.
            editor: Gets the edit.
            nodes: Ids of all nodes that move.
            grip: Id of the node under the pointer.
            begin: Where the drag began.
            value_of: Finds a weight that goes along.
        """
        at = scene.placement
        places = zip(at.topology.node_ids, at.x.tolist(), at.y.tolist(), at.single.tolist(), strict=True)
        standing = {node: ((x, y), single) for node, x, y, single in places}
        self._places: Mapping[str, Place] = {node: standing[node][0] for node in nodes}
        self._node, self._layer = grip, editor.network.layer_of(grip).id
        self._value_of = value_of
        others = [place for node, (place, single) in standing.items() if single and node not in nodes]
        between = Between(scene, nodes, self._inserted if len(nodes) == 1 else None, whole=False)
        super().__init__(scene, editor, begin, standing[grip][0], others, between)

    def _preview(self, off: Place) -> Network:
        return edits.place_nodes(self._network, self._moved(off))

    def _place(self, off: Place) -> bool:
        return self._editor.place_nodes(self._moved(off))

    def _insert(self, pair: Pair) -> bool:
        return self._editor.carry("insert node", partial(self._inserted, pair=pair), self._value_of)

    def _inserted(self, network: Network, pair: Pair) -> edits.Carried:
        return edits.insert_node(network, pair, self._node, self._layer)

    def _moved(self, off: Place) -> Mapping[str, Place]:
        return {node: (x + off[0], y + off[1]) for node, (x, y) in self._places.items()}


class MoveLayers(_Move):
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
        network = editor.network
        places = {layer.id: (layer.x, center_y(layer)) for layer in network.layers}
        self._layer = grip
        self._places = {layer: places[layer][0] for layer in places if layer in layers}
        others = [place for layer, place in places.items() if layer not in layers]
        mine = frozenset(node.id for layer in layers for node in network.layer(layer).nodes)
        between = Between(scene, mine, self._inserted if len(layers) == 1 else None, whole=True)
        super().__init__(scene, editor, begin, places[grip], others, between)

    def _preview(self, off: Place) -> Network:
        return moved_layers(self._network, self._moved(off[0]), off[1])

    def _place(self, off: Place) -> bool:
        return self._editor.move_layers(self._moved(off[0]), off[1])

    def _insert(self, pair: Pair) -> bool:
        return self._editor.draw("insert layer", partial(self._inserted, pair=pair))

    def _inserted(self, network: Network, pair: Pair) -> Network:
        source, target = (network.layer_of(node).id for node in pair)
        return edits.insert_between(network, self._layer, source, target)

    def _moved(self, dx: float) -> Mapping[str, float]:
        return {layer: x + dx for layer, x in self._places.items()}


def moving_of(network: Network, selection: Selection, node: str) -> frozenset[str]:
    """Ids of the nodes that move when one is dragged: all selected ones, if it is one of them."""
    present = {other.id for layer in network.layers for other in layer.nodes}
    return (selection.nodes & present) if node in selection.nodes else frozenset({node})
