"""Copies of nodes and layers, connected as the originals; their weights come from there, see `Carried`."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from bpviz.errors import ModelError
from bpviz.model.edits.blocks import PairBlock, blocks_among, connect_blocks
from bpviz.model.edits.carrying import Carried, CarriedWeights
from bpviz.model.edits.layers import respaced, with_hidden
from bpviz.model.edits.links import node_places
from bpviz.model.edits.masks import with_layers
from bpviz.model.layout import COLUMN_GAP, STACK_GAP, collapsed, node_position
from bpviz.model.naming import HIDDEN, UNCOUNTED, NewId, node_label, renumbered
from bpviz.model.spec import Layer, Network, Node

Place: TypeAlias = tuple[float, float]

_NO_HIDDEN: Final = "A network has one input and one output layer; select hidden nodes to copy them."


def cutout(network: Network, nodes: Collection[str], layers: Collection[str] = ()) -> Network:
    """Return the part of a drawing that consists of some nodes and layers and what connects them."""
    chosen = {node.id for layer in network.layers for node in layer.nodes if layer.id in layers} | set(nodes)
    parts = (
        replace(layer, nodes=tuple(node for node in layer.nodes if node.id in chosen))
        for layer in network.layers
    )
    return with_layers(network, (part for part in parts if part.nodes))


def duplicate(
    network: Network,
    nodes: Collection[str],
    layers: Collection[str],
    new_id: NewId,
    *,
    at: Place | None = None,
    outer: bool = False,
) -> Carried:
    """Copy nodes and layers with the connections among them.

    A whole layer is copied as a layer below it.  A node of a layer that is not copied as a whole gets its
    copy in that layer, connected as it is itself.  A network has one input and one output layer: their nodes
    stand for themselves, and the copies of others are connected to them.

    Args:
        network: What to change.
        nodes: Ids.
        layers: Ids.
        new_id: Where ids of copies come from.
        at: Where the middle of copied layers comes to stand; by default below the originals.
        outer: Whether copied layers are connected to all that the originals are connected to, too.

    Raises:
        ModelError: If nothing is selected that can be copied.
    """
    part = cutout(network, nodes, layers)
    if all(layer.role != "hidden" for layer in part.layers):
        raise ModelError(_NO_HIDDEN)
    single = [on for on in part.layers if on.role == "hidden" and on.size < network.layer(on.id).size]
    whole = with_layers(part, (layer for layer in part.layers if layer not in single))
    after, placed = _with_copies(network, whole, new_id, at)
    alone = {node.id: new_id("n") for layer in single for node in layer.nodes}
    after = _with_twins(after, alone)
    ends = {node.id: node.id for layer in part.layers if layer.role != "hidden" for node in layer.nodes}
    twins = ends | placed | alone
    joined = {*alone, *placed} if outer else set(alone)
    return _carried(network, after, blocks_among(network, twins, joined, {*alone, *placed}), twins)


def graft(
    network: Network,
    piece: Network,
    new_id: NewId,
    at: Place | None = None,
) -> Carried:
    """Add the hidden layers of a piece of another drawing, or of this one, with the connections among them.

    Its input nodes stand for those here that show the same feature, its output nodes for those of the same
    name or place; an input or output layer that is missing here is added with the piece.

    Args:
        network: What to add to.
        piece: As `cutout` returns it.
        new_id: Where ids of new layers and nodes come from.
        at: Where its middle comes to stand; by default where it was.  It comes further down where
            something stands there.

    Raises:
        ModelError: If it holds nothing that can be added.
    """
    twins: dict[str, str] = {}
    left_out: list[str] = []
    new = []
    for layer in piece.layers:
        here = next((other for other in network.layers if other.role == layer.role), None)
        if layer.role == "hidden" or here is None:
            new.append(layer)
            continue
        found = _matched(layer, here)
        twins |= found
        left_out += [node_label(piece, node.id) for node in layer.nodes if node.id not in found]
    if not new:
        raise ModelError(_NO_HIDDEN)
    after, placed = _with_copies(network, with_layers(piece, new), new_id, at)
    twins |= placed
    made = _carried(network, after, blocks_among(piece, twins, (), placed), twins)
    return replace(made, left_out=tuple(left_out))


def _carried(
    before: Network, after: Network, originals: Sequence[PairBlock], twins: Mapping[str, str]
) -> Carried:
    """Connect copies as their originals are, and note where each weight comes from.

    Args:
        before: The drawing without the copies.
        after: The drawing with them.
        originals: Connections to copy.
        twins: For each node that was copied, its copy; others stand for themselves.
    """
    weights = []
    for block in originals:
        sources, targets = (tuple(twins.get(a, a) for a in ids) for ids in (block.sources, block.targets))
        weights.append(CarriedWeights(sources, targets, block.sources, block.targets, block.there))
    copies = (
        PairBlock(new.sources, new.targets, block.there, block.frozen)
        for new, block in zip(weights, originals, strict=True)
    )
    after = renumbered(connect_blocks(after, copies))
    old = node_places(before)
    new = {node.id: layer for layer in after.layers for node in layer.nodes if node.id not in old}
    biases = {twin: node for node, twin in twins.items() if twin in new and new[twin].role != "input"}
    known = {layer.id for layer in before.layers}
    layers = frozenset(layer.id for layer in after.layers if layer.id not in known)
    return Carried(after, tuple(weights), biases, frozenset(new), layers)


def _with_copies(
    network: Network, piece: Network, new_id: NewId, at: Place | None
) -> tuple[Network, dict[str, str]]:
    """Add copies of hidden layers, and of ends that are missing, without their connections.

    Returns:
        The drawing, and the id of each node's copy.
    """
    ends = {layer.role for layer in network.layers if layer.role != "hidden"}
    twins: dict[str, str] = {}
    placed = []
    originals = [layer for layer in piece.layers if layer.role not in ends]
    if not originals:
        return network, twins
    dx, dy = _aside(network, originals, at)
    for layer in originals:
        twins |= {node.id: new_id("n") for node in layer.nodes}
        nodes = tuple(node.twin(twins[node.id], dx, dy) for node in layer.nodes)
        name = UNCOUNTED if HIDDEN.fullmatch(layer.name) else layer.name
        placed.append(replace(layer, id=new_id("l"), name=name, nodes=nodes, x=layer.x + dx, locked=False))
    first = [layer for layer in placed if layer.role == "input"]
    last = [layer for layer in placed if layer.role == "output"]
    network = with_hidden(network, *(layer for layer in placed if layer.role == "hidden"))
    return replace(network, layers=(*first, *network.layers, *last)), twins


def _with_twins(network: Network, twins: Mapping[str, str]) -> Network:
    """Add an unconnected copy of each of some nodes next to it in its layer."""
    if not twins:
        return network
    layers = []
    for layer in network.layers:
        nodes: list[Node] = []
        for node in layer.nodes:
            nodes.append(node)
            if node.id in twins:
                nodes.append(node.twin(twins[node.id]))
        layers.append(layer if len(nodes) == layer.size else respaced(layer, nodes))
    return with_layers(network, layers, joined=False)


def _matched(layer: Layer, here: Layer) -> dict[str, str]:
    """Find for the nodes of an input or output layer those that they stand for in another drawing."""
    free = {node.id: node for node in here.nodes}
    found: dict[str, str] = {}
    for at, node in enumerate(layer.nodes):
        called = node.feature or node.name
        if called:
            twin = next((one.id for one in free.values() if called in (one.feature, one.name)), None)
        else:
            twin = here.nodes[at].id if at < here.size and here.nodes[at].id in free else None
        if twin is not None:
            found[node.id] = twin
            del free[twin]
    return found


def _aside(network: Network, layers: Sequence[Layer], at: Place | None) -> Place:
    """Find how far layers move as a whole, to a place and down from there, to stand clear of all others."""
    own, taken = _boxes(layers), _boxes(network.layers)
    dx, dy = 0.0, 0.0
    if at is not None and len(own):
        dx, dy = (np.array(at) - (own[:, :2].min(axis=0) + own[:, 2:].max(axis=0)) / 2).tolist()
    for _ in range(len(own) * len(taken) + 1):
        left, top, right, bottom = np.moveaxis(own[:, None] + (dx, dy, dx, dy), -1, 0)
        near = (left - taken[:, 2] < COLUMN_GAP / 2) & (taken[:, 0] - right < COLUMN_GAP / 2)
        crossed = near & (top - taken[:, 3] < STACK_GAP) & (taken[:, 1] - bottom < STACK_GAP)
        if not crossed.any():
            break
        dy += float((taken[:, 3] + STACK_GAP - top)[crossed].max())
    return dx, dy


def _boxes(layers: Iterable[Layer]) -> NDArray[np.float64]:
    """Where layers stand, (layers, 4): left, top, right and bottom of their nodes' centers."""
    boxes = []
    for layer in layers:
        if layer.nodes:
            ys = [node.y for node in layer.nodes]
            xs = [layer.x] if collapsed(layer) else [node_position(layer, node)[0] for node in layer.nodes]
            boxes.append((min(xs), min(ys), max(xs), max(ys)))
    return np.array(boxes, dtype=np.float64).reshape(-1, 4)
