"""The picture of the network in words, for those who hear it: what there is, and what is selected of it."""

from __future__ import annotations

from typing import Final

from bpviz.errors import counted
from bpviz.model.naming import layer_label, node_label
from bpviz.model.spec import Network
from bpviz.ui.document import Selection
from bpviz.ui.outline.rows import Item, items_of
from bpviz.ui.texts import name_text

_MOST: Final = 4  # things that are named; more are counted


def network_words(network: Network) -> str:
    """Say which layers there are, from left to right."""
    if not network.layers:
        return "An empty sheet."
    layers = sorted(network.layers, key=lambda layer: layer.x)
    parts = (f"{name_text(layer_label(layer))} with {counted(layer.size, 'node')}" for layer in layers)
    return f"{counted(len(layers), 'layer')}: {', '.join(parts)}."


def selection_words(network: Network, selection: Selection) -> str:
    """Say what is selected; a few things by their names."""
    if not selection:
        return "Nothing is selected."
    if len(selection.nodes) + len(selection.pairs) + len(selection.layers) > _MOST:
        kinds = (("layer", selection.layers), ("node", selection.nodes), ("connection", selection.pairs))
        return f"Selected: {', '.join(counted(len(ids), kind) for kind, ids in kinds if ids)}."
    return f"Selected: {', '.join(_words(network, item) for item in items_of(selection))}."


def _words(network: Network, item: Item) -> str:
    if item.layer:
        return f"layer {name_text(layer_label(network.layer(item.layer)))}"
    label = node_label(network, item.node)
    if item.source:
        return f"connection from {name_text(node_label(network, item.source))} to {name_text(label)}"
    layer = network.layer_of(item.node)
    position = next(at for at, node in enumerate(layer.nodes, start=1) if node.id == item.node)
    place = f"{layer_label(layer)}, node {position}"
    return f"node {name_text(label if label == place else f'{label} ({place})')}"
