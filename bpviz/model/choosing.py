"""What is selected, and the questions that lead from one selection to the next.

To add a question, add an entry to `QUERIES`: menus, keys and the outline ask the table.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from bpviz.model.edits.links import pairs_among
from bpviz.model.spec import Layer, Network, Node, Pair
from bpviz.registry import Registry


@dataclass(frozen=True, slots=True)
class Selection:
    """What is selected, by ids; empty sets when nothing is.

    Attributes:
        nodes: Node ids.
        pairs: Connections, (source node id, target node id).
        layers: Layer ids.
    """

    nodes: frozenset[str] = frozenset()
    pairs: frozenset[Pair] = frozenset()
    layers: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.nodes or self.pairs or self.layers)


@dataclass(frozen=True, slots=True)
class Query:
    """A way to select by what is selected.

    Attributes:
        name: Key.
        label: What menus show.
        about: What it selects, in one sentence.
        answer: From the drawing and what is selected in it to what is selected next.
    """

    name: str
    label: str
    about: str
    answer: Callable[[Network, Selection], Selection]


def _all(network: Network, _selection: Selection) -> Selection:
    return Selection(nodes=_all_nodes(network))


def _none(_network: Network, _selection: Selection) -> Selection:
    return Selection()


def _inverse(network: Network, selection: Selection) -> Selection:
    """What is not selected, of the kinds that are; of nodes where nothing is."""
    if not selection:
        return _all(network, selection)
    every = frozenset(_pairs(network)) if selection.pairs else frozenset[Pair]()
    layers = frozenset(layer.id for layer in network.layers) if selection.layers else frozenset[str]()
    nodes = _all_nodes(network) if selection.nodes else frozenset[str]()
    return Selection(nodes - selection.nodes, every - selection.pairs, layers - selection.layers)


def _layer(network: Network, selection: Selection) -> Selection:
    """All nodes of the layers that something of is selected; of connections, all between the same layers."""
    chosen = [
        layer for layer in network.layers if layer.id in selection.layers or _ids(layer) & selection.nodes
    ]
    keys = {(_layer_id(network, a), _layer_id(network, b)) for a, b in selection.pairs}
    alike = {
        pair for key in keys for pair in pairs_among(network, *(_ids(network.layer(end)) for end in key))
    }
    return Selection(frozenset(node.id for layer in chosen for node in layer.nodes), frozenset(alike))


def _incoming(network: Network, selection: Selection) -> Selection:
    """Connections into what is selected; of connections, the nodes they come from."""
    nodes = _nodes(network, selection)
    pairs = frozenset(pairs_among(network, _all_nodes(network), nodes))
    return Selection(frozenset(source for source, _ in selection.pairs), pairs)


def _outgoing(network: Network, selection: Selection) -> Selection:
    """Connections out of what is selected; of connections, the nodes they lead to."""
    nodes = _nodes(network, selection)
    pairs = frozenset(pairs_among(network, nodes, _all_nodes(network)))
    return Selection(frozenset(target for _, target in selection.pairs), pairs)


def _same_kind(network: Network, selection: Selection) -> Selection:
    """Nodes and layers of the same role and activation; connections that are frozen, or not, likewise."""
    kinds = {
        _node_kind(layer, node)
        for layer in network.layers
        for node in layer.nodes
        if node.id in selection.nodes
    }
    nodes = (node.id for layer in network.layers for node in layer.nodes if _node_kind(layer, node) in kinds)
    columns = {_layer_kind(layer) for layer in network.layers if layer.id in selection.layers}
    layers = (layer.id for layer in network.layers if _layer_kind(layer) in columns)
    every = _pairs(network) if selection.pairs else {}
    states = {frozen for pair, frozen in every.items() if pair in selection.pairs}
    pairs = (pair for pair, frozen in every.items() if frozen in states)
    return Selection(frozenset(nodes), frozenset(pairs), frozenset(layers))


QUERIES: Final = Registry(
    "selection",
    Query("all", "All", "Every node.", _all),
    Query("none", "Nothing", "Nothing any more.", _none),
    Query("inverse", "The others", "What is not selected, and not what is.", _inverse),
    Query("layer", "Whole layers", "All nodes of the layers, all connections of the links.", _layer),
    Query("incoming", "What comes in", "Connections into the nodes; the nodes they come from.", _incoming),
    Query("outgoing", "What goes out", "Connections out of the nodes; the nodes they lead to.", _outgoing),
    Query("same_kind", "The same kind", "Nodes with the same role and activation.", _same_kind),
)


def _node_kind(layer: Layer, node: Node) -> tuple[str, str]:
    return (layer.role, "" if layer.role == "input" else layer.activation_of(node))


def _layer_kind(layer: Layer) -> tuple[str, str]:
    return (layer.role, "" if layer.role == "input" else layer.activation)


def _nodes(network: Network, selection: Selection) -> frozenset[str]:
    """Selected nodes, also those of selected layers."""
    chosen = (layer for layer in network.layers if layer.id in selection.layers)
    return selection.nodes | {node.id for layer in chosen for node in layer.nodes}


def _all_nodes(network: Network) -> frozenset[str]:
    return frozenset(node.id for layer in network.layers for node in layer.nodes)


def _pairs(network: Network) -> dict[Pair, bool]:
    nodes = _all_nodes(network)
    return pairs_among(network, nodes, nodes)


def _ids(layer: Layer) -> frozenset[str]:
    return frozenset(node.id for node in layer.nodes)


def _layer_id(network: Network, node_id: str) -> str:
    return network.layer_of(node_id).id
