"""Edits of whole layers: add, insert, remove, resize, move, name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Literal

from bpviz.engine.activations import ACTIVATIONS
from bpviz.errors import CycleError, ModelError
from bpviz.model.edits.masks import with_layer, with_layers
from bpviz.model.graph import path
from bpviz.model.layout import COLUMN_GAP, NODE_GAP, STACK_GAP, center_y, collapsed, height_of, moved, spaced
from bpviz.model.naming import UNCOUNTED, layer_label, renumbered
from bpviz.model.spec import Layer, Link, LinkKey, Network, Node

LONGEST_NAME = 60
"""Characters; longer ones have no place in the picture."""
_TIGHT = 1.25 * COLUMN_GAP  # two columns nearer than this move apart for a layer between them


def add_layer(
    network: Network,
    layer_id: str,
    node_ids: Sequence[str],
    *,
    name: str = "",
    activation: str = "tanh",
    x: float = 0.0,
    y: float = 0.0,
) -> Network:
    """Add a hidden layer that nothing is linked to yet.

    Args:
        network: What to add to.
        layer_id: A new id.
        node_ids: New ids, one a node.
        name: Caption; counted as "Hidden 1", "Hidden 2", ... by default.
        activation: Of its nodes.
        x: Where the column stands.
        y: Height of the column's middle.

    Raises:
        ModelError: If it would be without nodes.
    """
    return with_hidden(network, spaced(replace(_hidden(layer_id, node_ids, name, activation), x=x), y))


def with_hidden(network: Network, *layers: Layer) -> Network:
    """Return the network with new hidden layers that nothing is linked to, before the output."""
    outputs = [at for at, other in enumerate(network.layers) if other.role == "output"]
    at = outputs[0] if outputs else len(network.layers)
    return renumbered(Network((*network.layers[:at], *layers, *network.layers[at:]), network.links))


def add_end(
    network: Network,
    role: Literal["input", "output"],
    layer_id: str,
    nodes: Sequence[Node],
    *,
    activation: str = "linear",
    x: float = 0.0,
    y: float = 0.0,
) -> Network:
    """Add the input or the output layer that a drawing lacks, connected to whatever stands open on its side.

    Args:
        network: What to add to.
        role: Which end.
        layer_id: A new id.
        nodes: Its nodes, with new ids.
        activation: Of an output layer.
        x: Where the column stands, unless that would not be before, or behind, all others.
        y: Height of the column's middle.

    Raises:
        ModelError: If there is such a layer already, or it would be without nodes.
    """
    if any(layer.role == role for layer in network.layers):
        raise ModelError(f"The network has an {role} layer already.")
    if not nodes:
        raise ModelError("A layer needs at least one node.")
    places = [layer.x for layer in network.layers]
    if role == "input":
        x = min([x, *(place - COLUMN_GAP for place in places)])
    else:
        x = max([x, *(place + COLUMN_GAP for place in places)])
    layer = spaced(Layer(layer_id, role.capitalize(), role, tuple(nodes), activation, x), y)
    taken = {link.target if role == "input" else link.source for link in network.links}
    open_ends = [other for other in network.layers if other.id not in taken and other.nodes]
    links = [Link.dense(layer, end) if role == "input" else Link.dense(end, layer) for end in open_ends]
    layers = (layer, *network.layers) if role == "input" else (*network.layers, layer)
    return Network(layers, (*network.links, *links))


def insert_layer(
    network: Network,
    layer_id: str,
    node_ids: Sequence[str],
    source: str,
    target: str,
    *,
    name: str = "",
    activation: str = "tanh",
) -> Network:
    """Insert a hidden layer between two others and connect it to both by all pairs.

    A link that joined the two goes.  Columns that stand too near move apart.

    Args:
        network: What to insert into.
        layer_id: A new id.
        node_ids: New ids, one a node.
        source: Id of the layer before.
        target: Id of the layer after.
        name: Caption; counted by default.
        activation: Of its nodes.

    Raises:
        CycleError: If the source already depends on the target.
        ModelError: If it would be without nodes, or stand before the input or behind the output.
    """
    before, after = network.layer(source), network.layer(target)
    check_direction(network, before, after)
    network, layer = set_between(network, _hidden(layer_id, node_ids, name, activation), source, target)
    before, after = network.layer(source), network.layer(target)
    at = max(network.layers.index(before) + 1, network.layers.index(after))
    layers = (*network.layers[:at], layer, *network.layers[at:])
    links = (
        *(link for link in network.links if link.key != (source, target)),
        Link.dense(before, layer),
        Link.dense(layer, after),
    )
    return renumbered(Network(layers, links))


def set_between(network: Network, layer: Layer, source: str, target: str) -> tuple[Network, Layer]:
    """Make room for a column between two others, and place it there.

    Args:
        network: Where it is to stand; columns that stand too near move apart.
        layer: A layer that is not, or no longer, in it.
        source: Id of the layer before.
        target: Id of the layer after.
    """
    before, after = network.layer(source), network.layer(target)
    gap = after.x - before.x
    if 0 <= gap < _TIGHT:
        network = _make_room(network, after.x, 2 * COLUMN_GAP - gap, keep=source)
        after = network.layer(target)
    x, y = (before.x + after.x) / 2, (center_y(before) + center_y(after)) / 2
    return network, _clear(network, spaced(replace(layer, x=x), y))


def insert_at(
    network: Network, layer_id: str, node_ids: Sequence[str], x: float, *, activation: str = "tanh"
) -> Network:
    """Insert a hidden layer where the picture has room for a column, into the nearest link that passes there.

    Before the input and behind the output no hidden layer can stand: there it comes in next to them.
    Anywhere else where no link passes, the layer stands alone until it is connected.

    Args:
        network: What to insert into.
        layer_id: A new id.
        node_ids: New ids, one a node.
        x: Where in the picture.
        activation: Of its nodes.
    """

    def reach(key: LinkKey) -> tuple[float, float]:
        return network.layer(key[0]).x, network.layer(key[1]).x

    passing = [link.key for link in network.links if reach(link.key)[0] < x < reach(link.key)[1]]
    passing = passing or [link.key for link in network.links if _passed_end(network, x) in link.key]
    if not passing:
        return add_layer(network, layer_id, node_ids, activation=activation, x=x)
    source, target = min(passing, key=lambda key: reach(key)[1] - reach(key)[0])
    return insert_layer(network, layer_id, node_ids, source, target, activation=activation)


def _passed_end(network: Network, x: float) -> str:
    """Id of the input layer, if a place is before it, or of the output layer, if it is behind that."""
    start, end = network.input, network.output
    if start is not None and x <= start.x:
        return start.id
    return end.id if end is not None and x >= end.x else ""


def remove_layer(network: Network, layer_id: str) -> Network:
    """Remove a hidden layer and its links.

    A layer that would be left without any link into it, or without any out of it, is connected
    across the gap by all pairs; so a chain stays a chain.

    Raises:
        ModelError: If it is the input or the output.
    """
    check_removable(network.layer(layer_id))
    sources = [link.source for link in network.links if link.target == layer_id]
    targets = [link.target for link in network.links if link.source == layer_id]
    rest = with_layers(network, (layer for layer in network.layers if layer.id != layer_id))
    leaving, entered = {link.source for link in rest.links}, {link.target for link in rest.links}
    bridges = tuple(
        Link.dense(rest.layer(source), rest.layer(target))
        for source in sources
        for target in targets
        if source not in leaving or target not in entered
    )
    return renumbered(replace(rest, links=(*rest.links, *bridges)))


def check_removable(layer: Layer) -> None:
    """Refuse to remove what a network needs.

    Raises:
        ModelError: If it is the input or the output layer.
    """
    if layer.role != "hidden":
        raise ModelError(f"The {layer.role} layer can't be removed: a network needs one.")


def resize_layer(network: Network, layer_id: str, size: int, new_ids: Sequence[str] = ()) -> Network:
    """Give a layer this many nodes, by adding or removing them at its foot.

    New nodes are connected like their neighbors; the column stays centered.

    Args:
        network: What to change.
        layer_id: Which layer.
        size: How many nodes; at least 1.
        new_ids: At least as many new ids as nodes come; others are not used.

    Raises:
        ModelError: If nothing would be left, or the input layer would grow by nodes without features.
    """
    layer = network.layer(layer_id)
    if size < 1:
        raise ModelError(f"{layer_label(layer)} needs at least one node; remove the whole layer instead.")
    if size == layer.size:
        return network
    if size > layer.size and layer.role == "input":
        raise ModelError("An input node shows a feature of the data; choose the features instead.")
    kept = layer.nodes[:size]
    extra = [Node(node_id) for node_id in new_ids[: max(size - layer.size, 0)]]
    if len(kept) + len(extra) != size:
        raise ModelError(f"{layer_label(layer)} needs {size - layer.size} new ids to grow.")
    return with_layer(network, respaced(layer, (*kept, *extra)))


def set_activation(network: Network, layer_id: str, activation: str) -> Network:
    """Choose the activation of a layer; its nodes follow it again, whatever they had of their own.

    Raises:
        UnknownNameError: If there is no such activation.
        ModelError: On the input layer, whose nodes pass on what they are given.
    """
    layer = network.layer(layer_id)
    if layer.role == "input":
        raise ModelError("Input nodes pass on what they are given; they have no activation.")
    chosen = ACTIVATIONS[activation].name
    nodes = tuple(node if node.activation is None else replace(node, activation=None) for node in layer.nodes)
    return with_layer(network, replace(layer, activation=chosen, nodes=nodes))


def move_layer(network: Network, layer_id: str, x: float, dy: float = 0.0) -> Network:
    """Move a column to another place in the picture with all its nodes, and those up or down."""
    layer = network.layer(layer_id)
    return with_layer(network, replace(moved(layer, x - layer.x, dy), x=x))


def rename(network: Network, item_id: str, name: str) -> Network:
    """Give a layer or a node another name; an empty one brings back what it is called by default.

    Raises:
        ModelError: If the name is too long, or the layer or node is gone.
    """
    text = " ".join(name.split())
    if len(text) > LONGEST_NAME:
        raise ModelError(f"A name can have at most {LONGEST_NAME} characters; choose a shorter one.")
    for layer in network.layers:
        if layer.id == item_id:
            default = UNCOUNTED if layer.role == "hidden" else layer.role.capitalize()
            return renumbered(with_layer(network, replace(layer, name=text or default)))
    layer = network.layer_of(item_id)
    nodes = tuple(replace(node, name=text) if node.id == item_id else node for node in layer.nodes)
    return with_layer(network, replace(layer, nodes=nodes))


def respaced(layer: Layer, nodes: Iterable[Node]) -> Layer:
    """Return a layer with other nodes: even columns stay so and centered, hand-made ones grow below."""
    after = replace(layer, nodes=tuple(nodes))
    if collapsed(layer) or collapsed(after) or not layer.nodes:
        return spaced(after, center_y(layer))
    kept = {node.id for node in layer.nodes}
    even = spaced(after, center_y(layer))
    if not is_even(layer) and kept & {node.id for node in after.nodes}:
        return _below(after, kept)
    return even


def is_even(layer: Layer) -> bool:
    """Whether a column still stands as it was arranged, untouched by hand."""
    pairs = zip(layer.nodes, spaced(layer).nodes, strict=True)
    return all(node.x is None and abs(node.y - even.y) < 0.5 for node, even in pairs)


def check_direction(network: Network, source: Layer, target: Layer) -> None:
    """Refuse a link that no network can have.

    Raises:
        CycleError: If the target already leads to the source.
        ModelError: If it would stay inside a layer, enter the input or leave the output.
    """
    if source.id == target.id:
        raise ModelError("Nodes of one layer can't be connected; choose a node of another layer.")
    if target.role == "input":
        raise ModelError("Nothing leads into the input layer; start the connection there instead.")
    if source.role == "output":
        raise ModelError("Nothing leads out of the output layer; end the connection there instead.")
    back = path((link.key for link in network.links), target.id, source.id)
    if back:
        raise CycleError(tuple(layer_label(network.layer(layer_id)) for layer_id in (source.id, *back)))


def _hidden(layer_id: str, node_ids: Sequence[str], name: str, activation: str) -> Layer:
    if not node_ids:
        raise ModelError("A layer needs at least one node.")
    nodes = tuple(Node(node_id) for node_id in node_ids)
    return Layer(layer_id, name or UNCOUNTED, "hidden", nodes, ACTIVATIONS[activation].name)


def _clear(network: Network, layer: Layer) -> Layer:
    """Move a new column up until it stands on no other, as one that joins a skipping link might."""
    height = layer.nodes[-1].y - layer.nodes[0].y
    for other in network.layers:
        near = abs(other.x - layer.x) < COLUMN_GAP / 2 and other.nodes
        if near and abs(center_y(other) - center_y(layer)) < (height + height_of(other)) / 2 + NODE_GAP:
            top = min(node.y for node in other.nodes)
            layer = spaced(layer, top - STACK_GAP - height / 2)
    return layer


def _make_room(network: Network, from_x: float, by: float, *, keep: str) -> Network:
    """Move every column from `from_x` on to the right, but one."""
    layers = tuple(
        moved(layer, by) if layer.x >= from_x and layer.id != keep else layer for layer in network.layers
    )
    return replace(network, layers=layers)


def _below(layer: Layer, kept: set[str]) -> Layer:
    """Put the new nodes of a column that was arranged by hand under its lowest one."""
    lowest = max((node.y for node in layer.nodes if node.id in kept), default=0.0)
    nodes = []
    for node in layer.nodes:
        if node.id not in kept:
            lowest += NODE_GAP
            node = replace(node, y=lowest)
        nodes.append(node)
    return replace(layer, nodes=tuple(nodes))
