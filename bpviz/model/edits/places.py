"""Edits of the picture alone: align and distribute nodes and layers.

What is moved is a body: a layer that is selected as a whole, or a single node.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Literal, TypeAlias

from bpviz.errors import ModelError
from bpviz.model.edits.layers import move_layer
from bpviz.model.edits.nodes import place_nodes
from bpviz.model.layout import NODE_RADIUS, node_position
from bpviz.model.spec import Network
from bpviz.registry import Registry

Axis: TypeAlias = Literal[0, 1]
"""0 for x, to the right; 1 for y, down."""
_LEAST_GAP: Final = 2 * NODE_RADIUS + 4.0  # between centers of bodies that are distributed


@dataclass(frozen=True, slots=True)
class _Body:
    """What moves as one.

    Attributes:
        layer: Its id, if it is a layer.
        nodes: Ids and places of its nodes.
        low: Smallest x and y of their centers.
        high: Largest.
    """

    layer: str | None
    nodes: tuple[tuple[str, tuple[float, float]], ...]
    low: tuple[float, float]
    high: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Alignment:
    """A line that bodies can be put on.

    Attributes:
        name: Key.
        label: What menus show.
        axis: Along which they move.
        line: Where the line is, from the smallest and the largest coordinate of all.
        part: Which part of a body is put on it: 0 its smallest coordinate, 1 its largest.
    """

    name: str
    label: str
    axis: Axis
    line: Callable[[float, float], float]
    part: float


@dataclass(frozen=True, slots=True)
class Distribution:
    """A direction in which bodies can be given equal gaps."""

    name: str
    label: str
    axis: Axis


def _middle(low: float, high: float) -> float:
    return (low + high) / 2


ALIGNMENTS: Final = Registry(
    "alignment",
    Alignment("left", "Left", 0, min, 0.0),
    Alignment("center", "Center", 0, _middle, 0.5),
    Alignment("right", "Right", 0, max, 1.0),
    Alignment("top", "Top", 1, min, 0.0),
    Alignment("middle", "Middle", 1, _middle, 0.5),
    Alignment("bottom", "Bottom", 1, max, 1.0),
)
DISTRIBUTIONS: Final = Registry(
    "distribution",
    Distribution("across", "Across", 0),
    Distribution("down", "Down", 1),
)


def align(network: Network, nodes: Collection[str], layers: Collection[str], alignment: str) -> Network:
    """Put nodes and layers on one line.

    Args:
        network: What to change.
        nodes: Ids.
        layers: Ids.
        alignment: Entry of `ALIGNMENTS`.

    Raises:
        UnknownNameError: If there is no such alignment.
        ModelError: If there is nothing to align, or two would lie on each other.
    """
    entry = ALIGNMENTS[alignment]
    bodies = _bodies(network, nodes, layers)
    if len(bodies) < 2:
        raise ModelError("Select at least two nodes or layers to align them.")
    axis = entry.axis
    line = entry.line(min(body.low[axis] for body in bodies), max(body.high[axis] for body in bodies))
    shifts = [line - (body.low[axis] + entry.part * (body.high[axis] - body.low[axis])) for body in bodies]
    across: Axis = 1 if axis == 0 else 0
    ordered = sorted(bodies, key=lambda body: body.low[across])
    for one, other in pairwise(ordered):
        if other.low[across] - one.high[across] < 2 * NODE_RADIUS:
            raise ModelError("Aligned, these would lie on each other; distribute them, or align fewer.")
    return _shifted(network, bodies, shifts, axis)


def distribute(
    network: Network, nodes: Collection[str], layers: Collection[str], distribution: str
) -> Network:
    """Give nodes and layers equal gaps; the outermost stay, unless the others find no room between them.

    Args:
        network: What to change.
        nodes: Ids.
        layers: Ids.
        distribution: Entry of `DISTRIBUTIONS`.

    Raises:
        UnknownNameError: If there is no such direction.
        ModelError: If there are fewer than three.
    """
    axis = DISTRIBUTIONS[distribution].axis
    bodies = sorted(_bodies(network, nodes, layers), key=lambda body: body.low[axis] + body.high[axis])
    if len(bodies) < 3:
        raise ModelError("Select at least three nodes or layers to distribute them.")
    sizes = [body.high[axis] - body.low[axis] for body in bodies]
    room = bodies[-1].high[axis] - bodies[0].low[axis]
    gap = max((room - sum(sizes)) / (len(bodies) - 1), _LEAST_GAP)
    at, shifts = bodies[0].low[axis], []
    for body, size in zip(bodies, sizes, strict=True):
        shifts.append(round(at - body.low[axis], 2))  # what comes of rounding alone is no move
        at += size + gap
    return _shifted(network, bodies, shifts, axis)


def _bodies(network: Network, nodes: Collection[str], layers: Collection[str]) -> list[_Body]:
    """Take apart what is selected: whole layers, and nodes of others."""
    bodies = []
    for layer in network.layers:
        places = tuple((node.id, node_position(layer, node)) for node in layer.nodes)
        chosen = tuple(place for place in places if place[0] in nodes)
        if places and layer.id in layers:
            bodies.append(_body(layer.id, places))
        else:
            bodies += [_body(None, (place,)) for place in chosen]
    return bodies


def _body(layer: str | None, nodes: tuple[tuple[str, tuple[float, float]], ...]) -> _Body:
    xs, ys = zip(*(place for _, place in nodes), strict=True)
    return _Body(layer, nodes, (min(xs), min(ys)), (max(xs), max(ys)))


def _shifted(network: Network, bodies: Sequence[_Body], shifts: Sequence[float], axis: Axis) -> Network:
    places: dict[str, tuple[float, float]] = {}
    for body, shift in zip(bodies, shifts, strict=True):
        dx, dy = (shift, 0.0) if axis == 0 else (0.0, shift)
        if body.layer is not None:
            network = move_layer(network, body.layer, network.layer(body.layer).x + dx, dy)
        elif shift:
            places |= {node_id: (x + dx, y + dy) for node_id, (x, y) in body.nodes}
    return place_nodes(network, places) if places else network
