"""The network in numbers: every node and every present connection has one.

Numbers, not objects, because a picture of thousands of connections is updated many times a second: values,
places and colors are then a few vector operations each.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from typing import Final

import numpy as np

from bpviz.arrays import BoolArray, IntArray
from bpviz.data.images import NO_PLACES, Pixels, Places
from bpviz.model.common import ID
from bpviz.model.layout import sample_step
from bpviz.model.pixels import layer_pixels
from bpviz.model.spec import Layer, Network
from bpviz.ui.canvas.grid import Grid, Rows
from bpviz.ui.document import Pair

_KEPT_AT_MOST: Final = 64


@dataclass(frozen=True, eq=False)
class Topology:
    """Nodes and connections of one network; positions play no part.

    Connections are numbered link by link and in each row by row, so where one is follows from its number.
    Ask for those that are needed: `source`, `target` and `link` of all of a wide network are millions.

    Attributes:
        network: What the arrays were made from.
        node_ids: All nodes, layer by layer in the network's order.
        node_layer: (nodes,) index of each node's layer in `Network.layers`.
        grids: The connections of each link, in the order of `Network.links`.
        places: Where inputs stand in an image whose names don't say it.
        kept: What `remembered` found; a network that differs only in names and places shares it.
    """

    network: Network
    node_ids: tuple[str, ...]
    node_layer: IntArray
    grids: tuple[Grid, ...]
    places: Places = NO_PLACES
    kept: dict[Hashable, IntArray] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, network: Network, places: Places = NO_PLACES, before: Topology | None = None) -> Topology:
        """Number the nodes and connections of a network.

        Args:
            network: To be shown.
            places: See `Topology`.
            before: That of the network it was made from: links that stayed as they are are not counted again.
        """
        sizes = [layer.size for layer in network.layers]
        starts = dict(
            zip((layer.id for layer in network.layers), np.cumsum([0, *sizes]).tolist(), strict=False)
        )
        known = {grid.rows.link.key: grid.rows for grid in before.grids} if before is not None else {}
        grids, first = [], 0
        for link in network.links:
            rows = known.get(link.key)
            rows = rows if rows is not None and rows.fits(link) else Rows.of(link)
            grids.append(Grid(rows, first, starts[link.source], starts[link.target]))
            first += rows.count
        return cls(
            network=network,
            node_ids=tuple(chain.from_iterable(map(ID, layer.nodes) for layer in network.layers)),
            node_layer=np.repeat(np.arange(len(sizes), dtype=np.int64), sizes),
            grids=tuple(grids),
            places=places,
        )

    @cached_property
    def source(self) -> IntArray:
        """(pairs,) node number that each connection leaves."""
        return self._all_ends[0]

    @cached_property
    def target(self) -> IntArray:
        """(pairs,) node number that each connection enters."""
        return self._all_ends[1]

    @cached_property
    def link(self) -> IntArray:
        """(pairs,) index of each connection's link in `Network.links`."""
        return self.link_of(np.arange(self.pair_count))

    @cached_property
    def _all_ends(self) -> tuple[IntArray, IntArray]:
        return self.ends(np.arange(self.pair_count))

    def ends(self, pairs: IntArray) -> tuple[IntArray, IntArray]:
        """Numbers of the nodes that some connections leave and enter, in the shape of ``pairs``."""
        source, target = np.zeros(pairs.shape, dtype=np.int64), np.zeros(pairs.shape, dtype=np.int64)
        for grid, here in self.parted(pairs):
            source[here], target[here] = grid.ends(pairs[here])
        return source, target

    def frozen_of(self, pairs: IntArray) -> BoolArray:
        """Which of some connections training leaves as they are."""
        frozen = np.zeros(pairs.shape, dtype=np.bool_)
        for grid, here in self.parted(pairs):
            frozen[here] = grid.frozen(pairs[here])
        return frozen

    def link_of(self, pairs: IntArray) -> IntArray:
        """Index in `Network.links` of the link of some connections."""
        stops = np.array([grid.stop for grid in self.grids], dtype=np.int64)
        found: IntArray = np.searchsorted(stops, pairs, side="right").astype(np.int64)
        return found

    def remembered(self, key: Hashable, find: Callable[[], IntArray]) -> IntArray:
        """Numbers of connections that follow from nothing but the nodes and links, found once for a key.

        They can't change, so what is found for them may be remembered, too.
        """
        if key not in self.kept:
            if len(self.kept) >= _KEPT_AT_MOST:  # a column was scrolled through
                self.kept.clear()
            found = self.kept[key] = find()
            found.flags.writeable = False
        return self.kept[key]

    def parted(self, pairs: IntArray) -> Iterator[tuple[Grid, BoolArray | slice]]:
        """The grids of some connections, each with where among them its own are."""
        if not pairs.size:
            return
        first, last = pairs.min(), pairs.max()
        for grid in self.grids:
            if grid.first <= first and last < grid.stop:
                yield grid, slice(None)
            elif grid.first <= last and first < grid.stop:
                here: BoolArray = (pairs >= grid.first) & (pairs < grid.stop)
                yield grid, here

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

    @cached_property
    def pair_count(self) -> int:
        """How many connections there are."""
        return self.grids[-1].stop if self.grids else 0

    @property
    def sampled(self) -> IntArray:
        """Numbers of an even sample of the connections: all of few, of very many some thousand."""
        count = self.pair_count
        return self.remembered("sample", lambda: np.arange(0, count, sample_step(count)))

    def pair(self, k: int) -> Pair:
        """The ends of connection ``k``: (source node id, target node id)."""
        source, target = self.ends(np.array([k], dtype=np.int64))
        return self.node_ids[source[0]], self.node_ids[target[0]]

    def find(self, pair: Pair) -> int | None:
        """Number of a connection by its ends; None if it is not there."""
        source, target = self.number.get(pair[0]), self.number.get(pair[1])
        if source is None or target is None:
            return None
        into = self.into(target, target + 1)
        found = into[self.ends(into)[0] == source]
        return int(found[0]) if found.size else None

    def found(self, pairs: Iterable[Pair]) -> IntArray:
        """Numbers of those of some connections, by their ends, that are there."""
        return np.array([k for k in map(self.find, pairs) if k is not None], dtype=np.int64)

    def into(self, first: int, stop: int) -> IntArray:
        """Numbers of the connections that enter the nodes ``first`` to ``stop``, node by node."""
        parts = [part for part in (grid.into(first, stop) for grid in self.grids) if part.size]
        if len(parts) < 2:
            return parts[0] if parts else np.zeros(0, dtype=np.int64)
        joined = np.concatenate(parts)
        return joined[np.argsort(self.ends(joined)[1], kind="stable")]

    def out_of(self, node: int) -> IntArray:
        """Numbers of the connections that leave a node."""
        parts = [grid.out_of(node) for grid in self.grids]
        return np.concatenate(parts) if parts else np.zeros(0, dtype=np.int64)

    def beside(self, k: int) -> Grid:
        """The connections of the link that a connection belongs to."""
        return next(grid for grid in self.grids if k < grid.stop)

    def joined(self, chosen: BoolArray, *, forward: bool) -> IntArray:
        """(nodes,) with how many of the chosen nodes each is joined, as their target or as their source."""
        counts = np.zeros(len(self.node_ids), dtype=np.int64)
        for grid in self.grids:
            grid.count_beyond(chosen, counts, forward=forward)
        return counts

    def around(self, chosen: BoolArray) -> BoolArray:
        """(nodes,) which nodes are chosen, or joined with one that is."""
        ends = chosen.copy()
        for grid in self.grids:
            grid.mark_beyond(chosen, ends)
        return ends

    def count_into(self, layer: str) -> int:
        """How many connections enter a layer."""
        return sum(grid.rows.count for grid in self.grids if grid.rows.link.target == layer)

    def table(self, layer: str, rows: range) -> IntArray:
        """Arrange the connections into some nodes of a layer.

        Args:
            layer: Its id.
            rows: Which of its nodes.

        Returns:
            (rows, sources) numbers of connections, one column for each node of the layers that lead here; -1
            where there is none.
        """
        parts = [grid.matrix(rows.start, rows.stop) for grid in self.grids if grid.rows.link.target == layer]
        return np.hstack(parts) if parts else np.zeros((len(rows), 0), dtype=np.int64)

    def fits(self, network: Network) -> bool:
        """Whether a network has the same nodes and links, so that only looks and places may differ."""
        if network is self.network:
            return True
        mine, others = self.network, network
        return (
            len(mine.layers) == len(others.layers)
            and mine.links == others.links
            and all(map(_alike, mine.layers, others.layers))
        )


def _alike(one: Layer, other: Layer) -> bool:
    """Whether two layers have the same nodes; at a glance where they are the very same."""
    return one is other or (one.id == other.id and [*map(ID, one.nodes)] == [*map(ID, other.nodes)])
