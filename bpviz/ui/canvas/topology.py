"""The network as arrays: every node and every present connection, numbered.

Numbers, not objects, because a picture of thousands of connections is updated many times a second: values,
places and colors are then a few vector operations each.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from bpviz.arrays import BoolArray, IntArray
from bpviz.model.spec import Link, Network
from bpviz.ui.document import Pair


@dataclass(frozen=True, eq=False)
class Topology:
    """Nodes and connections of one network; positions play no part.

    Attributes:
        network: What the arrays were made from.
        node_ids: All nodes, layer by layer in the network's order.
        node_layer: (nodes,) index of each node's layer in `Network.layers`.
        source: (pairs,) node number that each connection leaves.
        target: (pairs,) node number that each connection enters.
        link: (pairs,) index of each connection's link in `Network.links`.
        frozen: (pairs,) True where training leaves the weight as it is.
    """

    network: Network
    node_ids: tuple[str, ...]
    node_layer: IntArray
    source: IntArray
    target: IntArray
    link: IntArray
    frozen: BoolArray

    @classmethod
    def of(cls, network: Network) -> Topology:
        """Number the nodes and connections of a network."""
        sizes = [layer.size for layer in network.layers]
        starts = dict(
            zip((layer.id for layer in network.layers), np.cumsum([0, *sizes]).tolist(), strict=False)
        )
        parts = [_pairs(link, starts) for link in network.links]
        source, target, frozen = (
            np.concatenate([part[at] for part in parts]) if parts else np.zeros(0, dtype=np.int64)
            for at in range(3)
        )
        return cls(
            network=network,
            node_ids=tuple(node.id for layer in network.layers for node in layer.nodes),
            node_layer=np.repeat(np.arange(len(sizes), dtype=np.int64), sizes),
            source=source,
            target=target,
            link=np.repeat(np.arange(len(parts), dtype=np.int64), [part[0].size for part in parts]),
            frozen=frozen.astype(np.bool_),
        )

    @cached_property
    def number(self) -> dict[str, int]:
        """Number of each node by its id."""
        return {node_id: k for k, node_id in enumerate(self.node_ids)}

    @cached_property
    def layer_slices(self) -> dict[str, slice]:
        """Numbers of the nodes of each layer by its id."""
        slices, start = {}, 0
        for layer in self.network.layers:
            slices[layer.id] = slice(start, start + layer.size)
            start += layer.size
        return slices

    @property
    def pair_count(self) -> int:
        """How many connections there are."""
        return int(self.source.size)

    def pair(self, k: int) -> Pair:
        """The ends of connection ``k``: (source node id, target node id)."""
        return self.node_ids[self.source[k]], self.node_ids[self.target[k]]

    def find(self, pair: Pair) -> int | None:
        """Number of a connection by its ends; None if it is not there."""
        source, target = self.number.get(pair[0], -1), self.number.get(pair[1], -1)
        found = np.flatnonzero((self.source == source) & (self.target == target))
        return int(found[0]) if found.size else None

    def fits(self, network: Network) -> bool:
        """Whether a network has the same nodes and links, so that only looks and places may differ."""
        if network is self.network:
            return True
        mine, others = self.network, network
        return mine.links == others.links and [
            (layer.id, *(node.id for node in layer.nodes)) for layer in mine.layers
        ] == [(layer.id, *(node.id for node in layer.nodes)) for layer in others.layers]


def _pairs(link: Link, starts: dict[str, int]) -> tuple[IntArray, IntArray, BoolArray]:
    present = ~link.removed.array
    rows, columns = np.nonzero(present)
    return columns + starts[link.source], rows + starts[link.target], link.frozen.array[rows, columns]
