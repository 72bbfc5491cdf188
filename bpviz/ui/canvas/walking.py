"""What the picture shows while a step is walked through: what is computed so far, and where."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bpviz.arrays import Array, IntArray
from bpviz.training.phases import Cursor, Phase
from bpviz.training.snapshot import Snapshot
from bpviz.ui.canvas.topology import Topology
from bpviz.ui.canvas.values import Reader, Reading, ViewText

_LABELS = {
    "forward": ViewText("Forward", "weight", "activation"),
    "loss": ViewText("Loss", "weight", "activation"),
    "backward": ViewText("Backward", "weight", "delta"),
    "update": ViewText("Update", "change", "delta"),
}


@dataclass(frozen=True, slots=True, eq=False)
class Walking:
    """The picture of one phase.

    Attributes:
        text: How its values are called.
        reading: What is known so far.
        rows: Numbers to write into the nodes, one (nodes,) a line.
        layer: Id of the layer at work; empty for the update, which is everywhere.
        flow: Numbers of the connections that carry something in this phase.
        backward: They carry deltas, from their targets to their sources.
    """

    text: ViewText
    reading: Reading
    rows: tuple[Array, ...]
    layer: str
    flow: IntArray
    backward: bool

    @classmethod
    def of(cls, snapshot: Snapshot, cursor: Cursor, topology: Topology, reader: Reader) -> Walking:
        """Read a snapshot whose cursor stands inside a step; its trace must be there."""
        assert snapshot.trace is not None
        phase, compiled = cursor.phase, snapshot.compiled
        depth = _depths(snapshot, topology)
        z, a, delta = (reader.numbers(snapshot, topology, kind) for kind in ("z", "a", "delta"))
        numbers: tuple[Array, ...] = (a,)
        nodes = a
        if phase.kind == "forward" and phase.layer is not None:
            nodes = np.where(depth <= phase.layer, a, np.nan)
            # The layer at work shows both: what came in and what goes out.
            numbers = (np.where(depth == max(phase.layer, 1), z, np.nan), nodes) if phase.layer else (nodes,)
        elif phase.kind == "backward" and phase.layer is not None:
            nodes = np.where(depth >= phase.layer, delta, np.nan)
            numbers = (nodes,)
        elif phase.kind == "update":
            nodes, numbers = delta, (delta,)
        shown = snapshot.trace.change if phase.kind == "update" else snapshot.trace.trace.parameters
        pairs, biases = reader.vector(snapshot, topology, shown)
        layer = compiled.layer_ids[phase.layer] if phase.layer is not None else ""
        reading = Reading(pairs, biases, nodes)
        backward = phase.kind == "backward"
        flow = _flow(depth, topology, phase)
        return cls(_LABELS[phase.kind], reading, numbers, layer, flow, backward)


def _flow(depth: IntArray, topology: Topology, phase: Phase) -> IntArray:
    """Numbers of the connections over which numbers come to the layer at work."""
    if phase.kind == "forward":
        return np.flatnonzero(depth[topology.target] == phase.layer).astype(np.int64)
    if phase.kind == "backward":
        return np.flatnonzero(depth[topology.source] == phase.layer).astype(np.int64)
    return np.zeros(0, dtype=np.int64)


def _depths(snapshot: Snapshot, topology: Topology) -> IntArray:
    """(nodes,) index of each node's layer in the plan; -1 for nodes that the run does not have."""
    places = snapshot.compiled.places
    return np.array([places.get(node, (-1, 0))[0] for node in topology.node_ids], dtype=np.int64)
