"""What stands in which row: a network as a tree of layers, nodes and the connections into each node.

Layers stand from left to right and nodes from top to bottom of the picture.  The connections into a node are
looked up when somebody opens it, since a wide network has a hundred thousand of them.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate

from bpviz.arrays import BoolArray
from bpviz.model.naming import layer_label, node_labels
from bpviz.model.spec import Address, BiasAddress, Layer, Link, Network, Node, WeightAddress
from bpviz.ui.document import Selection


@dataclass(frozen=True, slots=True)
class Item:
    """What a row is about, by ids.

    Attributes:
        layer: Of a layer's row; empty in others.
        node: Of a node's row, or the node that a connection leads into.
        source: Where a connection comes from; empty in other rows.
    """

    layer: str = ""
    node: str = ""
    source: str = ""

    @property
    def address(self) -> Address | None:
        """Where its weight or bias is; a layer has none."""
        if self.source:
            return WeightAddress(self.source, self.node)
        return BiasAddress(self.node) if self.node else None


class Rows:
    """The rows of one network.

    Attributes:
        network: What they were made from.
        layers: From left to right.
        nodes: Of each layer, from top to bottom.
    """

    def __init__(self, network: Network) -> None:
        self.network = network
        self.layers: tuple[Layer, ...] = tuple(sorted(network.layers, key=lambda layer: layer.x))
        self.nodes: tuple[tuple[Node, ...], ...] = tuple(
            tuple(sorted(layer.nodes, key=lambda node: node.y)) for layer in self.layers
        )
        self._first = list(accumulate((len(nodes) for nodes in self.nodes), initial=0))
        self._row = {layer.id: row for row, layer in enumerate(self.layers)}
        self._place = {
            node.id: (at, row) for at, nodes in enumerate(self.nodes) for row, node in enumerate(nodes)
        }
        self._position = {node.id: at for layer in self.layers for at, node in enumerate(layer.nodes)}
        self._labels: dict[str, str] = {}
        for layer in self.layers:
            self._labels.update(zip((node.id for node in layer.nodes), node_labels(layer), strict=True))
        self._into: dict[str, list[Link]] = {layer.id: [] for layer in self.layers}
        for link in sorted(network.links, key=lambda link: self._row[link.source]):
            self._into[link.target].append(link)
        self._removed: dict[tuple[str, str], BoolArray] = {}
        self._frozen: dict[tuple[str, str], BoolArray] = {}
        self._sources: dict[int, tuple[str, ...]] = {}

    @property
    def network_ids(self) -> Iterable[str]:
        """Every id of a layer or node."""
        return (*self._row, *self._place)

    @property
    def gathered(self) -> int:
        """Of how many nodes the connections were looked up."""
        return len(self._sources)

    def number(self, layer: int, row: int) -> int:
        """Number a node among all, by the rows of its layer and itself."""
        return self._first[layer] + row

    def node_at(self, number: int) -> tuple[int, int]:
        """Return the rows of a numbered node: of its layer and its own."""
        layer = bisect_right(self._first, number) - 1
        return layer, number - self._first[layer]

    def sources(self, number: int) -> tuple[str, ...]:
        """Return where the connections into a numbered node come from, in the order of the rows."""
        if number not in self._sources:
            layer, row = self.node_at(number)
            position = self._position[self.nodes[layer][row].id]
            self._sources[number] = tuple(
                node.id
                for link in self._into[self.layers[layer].id]
                for node in self.nodes[self._row[link.source]]
                if not self._is_removed(link)[position, self._position[node.id]]
            )
        return self._sources[number]

    def has_sources(self, number: int) -> bool:
        """Whether anything leads into a numbered node."""
        layer, row = self.node_at(number)
        position = self._position[self.nodes[layer][row].id]
        links = self._into[self.layers[layer].id]
        return any(not self._is_removed(link)[position].all() for link in links)

    def path(self, item: Item) -> tuple[int, ...]:
        """Return the rows that lead to an item, from the layer down; empty if it is gone."""
        if item.layer:
            row = self._row.get(item.layer)
            return () if row is None else (row,)
        place = self._place.get(item.node)
        if place is None or not item.source:
            return place or ()
        sources = self.sources(self.number(*place))
        return (*place, sources.index(item.source)) if item.source in sources else ()

    def item(self, path: tuple[int, ...]) -> Item:
        """Return what stands at the end of some rows."""
        if len(path) == 1:
            return Item(layer=self.layers[path[0]].id)
        node = self.nodes[path[0]][path[1]].id
        if len(path) == 2:
            return Item(node=node)
        return Item(node=node, source=self.sources(self.number(path[0], path[1]))[path[2]])

    def layer_of(self, item: Item) -> Layer:
        """Return an item's layer: of a connection, that which it leads into."""
        return self.layers[self._row[item.layer] if item.layer else self._place[item.node][0]]

    def node(self, node_id: str) -> Node:
        """Return a node by its id."""
        layer, row = self._place[node_id]
        return self.nodes[layer][row]

    def position(self, node_id: str) -> int:
        """Return a node's place in its layer, which is what it is numbered by."""
        return self._position[node_id]

    def label(self, item: Item) -> str:
        """Return what an item's row is called."""
        if item.layer:
            return layer_label(self.layer_of(item))
        return self._labels[item.source or item.node]

    def locked(self, item: Item) -> bool:
        """Whether a layer or node is locked, by itself or with its layer; connections have no lock."""
        if item.source:
            return False
        return self.layer_of(item).locked or (bool(item.node) and self.node(item.node).locked)

    def frozen(self, item: Item) -> bool | None:
        """Whether training leaves an item's weight or bias as it is; of a layer all, or None for some."""
        if item.source:
            link = self._link(item)
            mask = self._is_frozen(link)
            return bool(mask[self._position[item.node], self._position[item.source]])
        if item.node:
            return self.node(item.node).bias_frozen
        layer = self.layer_of(item)
        held = sum(link.frozen.count for link in self._into[layer.id])
        held += sum(node.bias_frozen for node in layer.nodes)
        masks = [link.removed for link in self._into[layer.id]]
        every = sum(mask.targets * mask.sources - mask.count for mask in masks) + layer.size
        return None if 0 < held < every else held > 0

    def pairs_into(self, layer: str) -> list[tuple[str, str]]:
        """Return all connections into a layer."""
        at = self._row[layer]
        return [
            (source, node.id)
            for row, node in enumerate(self.nodes[at])
            for source in self.sources(self.number(at, row))
        ]

    def _link(self, item: Item) -> Link:
        source, target = self._place[item.source][0], self._place[item.node][0]
        links = self._into[self.layers[target].id]
        return next(link for link in links if link.source == self.layers[source].id)

    def _is_removed(self, link: Link) -> BoolArray:
        if link.key not in self._removed:
            self._removed[link.key] = link.removed.array
        return self._removed[link.key]

    def _is_frozen(self, link: Link) -> BoolArray:
        if link.key not in self._frozen:
            self._frozen[link.key] = link.frozen.array
        return self._frozen[link.key]


def selection_of(items: Iterable[Item]) -> Selection:
    """Return the selection that rows stand for."""
    chosen = list(items)
    return Selection(
        nodes=frozenset(item.node for item in chosen if item.node and not item.source),
        pairs=frozenset((item.source, item.node) for item in chosen if item.source),
        layers=frozenset(item.layer for item in chosen if item.layer),
    )


def items_of(selection: Selection) -> list[Item]:
    """Return what is selected, one item each."""
    return [
        *(Item(layer=layer) for layer in sorted(selection.layers)),
        *(Item(node=node) for node in sorted(selection.nodes)),
        *(Item(node=target, source=source) for source, target in sorted(selection.pairs)),
    ]
