"""What layers and nodes are called where they are searched by name: every title once."""

from __future__ import annotations

from collections import Counter

from bpviz.model.naming import layer_label, node_labels
from bpviz.model.spec import Network
from bpviz.ui.outline.rows import Item, Rows
from bpviz.ui.texts import feature_title


def titles(rows: Rows) -> dict[str, Item]:
    """Return every layer and node by a title of its own; those called alike are told apart by their place."""
    found: list[tuple[str, str, Item]] = []
    for at, layer in enumerate(rows.layers):
        caption = layer_label(layer)
        found.append((caption, f"{caption} (layer)", Item(layer=layer.id)))
        labels = dict(zip((node.id for node in layer.nodes), node_labels(layer), strict=True))
        found += [
            (
                labels[node.id],
                f"{labels[node.id]} ({caption}, node {rows.position(node.id) + 1})",
                Item(node=node.id),
            )
            for node in rows.nodes[at]
        ]
    often = Counter(title for title, _, _ in found)
    result: dict[str, Item] = {}
    for title, placed, item in found:
        name = title if often[title] == 1 else placed
        while name in result:
            name += "'"
        result[name] = item
    return result


def matches(network: Network, text: str) -> list[Item]:
    """Return the layers and nodes whose name, feature or place holds a text, as one reads the picture."""
    wanted = " ".join(text.split()).casefold()
    if not wanted:
        return []
    rows = Rows(network)
    found = []
    for at, layer in enumerate(rows.layers):
        caption = layer_label(layer)
        if wanted in caption.casefold():
            found.append(Item(layer=layer.id))
        for node in rows.nodes[at]:
            place = f"{caption}, node {rows.position(node.id) + 1}"
            feature = node.feature or ""
            if any(wanted in said.casefold() for said in (node.name, feature, feature_title(feature), place)):
                found.append(Item(node=node.id))
    return found
