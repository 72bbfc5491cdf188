"""What of a selection is there: pure functions of the drawing."""

from __future__ import annotations

from bpviz.model.spec import Layer, Network
from bpviz.ui.document import Pair, Selection


def present(selection: Selection, network: Network) -> Selection:
    """Leave out of a selection what is not in the network."""
    if not selection:
        return selection
    layers = frozenset(layer.id for layer in network.layers)
    nodes = selection.nodes
    if nodes:
        nodes &= frozenset(node.id for layer in network.layers for node in layer.nodes)
    return Selection(nodes, _joined(selection.pairs, network), selection.layers & layers)


def layers_meant(network: Network, chosen: Selection) -> list[Layer]:
    """The layers that are selected, or that selected nodes belong to, from left to right."""
    if chosen.layers:
        found = [layer for layer in network.layers if layer.id in chosen.layers]
    else:
        found = [layer for layer in network.layers if any(node.id in chosen.nodes for node in layer.nodes)]
    return sorted(found, key=lambda layer: layer.x)


def _joined(pairs: frozenset[Pair], network: Network) -> frozenset[Pair]:
    """Leave out pairs that nothing joins."""
    if not pairs:
        return pairs
    ends = {node for pair in pairs for node in pair}
    places = {
        node.id: (layer.id, at)
        for layer in network.layers
        for at, node in enumerate(layer.nodes)
        if node.id in ends
    }
    removed = {link.key: link.removed for link in network.links}

    def joined(pair: Pair) -> bool:
        if pair[0] not in places or pair[1] not in places:
            return False
        (source, column), (target, row) = places[pair[0]], places[pair[1]]
        gone = removed.get((source, target))
        return gone is not None and (row, column) not in gone

    return frozenset(filter(joined, pairs))
