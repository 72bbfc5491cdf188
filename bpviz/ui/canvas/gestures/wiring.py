"""Drawing connections: from a port to a node, or from all selected nodes, or to a whole layer."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Final

import numpy as np
from PySide6.QtCore import QPointF

from bpviz.errors import counted
from bpviz.model import edits
from bpviz.model.layout import COLUMN_GAP
from bpviz.model.naming import layer_label
from bpviz.model.spec import Network
from bpviz.ui.canvas.chooser import Offer
from bpviz.ui.canvas.gestures.bench import Ask
from bpviz.ui.canvas.gestures.gesture import Motion
from bpviz.ui.canvas.items import PORT_AT
from bpviz.ui.canvas.placement import Placement
from bpviz.ui.canvas.scene import NetworkScene
from bpviz.ui.canvas.targets import Target
from bpviz.ui.desk.editor import NEW_LAYER_SIZE, Editor
from bpviz.ui.document import Pair

_ENDS: Final = frozenset({"node", "row", "port in", "port out"})
_NOTHING: Final = frozenset({"empty", "insert"})
_CONNECTED: Final = {
    1: "These nodes are connected already.",
    2: "All these nodes are connected already.",
}


class Connect:
    """Draws a connection from a node's port to another node, or to all nodes of a layer by its caption.

    Where it may end, nodes are lifted; where it may not, a sentence beside the pointer says why.
    """

    def __init__(
        self,
        scene: NetworkScene,
        editor: Editor,
        port: Target,
        together: frozenset[str],
        tell: Callable[[str], None],
        ask: Ask | None,
    ) -> None:
        """Begin.

        Args:
            scene: Shows the wire.
            editor: Gets the edit, and says what is legal.
            port: Where it begins; at a port on the left it is drawn backward.
            together: Ids of all nodes that are connected, that of the port among them.
            tell: Shows a sentence beside the pointer; an empty one hides it.
            ask: Asks at the pointer what begins there, and says when that is settled; None where nothing can.
        """
        self._scene, self._editor, self._port = scene, editor, port
        self._tell, self._ask = tell, ask
        self._forward = port.kind == "port out"
        order = scene.placement.topology.node_ids
        self._mine = tuple(node for node in order if node in together)
        self._anchors = [self._port_of(node) for node in self._mine]
        self._judged: dict[tuple[str, ...], str] = {}
        scene.lift(self._legal_ends())

    def drag(self, motion: Motion) -> None:
        ends, end = self.ends_at(motion.at), motion.point
        refusal = self.refusal(ends) if ends else ""
        if ends and not refusal:
            end = self._dock(motion.at)
        wires = [(at, end) if self._forward else (end, at) for at in self._anchors]
        self._scene.hints.show_wires(wires, legal=not refusal)
        self._tell(refusal)

    def drop(self, motion: Motion) -> None:
        ends = self.ends_at(motion.at)
        offers = self._offers(motion.point) if motion.at.kind in _NOTHING else []
        if offers and self._ask is not None:
            self._tell("")
            self._scene.lift(frozenset())
            self._ask(offers, self.cancel)  # the wire stays in sight until then
            return
        self.cancel()
        if ends and not self.refusal(ends):
            self.finish(ends)

    def edit(self, ends: tuple[str, ...]) -> Callable[[Network], Network]:
        """What a drop at some nodes does."""
        return partial(edits.connect_pairs, pairs=self.pairs(ends))

    def finish(self, ends: tuple[str, ...]) -> None:
        """Make the edit of a drop."""
        self._editor.draw("connect nodes", self.edit(ends))

    def _offers(self, point: QPointF) -> list[Offer]:
        """What may begin at a place where nothing is."""
        editor, network, place = self._editor, self._editor.network, (point.x(), point.y())
        near = [layer for layer in network.layers if abs(layer.x - place[0]) <= COLUMN_GAP / 2]
        offers = []
        for layer in sorted(near, key=lambda layer: abs(layer.x - place[0])):
            pairs = self.pairs([layer.nodes[0].id]) if layer.nodes else []
            if layer.role != "input" and not editor.refusal(partial(edits.connect_pairs, pairs=pairs)):
                make = partial(editor.branch_node, layer.id, self._mine, place, forward=self._forward)
                offers.append(Offer(f"Node in {layer_label(layer)}", make))
        layers = [
            Offer(
                f"New layer of {counted(size, 'node')}",
                partial(editor.branch_layer, size, self._mine, place, forward=self._forward),
            )
            for size in (1, NEW_LAYER_SIZE)
        ]
        return [*offers, *layers] if self._may_go_on else []

    @property
    def _may_go_on(self) -> bool:
        """Whether a hidden layer may follow, or precede, what the wire comes from."""
        closed = "output" if self._forward else "input"
        network = self._editor.network
        return all(network.layer_of(node).role != closed for node in self._mine)

    def cancel(self) -> None:
        self._tell("")
        self._scene.hints.show_wires((), legal=True)
        self._scene.lift(frozenset())

    def _port_of(self, node: str) -> QPointF:
        at, k = self._scene.placement, self._scene.placement.topology.number[node]
        return QPointF(_edge(at, k, right=self._forward), at.y[k])

    def _dock(self, at: Target) -> QPointF:
        """Where the wire ends at what is under the pointer."""
        if at.kind == "caption":
            return self._scene.middle_of(at) or QPointF()
        place, k = self._scene.placement, self._scene.placement.topology.number[at.node]
        return QPointF(_edge(place, k, right=not self._forward), place.y[k])

    def ends_at(self, at: Target) -> tuple[str, ...]:
        """Ids of the nodes that a drop at what is under the pointer is about."""
        if at.kind == "caption":
            return tuple(node.id for node in self._scene.network.layer(at.layer).nodes)
        return (at.node,) if at.kind in _ENDS and at.node not in self._mine else ()

    def refusal(self, ends: tuple[str, ...]) -> str:
        """Why a drop at some nodes is not possible; empty when it is."""
        if ends not in self._judged:
            edit, network = self.edit(ends), self._editor.network
            self._judged[ends] = self._editor.refusal(edit) or (
                _CONNECTED[min(len(self.pairs(ends)), 2)] if edit(network) == network else ""
            )
        return self._judged[ends]

    def pairs(self, ends: Iterable[str]) -> list[Pair]:
        return [(mine, end) if self._forward else (end, mine) for end in ends for mine in self._mine]

    def _legal_ends(self) -> frozenset[str]:
        topology = self._scene.placement.topology
        mine = np.zeros(len(topology.node_ids), dtype=np.bool_)
        mine[[topology.number[node] for node in self._mine]] = True
        wired = topology.joined(mine, forward=self._forward)
        ends: set[str] = set()
        for layer in topology.network.layers:
            # Direction and loops are matters of layers, so asking for one free node answers for the others.
            first = topology.layer_slices[layer.id].start
            open_here = np.flatnonzero(wired[topology.layer_slices[layer.id]] < len(self._mine)).tolist()
            free = [layer.nodes[k].id for k in open_here if not mine[first + k]]
            if free and not self.refusal((free[0],)):
                ends.update(free)
        return frozenset(ends)


def _edge(at: Placement, k: int, *, right: bool) -> float:
    """Where a wire leaves a node: its port, or the edge of a wide layer."""
    if at.single[k]:
        return float(at.x[k]) + (PORT_AT if right else -PORT_AT)
    return float(at.edges[right][k])
