"""Locks: what is locked keeps its place, its connections and what it computes until it is unlocked.

A lock is about the drawing: weights are trained, set and frozen as ever.  `check_locks` judges every edit, in
whatever way it is asked for; see `bpviz.ui.document.Document.apply`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from operator import attrgetter
from typing import Final

import numpy as np

from bpviz.errors import ModelError
from bpviz.model.common import kept_by_identity
from bpviz.model.layout import node_position
from bpviz.model.naming import HIDDEN, layer_label, node_labels
from bpviz.model.spec import Layer, LinkKey, Network, Node, Pair

_LOCKED: Final = attrgetter("locked")


def set_locked(network: Network, layers: Collection[str], nodes: Collection[str], *, locked: bool) -> Network:
    """Lock layers and nodes, by their ids, or unlock them.

    A layer is unlocked with all its nodes, and for the sake of any of them.
    """

    def turned(layer: Layer) -> Layer:
        mine = {node.id for node in layer.nodes if node.id in nodes}
        whole = layer.id in layers or (layer.locked and bool(mine) and not locked)
        meant = {node.id for node in layer.nodes} if whole and not locked else mine
        turning = (replace(node, locked=locked) if node.id in meant else node for node in layer.nodes)
        return replace(layer, locked=locked if whole else layer.locked, nodes=tuple(turning))

    return replace(network, layers=tuple(map(turned, network.layers)))


def is_locked(network: Network, layers: Collection[str], nodes: Collection[str]) -> bool:
    """Whether something of some layers and nodes is locked."""
    return any(True for _ in locked_labels(network, layers, nodes))


def toggle_lock(network: Network, layers: Collection[str], nodes: Collection[str]) -> Network:
    """Lock layers and nodes; unlock them where something of them is locked."""
    return set_locked(network, layers, nodes, locked=not is_locked(network, layers, nodes))


def locked_labels(network: Network, layers: Collection[str], nodes: Collection[str]) -> Iterator[str]:
    """Name what is locked of some layers and nodes."""
    for layer in _holding(network):
        whole = layer.id in layers
        if layer.locked:
            if whole or any(node.id in nodes for node in layer.nodes):
                yield layer_label(layer)
        else:
            held = [at for at, node in enumerate(layer.nodes) if node.locked]
            mine = [at for at in held if whole or layer.nodes[at].id in nodes]
            labels = node_labels(layer) if mine else ()
            yield from (labels[at] for at in mine)


def refusal_of(label: str, would: str = "") -> str:
    """Say that something is locked, and what would have happened to it."""
    return f"{label} is locked{would and f' and would {would}'}; unlock it first (Edit menu, Unlock)."


def check_locks(before: Network, after: Network) -> None:
    """Refuse to change what is locked in both drawings, or is gone from the second.

    Raises:
        ModelError: Naming what is locked and what would happen to it.
    """
    held = _holding(before)
    if before is after or not held:
        return
    there = {layer.id: layer for layer in after.layers}
    homes = {node.id: (layer, node) for layer in after.layers for node in layer.nodes}
    names: dict[str, str] = {}
    for layer in held:
        new = there.get(layer.id)
        whole = layer.locked and (new is None or new.locked)
        if whole and (would := _layer_would(layer, new)):
            raise ModelError(refusal_of(layer_label(layer), would))
        for node, label in zip(layer.nodes, node_labels(layer), strict=True):
            home = homes.get(node.id)
            if whole or (node.locked and (home is None or home[1].locked)):
                if would := _node_would(layer, node, home):
                    raise ModelError(refusal_of(label, would))
                names[node.id] = layer_label(layer) if whole else label
    for pair in sorted(_rewired(before, after, names)):
        end = next(node for node in pair if node in names)
        raise ModelError(refusal_of(names[end], "be connected otherwise"))


@kept_by_identity(2)  # whoever offers something asks, over and over, what of it is locked
def _holding(network: Network) -> Sequence[Layer]:
    """The layers that are locked, or have nodes that are."""
    return [layer for layer in network.layers if layer.locked or any(map(_LOCKED, layer.nodes))]


def _layer_would(layer: Layer, new: Layer | None) -> str:
    if new is None:
        return "go"
    if [node.id for node in layer.nodes] != [node.id for node in new.nodes]:
        return "have other nodes"
    if layer.x != new.x:
        return "move"
    differs = _own_name(layer) != _own_name(new) or layer.activation != new.activation
    return "change" if differs or layer.role != new.role else ""


def _own_name(layer: Layer) -> str:
    """The name that a user gave it: hidden layers are counted anew when one comes or goes."""
    return "" if HIDDEN.fullmatch(layer.name) else layer.name


def _node_would(layer: Layer, node: Node, home: tuple[Layer, Node] | None) -> str:
    if home is None:
        return "go"
    at, new = home
    if node_position(layer, node) != node_position(at, new):
        return "move"
    facts = (layer.id, node.name, node.feature, layer.activation_of(node))
    return "" if facts == (at.id, new.name, new.feature, at.activation_of(new)) else "change"


def _rewired(before: Network, after: Network, ids: Collection[str]) -> set[Pair]:
    """The connections of some nodes that are in one of two drawings alone."""
    if not ids:
        return set()
    old, new = _shapes(before), _shapes(after)
    keys = {key for key in old.keys() | new.keys() if old.get(key) != new.get(key)}
    return _pairs(before, keys, ids) ^ _pairs(after, keys, ids)


def _shapes(network: Network) -> dict[LinkKey, object]:
    """Which pairs each link has, as something to be compared."""
    nodes = {layer.id: tuple(node.id for node in layer.nodes) for layer in network.layers}
    return {link.key: (link.removed, nodes[link.source], nodes[link.target]) for link in network.links}


def _pairs(network: Network, keys: Collection[LinkKey], ids: Collection[str]) -> set[Pair]:
    found: set[Pair] = set()
    for link in network.links:
        if link.key in keys:
            sources, targets = network.layer(link.source).nodes, network.layer(link.target).nodes
            columns = np.array([node.id in ids for node in sources])
            rows = np.array([node.id in ids for node in targets])
            mine = ~link.removed.array & (rows[:, None] | columns)
            found.update((sources[column].id, targets[row].id) for row, column in np.argwhere(mine).tolist())
    return found
