"""Many connections at once, as blocks: of a wide layer each node has a thousand of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from bpviz.arrays import BoolArray, IntArray
from bpviz.model.common import ID
from bpviz.model.edits.layers import check_direction
from bpviz.model.edits.links import node_places
from bpviz.model.edits.masks import with_link
from bpviz.model.spec import Layer, Link, Network, PairMask


@dataclass(frozen=True, slots=True, eq=False)
class PairBlock:
    """Connections from some nodes of one layer to some of another.

    Attributes:
        sources: Ids of nodes, the columns.
        targets: Ids of nodes, the rows.
        there: (targets, sources), which pairs are connected; at least one of each row and column.
        frozen: (targets, sources), which of these have a weight that training leaves as it is.
    """

    sources: tuple[str, ...]
    targets: tuple[str, ...]
    there: BoolArray
    frozen: BoolArray


def blocks_among(
    network: Network, inside: Collection[str], touching: Collection[str], ends: Collection[str]
) -> list[PairBlock]:
    """Find the connections among some nodes, and all of some others, link by link.

    Args:
        network: Where they are.
        inside: Ids; connections from one of these to another are found.
        touching: Ids; all their connections are found.
        ends: Ids; of all these connections those alone that begin or end here.
    """
    found = []
    for link in network.links:
        start, end = network.layer(link.source), network.layer(link.target)
        new_columns, new_rows = _marked(start, ends), _marked(end, ends)
        # Two blocks rather than one: with one copied node, one for the whole link would be a million pairs.
        parts = (
            (np.arange(end.size), np.flatnonzero(new_columns)),
            (np.flatnonzero(new_rows), np.flatnonzero(~new_columns)),
        )
        if not (new_columns.any() or new_rows.any()):
            continue
        inner = _marked(end, inside), _marked(start, inside)
        outer = _marked(end, touching), _marked(start, touching)
        for rows, columns in parts:
            if not (len(rows) and len(columns)):
                continue
            meant = inner[0][rows, np.newaxis] & inner[1][columns]
            meant |= outer[0][rows, np.newaxis] | outer[1][columns]
            block = _block(link, (start, end), (rows, columns), meant)
            if block is not None:
                found.append(block)
    return found


def connect_blocks(network: Network, blocks: Iterable[PairBlock]) -> Network:
    """Connect the pairs of some blocks, and freeze those that are frozen there; all or none.

    Raises:
        CycleError: If a target's layer already leads to its source's.
        ModelError: If a connection would enter the input or leave the output.
    """
    places = node_places(network)
    for block in blocks:
        (source, target), at = _where(places, block)
        start, end = network.layer(source), network.layer(target)
        check_direction(network, start, end)
        link = network.link(source, target)
        removed = np.ones((end.size, start.size), dtype=np.bool_) if link is None else link.removed.array
        removed[at] &= ~block.there
        link = replace(link or Link.dense(start, end), removed=PairMask.of(removed))
        if block.frozen.any():
            frozen = link.frozen.array
            frozen[at] |= block.frozen
            link = replace(link, frozen=PairMask.of(frozen))
        network = with_link(network, link)
    return network


def _marked(layer: Layer, ids: Collection[str]) -> BoolArray:
    """Which nodes of a layer are among some, (nodes,)."""
    return np.fromiter(map(ids.__contains__, map(ID, layer.nodes)), np.bool_, layer.size)


def _block(
    link: Link, ends: tuple[Layer, Layer], part: tuple[IntArray, IntArray], meant: BoolArray
) -> PairBlock | None:
    """The connections of a part of a link that are meant; None if there are none."""
    rows, columns = part
    there = meant & ~link.removed.array[np.ix_(rows, columns)] if link.removed.bits else meant
    down, across = np.flatnonzero(there.any(axis=1)), np.flatnonzero(there.any(axis=0))
    if not len(down):
        return None
    there = there[np.ix_(down, across)]
    rows, columns = rows[down], columns[across]
    held = link.frozen.array[np.ix_(rows, columns)] if link.frozen.bits else np.zeros_like(there)
    return PairBlock(
        sources=tuple(ends[0].nodes[at].id for at in columns.tolist()),
        targets=tuple(ends[1].nodes[at].id for at in rows.tolist()),
        there=there,
        frozen=there & held,
    )


def _where(
    places: Mapping[str, tuple[str, int]], block: PairBlock
) -> tuple[tuple[str, str], tuple[IntArray, ...]]:
    """Of a block the link that it is a part of, and where in the masks of that it stands."""
    ends = places[block.sources[0]][0], places[block.targets[0]][0]
    rows, columns = ([places[node][1] for node in nodes] for nodes in (block.targets, block.sources))
    return ends, np.ix_(rows, columns)
