"""Nodes and layers as a text that people can read: what copying puts on the clipboard, for pasting.

The text is JSON with the fields of a project file (see `bpviz.files.schema`); each link has its weights,
a row a target node, null where there is none.  So it goes from one window to another, and into a mail.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any, Final

import msgspec
import numpy as np

from bpviz.arrays import Array
from bpviz.errors import BpvizError, ModelError, VersionError, grouped
from bpviz.files import schema
from bpviz.files.fields import copied as filled
from bpviz.files.formats import HALF_LETTERS
from bpviz.model.checks import check_network
from bpviz.model.choosing import Selection
from bpviz.model.edits.carrying import ValueOf, carry, weights_of
from bpviz.model.edits.copies import Place, cutout, graft
from bpviz.model.naming import NewId
from bpviz.model.spec import Address, BiasAddress, Link, Network, Project, Start, WeightBlock

FORMAT: Final = "bpviz network"
VERSION: Final = 1
MOST_CONNECTIONS: Final = 100_000
"""More are no text for people, and making it would keep the window waiting for seconds."""
_LONGEST: Final = 64_000_000
_WIDE: Final = 100
_NO_NETWORK: Final = "The text to paste is no part of a network; copy nodes or layers in bpviz first."


class LinkClip(schema.LinkDocument, omit_defaults=True, forbid_unknown_fields=True):
    """A `Link` with its weights, a row a target node; null where there is none."""

    weights: list[list[float | None]] = msgspec.field(default_factory=list)


class Clip(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """The whole text.

    Attributes:
        biases: By node id.
    """

    format: str
    version: int
    layers: list[schema.LayerDocument]
    links: list[LinkClip]
    biases: dict[str, float] = {}


@dataclass(frozen=True, slots=True)
class Pasted:
    """A project after pasting.

    Attributes:
        project: With the new layers; their weights are start values, so undo takes all back at once.
        selection: What is new.
        left_out: Labels of copied inputs and outputs that this network lacks.
    """

    project: Project
    selection: Selection
    left_out: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Values:
    """The weights and biases of a text, as edits look them up."""

    of_nodes: Mapping[str, float]
    start: Start

    def __call__(self, address: Address) -> float | None:
        if isinstance(address, BiasAddress):
            return self.of_nodes.get(address.node)
        return self.start.in_blocks(address)

    def weights(self, sources: Sequence[str], targets: Sequence[str]) -> Array:
        """(targets, sources); NaN where there is none."""
        return self.start.part(sources, targets)

    def biases(self, nodes: Sequence[str]) -> Array:
        """(nodes,); NaN where there is none."""
        return np.array([self.of_nodes.get(node, np.nan) for node in nodes])


def copied(network: Network, selection: Selection, value_of: ValueOf) -> str:
    """Write what is selected as a text: nodes and layers, and what connects them.

    Args:
        network: The drawing.
        selection: Nodes and layers; connections go with the nodes at their ends.
        value_of: Finds weights and biases.

    Raises:
        ModelError: If no node is selected, or there is too much between those that are.
    """
    piece = cutout(network, selection.nodes, selection.layers)
    if not piece.layers:
        raise ModelError("Select nodes or layers to copy them; connections go with the nodes at their ends.")
    count = sum(link.removed.targets * link.removed.sources - link.removed.count for link in piece.links)
    if count > MOST_CONNECTIONS:
        raise ModelError(
            f"A copy is a text with its weights, at most {grouped(MOST_CONNECTIONS)} of them, and between "
            f"these nodes there are {grouped(count)} connections; select fewer."
        )
    document = schema.network_document(piece)
    biases = {
        node.id: value
        for layer in piece.layers
        if layer.role != "input"
        for node in layer.nodes
        if (value := _number(value_of(BiasAddress(node.id)))) is not None
    }
    links = [
        filled(written, LinkClip, weights=_rows(piece, link, value_of))
        for written, link in zip(document.links, piece.links, strict=True)
    ]
    clip = Clip(FORMAT, VERSION, document.layers, links, biases)
    return _pretty(msgspec.to_builtins(clip)) + "\n"


def pasted(project: Project, text: str, at: Place | None, new_id: NewId) -> Pasted:
    """Add what a text of `copied` holds, with its weights, so that it lies on nothing that is there.

    Inputs and outputs stand for those of this network, see `graft`.

    Args:
        project: What to add to.
        text: From this window or another.
        at: Where its middle comes to stand; by default where it was.
        new_id: Where ids of new layers and nodes come from.

    Raises:
        VersionError: If a newer bpviz wrote it.
        ModelError: If the text is something else, or holds nothing that can be added.
        BpvizError: If the network would be too large.
    """
    piece, values = _read(text)
    made = graft(project.network, piece, new_id, at)
    return Pasted(carry(project, made, values), Selection(nodes=made.nodes), made.left_out)


def is_clip(text: str) -> bool:
    """Whether a text looks as if `copied` had written it; to find out for sure is to paste it."""
    return text.lstrip()[:1] == "{" and FORMAT in text[:200]


def _rows(piece: Network, link: Link, value_of: ValueOf) -> list[list[float | None]]:
    sources, targets = _ends(piece, link.source, link.target)
    there = ~link.removed.array
    values = weights_of(value_of, sources, targets, there)
    known = there & np.isfinite(values)
    rows = zip(values.tolist(), known.tolist(), strict=True)
    found = [[value if one else None for value, one in zip(*row, strict=True)] for row in rows]
    return found if known.any() else []


def _ends(piece: Network, source: str, target: str) -> tuple[list[str], list[str]]:
    """Ids of the nodes that a link leads from, and of those it leads to."""
    return [node.id for node in piece.layer(source).nodes], [node.id for node in piece.layer(target).nodes]


def _number(value: float | None) -> float | None:
    return None if value is None or not isfinite(value) else float(value)


def _read(text: str) -> tuple[Network, _Values]:
    """Read the piece of a network, and its weights and biases.

    Raises:
        VersionError: If a newer bpviz wrote it.
        ModelError: If it is something else.
    """
    if len(text) > _LONGEST or not is_clip(text):
        raise ModelError(_NO_NETWORK)
    content = text.encode("utf-8", HALF_LETTERS)
    try:
        header = msgspec.json.decode(content, type=schema.Header)
        if header.version > VERSION:
            raise VersionError("A newer bpviz copied what is to be pasted; update this one.")
        clip = msgspec.json.decode(content, type=Clip)
        piece = schema.to_network(schema.NetworkDocument(clip.layers, _links(clip)))
        check_network(piece)
        return piece, _values(clip, piece)
    except VersionError:
        raise
    except (msgspec.DecodeError, RecursionError, BpvizError) as error:
        raise ModelError(f"{_NO_NETWORK[:-1]} ({_fault(error)}).") from error


def _fault(error: Exception) -> str:
    """What is wrong, as a part of a sentence."""
    if isinstance(error, RecursionError):
        return "it is nested too deeply"
    said = str(error).replace("`", "").rstrip(".")
    return said if said[1:2].isupper() else said[:1].lower() + said[1:]


def _links(clip: Clip) -> list[schema.LinkDocument]:
    return [filled(link, schema.LinkDocument) for link in clip.links]


def _values(clip: Clip, piece: Network) -> _Values:
    blocks = []
    for link in clip.links:
        sources, targets = _ends(piece, link.source, link.target)
        if not link.weights:
            continue
        if len(link.weights) != len(targets) or any(len(row) != len(sources) for row in link.weights):
            raise ModelError("A set of weights does not have the shape of its link.")
        values = np.array(link.weights, dtype=np.float64)  # NaN for None
        blocks.append(WeightBlock.of(sources, targets, values))
    return _Values(clip.biases, Start(blocks=tuple(blocks)))


def _pretty(value: Any, indent: int = 0) -> str:
    """Write JSON with a line for what fits into one."""
    flat = json.dumps(value, ensure_ascii=False)
    if len(flat) + indent <= _WIDE or not isinstance(value, dict | list):
        return flat
    if isinstance(value, dict):
        begin, end = "{}"
        items = [f"{json.dumps(key)}: {_pretty(item, indent + 1)}" for key, item in value.items()]
    else:
        begin, end = "[]"
        items = [_pretty(item, indent + 1) for item in value]
    inside = ",\n".join(" " * (indent + 1) + item for item in items)
    return f"{begin}\n{inside}\n{' ' * indent}{end}"
