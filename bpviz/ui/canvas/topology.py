"""The network as arrays: every node and every present connection, numbered.

Numbers, not objects, because a picture of thousands of connections is updated many times a second: values,
places and colors are then a few vector operations each.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from bpviz.arrays import BoolArray, IntArray
from bpviz.data.images import NO_PLACES, Pixels, Places
from bpviz.model.pixels import layer_pixels
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
        places: Where inputs stand in an image whose names don't say it.
    """

    network: Network
    node_ids: tuple[str, ...]
    node_layer: IntArray
    source: IntArray
    target: IntArray
    link: IntArray
    frozen: BoolArray
    places: Places = NO_PLACES

    @classmethod
    def of(cls, network: Network, places: Places = NO_PLACES) -> Topology:
        """Number the nodes and connections of a network; see `Topology` for ``places``."""
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
            places=places,
        )

    @cached_property
    def pixels(self) -> Mapping[str, Pixels | None]:
        """Where the nodes of each layer stand in an image, by its id; None for other layers."""
        return {layer.id: layer_pixels(layer, self.places) for layer in self.network.layers}

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
        source, target = self.number.get(pair[0]), self.number.get(pair[1])
        if source is None or target is None:
            return None
        into = self.into(target, target + 1)
        found = into[self.source[into] == source]
        return int(found[0]) if found.size else None

    def into(self, first: int, stop: int) -> IntArray:
        """Numbers of the connections that enter the nodes ``first`` to ``stop``, node by node."""
        order, starts = self._by_target
        return order[starts[first] : starts[stop]]

    def table(self, layer: str, rows: range) -> IntArray:
        """Arrange the connections into some nodes of a layer.

        Args:
            layer: Its id.
            rows: Which of its nodes.

        Returns:
            (rows, sources) numbers of connections, one column for each node of the layers that lead here; -1
            where there is none.
        """
        first = self.layer_slices[layer].start + rows.start
        column = np.zeros(len(self.node_ids), dtype=np.int64)
        width = 0
        for link in self.network.links:
            if link.target == layer:
                numbers = self.layer_slices[link.source]
                size = numbers.stop - numbers.start
                column[numbers] = np.arange(width, width + size)
                width += size
        into = self.into(first, first + len(rows))
        table = np.full((len(rows), width), -1, dtype=np.int64)
        table[self.target[into] - first, column[self.source[into]]] = into
        return table

    @cached_property
    def _by_target(self) -> tuple[IntArray, IntArray]:
        """(pairs,) numbers of all connections by target, and (nodes + 1,) where those of each node begin."""
        order = np.argsort(self.target, kind="stable").astype(np.int64)
        starts = np.searchsorted(self.target[order], np.arange(len(self.node_ids) + 1))
        return order, starts.astype(np.int64)

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
