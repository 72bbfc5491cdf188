"""The drawing of a network as the window shows it.

Places and curves come from `bpviz.model.layout`, colors from `bpviz.palette`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from bpviz.arrays import Array, BoolArray
from bpviz.drawing.shown import Shown, map_places
from bpviz.drawing.value import Box, Disc, Drawing, Mark, Strokes, Tile, Words
from bpviz.drawing.words import Measure, as_label, by_letters, fitted
from bpviz.engine.activations import ACTIVATIONS
from bpviz.model import layout
from bpviz.model.naming import layer_label
from bpviz.model.spec import Address, BiasAddress, Layer, Link, Network, Node, Role, WeightAddress
from bpviz.palette import Palette, contrast, rgb

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
_LEGEND_PX: Final = 18.0
_LEGEND_LINE_PX: Final = 18.0
_BAR_PX: Final = (112.0, 6.0)
_BAR_CELLS: Final = 64
_MAP_PX: Final = 40.0
_MAP_CORNER_PX: Final = 6.0
_SHADES: Final = 64  # of a map, to each side of 0
_SMALLEST_PX: Final = 240.0
_RING_PX: Final = 1.5
_FAINT: Final = 0.55


@dataclass(frozen=True, slots=True)
class _Style:
    """How it is drawn.

    Attributes:
        palette: Light or dark.
        measure: Of the letters that it will be written in.
        letters: How much larger than usual they are, and what stands around them.
    """

    palette: Palette
    measure: Measure
    letters: float

    def width(self, text: str, size_px: float, *, bold: bool = False) -> float:
        """How many pixels a text takes that is usually of a size."""
        return self.measure(text, self.letters * size_px, bold)

    def fitted(self, text: str, room_px: float, size_px: float, *, bold: bool = False) -> str:
        """Shorten a name until it fits into its room."""
        return fitted(text, room_px, self.letters * size_px, self.measure, bold=bold)


def network_drawing(
    network: Network,
    shown: Shown | None,
    palette: Palette,
    measure: Measure = by_letters,
    *,
    letters: float = 1.0,
    caption: str = "",
) -> Drawing:
    """Draw a network.

    Args:
        network: Any drawing, also one that can't run yet.
        shown: The numbers of a run: links are then colored by sign and wide by size.
        palette: Light or dark.
        measure: Of the letters that it will be written in.
        letters: How much larger than usual those are.
        caption: What else is written at the foot, such as of which step it is.
    """
    style = _Style(palette, measure, letters)
    left, top, right, bottom = _frame(network, style)
    lines = _legend_lines(shown)
    foot = bottom + letters * _LEGEND_LINE_PX * max(lines, bool(caption))
    if lines:
        right = max(right, left + _legend_px(shown, style))
    marks: list[Mark] = list(_links(network, shown, palette))
    for layer in network.layers:
        room = _room(network, layer)
        marks += _layer(layer, shown, style, room)
        marks += _caption(layer, style, room)
    if shown is not None:
        marks += _legend(left, bottom, shown, style)
    if caption:
        y = foot - 0.5 * letters * _LEGEND_LINE_PX - _LEGEND_PX / 2
        marks.append(Words(caption, right - 20, y, letters * _SMALL_PX, palette.secondary, "right"))
    return Drawing(left, top, right, foot, palette.surface, tuple(marks))


def _frame(network: Network, style: _Style) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of the picture: the network with its labels, captions and arcs."""
    left, top, right, bottom = layout.bounds(network)
    left -= _MARGIN_PX + _label_px(network, "input", style)
    right += _MARGIN_PX + _label_px(network, "output", style)
    lack = max(_SMALLEST_PX - (right - left), 0.0) / 2
    top = min(top - style.letters * _CAPTION_PX, _highest(network)) - _MARGIN_PX / 2
    return left - lack, top, right + lack, bottom + _MARGIN_PX / 2 + _LEGEND_PX


def _room(network: Network, layer: Layer) -> float:
    """How wide what is written at a layer may be: as far as the next layer is away."""
    gaps = (abs(other.x - layer.x) for other in network.layers)
    return min((gap for gap in gaps if gap > layout.NODE_RADIUS), default=_WIDEST_LABEL_PX)


def _ends(network: Network, link: Link) -> tuple[Layer, Layer]:
    return network.layer(link.source), network.layer(link.target)


