"""Draw a network into a file as the window shows it: a picture for a report, without a window.

Places and curves come from `bpviz.model.layout`, colors from `bpviz.palette`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from bpviz.arrays import Array, BoolArray
from bpviz.engine.activations import ACTIVATIONS
from bpviz.errors import FileError
from bpviz.files.pictures import as_label, drawing, fitted, new_figure, picture, points, text_px
from bpviz.files.safe import write_atomically
from bpviz.model import layout
from bpviz.model.naming import layer_label
from bpviz.model.spec import Address, BiasAddress, Layer, Link, Network, Node, Role, WeightAddress
from bpviz.palette import LIGHT, Palette, rgb

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matplotlib.axes import Axes

PICTURE_FORMATS: Final = ("png", "svg", "pdf")
CURVED_UP_TO: Final = 100
"""Links beyond this number are drawn straight."""
_MOST_LINKS: Final = 4000  # the strongest ones; more would only make a gray area, and a large file
_MARGIN_PX: Final = 44.0
_CAPTION_PX: Final = 52.0
_LABEL_PX: Final = 12.0
_CAPTION_LETTERS_PX: Final = 13.0
_WIDEST_LABEL_PX: Final = 240.0  # of those beside the network; between two layers there is less room
_AIR_PX: Final = 8.0
_LEGEND_PX: Final = 36.0
_SMALLEST_PX: Final = 240.0


@dataclass(frozen=True, slots=True, eq=False)
class _Lines:
    """Links to draw: (lines, 4, 2) curves, (lines,) values or None, and which are frozen, (lines,)."""

    curves: Array
    values: Array | None
    frozen: BoolArray


def draw_network(
    network: Network,
    path: Path,
    *,
    kind: str | None = None,
    values: Mapping[Address, float] | None = None,
    palette: Palette = LIGHT,
) -> None:
    """Draw a network into a PNG, SVG or PDF file.

    Args:
        network: Any drawing, also one that can't run yet.
        path: Where to.
        kind: ``png``, ``svg`` or ``pdf``; by default what the file's name ends with.
        values: Weights and biases by address; links are then colored by sign and wide by size.
        palette: Light or dark.

    Raises:
        FileError: If it can't be written, or there is nothing to draw.
    """
    chosen = kind or path.suffix.removeprefix(".").lower()
    if chosen not in PICTURE_FORMATS:
        raise FileError(
            f"A picture can't be written as {chosen or path.name!r}; end its name in .png, .svg or .pdf."
        )
    if not any(layer.nodes for layer in network.layers):
        raise FileError("The network has no nodes to draw; add a layer first.")
    write_atomically(path, lambda: network_picture(network, chosen, values, palette))


def network_picture(
    network: Network, kind: str, values: Mapping[Address, float] | None, palette: Palette
) -> bytes:
    """Return the bytes of a picture of a network; arguments as for `draw_network`."""
    with drawing(palette):
        left, top, right, bottom = _frame(network)
        figure = new_figure((right - left, bottom - top))
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set_axis_off()
        axes.set(xlim=(left, right), ylim=(bottom, top))
        _draw_links(axes, network, values, palette)
        for layer in network.layers:
            room = _room(network, layer)
            _draw_layer(axes, layer, values, palette, room)
            _draw_caption(axes, layer, palette, room)
        if values is not None:
            _draw_legend(axes, left, bottom, palette)
        return picture(figure, kind)


def _frame(network: Network) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of the picture: the network with its labels, captions and arcs."""
    left, top, right, bottom = layout.bounds(network)
    left -= _MARGIN_PX + _label_px(network, "input")
    right += _MARGIN_PX + _label_px(network, "output")
    lack = max(_SMALLEST_PX - (right - left), 0.0) / 2
    top = min(top - _CAPTION_PX, _highest(network)) - _MARGIN_PX / 2
    return left - lack, top, right + lack, bottom + _MARGIN_PX / 2 + _LEGEND_PX


def _room(network: Network, layer: Layer) -> float:
    """How wide what is written at a layer may be: as far as the next layer is away."""
    gaps = (abs(other.x - layer.x) for other in network.layers)
    return min((gap for gap in gaps if gap > layout.NODE_RADIUS), default=_WIDEST_LABEL_PX)


def _ends(network: Network, link: Link) -> tuple[Layer, Layer]:
    return network.layer(link.source), network.layer(link.target)


def _label_px(network: Network, role: Role) -> float:
    """Room for the labels of the input or output nodes; those of a strip aren't drawn."""
    layers = [layer for layer in network.layers if layer.role == role and not layout.collapsed(layer)]
    labels = [_label(layer, node, _WIDEST_LABEL_PX) for layer in layers for node in layer.nodes]
    return max((text_px(label, _LABEL_PX) for label in labels), default=0.0)


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


def _label(layer: Layer, node: Node, room: float) -> str:
    if layer.role == "hidden":
        return fitted(node.name, room - 2 * (layout.NODE_RADIUS + _AIR_PX), _LABEL_PX)
    feature = node.feature or "" if layer.role == "input" else ""
    return fitted(node.name or feature, _WIDEST_LABEL_PX, _LABEL_PX)


