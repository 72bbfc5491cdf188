"""What of a selection is there: pure functions of the drawing."""

from __future__ import annotations

from bpviz.model.edits.links import connected_pairs
from bpviz.model.spec import Layer, Network
from bpviz.ui.document import Selection


def present(selection: Selection, network: Network) -> Selection:
    """Leave out of a selection what is not in the network."""
    if not selection:
        return selection
    layers = frozenset(layer.id for layer in network.layers)
    nodes = selection.nodes
    if nodes:
        nodes &= frozenset(node.id for layer in network.layers for node in layer.nodes)
    pairs = frozenset(connected_pairs(network, selection.pairs)) if selection.pairs else selection.pairs
    return Selection(nodes, pairs, selection.layers & layers)


def layers_meant(network: Network, chosen: Selection) -> list[Layer]:
    """The layers that are selected, or that selected nodes belong to, from left to right."""
    if chosen.layers:
        found = [layer for layer in network.layers if layer.id in chosen.layers]
    else:
        found = [layer for layer in network.layers if any(node.id in chosen.nodes for node in layer.nodes)]
    return sorted(found, key=lambda layer: layer.x)
