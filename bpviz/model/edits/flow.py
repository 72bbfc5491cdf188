"""Edits along the way of the signal: remove and let it pass on, go in between, lead a link elsewhere."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from bpviz.errors import ModelError
from bpviz.model.edits.carrying import Carried, CarriedWeights
from bpviz.model.edits.layers import add_layer, check_direction, check_removable, set_between
from bpviz.model.edits.links import (
    check_connected,
    connect_pairs,
    pairs_among,
    remove_link,
    remove_pairs,
    unconnected,
)
from bpviz.model.edits.masks import with_layers, with_link
from bpviz.model.edits.nodes import add_node, remove_nodes
from bpviz.model.naming import layer_label, node_label, renumbered
from bpviz.model.spec import Layer, Link, LinkKey, Network, Pair


def remove_with_flow(network: Network, nodes: Collection[str], layers: Collection[str] = ()) -> Network:
    """Remove nodes and layers so that every signal still gets where it got to.

    Where a layer goes, each layer that led into it is connected to each it led to by all pairs; what was
    connected already stays as it is.  A layer of which nodes remain passes on through them.

    Raises:
        ModelError: If the input or output layer would go, or a node or layer is gone.
    """
    gone = set(nodes)
    for layer_id in layers:
        gone.update(node.id for node in network.layer(layer_id).nodes)
    for node_id in gone:
        network.layer_of(node_id)
    emptied = [at.id for at in network.layers if at.id in layers or (at.nodes and gone >= _ids(at))]
    for layer_id in emptied:
        gone -= _ids(network.layer(layer_id))
        network = _without(network, layer_id)
    return remove_nodes(network, gone) if gone else network


def insert_between(network: Network, layer_id: str, source: str, target: str) -> Network:
    """Let a hidden layer that is there already go in between two linked layers, and stand there.

    Their link goes; the layer is connected to both by all pairs where it was not connected to them.
    Other links of the layer stay.  Columns that stand too near move apart.

    Raises:
        CycleError: If the layer leads to the one, or the other leads to it.
        ModelError: If the two are not linked, or the layer is the input or the output.
    """
    before, after, layer = network.layer(source), network.layer(target), network.layer(layer_id)
    if network.link(source, target) is None:
        raise ModelError(f"{layer_label(before)} and {layer_label(after)} are not connected; choose a link.")
    if layer.role != "hidden":
        raise ModelError(f"The {layer.role} layer can't go in between; choose a hidden layer.")
    open_way = remove_link(network, source, target)
    check_direction(open_way, before, layer)
    check_direction(open_way, layer, after)
    others = replace(open_way, layers=tuple(at for at in open_way.layers if at is not layer), links=())
    others, layer = set_between(others, layer, source, target)
    placed = {at.id: at for at in (*others.layers, layer)}
    result = replace(open_way, layers=tuple(placed[at.id] for at in open_way.layers))
    for start, end in ((source, layer_id), (layer_id, target)):
        if result.link(start, end) is None:
            result = with_link(result, Link.dense(result.layer(start), result.layer(end)))
    return renumbered(result)


def insert_node(network: Network, pair: Pair, node_id: str, layer_id: str) -> Carried:
    """Let a node go in between two connected ones; the way into it keeps the weight.

    Args:
        network: What to change.
        pair: The connection, which goes.
        node_id: A hidden node that is there already, or a new id.
        layer_id: Where a new node belongs: a hidden layer, or a new id for a layer between the two.

    Raises:
        CycleError: If the node's layer does not lie between the two.
        ModelError: If there is no such connection, or the node is of the input or the output.
    """
    check_connected(network, [pair])
    source, target = (network.layer_of(end).id for end in pair)
    held = pairs_among(network, {pair[0]}, {pair[1]})[pair]
    network = remove_pairs(network, [pair])
    if any(node_id in _ids(layer) for layer in network.layers):
        after = network
    elif any(layer.id == layer_id for layer in network.layers):
        check_inside(network.layer(layer_id))
        after = unconnected(add_node(network, layer_id, node_id), {node_id})
    else:
        network, layer = set_between(
            *_apart(add_layer(network, layer_id, [node_id]), layer_id), source, target
        )
        after = _with_again(network, layer, target)
    into, out = (pair[0], node_id), (node_id, pair[1])
    new = [into] if into not in pairs_among(after, {into[0]}, {into[1]}) else []
    after = connect_pairs(after, [into, out], new if held else [])
    weights = (CarriedWeights.single(into, pair),) if new else ()
    return Carried(renumbered(after), weights, nodes=frozenset({node_id}))


def check_inside(layer: Layer) -> None:
    """Refuse to put a node of a network's inside into its input or its output.

    Raises:
        ModelError: If the layer is not hidden.
    """
    if layer.role != "hidden":
        raise ModelError(f"A node in between belongs to a hidden layer, not to the {layer.role} layer.")


def reconnect(network: Network, pair: Pair, to: Pair) -> Carried:
    """Lead a connection elsewhere, with its weight.

    Args:
        network: What to change.
        pair: The connection as it is.
        to: As it is to be; one of the two ends is another node.

    Raises:
        CycleError: If links would form a loop.
        ModelError: If there is no such connection, there is one at the new place, or none can be there.
    """
    if to == pair:
        return Carried(network)
    check_connected(network, [pair])
    if pairs_among(network, {to[0]}, {to[1]}):
        labels = [node_label(network, node_id) for node_id in to]
        raise ModelError(f"{labels[0]} and {labels[1]} are connected already; choose another node.")
    frozen = pairs_among(network, {pair[0]}, {pair[1]})[pair]
    after = connect_pairs(remove_pairs(network, [pair]), [to], [to] if frozen else [])
    return Carried(after, (CarriedWeights.single(to, pair),))


def reconnect_layers(network: Network, key: LinkKey, to: LinkKey) -> Carried:
    """Lead all connections between two layers elsewhere.

    Between layers of the same sizes each keeps its place and its weight; otherwise all pairs are connected.

    Args:
        network: What to change.
        key: The link as it is.
        to: As it is to be; one of the two ends is another layer.

    Raises:
        CycleError: If links would form a loop.
        ModelError: If there is no such link, there is one at the new place, or none can be there.
    """
    link = network.link(*key)
    if link is None or to == key:
        if to == key:
            return Carried(network)
        raise ModelError("These layers are not connected; choose a link.")
    start, end = network.layer(to[0]), network.layer(to[1])
    if network.link(*to) is not None:
        raise ModelError(
            f"{layer_label(start)} and {layer_label(end)} are connected already; choose another layer."
        )
    rest = remove_link(network, *key)
    check_direction(rest, start, end)
    old = network.layer(key[0]), network.layer(key[1])
    if (old[0].size, old[1].size) != (start.size, end.size):
        return Carried(with_link(rest, Link.dense(start, end)))
    sources, targets, old_sources, old_targets = (
        tuple(node.id for node in layer.nodes) for layer in (start, end, *old)
    )
    weights = CarriedWeights(sources, targets, old_sources, old_targets, ~link.removed.array)
    return Carried(with_link(rest, replace(link, source=to[0], target=to[1])), (weights,))


def _without(network: Network, layer_id: str) -> Network:
    """Remove a hidden layer, and connect what it connected."""
    check_removable(network.layer(layer_id))
    sources = [link.source for link in network.links if link.target == layer_id]
    targets = [link.target for link in network.links if link.source == layer_id]
    rest = with_layers(network, (layer for layer in network.layers if layer.id != layer_id))
    bridges = (
        Link.dense(rest.layer(source), rest.layer(target))
        for source in sources
        for target in targets
        if rest.link(source, target) is None
    )
    return renumbered(replace(rest, links=(*rest.links, *bridges)))


def _apart(network: Network, layer_id: str) -> tuple[Network, Layer]:
    """Take a layer that nothing is linked to out of a drawing."""
    layer = network.layer(layer_id)
    return replace(network, layers=tuple(at for at in network.layers if at is not layer)), layer


def _with_again(network: Network, layer: Layer, target: str) -> Network:
    """Put a layer into a drawing, before another."""
    at = network.layers.index(network.layer(target))
    return replace(network, layers=(*network.layers[:at], layer, *network.layers[at:]))


def _ids(layer: Layer) -> set[str]:
    return {node.id for node in layer.nodes}