def _label_px(network: Network, role: Role, style: _Style) -> float:
    """Room for the labels of the input or output nodes; those of a strip aren't drawn."""
    layers = [layer for layer in network.layers if layer.role == role and not layout.collapsed(layer)]
    labels = [_label(layer, node, _WIDEST_LABEL_PX, style) for layer in layers for node in layer.nodes]
    return max((style.width(label, _LABEL_PX) for label in labels), default=0.0)


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


def _label(layer: Layer, node: Node, room: float, style: _Style) -> str:
    if layer.role == "hidden":
        return style.fitted(node.name, room - 2 * (layout.NODE_RADIUS + _AIR_PX), _LABEL_PX)
    feature = node.feature or "" if layer.role == "input" else ""
    return style.fitted(node.name or feature, _WIDEST_LABEL_PX, _LABEL_PX)


# ---- links


@dataclass(frozen=True, slots=True, eq=False)
class _Lines:
    """Links to draw: (lines, 4, 2) curves, (lines,) values or None, and which are frozen, (lines,)."""

    curves: Array
    values: Array | None
    frozen: BoolArray


def _links(network: Network, shown: Shown | None, palette: Palette) -> Iterator[Strokes]:
    """Draw all links at once, the strong ones over the weak ones."""
    values = None if shown is None else shown.values
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
        full = 1.0 if shown is not None and shown.shares else None
        widths, opacities = crowd * layout.widths(lines.values, full), layout.opacities(lines.values, full)
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


def _layer(layer: Layer, shown: Shown | None, style: _Style, room: float) -> Iterator[Mark]:
    """Draw the nodes of one layer, each with its label, and its bias as a dot at the lower left."""
    palette, radius = style.palette, layout.NODE_RADIUS
    if layout.collapsed(layer):
        yield from _strip(layer, style)
        return
    for node in layer.nodes:
        x, y = layout.node_position(layer, node)
        yield from _node(node, x, y, shown, style)
        bias = None if shown is None or layer.role == "input" else shown.values.get(BiasAddress(node.id))
        if shown is not None and bias is not None:
            fill = (
                palette.diverging(bias / (shown.biases_end or 1.0)) if math.isfinite(bias) else palette.zero
            )
            yield Disc(x - 0.72 * radius, y + 0.72 * radius, 5.0, fill, palette.text, 1.0)
        if text := _label(layer, node, room, style):
            yield _beside(text, layer, x, y, style)
        if node.activation and node.activation != layer.activation:
            label = _activation_label(node.activation)
            inside = _map(shown, node) is None and not (shown is not None and node.id in shown.nodes)
            below = 0.0 if inside else radius + _AIR_PX
            yield Words(label, x, y + below, 9.0, palette.text, ground=None if inside else palette.surface)


def _node(node: Node, x: float, y: float, shown: Shown | None, style: _Style) -> Iterator[Mark]:
    """Draw a node: its map over the plane, or a disc in the color of its number with the number in it."""
    palette, radius = style.palette, layout.NODE_RADIUS
    number = math.nan if shown is None else shown.nodes.get(node.id, math.nan)
    if (tile := _map(shown, node)) is not None:
        half = _MAP_PX / 2
        colors = _colors(map_places(tile)[::-1], palette)
        sides = x - half, y - half, x + half, y + half
        yield Tile(*sides, _MAP_CORNER_PX, colors, palette.text, _RING_PX)
    elif shown is not None and math.isfinite(number):
        fill = palette.diverging(number / shown.nodes_end)
        yield Disc(x, y, radius, fill, palette.text, _RING_PX)
        ink = max(("#000000", "#ffffff"), key=lambda color: contrast(color, fill))
        yield Words(_short(number), x, y, 10.0, ink)
    else:
        yield Disc(x, y, radius, palette.surface, palette.text, _RING_PX)


def _map(shown: Shown | None, node: Node) -> Array | None:
    return None if shown is None else shown.maps.get(node.id)


def _short(value: float) -> str:
    return f"{value:.2g}".replace("-", "−")


def _colors(places: Array, palette: Palette) -> Array:
    """(rows, columns, 3) the colors at places of the diverging scale, (rows, columns)."""
    scale = np.array([rgb(palette.diverging(step / _SHADES)) for step in range(-_SHADES, _SHADES + 1)])
    steps = np.rint(_SHADES * np.clip(places, -1.0, 1.0)).astype(np.int64)
    found: Array = scale[steps + _SHADES]
    return found


