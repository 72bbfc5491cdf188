"""Where things stand in the picture of a network; shared by the window's canvas and the written diagram.

Coordinates are scene pixels with y downwards; the origin has no meaning.  Nothing here
knows a drawing library: positions and curves are numbers.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from operator import attrgetter
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bpviz.arrays import Array
from bpviz.model.common import kept_by_identity
from bpviz.model.graph import depths
from bpviz.model.spec import Layer, Network, Node

NODE_RADIUS: Final = 18.0
"""Of a node's disc."""
COLUMN_GAP: Final = 160.0
"""From one column to the next, at least, when layers are arranged."""
NODE_GAP: Final = 56.0
"""From one node to the next in a column of up to ten."""
TIGHT_NODE_GAP: Final = 42.0
"""The same in a column of forty."""
COLLAPSE_ABOVE: Final = 40
"""A layer with more nodes than this is shown as one strip."""
STRIP_HEIGHT: Final = 560.0
"""Of a layer shown as a strip, however many nodes it has."""
STRIP_WIDTH: Final = 28.0
STACK_GAP: Final = 90.0
"""Between two layers that share a column, from node to node."""
WIDTHS_PX: Final = (1.0, 6.0)
"""Thinnest and thickest link."""
OPACITIES: Final = (0.35, 1.0)
"""Of the weakest and the strongest link."""

_SAMPLED: Final = 30_000
_Y: Final = attrgetter("y")
_LOOSE: Final = 10  # nodes up to which a column keeps the wide gap
_SPREAD: Final = 0.4  # of a column's height, added to its distance so that steep links stay readable
_WIDEST_GAP: Final = 560.0
_CLEARANCE: Final = 58.0  # between a skipping link and the nodes that it passes: room for their caption
_LEAST_BULGE: Final = 60.0
_MOST_BULGE: Final = 800.0  # beyond, the bend would take more room than the network
_LEAST_RISEN: Final = 0.6
_LANE_SPREAD: Final = 0.2  # of the distances between skipping links that is left where they pass
_SKIP_REACH: Final = 0.15  # how far along its way a skipping link has its control points; others half way


def collapsed(layer: Layer) -> bool:
    """Whether a layer is too wide for discs and is shown as one strip."""
    return layer.size > COLLAPSE_ABOVE


def column(size: int, center: float = 0.0) -> tuple[float, ...]:
    """Return the heights of the nodes of one column, evenly spaced around its center."""
    gap = _node_gap(size)
    top = center - gap * (size - 1) / 2
    # Rounded, so that adding a node and taking it away again gives the very same picture.
    heights: list[float] = np.round(top + gap * np.arange(size), 2).tolist()
    return tuple(heights)


def spaced(layer: Layer, center: float | None = None) -> Layer:
    """Return a layer with its nodes in their column, evenly spaced.

    Args:
        layer: What to put in order.
        center: Height of the column's middle; the present one by default.
    """
    middle = center_y(layer) if center is None else center
    heights = column(layer.size, middle)
    return replace(layer, nodes=tuple(node.at(None, y) for node, y in zip(layer.nodes, heights, strict=True)))


def center_y(layer: Layer) -> float:
    """Return the height of a column's middle; 0 without nodes."""
    return sum(_ends(layer.nodes)) / 2


def height_of(layer: Layer) -> float:
    """Return how far it is from a column's highest to its lowest node."""
    highest, lowest = _ends(layer.nodes)
    return lowest - highest


@kept_by_identity(16)  # of a thousand nodes, which most edits leave as they are
def _ends(nodes: tuple[Node, ...]) -> tuple[float, float]:
    """The heights of the highest and of the lowest node; 0 without nodes."""
    heights = list(map(_Y, nodes))
    return (min(heights), max(heights)) if heights else (0.0, 0.0)


