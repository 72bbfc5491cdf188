"""What of a selection is there: pure functions of the drawing."""

from __future__ import annotations

from bpviz.model.edits.links import connected_pairs, node_places
from bpviz.model.spec import Layer, Network
from bpviz.ui.document import Selection


def present(selection: Selection, network: Network) -> Selection:
    """Leave out of a selection what is not in the network."""
    if not selection:
        return selection
    layers = frozenset(layer.id for layer in network.layers)
    nodes = selection.nodes
    if nodes:
        nodes = frozenset(filter(node_places(network).__contains__, nodes))
    pairs = frozenset(connected_pairs(network, selection.pairs)) if selection.pairs else selection.pairs
    return Selection(nodes, pairs, selection.layers & layers)


def layers_meant(network: Network, chosen: Selection) -> list[Layer]:
    """The layers that are selected, or that selected nodes belong to, from left to right."""
    if chosen.layers:
        found = [layer for layer in network.layers if layer.id in chosen.layers]
    else:
        places = node_places(network)
        meant = {places[node][0] for node in chosen.nodes if node in places}
        found = [layer for layer in network.layers if layer.id in meant]
    return sorted(found, key=lambda layer: layer.x)
