"""A network as a graph for Graphviz: ``dot`` lays it out anew, ``neato -n`` leaves it where it was drawn.

Layers are clusters; a node carries its name, a connection its weight as a color, a width and a tooltip.  A
chain that nobody sees keeps the nodes of a layer in one column and in their order.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

import numpy as np

from bpviz.engine.activations import ACTIVATIONS
from bpviz.errors import counted
from bpviz.model import layout
from bpviz.model.naming import layer_label, node_labels
from bpviz.model.spec import Address, Layer, Link, Network, WeightAddress
from bpviz.palette import Palette

_PT_A_PX: Final = 0.75
_PT_AN_INCH: Final = 72.0
_OPAQUE: Final = 255
_LETTERS_INSIDE: Final = 2  # more of them don't fit into a circle


def dot_text(network: Network, values: Mapping[Address, float] | None, palette: Palette) -> str:
    """Write a network in Graphviz's language; arguments as for `bpviz.drawing.network.network_drawing`."""
    size = 2 * layout.NODE_RADIUS * _PT_A_PX / _PT_AN_INCH
    lines = [
        "digraph network {",
        f'  graph [rankdir=LR, bgcolor="{palette.surface}", fontcolor="{palette.text}", ranksep=1]',
        "  graph [remincross=false]",  # a second look for fewer crossings forgets the order of the chains
        f'  graph [fontname="sans-serif", outputorder=edgesfirst, color="{palette.hairline}"]',
        f'  node [shape=circle, fixedsize=true, width={size:.3g}, label="", style=filled]',
        f'  node [fillcolor="{palette.surface}", color="{palette.strong_line}", fontcolor="{palette.text}"]',
        '  node [fontname="sans-serif", margin="0.08,0.04"]',
        f'  edge [arrowhead=none, color="{palette.secondary}"]',
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
    names = [node.name or (node.feature if layer.role == "input" else "") or "" for node in layer.nodes]
    if max(map(len, names)) > _LETTERS_INSIDE:
        yield '    node [shape=box, style="rounded,filled", fixedsize=false, height=0.3]'
    for node, name, label in zip(layer.nodes, names, node_labels(layer), strict=True):
        x, y = layout.node_position(layer, node)
        place = f'"{x * _PT_A_PX:.1f},{-y * _PT_A_PX:.1f}!"'
        named = f", label={quoted(name)}" if name else ""
        yield f"    {quoted(node.id)} [pos={place}, tooltip={quoted(label)}{named}]"
    chain = " -> ".join(quoted(node.id) for node in sorted(layer.nodes, key=lambda node: -node.y))
    yield f"    {{ rank=same; edge [style=invis]; {chain} }}"
    yield "  }"


def _links(network: Network, values: Mapping[Address, float] | None, palette: Palette) -> Iterator[str]:
    found = [(link, source, target) for link in network.links for source, target in _pairs(link)]
    looks = _looks(network, found, values, palette) if found and values is not None else [[] for _ in found]
    for one, look in zip(found, looks, strict=True):
        link, column, row = one
        if link.frozen.array[row, column]:
            look.append("style=dashed")
        source, target = _ids(network, one)
        told = f" [{', '.join(look)}]" if look else ""
        yield f"  {quoted(source)} -> {quoted(target)}{told}"


def _looks(
    network: Network, found: list[tuple[Link, int, int]], values: Mapping[Address, float], palette: Palette
) -> list[list[str]]:
    """How each connection shows its weight, as strongly as on the canvas."""
    weights = [values.get(WeightAddress(*_ids(network, one)), 0.0) for one in found]
    numbers = np.array(weights, dtype=float)
    widths = (layout.widths(numbers) * _PT_A_PX).tolist()
    opacities = np.round(layout.opacities(numbers) * _OPAQUE).astype(int).tolist()
    return [
        [
            f'color="{palette.negative if weight < 0 else palette.positive}{opacity:02x}"',
            f"penwidth={width:.3g}",
            f'tooltip="{weight:.6g}"',
        ]
        for weight, width, opacity in zip(weights, widths, opacities, strict=True)
    ]


def _pairs(link: Link) -> Iterator[tuple[int, int]]:
    """The connections of a link: (number of the source node, number of the target node)."""
    for row, column in zip(*np.nonzero(~link.removed.array), strict=True):
        yield int(column), int(row)


def _ids(network: Network, one: tuple[Link, int, int]) -> tuple[str, str]:
    link, column, row = one
    source, target = network.layer(link.source), network.layer(link.target)
    return source.nodes[column].id, target.nodes[row].id
