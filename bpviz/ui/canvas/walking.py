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
        nodes: (nodes,) whether each takes part; those at its far ends too, whose numbers come over them.
        at_work: (nodes,) whether each node is computed.
        topology: The drawing.
        flows: Connections carry something to the nodes at work.
        backward: They carry deltas, from their targets to their sources.
    """

    kind: tuple[str, str, int | None]
    layer: str
    nodes: BoolArray
    at_work: BoolArray
    topology: Topology
    flows: bool
    backward: bool

    @classmethod
    def of(cls, snapshot: Snapshot, cursor: Cursor, topology: Topology) -> Stop:
        """Find the nodes and connections of a phase."""
        phase, depth = cursor.phase, _depths(snapshot, topology)
        layer = snapshot.compiled.layer_ids[phase.layer] if phase.layer is not None else ""
        everywhere = phase.layer is None
        at_work = depth >= 0 if everywhere else depth == phase.layer
        flows, backward = phase.kind in ("forward", "backward"), phase.kind == "backward"
        taking_part = at_work if flows else np.full(at_work.shape, everywhere)
        nodes = at_work | (topology.joined(taking_part, forward=backward) > 0)
        if everywhere and not flows:
            nodes |= topology.joined(taking_part, forward=not backward) > 0
        kind = (phase.kind, layer, cursor.example)
        return cls(kind, layer, nodes, at_work, topology, flows, backward)

    def some(self, pairs: IntArray) -> BoolArray:
        """Which of some connections, by their numbers, take part."""
        if not self.flows:
            return np.full(pairs.shape, not self.layer)
        found: BoolArray = self.at_work[self.topology.ends(pairs)[not self.backward]]
        return found

    def flow(self, count: int) -> IntArray:
        """Numbers of the first connections that carry something, at most so many."""
        found, left = [np.zeros(0, dtype=np.int64)], count if self.flows else 0
        for grid in self.topology.grids:
            if not grid.meets(self.at_work, forward=self.backward):
                continue
            for first in range(grid.first, grid.stop, max(count, 1)):
                if left <= 0:
                    break
                some = np.arange(first, min(first + count, grid.stop))
                found.append(some[self.some(some)][:left])
                left -= found[-1].size
        return np.concatenate(found)


def _no_rows(_pairs: IntArray) -> Sequence[Array]:
    return ()


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """The picture of one moment.

    Attributes:
        view: What is shown.
        reading: Its numbers, as far as they are known.
        rows: Numbers to write into the nodes, one (nodes,) a line.
        on_links: From numbers of connections to what is written onto these, one array after the other; none
            between steps.
        known: What is known of a step; None where the run brings none.
        stop: Where a walk stands; None between steps.
        sent: (nodes,) what a connection that begins there would carry, in a walk; NaN where it is not known.
    """

    view: ValueView
    reading: Reading
    rows: tuple[Array, ...]
    on_links: Callable[[IntArray], Sequence[Array]] = _no_rows
    known: Known | None = None
    stop: Stop | None = None
    sent: Array = field(default_factory=lambda: np.zeros(0))

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
        keys = view.link_lines or (links,)

        def on_links(pairs: IntArray) -> list[Array]:
            return _lines(keys, stop.some(pairs), partial(reader.link_line, snapshot, known, topology, pairs))

        sent = reader.line(snapshot, known, topology, "delta" if stop.backward else "a")
        return cls(view, reading, (*rows, elsewhere), on_links, known, stop, sent)

    def carried(self, pairs: IntArray) -> Array:
        """What some connections would carry, in a walk; NaN where that is not known."""
        if self.stop is None:
            return np.full(pairs.shape, np.nan)
        found: Array = self.sent[self.stop.topology.ends(pairs)[self.stop.backward]]
        return found

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
