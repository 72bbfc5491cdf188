"""What is under the pointer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final, Literal, TypeAlias

import numpy as np
from PySide6.QtCore import QPointF

from bpviz.arrays import IntArray
from bpviz.model.spec import Layer
from bpviz.ui.canvas.items import PORT_AT
from bpviz.ui.canvas.layer_items import BUTTON_RADIUS, LayerItem
from bpviz.ui.canvas.placement import HEAT_GAP, HEAT_WIDTH, NODE_REACH, Placement
from bpviz.ui.document import Pair

Kind: TypeAlias = Literal[
    "node", "row", "port out", "port in", "caption", "add", "remove", "foot", "insert", "pair", "empty"
]

PORT_REACH_PX: Final = 16.0
"""Around a port, outside of its node: its dot is small, and whoever aims at it stops short or overshoots."""
PAIR_REACH_PX: Final = 6.0
"""In pixels of the screen, as that of ports, so that what is thin or small can be hit at any zoom."""
_PORT_REACH_INSIDE: Final = 8.0
_ENDS_OF_PAIR: Final = 0.25  # of its length each: in a small picture ports reach no farther along it
_PORTS: Final[tuple[tuple[Kind, float], ...]] = (("port out", PORT_AT), ("port in", -PORT_AT))
_FOOT_REACH: Final = (18.0, 7.0)
_NEAR_COLUMN: Final = 60.0


@dataclass(frozen=True, slots=True)
class Target:
    """One thing in the picture.

    Attributes:
        kind: What it is; ``row`` is a node of a collapsed column.
        node: Id, for nodes, rows and ports.
        layer: Id, for everything that belongs to one.
        pair: For connections.
        x: For ``insert``: where the layer would come.
        part: For connections: how far along it, 0 where it begins and 1 where it ends; no part of what it is.
    """

    kind: Kind = "empty"
    node: str = ""
    layer: str = ""
    pair: Pair | None = None
    x: float = 0.0
    part: float = field(default=0.0, compare=False)


EMPTY: Final = Target()


def target_at(
    placement: Placement,
    items: Mapping[str, LayerItem],
    drawn: IntArray,
    point: QPointF,
    scale: float,
) -> Target:
    """Find what is at a point of the scene.

    Args:
        placement: Where nodes and connections are.
        items: Captions and buttons by layer id.
        drawn: Numbers of the connections that can be seen.
        point: In scene pixels.
        scale: Screen pixels a scene pixel.
    """
    covering = (
        _node(placement, point)
        or _row(placement, point)
        or _caption(items, point, scale)
        or _insert(placement, items, point)
    )
    if covering is not None:
        return covering
    port = _port(placement, point, PORT_REACH_PX / scale)
    pair, part = placement.nearest_pair(point.x(), point.y(), PAIR_REACH_PX / scale, drawn)
    if port is not None and not (pair is not None and _ENDS_OF_PAIR < part < 1 - _ENDS_OF_PAIR):
        return port
    return EMPTY if pair is None else Target("pair", pair=placement.topology.pair(pair), part=part)


def middle_of(placement: Placement, items: Mapping[str, LayerItem], target: Target) -> QPointF | None:
    """Where a node, connection, button or caption is; None for anything else, or when it is gone.

    A button that inserts a layer is the one nearest to where that of the target was.
    """
    topology = placement.topology
    if target.node in topology.number:
        k = topology.number[target.node]
        return QPointF(placement.x[k], placement.y[k])
    pair = topology.find(target.pair) if target.pair is not None else None
    if pair is not None:
        points = placement.polylines(np.array([pair]))[0]
        middle = (points[(len(points) - 1) // 2] + points[len(points) // 2]) / 2
        return QPointF(*middle.tolist())
    if target.kind == "insert":
        buttons = [button for _, _, button in _gaps(placement, items)]
        return min(buttons, key=lambda button: abs(button.x() - target.x), default=None)
    item = items.get(target.layer)
    if item is None:
        return None
    return item.mapToScene(
        item.button(target.kind) if target.kind in ("add", "remove", "foot") else item.caption.center()
    )


def near_layer(placement: Placement, items: Mapping[str, LayerItem], point: QPointF) -> str:
    """Id of the layer whose column, caption and buttons are around a point; empty when there is none."""
    for layer in placement.topology.network.layers:
        item = items[layer.id]
        local = item.mapFromScene(point)
        low = item.button("foot").y() + BUTTON_RADIUS
        left, right = _near(placement, layer)
        if left <= point.x() <= right and item.caption.top() - 8 <= local.y() <= low:
            return layer.id
    return ""


def gap_at(placement: Placement, items: Mapping[str, LayerItem], point: QPointF) -> QPointF | None:
    """Where the button that inserts a layer stands, when a point is between two columns."""
    for left, right, button in _gaps(placement, items):
        if left < point.x() < right:
            return button
    return None


def _gaps(placement: Placement, items: Mapping[str, LayerItem]) -> Iterator[tuple[float, float, QPointF]]:
    """Between which places a layer can be inserted, and where the button for that stands."""
    layers = sorted(placement.topology.network.layers, key=lambda layer: layer.x)
    for left, right in pairwise(layers):
        begin, end = _near(placement, left)[1], _near(placement, right)[0]
        if begin < end:
            captions = [
                items[layer.id].mapToScene(items[layer.id].caption.center()) for layer in (left, right)
            ]
            button = QPointF((begin + end) / 2, min(caption.y() for caption in captions))
            yield begin, end, button


def _near(placement: Placement, layer: Layer) -> tuple[float, float]:
    """Between which places one is at a layer, and not beside it."""
    x, reach = placement.across(layer)
    reach = max(_NEAR_COLUMN, reach + BUTTON_RADIUS)
    return x - reach, x + reach


def column_at(placement: Placement, point: QPointF) -> str:
    """Id of the layer that scrolls whose column or heat strip is at a point; empty when there is none."""
    for layer, column in placement.columns.items():
        if column.shown == column.size:
            continue
        reach = column.width / 2
        left = -reach - (HEAT_GAP + HEAT_WIDTH if layer in placement.heated else 0.0)
        if 0 <= point.y() - column.top <= column.height and left <= point.x() - column.x <= reach:
            return layer
    return ""


def _node(placement: Placement, point: QPointF) -> Target | None:
    """A node's disc, or the part of a port that lies over it."""
    dx, dy = point.x() - placement.x, point.y() - placement.y
    for k in np.flatnonzero(placement.single & (np.hypot(dx, dy) <= NODE_REACH)).tolist():
        near = PORT_AT - abs(dx[k]), dy[k]
        side: Kind = "port out" if dx[k] > 0 else "port in"
        over_port = np.hypot(*near) <= _PORT_REACH_INSIDE and placement.ports[side][k]
        return _of_node(placement, k, side if over_port else "node")
    return None