def arrange(network: Network) -> Network:
    """Place every layer right of those that lead into it, and every node evenly within its layer.

    Layers as far from the input share a column, one above the other; the output has the last one to itself.

    Raises:
        CycleError: If links form a loop.
    """
    column_of = _columns(network)
    columns: dict[int, list[Layer]] = defaultdict(list)
    for layer in network.layers:
        columns[column_of[layer.id]].append(layer)
    placed: dict[str, Layer] = {}
    x, reach = 0.0, 0.0
    for at in sorted(columns):
        height = sum(_height(layer.size) for layer in columns[at]) + STACK_GAP * (len(columns[at]) - 1)
        if placed:
            x += min(_WIDEST_GAP, COLUMN_GAP + _SPREAD * max(0.0, max(height, reach) - 6 * NODE_GAP))
        y = -height / 2
        for layer in columns[at]:
            placed[layer.id] = replace(spaced(layer, y + _height(layer.size) / 2), x=x)
            y += _height(layer.size) + STACK_GAP
        reach = height
    return replace(network, layers=tuple(placed[layer.id] for layer in network.layers))


def _columns(network: Network) -> dict[str, int]:
    """Number the column of each layer, by its id."""
    depth = depths(network)
    columns: dict[str, int] = {}
    for layer in sorted(network.layers, key=lambda layer: depth[layer.id]):
        before = [columns[link.source] for link in network.links if link.target == layer.id]
        # A hidden layer that nothing leads into yet still stands to the right of the input.
        columns[layer.id] = max(before, default=0 if layer.role == "hidden" else -1) + 1
    outputs = [layer.id for layer in network.layers if layer.role == "output"]
    last = max((at for layer_id, at in columns.items() if layer_id not in outputs), default=0) + 1
    return columns | dict.fromkeys(outputs, last)


def node_position(layer: Layer, node: Node) -> tuple[float, float]:
    """Return where the center of a node stands, (x, y); the rows of a strip have no place of their own."""
    return (layer.x if node.x is None or collapsed(layer) else node.x, node.y)


def in_column(layer: Layer) -> tuple[Node, ...]:
    """Return the nodes that stand at their layer's own place, which its caption belongs over; all if none."""
    near = (node for node in layer.nodes if abs(node_position(layer, node)[0] - layer.x) <= COLUMN_GAP / 4)
    return tuple(near) or layer.nodes


def moved(layer: Layer, dx: float, dy: float = 0.0) -> Layer:
    """Return a layer moved as a whole, nodes with a place of their own too."""
    nodes = tuple(node.at(None if node.x is None else node.x + dx, node.y + dy) for node in layer.nodes)
    return replace(layer, x=layer.x + dx, nodes=nodes)


def bulge(network: Network, source: Layer, target: Layer) -> float:
    """Return how far the links between two layers bend away, so that skipping ones pass the columns between.

    Returns:
        Pixels upwards, at its middle, from the line between their highest nodes; 0 between neighbors.
    """
    left, right = sorted((source.x, target.x))
    between = [layer for layer in network.layers if left < layer.x < right and layer.nodes]
    if not between or not source.nodes or not target.nodes:
        return 0.0
    ends = [center_y(layer) for layer in sorted((source, target), key=lambda layer: layer.x)]
    highest = [min(node.y for node in layer.nodes) for layer in (source, target)]
    rises = [_LEAST_BULGE]
    for layer in between:
        part = (layer.x - left) / (right - left)
        line = ends[0] + (ends[1] - ends[0]) * part
        top = min(node.y for node in layer.nodes) - NODE_RADIUS - _CLEARANCE
        # Off its middle a curve has risen less, and right beside its ends it can't clear anything.
        rises.append((line - top) / max(_risen(part), _LEAST_RISEN))
    lane = sum(ends) / 2 - max(rises)
    return min(max(sum(highest) / 2 - lane, _LEAST_BULGE), _MOST_BULGE)


def bends(network: Network, source: Layer, target: Layer, starts: Array, ends: Array) -> Array:
    """Return how far each link between two layers bends away: those that skip gather in one lane.

    Args:
        network: The drawing.
        source: Layer they leave.
        target: Layer they enter.
        starts: (links, 2) centers of the source nodes.
        ends: (links, 2) centers of the target nodes.

    Returns:
        (links,) pixels upwards from each link's own straight line at its middle, for `link_paths`.
    """
    rise = bulge(network, source, target)
    if not rise:
        return np.zeros(len(starts))
    highest = sum(min(node.y for node in layer.nodes) for layer in (source, target)) / 2
    below = (starts[:, 1] + ends[:, 1]) / 2 - highest
    return rise + (1 - _LANE_SPREAD) * below


