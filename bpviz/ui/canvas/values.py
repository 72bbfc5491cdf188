"""The numbers of a drawing: of its connections, biases and nodes, found by ids in those of a run.

The picture and the run may be of different networks for a moment, while an edit is on its way to the training
thread.  So each number is looked up by the ids of its nodes; where the run has none, it is NaN and drawn as
unknown.  The look-up is made once for each pair of drawing and compiled network.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bpviz.arrays import Array, IntArray
from bpviz.drawing.shown import nice_scale
from bpviz.model.compile import Compiled
from bpviz.model.layout import full_strength
from bpviz.model.spec import Address
from bpviz.training.known import Known
from bpviz.training.quantities import QUANTITIES
from bpviz.training.snapshot import Snapshot
from bpviz.ui.canvas.topology import Topology
from bpviz.ui.canvas.views import ValueView


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """Numbers of one moment; NaN where nothing is known.

    Attributes:
        pairs: (pairs,) value of each connection.
        biases: (nodes,) value of each bias, in the same view as the connections.
        nodes: (nodes,) value of each node.
        end: Of all scales, where the view has a fixed one.
    """

    pairs: Array
    biases: Array
    nodes: Array
    end: float | None = None

    @property
    def strength(self) -> float:
        """|value| of a connection at full width."""
        return self.end or full_strength(self.pairs)

    def scale(self, values: Array) -> float:
        """The end of the scale of some of these numbers."""
        return self.end or nice_scale(values)

    @classmethod
    def unknown(cls, topology: Topology) -> Reading:
        """Nothing is known."""
        nodes = np.full(len(topology.node_ids), np.nan)
        return cls(np.full(topology.pair_count, np.nan), nodes, nodes)


@dataclass(frozen=True, slots=True, eq=False)
class _Places:
    """Where the numbers of a drawing stand in a compiled network; -1 where they don't.

    Attributes:
        pairs: (pairs,) in the parameter vector.
        biases: (nodes,) in the parameter vector.
        nodes: (nodes,) among all nodes in plan order, the input's included.
    """

    pairs: IntArray
    biases: IntArray
    nodes: IntArray


def value_at(snapshot: Snapshot | None, address: Address) -> float | None:
    """The weight or bias of a run at an address; None if it is not known."""
    if snapshot is None or snapshot.parameters is None or address not in snapshot.compiled:
        return None
    return float(snapshot.parameters[snapshot.compiled.index(address)])


class Reader:
    """Reads snapshots for a drawing and remembers where the numbers stand."""

    def __init__(self) -> None:
        self._topology: Topology | None = None
        self._compiled: Compiled | None = None
        self._places: _Places | None = None

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
            pairs=_take(parameters, places.pairs),
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

    def link_line(self, snapshot: Snapshot, known: Known, topology: Topology, key: str) -> Array:
        """(pairs,) a quantity of connections."""
        return _take(known.parameters(key), self._find(snapshot.compiled, topology).pairs)

    def _find(self, compiled: Compiled, topology: Topology) -> _Places:
        if self._places is None or self._compiled is not compiled or self._topology is not topology:
            self._places = _find_places(compiled, topology)
            self._compiled, self._topology = compiled, topology
        return self._places


def _find_places(compiled: Compiled, topology: Topology) -> _Places:
    plan = compiled.plan
    order = {node: k for k, node in enumerate(node for layer in compiled.node_ids for node in layer)}
    nodes = np.array([order.get(node, -1) for node in topology.node_ids], dtype=np.int64).reshape(-1)
    sizes = [layer.size for layer in plan.layers]
    starts = np.cumsum([0, *sizes[:-1]])
    # -1 picks the entry appended: nowhere.
    layer_of = np.append(np.repeat(np.arange(len(sizes)), sizes), -1)[nodes]
    position = nodes - np.append(starts, 0)[layer_of]
    # For all links: where the matrix of (target layer, source layer) begins; -1 where there is none.
    matrices = np.full((len(sizes) + 1, len(sizes) + 1), -1, dtype=np.int64)
    for link, part in zip(plan.links, plan.weight_slices, strict=True):
        matrices[link.target, link.source] = part.start
    source, target = topology.source, topology.target
    matrix = matrices[layer_of[target], layer_of[source]]
    widths = np.append(np.array(sizes, dtype=np.int64), 0)
    pairs = np.where(matrix >= 0, matrix + position[target] * widths[layer_of[source]] + position[source], -1)
    first_bias = np.array([part.start for part in plan.bias_slices] + [0], dtype=np.int64)
    biases = np.where(layer_of > 0, first_bias[layer_of] + position, -1)
    return _Places(_present(pairs, plan.present), biases, nodes)


def _present(pairs: IntArray, present: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> IntArray:
    """Forget places of pairs that are removed in the compiled network: they hold no weight."""
    return np.where((pairs >= 0) & present[pairs], pairs, -1)


def _parameters(snapshot: Snapshot, known: Known | None, key: str) -> Array | None:
    """(parameters,) a quantity of them; how the run stands is known without a step."""
    if key == "value" and (snapshot.cursor is None or known is None):
        return snapshot.parameters
    return None if known is None else known.parameters(key)


def _take(values: Array | None, places: IntArray) -> Array:
    if values is None or not values.size:
        return np.full(places.shape, np.nan)
    return np.append(values, np.nan)[places]  # where -1 is, the last one: nothing
