"""Going in between: the connection that something dragged would be dropped into."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np

from bpviz.arrays import IntArray
from bpviz.errors import BpvizError
from bpviz.model.spec import Network, Pair
from bpviz.ui.canvas.gestures.gesture import Motion
from bpviz.ui.canvas.scene import NetworkScene
from bpviz.ui.canvas.targets import PAIR_REACH_PX

Insert: TypeAlias = Callable[[Network, Pair], object]


class Between:
    """Finds and marks that connection.

    Only where going in between is possible anything is marked: whoever moves something across other
    connections means no more than that.
    """

    def __init__(
        self, scene: NetworkScene, mine: frozenset[str], insert: Insert | None, *, whole: bool
    ) -> None:
        """Make one.

        Args:
            scene: Shows the mark.
            mine: Ids of the nodes that are dragged; their own connections are not meant.
            insert: The edit that lets it go into a connection; None if it can't go anywhere.
            whole: All connections between the two layers are meant with one of them.
        """
        self._scene, self._insert, self._whole = scene, insert, whole
        self._network = scene.network
        self._topology = topology = scene.placement.topology
        self._mine = np.zeros(len(topology.node_ids), dtype=np.bool_)
        self._mine[[topology.number[node] for node in mine]] = True
        self._drawn: IntArray | None = None
        self._seen: IntArray = np.zeros(0, dtype=np.int64)
        self._judged: dict[Pair, bool] = {}

    def find(self, motion: Motion) -> Pair | None:
        """The connection that a drop would go into, which is marked; None for none."""
        pair = None if self._insert is None or motion.free else self._under(motion)
        self._mark(pair)
        return pair

    def hide(self) -> None:
        """The drag is over."""
        self._mark(None)

    def _under(self, motion: Motion) -> Pair | None:
        placement, x, y = self._scene.placement, motion.point.x(), motion.point.y()
        k, _ = placement.nearest_pair(x, y, motion.within(PAIR_REACH_PX), self._others())
        pair = None if k is None else placement.topology.pair(k)
        return pair if pair is not None and self._may(pair) else None

    def _others(self) -> IntArray:
        """Those drawn that are not the dragged nodes' own: the same array until others are drawn."""
        drawn = self._scene.parts.links.drawn
        if drawn is not self._drawn:
            seen = np.unique(drawn)
            source, target = self._topology.ends(seen)
            self._drawn, self._seen = drawn, seen[~(self._mine[source] | self._mine[target])]
            self._seen.flags.writeable = False
        return self._seen

    def _may(self, pair: Pair) -> bool:
        if pair not in self._judged and self._insert is not None:
            try:
                self._insert(self._network, pair)
            except BpvizError:
                self._judged[pair] = False
            else:
                self._judged[pair] = True
        return self._judged.get(pair, False)

    def _mark(self, pair: Pair | None) -> None:
        placement = self._scene.placement
        k = None if pair is None else placement.topology.find(pair)
        marked: IntArray = np.zeros(0, dtype=np.int64)
        if k is not None:
            marked = self._of_link(k) if self._whole else np.array([k])
        self._scene.hints.show_stroke([], placement.polylines(marked), removes=False)

    def _of_link(self, k: int) -> IntArray:
        """Those connections between the same two layers that are drawn: of a million, some thousand."""
        link, drawn = self._scene.placement.topology.beside(k), self._scene.parts.links.drawn
        of_link: IntArray = np.unique(drawn[(drawn >= link.first) & (drawn < link.stop)])
        return of_link
