"""Moving nodes and layers: they come to rest in line with others, and go in between where they are dropped.

With Ctrl held they do neither; with Shift held they stay, and copies of them move.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from functools import partial

from PySide6.QtCore import QPointF, Qt

from bpviz.model import edits
from bpviz.model.layout import center_y
from bpviz.model.spec import Network, Pair
from bpviz.ui.canvas.gestures.bench import Bench
from bpviz.ui.canvas.gestures.between import Between
from bpviz.ui.canvas.gestures.copying import Copies
from bpviz.ui.canvas.gestures.gesture import Motion
from bpviz.ui.canvas.snapping import SNAP_PX, Place, Snap, snapped
from bpviz.ui.desk.editor import moved_layers
from bpviz.ui.document import Selection


class _Move(ABC):
    """What moving has in common, whatever moves."""

    def __init__(
        self,
        bench: Bench,
        begin: QPointF,
        grip: Place,
        others: Sequence[Place],
        between: Between,
        copies: Copies | None,
    ) -> None:
        self._bench, self._begin = bench, begin
        self._scene, self._editor = bench.scene, bench.editor
        self._network = bench.editor.network
        self._grip, self._others, self._between, self._copies = grip, others, between, copies
        self._locked = self._editor.refusal(lambda _network: self._preview((1.0, 1.0)))

    def drag(self, motion: Motion) -> None:
        snap, copies, refusal = self._snapped(motion), self._copied_by(motion), ""
        if copies is None and self._locked:
            shown, refusal = self._network, self._locked
        elif copies is None:
            shown = self._preview(self._off(snap))
        else:
            shown, refusal = copies.preview(self._off(snap))
        self._scene.show_network(shown, self._network)
        self._bench.tell(refusal)
        lit = self._between.find(motion) if copies is None and not self._locked else None
        self._scene.hints.show_guides(() if lit or refusal else snap.guides)

    def drop(self, motion: Motion) -> None:
        copies = self._copied_by(motion)
        pair = self._between.find(motion) if copies is None else None
        off = self._off(self._snapped(motion))
        self._put_away()
        if copies is not None:
            done = not copies.preview(off)[1] and copies.make(self._bench, off)
        else:
            done = self._insert(pair) if pair is not None else self._place(off)
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

    def _copied_by(self, motion: Motion) -> Copies | None:
        return self._copies if motion.keys & Qt.KeyboardModifier.ShiftModifier else None

    def _put_away(self) -> None:
        self._bench.tell("")
        self._between.hide()
        self._scene.hints.show_guides(())


class MoveNodes(_Move):
    """Moves nodes anywhere."""

    def __init__(
        self, bench: Bench, nodes: frozenset[str], grip: str, begin: QPointF, *, copies: bool
    ) -> None:
        """Begin.

        Args:
            bench: What it works on.
            nodes: Ids of all nodes that move.
            grip: Id of the node under the pointer.
            begin: Where the drag began.
            copies: Shift copies them.
        """
        at, network = bench.scene.placement, bench.editor.network
        places = zip(at.topology.node_ids, at.x.tolist(), at.y.tolist(), at.single.tolist(), strict=True)
        standing = {node: ((x, y), single) for node, x, y, single in places}
        self._places: Mapping[str, Place] = {node: standing[node][0] for node in nodes}
        self._node, self._layer = grip, network.layer_of(grip).id
        others = [place for node, (place, single) in standing.items() if single and node not in nodes]
        between = Between(bench.scene, nodes, self._inserted if len(nodes) == 1 else None, whole=False)
        twins = Copies(network, nodes=nodes) if copies else None
        super().__init__(bench, begin, standing[grip][0], others, between, twins)

    def _preview(self, off: Place) -> Network:
        return edits.place_nodes(self._network, self._moved(off))

    def _place(self, off: Place) -> bool:
        return self._editor.place_nodes(self._moved(off))

    def _insert(self, pair: Pair) -> bool:
        return self._editor.carry("insert node", partial(self._inserted, pair=pair), self._bench.value_of)

    def _inserted(self, network: Network, pair: Pair) -> edits.Carried:
        return edits.insert_node(network, pair, self._node, self._layer)

    def _moved(self, off: Place) -> Mapping[str, Place]:
        return {node: (x + off[0], y + off[1]) for node, (x, y) in self._places.items()}


class MoveLayers(_Move):
    """Moves whole columns anywhere."""

    def __init__(self, bench: Bench, layers: frozenset[str], grip: str, begin: QPointF) -> None:
        """Begin.

        Args:
            bench: What it works on.
            layers: Ids of all layers that move.
            grip: Id of the layer under the pointer.
            begin: Where the drag began.
        """
        network = bench.editor.network
        places = {layer.id: (layer.x, center_y(layer)) for layer in network.layers}
        self._layer = grip
        self._places = {layer: places[layer][0] for layer in places if layer in layers}
        others = [place for layer, place in places.items() if layer not in layers]
        mine = frozenset(node.id for layer in layers for node in network.layer(layer).nodes)
        between = Between(bench.scene, mine, self._inserted if len(layers) == 1 else None, whole=True)
        super().__init__(bench, begin, places[grip], others, between, Copies(network, layers=layers))

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
