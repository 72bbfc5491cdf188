"""Edits of connections: connect, remove, freeze."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import repeat

import numpy as np

from bpviz.arrays import BoolArray
from bpviz.errors import ModelError
from bpviz.model.common import ID, by_layer, kept_by_identity
from bpviz.model.edits.layers import check_direction
from bpviz.model.edits.masks import with_layer, with_link
from bpviz.model.naming import node_label
from bpviz.model.spec import (
    Address,
    BiasAddress,
    Layer,
    Link,
    LinkKey,
    Network,
    Node,
    Pair,
    PairMask,
    WeightAddress,
)


def connect(network: Network, source: str, target: str) -> Network:
    """Connect two nodes; connecting them twice changes nothing.

    Two layers that were not linked are linked by this one pair.

    Args:
        network: What to change.
        source: Id of the node the signal leaves.
        target: Id of the node it enters.

    Raises:
        CycleError: If the target's layer already leads to the source's.
        ModelError: If both are in one layer, or the connection would enter the input or leave the output.
    """
    return connect_pairs(network, [(source, target)])


def connect_pairs(network: Network, pairs: Iterable[Pair], frozen: Iterable[Pair] = ()) -> Network:
    """Connect many pairs of nodes at once, each as `connect` does; all or none.

    Args:
        network: What to change.
        pairs: As (source node id, target node id).
        frozen: Those of them whose weight training leaves as it is.

    Raises:
        CycleError: If a target's layer already leads to its source's.
        ModelError: If both nodes are in one layer, or a connection would enter the input or leave the output.
    """
    for (source, target), (rows, columns) in _by_layers(network, pairs).items():
        start, end = network.layer(source), network.layer(target)
        check_direction(network, start, end)
        link = network.link(source, target)
        removed = np.ones((end.size, start.size), dtype=np.bool_) if link is None else link.removed.array
        if not removed[rows, columns].any():
            continue
        removed[rows, columns] = False
        after = replace(link or Link.dense(start, end), removed=PairMask.of(removed))
        network = with_link(network, after)
    held = [WeightAddress(*pair) for pair in frozen]
    return set_frozen(network, held, frozen=True) if held else network


def connect_layers(network: Network, source: str, target: str) -> Network:
    """Connect every node of one layer to every node of another; what is frozen stays frozen.

    Args:
        network: What to change.
        source: Id of the layer the signals leave.
        target: Id of the layer they enter.

    Raises:
        CycleError: If the target already leads to the source.
        ModelError: If the link would enter the input or leave the output, or a layer is empty.
    """
    start, end = network.layer(source), network.layer(target)
    check_direction(network, start, end)
    if not start.nodes or not end.nodes:
        raise ModelError("A layer without nodes can't be connected; add a node first.")
    dense = Link.dense(start, end)
    present = network.link(source, target)
    return with_link(network, dense if present is None else replace(present, removed=dense.removed))


def remove_pairs(network: Network, pairs: Iterable[Pair]) -> Network:
    """Remove connections, given as (source node id, target node id); a link goes with its last one.

    Pairs that are not connected are passed over.

    Raises:
        ModelError: If a node is gone.
    """
    for link, rows, columns in _by_link(network, pairs):
        removed = link.removed.array
        removed[rows, columns] = True
        frozen = link.frozen.array & ~removed
        after = replace(link, removed=PairMask.of(removed), frozen=PairMask.of(frozen))
        network = with_link(network, after)
    return network


def unconnected(network: Network, node_ids: Collection[str]) -> Network:
    """Remove all connections of some nodes."""
    own = {layer.id: np.array([node.id in node_ids for node in layer.nodes]) for layer in network.layers}
    for link in network.links:
        rows, columns = own[link.target], own[link.source]
        if rows.any() or columns.any():
            removed = link.removed.array | rows[:, None] | columns
            frozen = PairMask.of(link.frozen.array & ~removed) if link.frozen.bits else link.frozen
            network = with_link(network, replace(link, removed=PairMask.of(removed), frozen=frozen))
    return network


def remove_link(network: Network, source: str, target: str) -> Network:
    """Remove all connections between two layers, given by their ids."""
    links = tuple(link for link in network.links if link.key != (source, target))
    return replace(network, links=links)


def set_frozen(network: Network, addresses: Iterable[Address], *, frozen: bool) -> Network:
    """Freeze weights and biases, so that training leaves them as they are, or release them.

    Raises:
        ModelError: If there is no such weight or bias.
    """
    wanted = list(addresses)
    biases = {address.node for address in wanted if isinstance(address, BiasAddress)}
    found = [layer for layer in network.layers if any(node.id in biases for node in layer.nodes)]
    if biases - {node.id for layer in found for node in layer.nodes}:
        raise ModelError("That node is no longer in the network.")
    if any(layer.role == "input" for layer in found):
        raise ModelError("Input nodes have no bias; they pass on what they are given.")
    for layer in found:
        nodes = tuple(n.held(frozen=frozen) if n.id in biases else n for n in layer.nodes)
        network = with_layer(network, replace(layer, nodes=nodes))
    pairs = [(a.source, a.target) for a in wanted if not isinstance(a, BiasAddress)]
    check_connected(network, pairs)
    for link, rows, columns in _by_link(network, pairs):
        mask = link.frozen.array
        mask[rows, columns] = frozen
        network = with_link(network, replace(link, frozen=PairMask.of(mask)))
    return network


def set_layers_frozen(network: Network, layer_ids: Collection[str], *, frozen: bool) -> Network:
    """Freeze or release all connections into some layers, and their biases; inputs have neither.

    Whole masks are set, for a wide layer has a million connections.
    """

    def held(layer: Layer) -> Layer:
        if layer.id not in layer_ids or layer.role == "input":
            return layer
        return replace(layer, nodes=tuple(node.held(frozen=frozen) for node in layer.nodes))

    def held_link(link: Link) -> Link:
        if link.target not in layer_ids:
            return link
        nothing = PairMask(link.removed.targets, link.removed.sources)
        return replace(link, frozen=PairMask.of(~link.removed.array) if frozen else nothing)

    return replace(
        network, layers=tuple(map(held, network.layers)), links=tuple(map(held_link, network.links))
    )


def all_frozen(network: Network, pairs: Iterable[Pair]) -> bool:
    """Say whether training leaves the weights of all these connections as they are.

    Raises:
        ModelError: If a node is gone.
    """
    for key, (rows, columns) in _by_layers(network, pairs).items():
        link = network.link(*key)
        if link is None or not link.frozen.array[rows, columns].all():
            return False
    return True


def check_connected(network: Network, pairs: Iterable[Pair]) -> None:
    """Refuse pairs of nodes between which there is no connection.

    Raises:
        ModelError: Naming the first of them.
    """
    wanted = list(pairs)
    there = connected_pairs(network, wanted)
    for pair in wanted:
        if pair not in there:
            labels = [node_label(network, node_id) for node_id in pair]
            raise ModelError(f"There is no connection from {labels[0]} to {labels[1]}; connect them first.")


def connected_pairs(network: Network, pairs: Iterable[Pair]) -> set[Pair]:
    """Return those of some pairs of node ids between which there is a connection."""
    nodes = node_places(network).keys()
    there: set[Pair] = set()
    for link, rows, columns in _by_link(
        network, (pair for pair in pairs if pair[0] in nodes and pair[1] in nodes)
    ):
        targets, sources = network.layer(link.target).nodes, network.layer(link.source).nodes
        removed = link.removed.array
        there.update(
            (sources[column].id, targets[row].id)
            for row, column in zip(rows, columns, strict=True)
            if not removed[row, column]
        )
    return there


def present_pairs(network: Network, sources: Sequence[str], targets: Sequence[str]) -> BoolArray:
    """Say between which of some nodes there is a connection, (targets, sources)."""
    found = np.zeros((len(targets), len(sources)), dtype=np.bool_)
    places = node_places(network)
    ends, begins = by_layer(places, targets), by_layer(places, sources)
    for link in network.links:
        if link.target in ends and link.source in begins:
            (down, its_rows), (across, its_columns) = ends[link.target], begins[link.source]
            there = ~link.removed.array[np.ix_(its_rows, its_columns)] if link.removed.bits else True
            found[np.ix_(down, across)] = there
    return found


def pairs_among(network: Network, sources: Collection[str], targets: Collection[str]) -> dict[Pair, bool]:
    """Return the connections from some nodes to some others, and of each whether its weight is frozen."""
    found: dict[Pair, bool] = {}
    for link in network.links if sources and targets else ():
        start, end = network.layer(link.source).nodes, network.layer(link.target).nodes
        columns = np.array([node.id in sources for node in start])
        rows = np.array([node.id in targets for node in end])
        if not (columns.any() and rows.any()):  # most links of a wide network; their masks are large
            continue
        chosen = ~link.removed.array & rows[:, None] & columns
        if chosen.any():
            frozen = link.frozen.array
            for row, column in np.argwhere(chosen).tolist():
                found[start[column].id, end[row].id] = bool(frozen[row, column])
    return found


def node_places(network: Network) -> Mapping[str, tuple[str, int]]:
    """Of each node the id of its layer, and where it stands there."""
    return _places(network.layers)


@kept_by_identity(4)  # an edit asks again and again about the drawing before it, on its way, and after it
def _places(layers: tuple[Layer, ...]) -> Mapping[str, tuple[str, int]]:
    found: dict[str, tuple[str, int]] = {}
    for layer in layers:
        found.update(_places_in(layer.id, layer.nodes))
    return found


@kept_by_identity(16)  # and of its layers most are the same in all of these
def _places_in(layer: str, nodes: tuple[Node, ...]) -> Mapping[str, tuple[str, int]]:
    return dict(zip(map(ID, nodes), zip(repeat(layer), range(len(nodes))), strict=True))


def _by_link(network: Network, pairs: Iterable[Pair]) -> list[tuple[Link, list[int], list[int]]]:
    """Sort pairs of node ids into the links they belong to, as rows and columns of its masks."""
    links = ((network.link(*key), at) for key, at in _by_layers(network, pairs).items())
    return [(link, rows, columns) for link, (rows, columns) in links if link is not None]


def _by_layers(network: Network, pairs: Iterable[Pair]) -> dict[LinkKey, tuple[list[int], list[int]]]:
    """Sort pairs of node ids by the layers they join, as rows and columns of their link's masks."""
    places = node_places(network)
    found: dict[LinkKey, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    for begin, end in pairs:
        if begin not in places or end not in places:
            raise ModelError("That node is no longer in the network.")
        (source, column), (target, row) = places[begin], places[end]
        found[source, target][0].append(row)
        found[source, target][1].append(column)
    return found
