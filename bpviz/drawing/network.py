"""The drawing of a network as the window shows it.

Places and curves come from `bpviz.model.layout`, colors from `bpviz.palette`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from bpviz.arrays import Array, BoolArray
from bpviz.drawing.value import Box, Disc, Drawing, Mark, Strokes, Words
from bpviz.drawing.words import Measure, as_label, by_letters, fitted
from bpviz.engine.activations import ACTIVATIONS
from bpviz.model import layout
from bpviz.model.naming import layer_label
from bpviz.model.spec import Address, BiasAddress, Layer, Link, Network, Node, Role, WeightAddress
from bpviz.palette import Palette

CURVED_UP_TO: Final = 100
"""Links beyond this number are drawn straight."""
_MOST_LINKS: Final = 4000  # the strongest ones; more would only make a gray area, and a large file
_MARGIN_PX: Final = 44.0
_CAPTION_PX: Final = 52.0
_LABEL_PX: Final = 12.0
_CAPTION_LETTERS_PX: Final = 13.0
_SMALL_PX: Final = 11.0
_WIDEST_LABEL_PX: Final = 240.0  # of those beside the network; between two layers there is less room
_AIR_PX: Final = 8.0
_LEGEND_PX: Final = 36.0
_SMALLEST_PX: Final = 240.0
_RING_PX: Final = 1.5
_FAINT: Final = 0.55


def network_drawing(
    network: Network,
    values: Mapping[Address, float] | None,
    palette: Palette,
    measure: Measure = by_letters,
) -> Drawing:
    """Draw a network.

    Args:
        network: Any drawing, also one that can't run yet.
        values: Weights and biases by address; links are then colored by sign and wide by size.
        palette: Light or dark.
        measure: Of the letters that it will be written in.
    """
    left, top, right, bottom = _frame(network, measure)
    marks: list[Mark] = list(_links(network, values, palette))
    for layer in network.layers:
        room = _room(network, layer)
        marks += _layer(layer, values, palette, room, measure)
        marks += _caption(layer, palette, room, measure)
    if values is not None:
        marks += _legend(left, bottom, palette)
    return Drawing(left, top, right, bottom, palette.surface, tuple(marks))


def _frame(network: Network, measure: Measure) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of the picture: the network with its labels, captions and arcs."""
    left, top, right, bottom = layout.bounds(network)
    left -= _MARGIN_PX + _label_px(network, "input", measure)
    right += _MARGIN_PX + _label_px(network, "output", measure)
    lack = max(_SMALLEST_PX - (right - left), 0.0) / 2
    top = min(top - _CAPTION_PX, _highest(network)) - _MARGIN_PX / 2
    return left - lack, top, right + lack, bottom + _MARGIN_PX / 2 + _LEGEND_PX


def _room(network: Network, layer: Layer) -> float:
    """How wide what is written at a layer may be: as far as the next layer is away."""
    gaps = (abs(other.x - layer.x) for other in network.layers)
    return min((gap for gap in gaps if gap > layout.NODE_RADIUS), default=_WIDEST_LABEL_PX)


def _ends(network: Network, link: Link) -> tuple[Layer, Layer]:
    return network.layer(link.source), network.layer(link.target)


def _label_px(network: Network, role: Role, measure: Measure) -> float:
    """Room for the labels of the input or output nodes; those of a strip aren't drawn."""
    layers = [layer for layer in network.layers if layer.role == role and not layout.collapsed(layer)]
    labels = [_label(layer, node, _WIDEST_LABEL_PX, measure) for layer in layers for node in layer.nodes]
    return max((measure(label, _LABEL_PX, False) for label in labels), default=0.0)


def _highest(network: Network) -> float:
    """The top of the highest arc of a link that skips layers."""
    tops = [0.0]
    for link in network.links:
        source, target = _ends(network, link)
        rise = layout.bulge(network, source, target)
        if rise and source.nodes and target.nodes:
            highest = [min(node.y for node in layer.nodes) for layer in (source, target)]
            tops.append(sum(highest) / 2 - rise)
    return min(tops)


def _label(layer: Layer, node: Node, room: float, measure: Measure) -> str:
    if layer.role == "hidden":
        return fitted(node.name, room - 2 * (layout.NODE_RADIUS + _AIR_PX), _LABEL_PX, measure)
    feature = node.feature or "" if layer.role == "input" else ""
    return fitted(node.name or feature, _WIDEST_LABEL_PX, _LABEL_PX, measure)


# ---- links


@dataclass(frozen=True, slots=True, eq=False)
class _Lines:
    """Links to draw: (lines, 4, 2) curves, (lines,) values or None, and which are frozen, (lines,)."""

    curves: Array
    values: Array | None
    frozen: BoolArray


def _links(network: Network, values: Mapping[Address, float] | None, palette: Palette) -> Iterator[Strokes]:
    """Draw all links at once, the strong ones over the weak ones."""
    lines = _strongest([_lines(network, link, values) for link in network.links])
    count = len(lines.curves)
    if not count:
        return
    # So many links at full width would paint the space between two layers solid.
    crowd = min(1.0, (CURVED_UP_TO / count) ** 0.5)
    paths = lines.curves[:, [0, 3]] if count > CURVED_UP_TO else lines.curves
    if lines.values is None:
        widths, opacities = np.full(count, crowd), np.full(count, _FAINT)
        colors = (palette.secondary,) * count
    else:
        widths, opacities = crowd * layout.widths(lines.values), layout.opacities(lines.values)
        colors = tuple(palette.negative if value < 0 else palette.positive for value in lines.values)
    yield Strokes(paths, colors, opacities, widths, lines.frozen)


