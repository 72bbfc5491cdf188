"""Where every node and connection is in the picture, as arrays in scene pixels, y downward.

Wide layers are one box, as `bpviz.ui.canvas.wide` says; a layer with more incoming weights than can be
drawn as lines gets a heat strip at its left, one row a node, and the lines then end at the strip.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from bpviz.arrays import Array, BoolArray, IntArray
from bpviz.model import layout
from bpviz.model.common import kept_by_identity
from bpviz.model.spec import Layer, Link, Network
from bpviz.ui.canvas.topology import Topology
from bpviz.ui.canvas.wide import Wide, laid_out

CURVED_PAIRS: Final = 100  # smooth wide curves cost too much beyond
DRAWN_PAIRS: Final = 1000  # beyond, only the strongest are lines
NODE_REACH: Final = layout.NODE_RADIUS + 3.0  # a line ends just outside the ring; also half a map's side
HEAT_WIDTH: Final = 56.0
HEAT_GAP: Final = 10.0
_HEAT_PAIRS: Final = 64  # a layer with fewer incoming weights needs no heat strip
_CURVE_POINTS: Final = 17
_CAPTION_GAP: Final = 12.0


@dataclass(frozen=True, eq=False)
class Placement:
    """Places of one topology.

    Attributes:
        topology: What is placed.
        x: (nodes,) centers.
        y: (nodes,) centers; rows out of sight stand at the nearest edge of their column.
        columns: The collapsed layers, by id.
        heated: Ids of the layers with a heat strip.
        before: How it was before something was taken in a hand: other connections give way to where it was,
            and stay where they are while it moves.
    """

    topology: Topology
    x: Array
    y: Array
    columns: Mapping[str, Wide]
    heated: frozenset[str]
    before: Network | None = None

    @classmethod
    def of(cls, topology: Topology, scrolled: Mapping[str, int], before: Network | None = None) -> Placement:
        """Place a network.

        Args:
            topology: The network, numbered, with positions as its nodes say.
            scrolled: First row in sight of collapsed layers; 0 where it is missing.
            before: How it was before something was taken in a hand, if anything is.
        """
        layers = topology.network.layers
        columns = {
            layer.id: laid_out(layer, topology.pixels[layer.id], scrolled.get(layer.id, 0))
            for layer in layers
            if layout.collapsed(layer)
        }
        x, y = (np.empty(len(topology.node_ids), dtype=np.float64) for _ in range(2))
        for layer in layers:
            numbers, column = topology.layer_slices[layer.id], columns.get(layer.id)
            if column is not None:
                x[numbers], y[numbers] = column.places
            elif layer.nodes:
                places = [layout.node_position(layer, node) for node in layer.nodes]
                x[numbers], y[numbers] = np.array(places, dtype=np.float64).T
        return cls(topology, x, y, columns, _heated(topology, columns), before)

    def curved(self, pairs: IntArray) -> BoolArray:
        """(pairs,) which of these are curves: all of a small network, of a larger one those that skip."""
        if self.topology.pair_count <= CURVED_PAIRS:
            return np.ones(pairs.size, dtype=np.bool_)
        curved: BoolArray = self._bent[self.topology.link_of(pairs)]
        return curved

    @cached_property
    def single(self) -> BoolArray:
        """(nodes,) which nodes are drawn by themselves, and not as a row of a column."""
        collapsed = [layer.id in self.columns for layer in self.topology.network.layers]
        return ~np.array([*collapsed, False], dtype=np.bool_)[self.topology.node_layer]

    @cached_property
    def ports(self) -> Mapping[str, BoolArray]:
        """(nodes,) which nodes have a port at their right (``port out``) and at their left (``port in``)."""
        of = self.topology.node_layer
        roles = np.array([*(layer.role for layer in self.topology.network.layers), ""])[of]
        return {"port out": self.single & (roles != "output"), "port in": self.single & (roles != "input")}

    def rows(self, layer: str) -> range:
        """Which nodes of a layer are in sight: all but those of a column that are scrolled out of it."""
        column = self.columns.get(layer)
        if column is None:
            numbers = self.topology.layer_slices[layer]
            return range(numbers.stop - numbers.start)
        return range(column.first, column.first + column.shown)

    @cached_property
    def seen(self) -> IntArray:
        """Numbers of the connections with both ends in sight, in ascending order."""
        rows = tuple(map(self.rows, self.topology.layer_slices))
        return self.topology.remembered(("seen", rows), self._find_seen)

    def _find_seen(self) -> IntArray:
        topology = self.topology
        if not self.columns:
            return np.arange(topology.pair_count, dtype=np.int64)
        rows = {layer: self.rows(layer) for layer in topology.layer_slices}
        parts = []
        for grid in topology.grids:
            into, out_of = rows[grid.rows.link.target], rows[grid.rows.link.source]
            numbers = grid.matrix(into.start, into.stop)[:, out_of.start : out_of.stop]
            parts.append(numbers[numbers >= 0])
        return np.concatenate(parts) if parts else np.zeros(0, dtype=np.int64)

    @cached_property
    def tables(self) -> Mapping[str, IntArray]:
        """What each heat strip shows, by layer id: as `Topology.table`, for the rows in sight."""
        return {layer: self._table(layer, self.rows(layer)) for layer in self.heated}

    def _table(self, layer: str, rows: range) -> IntArray:
        return self.topology.remembered((layer, rows), lambda: self.topology.table(layer, rows))

    def ends(self, pairs: IntArray) -> tuple[Array, Array]:
        """Where these connections begin and end: two arrays (pairs, 2)."""
        at = self.topology
        source, target = at.ends(pairs)
        heats = [HEAT_WIDTH + HEAT_GAP if layer.id in self.heated else 0.0 for layer in at.network.layers]
        heat = np.array(heats)[at.node_layer[target]]
        left, right = self.edges
        starts = np.column_stack([right[source], self.y[source]])
        return starts, np.column_stack([left[target] - heat, self.y[target]])

    @cached_property
    def edges(self) -> tuple[Array, Array]:
        """(nodes,) x of the left and of the right end of what shows each node: its disc, or all of a box."""
        left, right = self.x - NODE_REACH, self.x + NODE_REACH
        for layer, column in self.columns.items():
            numbers, reach = self.topology.layer_slices[layer], column.width / 2
            left[numbers], right[numbers] = column.x - reach, column.x + reach
        return left, right

    def across(self, layer: Layer) -> tuple[float, float]:
        """The middle of what shows a layer, and how far it goes to either side, without nodes elsewhere."""
        column = self.columns.get(layer.id)
        return (layer.x, NODE_REACH) if column is None else (column.x, column.width / 2)

    @cached_property
    def _bent(self) -> BoolArray:
        """(links,) which links skip columns, when they have few enough connections to be curves."""
        network = self.topology.network
        ends = [self._ends_of(link) for link in network.links]
        bulges = [layout.bulge(self._in_the_way(*of), *of) for of in ends]
        skipping: BoolArray = np.array(bulges, dtype=np.float64) != 0
        counts = np.array([grid.rows.count for grid in self.topology.grids], dtype=np.int64)
        if counts[skipping].sum() > CURVED_PAIRS:
            skipping[:] = False
        return skipping

    def _bends(self, pairs: IntArray) -> Array:
        """(pairs,) how far these connections bend away to pass columns between their ends."""
        network, of_pair = self.topology.network, self.topology.link_of(pairs)
        starts, stops = self.ends(pairs)
        bends = np.zeros(pairs.size)
        for k in np.unique(of_pair).tolist():
            of_link = of_pair == k
            ends = self._ends_of(network.links[k])
            bends[of_link] = layout.bends(self._in_the_way(*ends), *ends, starts[of_link], stops[of_link])
        return bends

    def _in_the_way(self, source: Layer, target: Layer) -> Network:
        """What the connections between two layers bend around."""
        before = self.before
        if before is not None and all(before.layer(end.id).x == end.x for end in (source, target)):
            return before
        return self.topology.network

    def _ends_of(self, link: Link) -> tuple[Layer, Layer]:
        network = self.topology.network
        return network.layer(link.source), network.layer(link.target)

    def controls(self, pairs: IntArray) -> Array:
        """(pairs, 4, 2): begin, two control points and end of these connections as cubic curves."""
        return layout.link_paths(*self.ends(pairs), self._bends(pairs))

    def polylines(self, pairs: IntArray) -> Array:
        """(pairs, points, 2): these connections as they are drawn.

        Those of the last array that can't change are kept: who points asks about the same at each event.
        """
        return self.found_polylines(pairs) if pairs.flags.writeable else _kept_polylines(self, pairs)

    def found_polylines(self, pairs: IntArray) -> Array:
        """The same, found anew."""
        starts, stops = self.ends(pairs)
        curved = self.curved(pairs)
        if not curved.any():
            return np.stack([starts, stops], axis=1)
        t = np.linspace(0.0, 1.0, _CURVE_POINTS)
        lines: Array = starts[:, None] + t[None, :, None] * (stops - starts)[:, None]
        bernstein = np.stack([(1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3], axis=1)
        lines[curved] = np.einsum("pk,nkd->npd", bernstein, self.controls(pairs[curved]))
        return lines

    def nearest_pair(self, x: float, y: float, reach: float, among: IntArray) -> tuple[int | None, float]:
        """Find the connection nearest to a point.

        Args:
            x: Of the point.
            y: Of the point.
            reach: How far away it may be.
            among: Numbers of the connections to look at.

        Returns:
            Its number, None if there is none within reach, and how far along it the point is, from 0 to 1.
        """
        if not among.size:
            return None, 0.0
        lines = self.polylines(among)
        begin, along = lines[:, :-1], np.diff(lines, axis=1)
        to_point = np.array([x, y]) - begin
        length2 = np.maximum((along**2).sum(axis=2), 1e-12)
        t = np.clip((to_point * along).sum(axis=2) / length2, 0.0, 1.0)
        distances = np.sqrt(((to_point - t[..., None] * along) ** 2).sum(axis=2))
        best, at = np.unravel_index(int(np.argmin(distances)), distances.shape)
        part = float((at + t[best, at]) / distances.shape[1])
        return (int(among[best]) if distances[best, at] <= reach else None), part

    def caption_room(self, layer: Layer) -> float:
        """Width that a layer's caption may take without touching the next column's."""
        others = [abs(other.x - layer.x) for other in self.topology.network.layers if other.id != layer.id]
        return min((gap for gap in others if gap > 0), default=math.inf) - _CAPTION_GAP

    def extent(self, layer: Layer) -> tuple[float, float]:
        """Upper and lower end of a layer's nodes in their column, without captions."""
        if layer.id in self.columns:
            column = self.columns[layer.id]
            return column.top, column.top + column.height
        heights = [node.y for node in layout.in_column(layer)] or [0.0]
        return min(heights) - NODE_REACH, max(heights) + NODE_REACH


@kept_by_identity(1)
def _kept_polylines(placement: Placement, pairs: IntArray) -> Array:
    lines = placement.found_polylines(pairs)
    lines.flags.writeable = False
    return lines


def _heated(topology: Topology, columns: Mapping[str, Wide]) -> frozenset[str]:
    """Which layers have a heat strip: its rows would not stand beside the pixels of a sheet."""
    if topology.pair_count <= DRAWN_PAIRS:
        return frozenset()
    incoming = {layer.id: topology.count_into(layer.id) for layer in topology.network.layers}
    sheets = {layer for layer, column in columns.items() if column.grid[1] > 1}
    return frozenset(layer for layer, count in incoming.items() if count >= _HEAT_PAIRS) - sheets