def _risen(part: float) -> float:
    """How much of its bend a skipping curve of `link_paths` has at a part of its way across."""
    t = np.linspace(0.0, 1.0, 65)
    across = 3 * t * (1 - t) ** 2 * _SKIP_REACH + 3 * t**2 * (1 - t) * (1 - _SKIP_REACH) + t**3
    return float(np.interp(part, across, 4 * t * (1 - t)))


def link_path(start: tuple[float, float], end: tuple[float, float], bend: float = 0.0) -> NDArray[np.float64]:
    """Return the cubic curve from one node's center to another's, as in `link_paths`, (4, 2)."""
    path: NDArray[np.float64] = link_paths(np.array([start]), np.array([end]), bend)[0]
    return path


def link_paths(starts: Array, ends: Array, bend: float | Array = 0.0) -> NDArray[np.float64]:
    """Return the cubic curves of many links at once.

    Each leaves its source and enters its target horizontally, and clears a bend in between.

    Args:
        starts: (links, 2) centers of the source nodes.
        ends: (links, 2) centers of the target nodes.
        bend: From `bulge`; one number or (links,).

    Returns:
        (links, 4, 2): start, two control points, end.
    """
    paths = np.empty((len(starts), 4, 2), dtype=np.float64)
    paths[:, 0], paths[:, 3] = starts, ends
    bend = np.broadcast_to(np.asarray(bend, dtype=np.float64), len(starts))
    reach = (ends[:, 0] - starts[:, 0]) * np.where(bend == 0, 0.5, _SKIP_REACH)
    # The middle of a cubic lies three quarters of the way from its ends towards its control points.
    lift = bend * (4 / 3)
    paths[:, 1, 0], paths[:, 1, 1] = starts[:, 0] + reach, starts[:, 1] - lift
    paths[:, 2, 0], paths[:, 2, 1] = ends[:, 0] - reach, ends[:, 1] - lift
    return paths


def widths(values: Array, reference: float | None = None) -> NDArray[np.float64]:
    """Return how wide to draw links of these values, in pixels.

    Args:
        values: Weights or gradients, any shape.
        reference: The size that is drawn at full width; the 95th percentile of |values| by default.
    """
    low, high = WIDTHS_PX
    return low + (high - low) * _strength(values, reference)


def opacities(values: Array, reference: float | None = None) -> NDArray[np.float64]:
    """Return how opaque to draw links of these values, 0 to 1; arguments as for `widths`."""
    low, high = OPACITIES
    return low + (high - low) * _strength(values, reference)


def full_strength(values: Array) -> float:
    """Return the 95th percentile of |values|, leaving out what is not finite; 1 when nothing is left.

    Of very many values an even sample has the same one, to a fraction of a percent of its rank.
    """
    values = values.reshape(-1)[:: sample_step(values.size)]
    sizes = np.abs(values[np.isfinite(values)])
    return float(np.percentile(sizes, 95)) if sizes.size else 1.0


def sample_step(count: int) -> int:
    """Every how many of so many values are a sample of them, for `full_strength`."""
    # Odd: with an even step, a sample of a matrix could be a few of its columns.
    return count // _SAMPLED | 1


def bounds(network: Network) -> tuple[float, float, float, float]:
    """Return (left, top, right, bottom) around all nodes, discs included; one disc's when there are none."""
    places = [node_position(layer, node) for layer in network.layers for node in layer.nodes]
    xs, ys = zip(*places, strict=True) if places else ((0.0,), (0.0,))
    pad = NODE_RADIUS
    return min(xs) - pad, min(ys) - pad, max(xs) + pad, max(ys) + pad


def _node_gap(size: int) -> float:
    if size > COLLAPSE_ABOVE:
        return STRIP_HEIGHT / (size - 1)
    if size <= _LOOSE:
        return NODE_GAP
    part = (size - _LOOSE) / (COLLAPSE_ABOVE - _LOOSE)
    return NODE_GAP + (TIGHT_NODE_GAP - NODE_GAP) * part


def _height(size: int) -> float:
    return _node_gap(size) * max(size - 1, 0)


def _strength(values: Array, reference: float | None) -> NDArray[np.float64]:
    full = full_strength(values) if reference is None else reference
    sizes = np.nan_to_num(np.abs(np.asarray(values, dtype=np.float64)), nan=0.0, posinf=np.inf)
    if full <= 0:  # all alike, or nearly all exactly 0
        return (sizes > 0).astype(np.float64)
    return np.sqrt(np.minimum(sizes / full, 1.0))