def _lines(network: Network, link: Link, values: Mapping[Address, float] | None) -> _Lines:
    source, target = _ends(network, link)
    rows, columns = np.nonzero(~link.removed.array)
    starts = np.array([layout.node_position(source, node) for node in source.nodes])[columns]
    ends = np.array([layout.node_position(target, node) for node in target.nodes])[rows]
    numbers = None
    if values is not None:
        addresses = (
            WeightAddress(source.nodes[column].id, target.nodes[row].id)
            for row, column in zip(rows, columns, strict=True)
        )
        numbers = np.array([values.get(address, 0.0) for address in addresses])
    curves = layout.link_paths(starts, ends, layout.bends(network, source, target, starts, ends))
    return _Lines(curves, numbers, link.frozen.array[rows, columns])


def _strongest(parts: list[_Lines]) -> _Lines:
    """Join the links and sort them by size; of too many keep the largest (without values, every n-th)."""
    if not parts:
        return _Lines(np.zeros((0, 4, 2)), None, np.zeros(0, dtype=np.bool_))
    curves = np.concatenate([part.curves for part in parts])
    frozen = np.concatenate([part.frozen for part in parts])
    known = [part.values for part in parts if part.values is not None]
    if len(known) < len(parts):
        kept = np.unique(np.linspace(0, len(curves) - 1, min(len(curves), _MOST_LINKS)).astype(np.int64))
        return _Lines(curves[kept], None, frozen[kept])
    values = np.concatenate(known)
    order = np.argsort(np.abs(values), kind="stable")[-_MOST_LINKS:]
    return _Lines(curves[order], values[order], frozen[order])


# ---- layers


def _layer(
    layer: Layer, values: Mapping[Address, float] | None, palette: Palette, room: float, measure: Measure
) -> Iterator[Mark]:
    """Draw the nodes of one layer, each with its label, and its bias as a dot at the lower left."""
    if layout.collapsed(layer):
        yield from _strip(layer, palette)
        return
    known = values or {}
    biases = {node.id: known.get(BiasAddress(node.id)) for node in layer.nodes if layer.role != "input"}
    largest = max((abs(bias) for bias in biases.values() if bias is not None), default=0.0) or 1.0
    radius = layout.NODE_RADIUS
    for node in layer.nodes:
        x, y = layout.node_position(layer, node)
        yield Disc(x, y, radius, palette.surface, palette.text, _RING_PX)
        bias = biases.get(node.id)
        if bias is not None:
            fill = palette.diverging(bias / largest)
            yield Disc(x - 0.72 * radius, y + 0.72 * radius, 5.0, fill, palette.text, 1.0)
        if text := _label(layer, node, room, measure):
            yield _beside(text, layer, x, y, palette)
        if node.activation and node.activation != layer.activation:
            yield Words(_activation_label(node.activation), x, y, 9.0, palette.text)


def _beside(text: str, layer: Layer, x: float, y: float, palette: Palette) -> Words:
    away = layout.NODE_RADIUS + _AIR_PX
    if layer.role == "input":
        return Words(text, x - away, y, _LABEL_PX, palette.text, "right")
    ground = palette.surface if layer.role == "hidden" else None  # links leave there
    return Words(text, x + away, y, _LABEL_PX, palette.text, "left", ground=ground)


def _strip(layer: Layer, palette: Palette) -> Iterator[Mark]:
    heights = [node.y for node in layer.nodes]
    half, top, bottom = layout.STRIP_WIDTH / 2, min(heights), max(heights)
    yield Box(layer.x - half, top, layer.x + half, bottom, 8.0, palette.surface, palette.text, _RING_PX)
    middle = sum(heights) / len(heights)
    yield Words(f"{layer.size} nodes", layer.x, middle, 12.0, palette.text, upward=True)


def _caption(layer: Layer, palette: Palette, room: float, measure: Measure) -> Iterator[Words]:
    if not layer.nodes:
        return
    top = min(node.y for node in layout.in_column(layer)) - layout.NODE_RADIUS
    count = f"{layer.size} node{'s' if layer.size > 1 else ''}"
    kind = count if layer.role == "input" else f"{count} · {_activation_label(layer.activation)}"
    size, ground = _CAPTION_LETTERS_PX, palette.surface
    name = fitted(layer_label(layer), room - _AIR_PX, size, measure, bold=True)
    yield Words(name, layer.x, top - 34, size, palette.text, bold=True, ground=ground)
    yield Words(kind, layer.x, top - 18, _SMALL_PX, palette.secondary, ground=ground)


def _activation_label(name: str) -> str:
    return ACTIVATIONS[name].label if name in ACTIVATIONS else as_label(name)


def _legend(left: float, bottom: float, palette: Palette) -> Iterator[Mark]:
    """Say what the colors mean, with signs, so that nobody needs to see the colors."""
    x, y = left + 20, bottom - 16
    for color, text in ((palette.negative, "− negative"), (palette.positive, "+ positive")):
        path = np.array([[[x, y], [x + 18, y]]])
        yield Strokes(path, (color,), np.ones(1), np.full(1, 3.0), np.zeros(1, dtype=np.bool_))
        yield Words(text, x + 24, y, _SMALL_PX, palette.secondary, "left")
        x += 110
