"""A network as a graph for Graphviz: ``dot`` lays it out anew, ``neato -n`` leaves it where it was drawn.

Layers are clusters; a node carries its name, a connection its weight as a color, a width and a tooltip.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

import numpy as np

from bpviz.arrays import Array
from bpviz.engine.activations import ACTIVATIONS
from bpviz.errors import counted
from bpviz.model import layout
from bpviz.model.naming import layer_label, node_labels
from bpviz.model.spec import Address, Layer, Link, Network, WeightAddress
from bpviz.palette import Palette

_PT_A_PX: Final = 0.75
_PT_AN_INCH: Final = 72.0


def dot_text(network: Network, values: Mapping[Address, float] | None, palette: Palette) -> str:
    """Write a network in Graphviz's language; arguments as for `bpviz.drawing.network.network_drawing`."""
    size = 2 * layout.NODE_RADIUS * _PT_A_PX / _PT_AN_INCH
    lines = [
        "digraph network {",
        f'  graph [rankdir=LR, bgcolor="{palette.surface}", fontcolor="{palette.text}", ranksep=1]',
        f'  graph [fontname="sans-serif", outputorder=edgesfirst, color="{palette.hairline}"]',
        f'  node [shape=circle, fixedsize=true, width={size:.3g}, label="", style=filled]',
        f'  node [fillcolor="{palette.surface}", color="{palette.strong_line}", fontcolor="{palette.text}"]',
        '  node [fontname="sans-serif"]',
        f'  edge [arrowsize=0.5, color="{palette.secondary}"]',
    ]
    for number, layer in enumerate(network.layers):
        lines += _layer(number, layer)
    lines += _links(network, values, palette)
    return "\n".join([*lines, "}", ""])


def quoted(text: str) -> str:
    """Write a text so that Graphviz shows it as it is."""
    tame = "".join(letter if letter.isprintable() else " " for letter in text)
    return '"' + tame.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _layer(number: int, layer: Layer) -> Iterator[str]:
    about = counted(layer.size, "node")
    if layer.role != "input":
        about += f", {ACTIVATIONS[layer.activation].label}"
    yield f"  subgraph cluster_{number} {{"
    yield f"    label={quoted(f'{layer_label(layer)}: {about}')}"
    for node, label in zip(layer.nodes, node_labels(layer), strict=True):
        x, y = layout.node_position(layer, node)
        place = f'"{x * _PT_A_PX:.1f},{-y * _PT_A_PX:.1f}!"'
        shown = node.name or (node.feature if layer.role == "input" else "") or ""
        named = f", xlabel={quoted(shown)}" if shown else ""
        yield f"    {quoted(node.id)} [pos={place}, tooltip={quoted(label)}{named}]"
    yield "  }"


def _links(network: Network, values: Mapping[Address, float] | None, palette: Palette) -> Iterator[str]:
    found = [(link, source, target) for link in network.links for source, target in _pairs(link)]
    numbers: Array | None = None
    if values is not None:
        numbers = np.array(
            [values.get(WeightAddress(*_ids(network, one)), 0.0) for one in found], dtype=float
        )
    wide = None if numbers is None or not len(numbers) else layout.widths(numbers) * _PT_A_PX
    for at, one in enumerate(found):
        link, column, row = one
        looks = ["style=dashed"] if link.frozen.array[row, column] else []
        if numbers is not None and wide is not None:
            color = palette.negative if numbers[at] < 0 else palette.positive
            looks += [f'color="{color}"', f"penwidth={wide[at]:.3g}", f'tooltip="{numbers[at]:.6g}"']
        source, target = _ids(network, one)
        told = f" [{', '.join(looks)}]" if looks else ""
        yield f"  {quoted(source)} -> {quoted(target)}{told}"


def _pairs(link: Link) -> Iterator[tuple[int, int]]:
    """The connections of a link: (number of the source node, number of the target node)."""
    for row, column in zip(*np.nonzero(~link.removed.array), strict=True):
        yield int(column), int(row)


def _ids(network: Network, one: tuple[Link, int, int]) -> tuple[str, str]:
    link, column, row = one
    source, target = network.layer(link.source), network.layer(link.target)
    return source.nodes[column].id, target.nodes[row].id
