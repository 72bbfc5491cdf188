"""The items of the picture by the ids of what they show: made, moved and removed in one place."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final, TypeVar

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtWidgets import QGraphicsItem, QGraphicsScene

from bpviz.model import layout
from bpviz.model.spec import Layer, Network
from bpviz.ui.canvas.items import NodeItem
from bpviz.ui.canvas.layer_items import (
    BUTTON_GAP,
    BUTTON_RADIUS,
    ColumnItem,
    HeatItem,
    LayerItem,
    heat_box,
)
from bpviz.ui.canvas.link_texts import LinkTexts
from bpviz.ui.canvas.links_item import LinksItem
from bpviz.ui.canvas.placement import Placement
from bpviz.ui.theme import Theme
from bpviz.ui.turns import Turns

_HEAT_ROW: Final = 12.0
_SIDE_ROOM: Final = 90.0
Item = TypeVar("Item", bound=QGraphicsItem)


class Parts:
    """All items of one scene.

    Attributes:
        links: The item that draws all connections.
        texts: The numbers on connections.
        layers: Captions and buttons by layer id.
        nodes: By node id; nodes of collapsed columns have none.
        columns: Collapsed columns by layer id.
        heats: Heat strips by layer id.
    """

    def __init__(self, scene: QGraphicsScene, theme: Theme, turns: Turns) -> None:
        self._scene = scene
        self._theme = theme
        self.links = LinksItem(theme, scene, turns)
        self.texts = LinkTexts(theme)
        scene.addItem(self.texts)
        self.layers: dict[str, LayerItem] = {}
        self.nodes: dict[str, NodeItem] = {}
        self.columns: dict[str, ColumnItem] = {}
        self.heats: dict[str, HeatItem] = {}

    def follow(self, placement: Placement) -> None:
        """Make, move and remove items so that they are those of this placement."""
        network = placement.topology.network
        single = [layer for layer in network.layers if layer.id not in placement.columns]
        self._keep(self.layers, (layer.id for layer in network.layers), LayerItem)
        self._keep(self.nodes, (node.id for layer in single for node in layer.nodes), NodeItem)
        self._keep(self.columns, placement.columns, ColumnItem)
        self._keep(self.heats, placement.heated, HeatItem)
        for layer in network.layers:
            self.layers[layer.id].setPos(placement.across(layer)[0], placement.extent(layer)[0])
        for layer in single:
            for node in layer.nodes:
                self.nodes[node.id].setPos(*layout.node_position(layer, node))
        for layer_id, column in placement.columns.items():
            self.columns[layer_id].place(column)
        for layer_id, heat in self.heats.items():
            heat.place(_heat_boxes(placement, network.layer(layer_id)))
        self.links.place(placement)

    def extent(self, network: Network, scale: float) -> QRectF:
        """What has to be in sight at a scale: columns, captions, buttons, labels and heat strips."""
        box = self.links.boundingRect()
        for layer in network.layers:
            item = self.layers[layer.id]
            room = _SIDE_ROOM if layer.role != "hidden" else 0.0
            foot = item.look.height + BUTTON_GAP + BUTTON_RADIUS
            box = box.united(item.mapRectToScene(item.caption_at(scale).adjusted(-room / 2, 0, room / 2, 0)))
            box = box.united(item.mapRectToScene(QRectF(QPointF(-1, 0), QPointF(1, foot))))
        for column in self.columns.values():
            box = box.united(column.sceneBoundingRect())
        return box

    def dress(self) -> None:
        """Draw everything anew: the theme changed."""
        self.links.forget_colors()
        self.texts.update()
        for layer in self.layers.values():
            layer.dress()
        for items in (self.nodes, self.columns, self.heats):
            for item in items.values():
                item.update()

    def _keep(self, items: dict[str, Item], wanted: Iterable[str], make: Callable[[Theme], Item]) -> None:
        ids = set(wanted)
        for gone in items.keys() - ids:
            self._scene.removeItem(items.pop(gone))
        for new in ids - items.keys():
            items[new] = make(self._theme)
            self._scene.addItem(items[new])


def _heat_boxes(placement: Placement, layer: Layer) -> tuple[QRectF, ...]:
    column = placement.columns.get(layer.id)
    if column is not None:
        middle = column.top + column.height / 2
        return (heat_box(layer.x, middle, column.height, collapsed=True),)
    places = (layout.node_position(layer, node) for node in layer.nodes)
    return tuple(heat_box(*place, _HEAT_ROW, collapsed=False) for place in places)
