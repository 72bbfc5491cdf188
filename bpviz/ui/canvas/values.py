"""What the picture shows: numbers of connections, biases and nodes, read from a snapshot by ids.

The picture and the run may be of different networks for a moment, while an edit is on its way to the training
thread.  So each number is looked up by the ids of its nodes; where the run has none, it is NaN and drawn as
unknown.  The look-up is made once for each pair of drawing and compiled network.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

import numpy as np

from bpviz.arrays import Array, IntArray
from bpviz.model.compile import Compiled
from bpviz.training.snapshot import Snapshot
from bpviz.ui.canvas.topology import Topology

NodeNumber: TypeAlias = Literal["z", "a", "delta"]
ValueView: TypeAlias = Literal["weights", "gradients", "deltas", "activations", "outputs"]


@dataclass(frozen=True, slots=True)
class ViewText:
    """How a view of values is called.

    Attributes:
        label: Title of the legend.
        pairs: What the connections show.
        nodes: What the nodes show; empty when they show nothing of their own.
    """

    label: str
    pairs: str
    nodes: str


VIEWS: Final[dict[ValueView, ViewText]] = {
    "weights": ViewText("Weights", "weight", ""),
    "gradients": ViewText("Gradients", "gradient", ""),
    "deltas": ViewText("Deltas", "weight", "delta"),
    "activations": ViewText("Activations", "weight", "activation"),
    "outputs": ViewText("Outputs", "weight", "output"),
}
MAPPED: Final[frozenset[ValueView]] = frozenset({"weights", "outputs"})
"""Views in which nodes show their output over the plane of two inputs, where there is one."""
TRACED: Final[frozenset[ValueView]] = frozenset({"gradients", "deltas", "activations"})
"""Views that need the full trace of a step."""
_NODE_FACTS: Final[tuple[tuple[str, NodeNumber], ...]] = (("z", "z"), ("activation", "a"), ("delta", "delta"))


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """Numbers of one moment; NaN where nothing is known.

    Attributes:
        pairs: (pairs,) value of each connection.
        biases: (nodes,) value of each bias, in the same view as the connections.
        nodes: (nodes,) value of each node.
    """

    pairs: Array
    biases: Array
    nodes: Array

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


class Reader:
    """Reads snapshots for a drawing and remembers where the numbers stand."""

    def __init__(self) -> None:
        self._topology: Topology | None = None
        self._compiled: Compiled | None = None
        self._places: _Places | None = None

    def read(self, snapshot: Snapshot, topology: Topology, view: ValueView) -> Reading:
        """Look up what a view shows."""
        places = self._find(snapshot.compiled, topology)
        parameters = self._gradient(snapshot) if view == "gradients" else snapshot.parameters
        return Reading(
            pairs=_take(parameters, places.pairs),
            biases=_take(parameters, places.biases),
            nodes=_take(self._nodes(snapshot, view), places.nodes),
        )

    def vector(self, snapshot: Snapshot, topology: Topology, values: Array) -> tuple[Array, Array]:
        """Look up numbers that stand like parameters: (pairs,) of connections and (nodes,) of biases."""
        places = self._find(snapshot.compiled, topology)
        return _take(values, places.pairs), _take(values, places.biases)

    def numbers(self, snapshot: Snapshot, topology: Topology, kind: NodeNumber) -> Array:
        """(nodes,) weighted inputs, activations or deltas of the trace: batch means, or of one example."""
        places = self._find(snapshot.compiled, topology)
        return _take(_flat(snapshot, kind), places.nodes)

    def facts(
        self, snapshot: Snapshot, topology: Topology, pair: int | None, node: int | None
    ) -> dict[str, float]:
        """Everything that is known of one connection, or of one node and its bias, by what it is called."""
        places = self._find(snapshot.compiled, topology)
        at = int(places.pairs[pair]) if pair is not None else int(places.biases[node or 0])
        facts = {"weight" if pair is not None else "bias": _one(snapshot.parameters, at)}
        if pair is None and node is not None:
            for label, kind in _NODE_FACTS:
                facts[label] = _one(_flat(snapshot, kind), int(places.nodes[node]))
        if snapshot.trace is not None:
            facts["gradient"] = _one(self._gradient(snapshot), at)
            facts["next update"] = _one(snapshot.trace.change, at)
        return {label: value for label, value in facts.items() if np.isfinite(value)}

    @staticmethod
    def _gradient(snapshot: Snapshot) -> Array | None:
        return None if snapshot.trace is None else snapshot.trace.trace.gradient

    @staticmethod
    def _nodes(snapshot: Snapshot, view: ValueView) -> Array | None:
        if view == "deltas":
            return _flat(snapshot, "delta")
        if view in ("activations", "outputs"):
            return _flat(snapshot, "a")
        return None

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


def _flat(snapshot: Snapshot, kind: NodeNumber) -> Array | None:
    """(nodes of all layers,) one number a node from the trace; NaN for z and delta of the input."""
    if snapshot.trace is None:
        return None
    trace = snapshot.trace.trace
    layers = {"z": trace.z, "a": trace.a, "delta": trace.delta}[kind]
    example = snapshot.cursor.example if snapshot.cursor is not None else None
    parts = [values.mean(axis=0) if example is None else values[example] for values in layers]
    if kind != "a":  # an input has neither
        parts[0] = np.full(trace.a[0].shape[1], np.nan)
    return np.concatenate(parts)


def _take(values: Array | None, places: IntArray) -> Array:
    if values is None or not values.size:
        return np.full(places.shape, np.nan)
    return np.where(places >= 0, values[places], np.nan)


def _one(values: Array | None, at: int) -> float:
    return float("nan") if values is None or at < 0 else float(values[at])
