"""What things are called where the user reads them: captions, messages, rows of plots."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Final, TypeAlias

from bpviz.errors import one_line
from bpviz.model.graph import ordered_layers, reached
from bpviz.model.spec import Address, BiasAddress, Layer, Network, Node

NewId: TypeAlias = Callable[[str], str]
"""Hands out ids that were never used, by prefix: ``l`` for layers, ``n`` for nodes."""

HIDDEN: Final = re.compile(r"Hidden \d+")
UNCOUNTED: Final = "Hidden 0"
"""Name of a new hidden layer: `renumbered` counts it with the others once it is in its place."""
_DIGITS: Final = "0123456789"
_MOST_DIGITS: Final = 15  # a longer number in an id comes from elsewhere; to go on counting there ends soon


def layer_label(layer: Layer) -> str:
    """Return a layer's caption."""
    return one_line(layer.name) or layer.role.capitalize()


def node_label(network: Network, node_id: str) -> str:
    """Return a node's own name, its feature, or its place such as "Hidden 1, node 3".

    Raises:
        ModelError: If the node is gone.
    """
    layer = network.layer_of(node_id)
    position = next(at for at, node in enumerate(layer.nodes) if node.id == node_id)
    return _label(layer.nodes[position], position, layer_label(layer))


def node_labels(layer: Layer) -> tuple[str, ...]:
    """Return what each node of a layer is called, as `node_label` does."""
    caption = layer_label(layer)
    return tuple(_label(node, position, caption) for position, node in enumerate(layer.nodes))


def _label(node: Node, position: int, caption: str) -> str:
    called = node.name or node.feature
    return (one_line(called) if called else "") or f"{caption}, node {position + 1}"


def address_label(network: Network, address: Address) -> str:
    """Return what a weight or bias is called, such as "weight from x to Hidden 1, node 3"."""
    if isinstance(address, BiasAddress):
        return f"bias of {node_label(network, address.node)}"
    return f"weight from {node_label(network, address.source)} to {node_label(network, address.target)}"


def renumbered(network: Network) -> Network:
    """Count the layers called "Hidden 1", "Hidden 2", ... anew, from the input to the output.

    Layers that the user gave a name of their own keep it; those that no input reaches yet come last.
    """
    keys = [link.key for link in network.links]
    met = {at for layer in network.layers if layer.role == "input" for at in reached(keys, layer.id)}
    hidden = [layer for layer in ordered_layers(network) if layer.role == "hidden"]
    ordered = sorted(hidden, key=lambda layer: layer.id not in met)
    counted = [layer.id for layer in ordered if HIDDEN.fullmatch(layer.name)]
    names = {layer_id: f"Hidden {number}" for number, layer_id in enumerate(counted, start=1)}
    # A layer that keeps its name stays the very same, so that whoever compares drawings is soon done with it.
    layers = tuple(
        replace(layer, name=names[layer.id]) if names.get(layer.id, layer.name) != layer.name else layer
        for layer in network.layers
    )
    return replace(network, layers=layers)


def first_free_number(network: Network) -> int:
    """Return the first number that no id of this network contains: where to go on counting."""
    ids: Iterable[str] = (key for layer in network.layers for key in (layer.id, *(n.id for n in layer.nodes)))
    tails = {key[len(key.rstrip(_DIGITS)) :] for key in ids}
    free = max((int(tail) for tail in tails if 0 < len(tail) <= _MOST_DIGITS), default=0) + 1
    while str(free) in tails:
        free += 1
    return free


def counting_from(number: int) -> NewId:
    """Return a supply of new ids for scripts and examples: ``l5``, ``n6``, ..."""
    upcoming = iter(range(number, 2**62))
    return lambda prefix: f"{prefix}{next(upcoming)}"