def _draw_links(
    axes: Axes, network: Network, values: Mapping[Address, float] | None, palette: Palette
) -> None:
    """Draw all links in one collection, the strong ones over the weak ones."""
    from matplotlib.collections import PathCollection
    from matplotlib.path import Path as Curve

    lines = _strongest([_lines(network, link, values) for link in network.links])
    if not len(lines.curves):
        return
    straight = len(lines.curves) > CURVED_UP_TO
    # So many links at full width would paint the space between two layers solid.
    crowd = min(1.0, (CURVED_UP_TO / len(lines.curves)) ** 0.5)
    codes = [Curve.MOVETO, Curve.LINETO] if straight else [Curve.MOVETO, *[Curve.CURVE4] * 3]
    curves = lines.curves[:, [0, 3]] if straight else lines.curves
    if lines.values is None:
        widths = np.full(len(curves), crowd)
        colors = np.full((len(curves), 4), (*rgb(palette.secondary), 0.55))
    else:
        widths = crowd * layout.widths(lines.values)
        signs = [palette.negative if value < 0 else palette.positive for value in lines.values]
        colors = np.column_stack([[rgb(color) for color in signs], layout.opacities(lines.values)])
    for frozen in (False, True):
        chosen = np.flatnonzero(lines.frozen == frozen)
        if chosen.size:
            axes.add_collection(
                PathCollection(
                    [Curve(curves[at], codes) for at in chosen],
                    facecolors="none",
                    edgecolors=colors[chosen],
                    linewidths=points(1) * widths[chosen],
                    linestyles=[(0, (3, 2))] if frozen else ["solid"],
                    zorder=1,
                ),
                autolim=False,
            )


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


def _draw_layer(
    axes: Axes, layer: Layer, values: Mapping[Address, float] | None, palette: Palette, room: float
) -> None:
    """Draw the nodes of one layer, each with its label, and its bias as a dot at the lower left."""
    from matplotlib.patches import Circle

    if layout.collapsed(layer):
        _draw_strip(axes, layer, palette)
        return
    biases = (
        [abs(values.get(BiasAddress(node.id), 0.0)) for node in layer.nodes] if values is not None else []
    )
    largest = max(biases, default=0.0) or 1.0
    radius = layout.NODE_RADIUS
    for node in layer.nodes:
        x, y = layout.node_position(layer, node)
        axes.add_patch(
            Circle(
                (x, y),
                radius,
                facecolor=palette.surface,
                edgecolor=palette.text,
                linewidth=points(1.5),
                zorder=2,
            )
        )
        bias = values.get(BiasAddress(node.id)) if values is not None else None
        if bias is not None and layer.role != "input":
            place = (x - 0.72 * radius, y + 0.72 * radius)
            color = palette.diverging(bias / largest)
            axes.add_patch(
                Circle(place, 5, facecolor=color, edgecolor=palette.text, linewidth=points(1), zorder=3)
            )
        side = -1 if layer.role == "input" else 1
        axes.text(
            x + side * (radius + _AIR_PX),
            y,
            _label(layer, node, room),
            ha="right" if side < 0 else "left",
            va="center_baseline",
            fontsize=points(_LABEL_PX),
            zorder=4,
        )
        if node.activation and node.activation != layer.activation:
            axes.text(
                x,
                y,
                _activation_label(node.activation),
                ha="center",
                va="center",
                fontsize=points(9),
                zorder=4,
            )


def _draw_strip(axes: Axes, layer: Layer, palette: Palette) -> None:
    from matplotlib.patches import FancyBboxPatch

    heights = [node.y for node in layer.nodes]
    width = layout.STRIP_WIDTH
    axes.add_patch(
        FancyBboxPatch(
            (layer.x - width / 2, min(heights)),
            width,
            max(heights) - min(heights),
            boxstyle="round,pad=0,rounding_size=8",
            facecolor=palette.surface,
            edgecolor=palette.text,
            linewidth=points(1.5),
            zorder=2,
        )
    )
    axes.text(
        layer.x, sum(heights) / len(heights), f"{layer.size} nodes",
        ha="center", va="center", rotation=90, fontsize=points(12), zorder=4,
    )  # fmt: skip


def _draw_caption(axes: Axes, layer: Layer, palette: Palette, room: float) -> None:
    if not layer.nodes:
        return
    top = min(node.y for node in layout.in_column(layer)) - layout.NODE_RADIUS
    count = f"{layer.size} node{'s' if layer.size > 1 else ''}"
    kind = count if layer.role == "input" else f"{count} · {_activation_label(layer.activation)}"
    # The text's own background keeps links that pass behind it from crossing it out.
    behind = {"boxstyle": "square,pad=0.1", "facecolor": palette.surface, "edgecolor": "none", "alpha": 0.8}
    axes.text(
        layer.x,
        top - 30,
        fitted(layer_label(layer), room - _AIR_PX, _CAPTION_LETTERS_PX, bold=True),
        ha="center",
        fontsize=points(_CAPTION_LETTERS_PX),
        fontweight="bold",
        bbox=behind,
        zorder=4,
    )
    axes.text(
        layer.x,
        top - 14,
        kind,
        ha="center",
        fontsize=points(11),
        color=palette.secondary,
        bbox=behind,
        zorder=4,
    )


def _activation_label(name: str) -> str:
    return ACTIVATIONS[name].label if name in ACTIVATIONS else as_label(name)


def _draw_legend(axes: Axes, left: float, bottom: float, palette: Palette) -> None:
    """Say what the colors mean, with signs, so that nobody needs to see the colors."""
    x, y = left + 20, bottom - 16
    for color, text in ((palette.negative, "− negative"), (palette.positive, "+ positive")):
        axes.plot([x, x + 18], [y, y], color=color, linewidth=points(3), solid_capstyle="round", zorder=4)
        axes.text(x + 24, y, text, va="center", fontsize=points(11), color=palette.secondary, zorder=4)
        x += 110