def _port(placement: Placement, point: QPointF, reach: float) -> Target | None:
    """The nearest port within reach."""
    best, found = reach, None
    for side, off in _PORTS:
        present = np.flatnonzero(placement.ports[side])
        if not present.size:
            continue
        away = np.hypot(placement.x[present] + off - point.x(), placement.y[present] - point.y())
        nearest = int(np.argmin(away))
        if away[nearest] <= best:
            best, found = float(away[nearest]), _of_node(placement, int(present[nearest]), side)
    return found


def _of_node(placement: Placement, k: int, kind: Kind) -> Target:
    topology = placement.topology
    layer = topology.network.layers[topology.node_layer[k]].id
    return Target(kind, node=topology.node_ids[k], layer=layer)


def _row(placement: Placement, point: QPointF) -> Target | None:
    for column in placement.columns.values():
        inside = 0 <= point.y() - column.top <= column.height
        if inside and abs(point.x() - column.x) <= column.width / 2:
            at = column.node_at(point.x(), point.y())
            layer: Layer = placement.topology.network.layer(column.layer)
            return None if at is None else Target("row", node=layer.nodes[at].id, layer=layer.id)
    return None


def _caption(items: Mapping[str, LayerItem], point: QPointF, scale: float) -> Target | None:
    for layer, item in items.items():
        local = item.mapFromScene(point)
        if item.caption_at(scale).contains(local):
            return Target("caption", layer=layer)
        if item.look.hovered:
            for name, shown in zip(("remove", "add"), item.look.buttons, strict=True):
                off = local - item.button(name)
                if shown and np.hypot(off.x(), off.y()) <= BUTTON_RADIUS + 1:
                    return Target("add" if name == "add" else "remove", layer=layer)
            off = local - item.button("foot")
            if item.look.foot and abs(off.x()) <= _FOOT_REACH[0] and abs(off.y()) <= _FOOT_REACH[1]:
                return Target("foot", layer=layer)
    return None


def _insert(placement: Placement, items: Mapping[str, LayerItem], point: QPointF) -> Target | None:
    at = gap_at(placement, items, point)
    if at is not None and np.hypot(at.x() - point.x(), at.y() - point.y()) <= BUTTON_RADIUS + 1:
        return Target("insert", x=at.x())
    return None