def _beside(text: str, layer: Layer, x: float, y: float, style: _Style) -> Words:
    away, size, palette = layout.NODE_RADIUS + _AIR_PX, style.letters * _LABEL_PX, style.palette
    if layer.role == "input":
        return Words(text, x - away, y, size, palette.text, "right")
    ground = palette.surface if layer.role == "hidden" else None  # links leave there
    return Words(text, x + away, y, size, palette.text, "left", ground=ground)


def _strip(layer: Layer, style: _Style) -> Iterator[Mark]:
    heights, palette = [node.y for node in layer.nodes], style.palette
    half, top, bottom = layout.STRIP_WIDTH / 2, min(heights), max(heights)
    yield Box(layer.x - half, top, layer.x + half, bottom, 8.0, palette.surface, palette.text, _RING_PX)
    middle = sum(heights) / len(heights)
    yield Words(f"{layer.size} nodes", layer.x, middle, style.letters * 12.0, palette.text, upward=True)


def _caption(layer: Layer, style: _Style, room: float) -> Iterator[Words]:
    if not layer.nodes:
        return
    palette, letters = style.palette, style.letters
    top = min(node.y for node in layout.in_column(layer)) - layout.NODE_RADIUS
    count = f"{layer.size} node{'s' if layer.size > 1 else ''}"
    kind = count if layer.role == "input" else f"{count} · {_activation_label(layer.activation)}"
    size, ground = _CAPTION_LETTERS_PX, palette.surface
    name = style.fitted(layer_label(layer), room - _AIR_PX, size, bold=True)
    below = next(  # fewer words rather than half ones
        (text for text in (kind, count) if style.width(text, _SMALL_PX) <= room - _AIR_PX),
        style.fitted(count, room - _AIR_PX, _SMALL_PX),
    )
    yield Words(name, layer.x, top - letters * 34, letters * size, palette.text, bold=True, ground=ground)
    yield Words(below, layer.x, top - letters * 18, letters * _SMALL_PX, palette.secondary, ground=ground)


def _activation_label(name: str) -> str:
    return ACTIVATIONS[name].label if name in ACTIVATIONS else as_label(name)


def _legend_lines(shown: Shown | None) -> int:
    return 0 if shown is None else len(shown.rows) + len(_notes(shown))


def _notes(shown: Shown) -> list[str]:
    maps = "Squares: a node's output over the two inputs" if shown.maps else ""
    return [note for note in (shown.note, maps) if note]


def _legend_px(shown: Shown | None, style: _Style) -> float:
    """How wide the legend is, with its margins."""
    if shown is None:
        return 0.0
    words, ends = _legend_columns(shown, style)
    notes = max((style.width(note, _SMALL_PX) for note in _notes(shown)), default=0.0)
    return max(words + 2 * ends + style.letters * _BAR_PX[0] + 3 * _AIR_PX, notes) + 40.0


def _legend_columns(shown: Shown, style: _Style) -> tuple[float, float]:
    """Room for what the scales are called, and for one of their ends."""
    words = max(style.width(word, _SMALL_PX) for word, _, _ in shown.rows)
    return words, max(style.width(end, _SMALL_PX) for _, *ends in shown.rows for end in ends)


def _legend(left: float, top: float, shown: Shown, style: _Style) -> Iterator[Mark]:
    """Say which colors mean which numbers: each scale between its two ends, which have their signs."""
    palette, size, line = style.palette, style.letters * _SMALL_PX, style.letters * _LEGEND_LINE_PX
    words, ends = _legend_columns(shown, style)
    bar, thick = style.letters * _BAR_PX[0], style.letters * _BAR_PX[1]
    x, y = left + 20, top - _LEGEND_PX / 2 + line / 2
    low = 0.0 if shown.shares else -1.0
    colors = _colors(np.linspace(low, 1.0, _BAR_CELLS)[None, :], palette)
    for word, begin, end in shown.rows:
        begins = x + words + _AIR_PX + ends + _AIR_PX
        yield Words(word, x, y, size, palette.text, "left")
        yield Words(begin, begins - _AIR_PX, y, size, palette.secondary, "right")
        yield Tile(begins, y - thick / 2, begins + bar, y + thick / 2, 0.0, colors, palette.strong_line, 0.5)
        yield Words(end, begins + bar + _AIR_PX, y, size, palette.secondary, "left")
        y += line
    for note in _notes(shown):
        yield Words(note, x, y, size, palette.secondary, "left")
        y += line
