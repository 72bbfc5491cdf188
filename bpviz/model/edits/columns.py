"""Edits between one layer and several of the same depth: split and merge, which leave every weight in place.

A node keeps its id, and with it its connections and their weights; so the network computes what it did.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import Literal

import numpy as np

from bpviz.arrays import BoolArray
from bpviz.engine.activations import ACTIVATIONS
from bpviz.errors import ModelError
from bpviz.model.edits.layers import is_even
from bpviz.model.edits.masks import is_empty
from bpviz.model.graph import path
from bpviz.model.layout import COLUMN_GAP, STACK_GAP, center_y, collapsed, height_of, spaced
from bpviz.model.naming import UNCOUNTED, layer_label, renumbered
from bpviz.model.spec import Layer, Link, LinkKey, Network, Node, PairMask


def split_layer(network: Network, node_ids: Collection[str], layer_id: str) -> Network:
    """Move some nodes of a hidden layer into a layer of their own at the same depth, below what stays.

    Args:
        network: What to change.
        node_ids: Nodes of one layer, not all of them.
        layer_id: A new id.

    Raises:
        ModelError: If the nodes are of several layers, of the input or the output, or a whole layer.
    """
    layers = {network.layer_of(node_id).id for node_id in node_ids}
    if len(layers) != 1:
        raise ModelError("Only one layer can be split at a time; select nodes of one layer.")
    layer = network.layer(layers.pop())
    kept = tuple(node for node in layer.nodes if node.id not in node_ids)
    taken = tuple(node for node in layer.nodes if node.id in node_ids)
    if layer.role != "hidden":
        raise ModelError(f"Only hidden layers can be split; a network has one {layer.role} layer.")
    if not kept:
        raise ModelError(f"All nodes of {layer_label(layer)} are selected; leave at least one in it.")
    upper, lower = _stacked(layer, kept, replace(layer, id=layer_id, name=UNCOUNTED, nodes=taken))
    lower = _below_others(network, lower)
    layers_after = [part for at in network.layers for part in ((upper, lower) if at is layer else (at,))]
    links = (part for link in network.links for part in _split(link, layer, upper, lower))
    return renumbered(Network(tuple(layers_after), tuple(part for part in links if not is_empty(part))))


def merge_layers(network: Network, layer_ids: Collection[str]) -> Network:
    """Make one of several hidden layers, none of which leads to another: the first takes in the others.

    Nodes keep their activation and stand from top to bottom as they did; two that were not connected to the
    same neighbors are not so afterwards.

    Args:
        network: What to change.
        layer_ids: At least two.

    Raises:
        ModelError: If one is the input or the output, leads to another, or has an activation that joins all
            its nodes while the others have another.
    """
    merged = [layer for layer in network.layers if layer.id in layer_ids]
    if len(merged) < max(2, len(set(layer_ids))):
        raise ModelError("Select at least two hidden layers to merge them.")
    _check_mergeable(network, merged)
    first = merged[0]
    nodes = sorted((_own(layer, node, first) for layer in merged for node in layer.nodes), key=_height)
    whole = spaced(replace(first, nodes=tuple(nodes)))
    gone = {layer.id for layer in merged[1:]}
    layers = tuple(whole if at is first else at for at in network.layers if at.id not in gone)
    parts: dict[LinkKey, list[Link]] = defaultdict(list)
    ids = {layer.id for layer in merged}
    for link in network.links:
        key = (
            first.id if link.source in ids else link.source,
            first.id if link.target in ids else link.target,
        )
        parts[key].append(link)
    before = {layer.id: layer for layer in network.layers}
    after = {layer.id: layer for layer in layers}
    links = tuple(_joined(key, found, before, after) for key, found in parts.items())
    return renumbered(Network(layers, links))


def _stacked(layer: Layer, kept: tuple[Node, ...], beside: Layer) -> tuple[Layer, Layer]:
    """Place what stays of a layer above a new one: an even column as a whole around its middle."""
    upper, lower = replace(layer, nodes=kept), spaced(beside, 0.0)
    if not is_even(layer) and not collapsed(layer):
        return upper, spaced(lower, max(node.y for node in kept) + STACK_GAP + height_of(lower) / 2)
    height = height_of(spaced(upper)) + STACK_GAP + height_of(lower)
    top = center_y(layer) - height / 2
    upper = spaced(upper, top + height_of(spaced(upper)) / 2)
    return upper, spaced(lower, top + height - height_of(lower) / 2)


def _below_others(network: Network, layer: Layer) -> Layer:
    """Move a new column down until it stands on no other layer."""
    near = [at for at in network.layers if abs(at.x - layer.x) < COLUMN_GAP / 2 and at.nodes]
    for other in sorted(near, key=lambda at: min(node.y for node in at.nodes)):
        reach = (height_of(layer) + height_of(other)) / 2 + STACK_GAP
        above = center_y(other) <= center_y(layer) - reach
        if not above and abs(center_y(other) - center_y(layer)) < reach and center_y(other) > center_y(layer):
            layer = spaced(layer, center_y(other) + reach)
    return layer


def _split(link: Link, layer: Layer, upper: Layer, lower: Layer) -> Iterable[Link]:
    """Share the pairs of a link among the two parts of one of its layers."""
    if layer.id not in link.key:
        return (link,)
    side: Literal["source", "target"] = "source" if link.source == layer.id else "target"
    places = {node.id: at for at, node in enumerate(layer.nodes)}
    parts = []
    for part in (upper, lower):
        chosen = [places[node.id] for node in part.nodes]
        masks = (mask.array for mask in (link.removed, link.frozen))
        removed, frozen = (mask[:, chosen] if side == "source" else mask[chosen] for mask in masks)
        ends = {"source": link.source, "target": link.target} | {side: part.id}
        parts.append(Link(**ends, removed=PairMask.of(removed), frozen=PairMask.of(frozen)))
    return parts


def _check_mergeable(network: Network, layers: Sequence[Layer]) -> None:
    for layer in layers:
        if layer.role != "hidden":
            raise ModelError(f"Only hidden layers can be merged; leave the {layer.role} layer out.")
    keys = [link.key for link in network.links]
    for start in layers:
        for end in layers:
            way = path(keys, start.id, end.id) if start is not end else ()
            if way:
                named = " → ".join(layer_label(network.layer(layer_id)) for layer_id in way)
                raise ModelError(
                    f"{named} are connected, so they can't be one layer; remove that link first."
                )
    activations = {layer.activation for layer in layers}
    for name in activations:
        if len(activations) > 1 and not ACTIVATIONS[name].elementwise:
            raise ModelError(
                f"{ACTIVATIONS[name].label} joins all nodes of a layer; give the layers one activation first."
            )


def _own(layer: Layer, node: Node, first: Layer) -> Node:
    """A node as it is in the layer that takes it in: with the activation it had."""
    activation = layer.activation_of(node)
    return replace(node, activation=None if activation == first.activation else activation)


def _height(node: Node) -> float:
    return node.y


def _joined(key: LinkKey, parts: Sequence[Link], before: dict[str, Layer], after: dict[str, Layer]) -> Link:
    """Lay the pairs of several links into one; what none of them joins is not connected."""
    source, target = after[key[0]], after[key[1]]
    removed: BoolArray = np.ones((target.size, source.size), dtype=np.bool_)
    frozen: BoolArray = np.zeros_like(removed)
    columns = {node.id: at for at, node in enumerate(source.nodes)}
    rows = {node.id: at for at, node in enumerate(target.nodes)}
    for link in parts:
        place = np.ix_(
            [rows[node.id] for node in before[link.target].nodes],
            [columns[node.id] for node in before[link.source].nodes],
        )
        removed[place], frozen[place] = link.removed.array, link.frozen.array
    return Link(*key, PairMask.of(removed), PairMask.of(frozen))
