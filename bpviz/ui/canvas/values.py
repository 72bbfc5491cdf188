"""The numbers of a drawing: of its connections, biases and nodes, found by ids in those of a run.

The picture and the run may be of different networks for a moment, while an edit is on its way to the training
thread.  So each number is looked up by the ids of its nodes; where the run has none, it is NaN and drawn as
unknown.  Only what is drawn is looked up: of the million weights of a wide network some thousand.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, count, repeat
from typing import Final

import numpy as np

from bpviz.arrays import Array, IntArray
from bpviz.drawing.shown import nice_scale
from bpviz.model.compile import Compiled
from bpviz.model.layout import full_strength
from bpviz.model.spec import Address
from bpviz.training.known import Known
from bpviz.training.quantities import QUANTITIES
from bpviz.training.snapshot import Snapshot
from bpviz.ui.canvas.grid import Grid
from bpviz.ui.canvas.topology import Topology
from bpviz.ui.canvas.views import ValueView

_KEPT_AT_MOST: Final = 64
_NOWHERE: Final = -(1 << 60)  # whatever is added to it, it stays below 0


@dataclass(frozen=True, eq=False)
class Reading:
    """Numbers of one moment; NaN where nothing is known.

    Attributes:
        some: Looks up the values of some connections by their numbers, in the shape of these; -1 is none.
        count: How many connections there are.
        sampled: Numbers of an even sample of them: all of few, of very many some thousand.
        biases: (nodes,) value of each bias, in the same view as the connections.
        nodes: (nodes,) value of each node.
        end: Of all scales, where the view has a fixed one.
    """

    some: Callable[[IntArray], Array]
    count: int
    sampled: IntArray
    biases: Array
    nodes: Array
    end: float | None = None

    @cached_property
    def pairs(self) -> Array:
        """(pairs,) value of every connection; of a wide network that is a million, so ask for `some`."""
        return self.some(np.arange(self.count))

    @cached_property
    def sample(self) -> Array:
        """Values of the sample."""
        return self.some(self.sampled)

    @cached_property
    def strength(self) -> float:
        """|value| of a connection at full width."""
        return self.end or full_strength(self.sample)

    @property
    def knows_pairs(self) -> bool:
        """Whether the connections have values."""
        return bool(np.isfinite(self.sample).any())

    def scale(self, values: Array) -> float:
        """The end of the scale of some of these numbers."""
        return self.end or nice_scale(values)

    @classmethod
    def unknown(cls, topology: Topology) -> Reading:
        """Nothing is known."""
        nodes = np.full(len(topology.node_ids), np.nan)
        return cls(_nothing, topology.pair_count, topology.sampled, nodes, nodes)


def _nothing(pairs: IntArray) -> Array:
    return np.full(pairs.shape, np.nan)


def value_at(snapshot: Snapshot | None, address: Address) -> float | None:
    """The weight or bias of a run at an address; None if it is not known."""
    if snapshot is None or snapshot.parameters is None or address not in snapshot.compiled:
        return None
    return float(snapshot.parameters[snapshot.compiled.index(address)])


class LastValues:
    """The weights and biases of a run as they were shown last; edits that copy weights look them up here.

    Attributes:
        snapshot: How the run stood; None if it is not known.
    """

    def __init__(self) -> None:
        self.snapshot: Snapshot | None = None

    def __call__(self, address: Address) -> float | None:
        """The weight or bias at an address; None if it is not known."""
        return value_at(self.snapshot, address)

    def weights(self, sources: Sequence[str], targets: Sequence[str]) -> Array:
        """The weights between some nodes by their ids, (targets, sources); NaN where none is known."""
        if self.snapshot is None or self.snapshot.parameters is None:
            return np.full((len(targets), len(sources)), np.nan)
        return self.snapshot.compiled.weights(self.snapshot.parameters, sources, targets)

    def biases(self, nodes: Sequence[str]) -> Array:
        """The biases of some nodes by their ids, (nodes,); NaN where none is known."""
        if self.snapshot is None or self.snapshot.parameters is None:
            return np.full(len(nodes), np.nan)
        return self.snapshot.compiled.biases(self.snapshot.parameters, nodes)


class Reader:
    """Reads snapshots for a drawing and remembers where the numbers stand."""

    def __init__(self) -> None:
        self._places: Places | None = None

    def read(self, snapshot: Snapshot, known: Known | None, topology: Topology, view: ValueView) -> Reading:
        """Look up what a view shows.

        Args:
            snapshot: How the run stands.
            known: What is known of a step; None where the snapshot brings none.
            topology: The drawing.
            view: What is looked at.
        """
        places = self._find(snapshot.compiled, topology)
        parameters = _parameters(snapshot, known, view.links)
        return Reading(
            some=lambda pairs: _take(parameters, places.pairs(pairs)),
            count=topology.pair_count,
            sampled=topology.sampled,
            biases=_take(parameters, places.biases),
            nodes=_take(known.nodes(*view.nodes) if known is not None and view.nodes else None, places.nodes),
            end=1.0 if view.shares else None,
        )

    def line(self, snapshot: Snapshot, known: Known, topology: Topology, key: str) -> Array:
        """(nodes,) a quantity of nodes, or of their biases; the input counts as its own activation."""
        places = self._find(snapshot.compiled, topology)
        if QUANTITIES[key].scope == "parameter":
            return _take(known.parameters(key), places.biases)
        return _take(known.nodes(*(("input", "a") if key == "a" else (key,))), places.nodes)

    def link_line(
        self, snapshot: Snapshot, known: Known, topology: Topology, pairs: IntArray, key: str
    ) -> Array:
        """(pairs,) a quantity of some connections, by their numbers."""
        return _take(known.parameters(key), self._find(snapshot.compiled, topology).pairs(pairs))

    def _find(self, compiled: Compiled, topology: Topology) -> Places:
        here = self._places
        if here is None or here.compiled is not compiled or not _alike(here.topology, topology):
            here = self._places = Places(compiled, topology)
        return here


def _alike(one: Topology, other: Topology) -> bool:
    """Whether two drawings have the very same nodes and links.

    Both are looked at: all drawings without links have one empty tuple of them, whatever their nodes.
    """
    return one.grids is other.grids and one.node_ids is other.node_ids


class Places:
    """Where the numbers of a drawing stand in a compiled network; -1 where they don't.

    Attributes:
        compiled: The network that computes.
        topology: The drawing.
        nodes: (nodes,) among all nodes in plan order, the input's included.
        biases: (nodes,) in the parameter vector.
    """

    def __init__(self, compiled: Compiled, topology: Topology) -> None:
        self.compiled, self.topology = compiled, topology
        plan = compiled.plan
        order = dict(zip(chain.from_iterable(compiled.node_ids), count()))
        self.nodes: IntArray = np.array(list(map(order.get, topology.node_ids, repeat(-1))), dtype=np.int64)
        sizes = [layer.size for layer in plan.layers]
        starts = np.cumsum([0, *sizes[:-1]])
        # -1 picks the entry appended: nowhere.
        self._layer = np.append(np.repeat(np.arange(len(sizes)), sizes), -1)[self.nodes]
        self._position = self.nodes - np.append(starts, 0)[self._layer]
        # For all links: where the matrix of (target layer, source layer) begins; -1 where there is none.
        self._matrices = np.full((len(sizes) + 1, len(sizes) + 1), -1, dtype=np.int64)
        for link, part in zip(plan.links, plan.weight_slices, strict=True):
            self._matrices[link.target, link.source] = part.start
        self._widths = np.append(np.array(sizes, dtype=np.int64), 0)
        first_bias = np.array([part.start for part in plan.bias_slices] + [0], dtype=np.int64)
        self.biases: IntArray = np.where(self._layer > 0, first_bias[self._layer] + self._position, -1)
        self._all_present = bool(plan.present.all())
        self._kept: dict[int, tuple[IntArray, IntArray]] = {}

    def pairs(self, pairs: IntArray) -> IntArray:
        """Places of some connections in the parameter vector; of -1, which is none, -1.

        Arrays that can't change, as those of a placement, are looked up once: they come with every frame.
        """
        if pairs.flags.writeable:
            return self._look_up(pairs)
        if id(pairs) not in self._kept:  # the array is kept with it, so the number stays its own
            if len(self._kept) >= _KEPT_AT_MOST:  # those of places that were scrolled away
                self._kept.clear()
            self._kept[id(pairs)] = pairs, self._look_up(pairs)
        return self._kept[id(pairs)][1]

    def _look_up(self, pairs: IntArray) -> IntArray:
        found = np.full(pairs.shape, -1, dtype=np.int64)
        for grid, here in self.topology.parted(pairs):
            row, column = grid.places(pairs[here])
            found[here] = self._of_link(grid, row, column)
        if not self._all_present:  # removed in the compiled network: it holds no weight there
            found[~self.compiled.plan.present[found]] = -1
        return found

    def _of_link(self, grid: Grid, row: IntArray, column: IntArray) -> IntArray:
        """Places of pairs of one link of the drawing, by where they are in its matrix."""
        targets = slice(grid.target, grid.target + grid.rows.height)
        sources = slice(grid.source, grid.source + grid.rows.width)
        into, out_of = self._layer[targets], self._layer[sources]
        if not (_in_one(into) and _in_one(out_of)):  # nodes of a layer belonged to several
            matrix, width = self._matrices[into[row], out_of[column]], self._widths[out_of[column]]
            places = matrix + self._position[targets][row] * width + self._position[sources][column]
            return np.where(matrix >= 0, places, -1)
        matrix, width = self._matrices[into.max(), out_of.max()], self._widths[out_of.max()]
        if matrix < 0:
            return np.full(row.shape, -1, dtype=np.int64)
        # Of a thousand rows and columns rather than of each of the many pairs.
        starts = np.where(into < 0, _NOWHERE, matrix + self._position[targets] * width)
        steps = np.where(out_of < 0, _NOWHERE, self._position[sources])
        found: IntArray = np.maximum(starts[row] + steps[column], -1)
        return found


def _in_one(layers: IntArray) -> bool:
    """Whether nodes are all of one layer, but for those that are of none, which is -1."""
    known = layers[layers >= 0]
    return not known.size or known.min() == known.max()


def _parameters(snapshot: Snapshot, known: Known | None, key: str) -> Array | None:
    """(parameters,) a quantity of them; how the run stands is known without a step."""
    if key == "value" and (snapshot.cursor is None or known is None):
        return snapshot.parameters
    return None if known is None else known.parameters(key)


def _take(values: Array | None, places: IntArray) -> Array:
    if values is None or not values.size:
        return np.full(places.shape, np.nan)
    found: Array = values[places].astype(np.float64, copy=False)  # where -1 is, the last one
    found[places < 0] = np.nan
    return found
