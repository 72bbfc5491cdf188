"""Where something has room to float without lying over what matters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import numpy as np
from PySide6.QtCore import QPoint, QRect, QRectF, QSize

from bpviz.arrays import Array
from bpviz.model.spec import Layer
from bpviz.ui.canvas.items import LABEL_GAP, LABEL_WIDTH
from bpviz.ui.canvas.layer_items import LayerItem
from bpviz.ui.canvas.placement import HEAT_GAP, HEAT_WIDTH, NODE_REACH, Placement
from bpviz.ui.canvas.targets import Target

BESIDE_PX: Final = 14
"""From the pointer to what floats, at least."""
_STEP_PX: Final = 12  # between two places that are tried
_MOST_PLACES: Final = 40  # across, and as many down
_LITTLE: Final = 0.06  # pixels of way that one covered pixel of anything is worth
_MUCH: Final = 100 * _LITTLE  # the same of what is pointed at, and of what belongs to it
_SCROLLBAR: Final = 6.0  # beside a column, and its ring
_LETTER_PX: Final = 8.0
_MOST_BOXES: Final = 300  # beyond, whole columns stand for their nodes


def clear_place(
    size: QSize, room: QRect, pointer: QPoint, dear: Sequence[QRect], other: Sequence[QRect]
) -> QPoint:
    """Find the place nearest to the pointer where a box covers as little as possible.

    Args:
        size: Of the box.
        room: Where it has to stay; a box larger than that stands at its upper left corner.
        pointer: Never covered, if there is any other place.
        dear: What is pointed at and what belongs to it.
        other: Everything else that one would rather see.
    """
    across = _places(room.left(), room.right() + 1 - size.width())
    down = _places(room.top(), room.bottom() + 1 - size.height())
    x, y = (grid.ravel() for grid in np.meshgrid(across, down))
    right, low = x + size.width(), y + size.height()
    corners = [(box.left(), box.top(), box.right() + 1, box.bottom() + 1) for box in (*dear, *other)]
    boxes = np.array(corners, dtype=np.float64).reshape(-1, 4)
    wide = np.minimum(right[:, None], boxes[:, 2]) - np.maximum(x[:, None], boxes[:, 0])
    tall = np.minimum(low[:, None], boxes[:, 3]) - np.maximum(y[:, None], boxes[:, 1])
    covered = np.maximum(wide, 0.0) * np.maximum(tall, 0.0)
    dx = np.maximum(np.maximum(x - pointer.x(), pointer.x() - right), 0.0)
    dy = np.maximum(np.maximum(y - pointer.y(), pointer.y() - low), 0.0)
    way = np.hypot(dx, dy)
    cost = way + covered @ np.array([_MUCH] * len(dear) + [_LITTLE] * len(other))
    near = way < BESIDE_PX
    if not near.all():
        cost[near] = np.inf
    best = int(cost.argmin())
    return QPoint(int(x[best]), int(y[best]))


def surroundings(
    placement: Placement, items: Mapping[str, LayerItem], target: Target, scale: float
) -> tuple[list[QRectF], list[QRectF]]:
    """Find what a card about something should not lie over, in the coordinates of the scene.

    Args:
        placement: Where everything is.
        items: Captions by layer id.
        target: What the card is about.
        scale: Screen pixels a scene pixel.

    Returns:
        What is pointed at with what it is connected to and what stands beside it; and everything else.
    """
    topology = placement.topology
    dear = _dear_nodes(placement, target)
    layers = [topology.network.layers[at] for at in sorted({int(topology.node_layer[k]) for k in dear})]
    if len(dear) > _MOST_BOXES:
        close = [_column_box(placement, layer.id) for layer in layers]
    else:
        close = _node_boxes(placement, dear)
    single = np.flatnonzero(placement.single).tolist()
    far = [_column_box(placement, layer) for layer in placement.columns]
    if len(single) > _MOST_BOXES:
        far = [_column_box(placement, layer.id) for layer in topology.network.layers]
    else:
        far += _node_boxes(placement, (k for k in single if k not in dear))
    far += [item.mapRectToScene(item.caption_at(scale)) for item in items.values()]
    return close, far


def _places(low: int, high: int) -> Array:
    """Where to try, both ends among them."""
    count = min(max((high - low) // _STEP_PX + 2, 1), _MOST_PLACES)
    return np.rint(np.linspace(low, max(low, high), count))


def _dear_nodes(placement: Placement, target: Target) -> set[int]:
    """Numbers of the nodes that a target is about."""
    topology = placement.topology
    if target.pair is not None:
        return {topology.number[node] for node in target.pair if node in topology.number}
    k = topology.number.get(target.node)
    if k is None:
        return set()
    column = np.flatnonzero(topology.node_layer == topology.node_layer[k])
    order = column[np.argsort(placement.y[column], kind="stable")].tolist()
    at = order.index(k)
    joined = (topology.ends(topology.out_of(k))[1], topology.ends(topology.into(k, k + 1))[0])
    return {k, *order[max(at - 1, 0) : at + 2], *np.concatenate(joined).tolist()}


def _node_boxes(placement: Placement, nodes: Iterable[int]) -> list[QRectF]:
    """Boxes around nodes; rows of a collapsed column are all of it."""
    topology, boxes = placement.topology, []
    columns: set[str] = set()
    for k in nodes:
        layer = topology.network.layers[topology.node_layer[k]]
        if layer.id in placement.columns:
            columns.add(layer.id)
            continue
        left, right = _label_px(layer, k - topology.layer_slices[layer.id].start)
        x, y = float(placement.x[k]), float(placement.y[k])
        boxes.append(QRectF(x - left, y - NODE_REACH, left + right, 2 * NODE_REACH))
    return boxes + [_column_box(placement, layer) for layer in columns]


def _label_px(layer: Layer, at: int) -> tuple[float, float]:
    """How far a node reaches to the left and to the right, with what is written beside it."""
    node = layer.nodes[at]
    name = node.name or node.feature or ""
    beside = LABEL_GAP + min(_LETTER_PX * len(name), LABEL_WIDTH) if name else NODE_REACH
    return (
        beside if layer.role == "input" else NODE_REACH,
        beside if layer.role == "output" else NODE_REACH,
    )


def _column_box(placement: Placement, layer_id: str) -> QRectF:
    layer = placement.topology.network.layer(layer_id)
    top, low = placement.extent(layer)
    x, reach = placement.across(layer)
    reach += _SCROLLBAR if layer_id in placement.columns else 0.0
    heat = HEAT_GAP + HEAT_WIDTH if layer_id in placement.heated else 0.0
    return QRectF(x - reach - heat, top, 2 * reach + heat, low - top)
