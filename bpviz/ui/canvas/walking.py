"""What the picture shows at a moment: the numbers of a view or, during a walk through a step, of a phase."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

import numpy as np

from bpviz.arrays import Array, BoolArray, IntArray
from bpviz.training.known import Known
from bpviz.training.phases import Cursor
from bpviz.training.quantities import QUANTITIES
from bpviz.training.snapshot import Snapshot
from bpviz.ui.canvas.topology import Topology
from bpviz.ui.canvas.values import Reader, Reading
from bpviz.ui.canvas.views import PHASES, ValueView


@dataclass(frozen=True, slots=True, eq=False)
class Stop:
    """Where a walk stands, in the drawing.

    Attributes:
        kind: Of the phase, of which layer, and of which example: another one is another stop.
        layer: Id of the layer at work; empty for the update, which is everywhere.
        pairs: (pairs,) whether each connection takes part.
        nodes: (nodes,) likewise; those at its far ends too, whose numbers come over them.
        at_work: (nodes,) whether each node is computed.
        flow: Numbers of the connections that carry something.
        backward: They carry deltas, from their targets to their sources.
    """

    kind: tuple[str, str, int | None]
    layer: str
    pairs: BoolArray
    nodes: BoolArray
    at_work: BoolArray
    flow: IntArray
    backward: bool

    @classmethod
    def of(cls, snapshot: Snapshot, cursor: Cursor, topology: Topology) -> Stop:
        """Find the nodes and connections of a phase."""
        phase, depth = cursor.phase, _depths(snapshot, topology)
        layer = snapshot.compiled.layer_ids[phase.layer] if phase.layer is not None else ""
        everywhere = phase.layer is None
        at_work = depth >= 0 if everywhere else depth == phase.layer
        ends = {"forward": topology.target, "backward": topology.source}.get(phase.kind)
        pairs = np.full(topology.pair_count, everywhere) if ends is None else at_work[ends]
        nodes = at_work.copy()
        nodes[topology.source[pairs]] = nodes[topology.target[pairs]] = True
        flow = np.flatnonzero(pairs).astype(np.int64) if ends is not None else np.zeros(0, dtype=np.int64)
        return cls(
            (phase.kind, layer, cursor.example), layer, pairs, nodes, at_work, flow, phase.kind == "backward"
        )


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """The picture of one moment.

    Attributes:
        view: What is shown.
        reading: Its numbers, as far as they are known.
        rows: Numbers to write into the nodes, one (nodes,) a line.
        link_rows: Numbers to write onto connections, one (pairs,) after the other; none between steps.
        known: What is known of a step; None where the run brings none.
        stop: Where a walk stands; None between steps.
        carried: (pairs,) what each connection would carry, in a walk; NaN where that is not known.
    """

    view: ValueView
    reading: Reading
    rows: tuple[Array, ...]
    link_rows: tuple[Array, ...] = ()
    known: Known | None = None
    stop: Stop | None = None
    carried: Array = field(default_factory=lambda: np.zeros(0))

    @classmethod
    def of(cls, snapshot: Snapshot | None, topology: Topology, reader: Reader, view: ValueView) -> Shown:
        """Read a snapshot: the view that was chosen, or the phase that a walk stands in."""
        if snapshot is None:
            reading = Reading.unknown(topology)
            return cls(view, reading, (reading.nodes,))
        known = Known.of(snapshot)
        if snapshot.cursor is None or known is None:
            reading = reader.read(snapshot, known, topology, view)
            return cls(view, reading, (reading.nodes,), known=known)
        return cls._walking(snapshot, snapshot.cursor, known, topology, reader, view)

    @classmethod
    def _walking(
        cls,
        snapshot: Snapshot,
        cursor: Cursor,
        known: Known,
        topology: Topology,
        reader: Reader,
        chosen: ValueView,
    ) -> Shown:
        stop = Stop.of(snapshot, cursor, topology)
        usual = PHASES[cursor.phase.kind]
        # What was chosen goes first, as soon as it is there; how the run stands is no choice of that kind.
        may_choose = chosen.links != "value", bool(chosen.nodes) and not chosen.maps
        found = reader.read(snapshot, known, topology, chosen) if any(may_choose) else None
        of_links = may_choose[0] and found is not None and found.knows_pairs
        own = may_choose[1] and found is not None and bool(np.isfinite(found.nodes).any())
        links = chosen.links if of_links else usual.links
        view = replace(
            usual,
            links=links,
            nodes=chosen.nodes if own else usual.nodes,
            lines=() if own and chosen.nodes != usual.nodes else usual.lines,
            link_lines=() if links != usual.links else usual.link_lines,
        )
        reading = reader.read(snapshot, known, topology, view)
        rows = _lines(view.lines, stop.at_work, partial(reader.line, snapshot, known, topology))
        elsewhere = np.where(stop.at_work, np.nan, reading.nodes) if rows else reading.nodes
        on_links = view.link_lines or (links,)
        link_rows = _lines(on_links, stop.pairs, partial(reader.link_line, snapshot, known, topology))
        sent = reader.line(snapshot, known, topology, "delta" if stop.backward else "a")
        carried = sent[topology.target if stop.backward else topology.source]
        return cls(view, reading, (*rows, elsewhere), tuple(link_rows), known, stop, carried)

    @property
    def written(self) -> tuple[str, ...]:
        """Symbols of what is written in the nodes at work, from above; none for just what nodes show."""
        lines = zip(self.view.lines, self.rows, strict=False)
        keys = [key for key, row in lines if np.isfinite(row).any()]
        return () if keys in ([], list(self.view.nodes[-1:])) else tuple(map(_symbol, keys))

    @property
    def pairs_of(self) -> str:
        """Of which example the numbers of connections are, or the mean of how many; empty where neither."""
        return "" if self.known is None else self.known.whose(self.view.links)

    @property
    def nodes_of(self) -> str:
        """Likewise of nodes."""
        return "" if self.known is None or not self.view.nodes else self.known.whose(self.view.nodes[-1])


def _symbol(key: str) -> str:
    """The symbol of a quantity of nodes, or of their biases."""
    entry = QUANTITIES[key]
    return entry.symbol.replace("w", "b") if entry.scope == "parameter" else entry.symbol


def _lines(keys: Sequence[str], here: BoolArray, read: Callable[[str], Array]) -> list[Array]:
    """Read quantities to be written at some places; a new value only where it is another one."""
    lines: list[Array] = []
    for key in keys:
        line = np.where(here, read(key), np.nan)
        if QUANTITIES[key].after in keys:
            line = np.where(line == lines[keys.index(QUANTITIES[key].after)], np.nan, line)
        lines.append(line)
    return lines


def _depths(snapshot: Snapshot, topology: Topology) -> IntArray:
    """(nodes,) index of each node's layer in the plan; -1 for nodes that the run does not have."""
    places = snapshot.compiled.places
    return np.array([places.get(node, (-1, 0))[0] for node in topology.node_ids], dtype=np.int64)
