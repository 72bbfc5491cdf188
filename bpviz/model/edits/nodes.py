"""Edits of single nodes: add, remove, move, features, an activation of their own."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from bpviz.engine.activations import ACTIVATIONS
from bpviz.errors import ModelError
from bpviz.model.edits.layers import remove_layer, respaced
from bpviz.model.edits.masks import with_layer, with_layers
from bpviz.model.layout import node_position
from bpviz.model.naming import layer_label
from bpviz.model.spec import Layer, Network, Node


def add_node(
    network: Network, layer_id: str, node_id: str, *, feature: str | None = None, y: float | None = None
) -> Network:
    """Add a node at the foot of a layer, connected like its neighbors.

    Args:
        network: What to add to.
        layer_id: Where.
        node_id: A new id.
        feature: On the input layer, what the node shows.
        y: Where in the picture; below the others by default.

    Raises:
        ModelError: If an input node comes without a feature, or with one that is there already.
    """
    layer = network.layer(layer_id)
    if layer.role == "input" and feature is None:
        raise ModelError("An input node shows a feature of the data; choose which.")
    if feature is not None and any(node.feature == feature for node in layer.nodes):
        raise ModelError(f"The feature {feature} is an input already.")
    node = Node(node_id, feature=feature if layer.role == "input" else None)
    if y is not None:
        return with_layer(network, replace(layer, nodes=(*layer.nodes, replace(node, y=y))))
    return with_layer(network, respaced(layer, (*layer.nodes, node)))


def remove_nodes(network: Network, node_ids: Collection[str]) -> Network:
    """Remove nodes with their connections; a hidden layer that loses its last node goes as a whole.

    Raises:
        ModelError: If the input or output layer would be left empty, or a node is gone.
    """
    gone = set(node_ids)
    for node_id in gone:
        network.layer_of(node_id)
    emptied = [layer for layer in network.layers if layer.nodes and gone >= {n.id for n in layer.nodes}]
    for layer in emptied:
        if layer.role != "hidden":
            raise ModelError(f"{layer_label(layer)} needs at least one node; leave one of them.")
        network = remove_layer(network, layer.id)
    layers = []
    for layer in network.layers:
        nodes = tuple(node for node in layer.nodes if node.id not in gone)
        layers.append(layer if len(nodes) == layer.size else respaced(layer, nodes))
    return with_layers(network, layers)


def move_nodes(network: Network, heights: Mapping[str, float]) -> Network:
    """Move nodes up or down in the picture; `heights` says for each node id its new y."""
    layers = tuple(
        replace(
            layer,
            nodes=tuple(replace(n, y=heights[n.id]) if n.id in heights else n for n in layer.nodes),
        )
        for layer in network.layers
    )
    return replace(network, layers=layers)


def place_nodes(network: Network, places: Mapping[str, tuple[float, float]]) -> Network:
    """Put nodes anywhere in the picture; `places` says for each node id its new (x, y).

    A node that comes back to its column stands in it again.  A column that all nodes have left follows
    them: it stands at the middle between the outermost ones.
    """
    return replace(network, layers=tuple(_placed(layer, places) for layer in network.layers))


def _placed(layer: Layer, places: Mapping[str, tuple[float, float]]) -> Layer:
    if not any(node.id in places for node in layer.nodes):
        return layer
    stands = [places.get(node.id) or node_position(layer, node) for node in layer.nodes]
    columns = [x for x, _ in stands]
    x = layer.x if layer.x in columns else (min(columns) + max(columns)) / 2
    nodes = (
        node.at(None if place[0] == x else place[0], place[1])
        for node, place in zip(layer.nodes, stands, strict=True)
    )
    return replace(layer, x=x, nodes=tuple(nodes))


def rename_nodes(network: Network, names: Mapping[str, str]) -> Network:
    """Name several nodes at once; `names` says for each node id what it is called."""
    layers = tuple(
        replace(
            layer,
            nodes=tuple(replace(n, name=names[n.id]) if n.id in names else n for n in layer.nodes),
        )
        for layer in network.layers
    )
    return replace(network, layers=layers)


def set_node_activation(network: Network, node_ids: Collection[str], activation: str | None) -> Network:
    """Give nodes an activation of their own; None lets them follow their layer again.

    Raises:
        UnknownNameError: If there is no such activation.
        ModelError: On input nodes, or for softmax, which belongs to a whole layer.
    """
    if activation is not None and not ACTIVATIONS[activation].elementwise:
        raise ModelError(
            f"{ACTIVATIONS[activation].label} joins all nodes of a layer; choose it for the layer."
        )
    chosen = set(node_ids)
    layers = []
    for layer in network.layers:
        touched = [node for node in layer.nodes if node.id in chosen]
        if touched and layer.role == "input":
            raise ModelError("Input nodes pass on what they are given; they have no activation.")
        own = None if activation == layer.activation else activation
        nodes = tuple(replace(n, activation=own) if n.id in chosen else n for n in layer.nodes)
        layers.append(replace(layer, nodes=nodes))
    return replace(network, layers=tuple(layers))


def show_feature(network: Network, node_id: str, feature: str) -> Network:
    """Let an input node show another feature; it keeps its place, its name and its connections.

    Raises:
        ModelError: If it is no input node, or another one shows that feature.
    """
    layer = network.layer_of(node_id)
    if layer.role != "input":
        raise ModelError("Only input nodes show a feature of the data; choose a node of the input layer.")
    if any(node.feature == feature and node.id != node_id for node in layer.nodes):
        raise ModelError("A feature can be an input only once; choose one that no input shows yet.")
    nodes = (replace(node, feature=feature) if node.id == node_id else node for node in layer.nodes)
    return with_layer(network, replace(layer, nodes=tuple(nodes)))


def set_features(network: Network, features: Sequence[str], new_ids: Sequence[str]) -> Network:
    """Let the input layer show these features, one node each, in this order.

    Nodes whose feature stays keep their id, name and connections.

    Args:
        network: What to change.
        features: Texts as in `bpviz.data.features`; each once.
        new_ids: At least as many new ids as features come; others are not used.

    Raises:
        ModelError: If there is no feature, one comes twice, or there is not exactly one input layer.
    """
    layer = network.input
    if layer is None:
        raise ModelError("The network needs exactly one input layer.")
    if not features:
        raise ModelError("The network needs at least one feature; leave one of them.")
    if len(set(features)) != len(features):
        raise ModelError("A feature can be an input only once.")
    kept = {node.feature: node for node in layer.nodes}
    supply = iter(new_ids)
    nodes = []
    for feature in features:
        node = kept.get(feature) or Node(next(supply, ""), feature=feature)
        if not node.id:
            raise ModelError("The input layer needs a new id for each new feature.")
        nodes.append(node)
    if tuple(nodes) == layer.nodes:
        return network
    return with_layer(network, respaced(layer, nodes))
