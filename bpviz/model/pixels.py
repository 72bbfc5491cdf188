"""Layers whose nodes are the pixels of an image."""

from __future__ import annotations

from functools import lru_cache

from bpviz.data.images import NO_PLACES, Pixels, Places
from bpviz.model.common import kept_by_identity
from bpviz.model.spec import Layer, Node


def shown_names(layer: Layer) -> tuple[str, ...]:
    """What the nodes of a layer show: their features, or else their names."""
    return _shown(layer.nodes)


def _shown(nodes: tuple[Node, ...]) -> tuple[str, ...]:
    return tuple(node.feature or node.name for node in nodes)


def layer_pixels(layer: Layer, places: Places = NO_PLACES) -> Pixels | None:
    """Find where the nodes of a layer stand in an image; None if they are no pixels."""
    return _pixels(layer.nodes, places)


@kept_by_identity(16)  # most edits leave most layers as they are
def _pixels(nodes: tuple[Node, ...], places: Places) -> Pixels | None:
    return _found(_shown(nodes), places)


@lru_cache(maxsize=16)  # asked again with every picture of a drag
def _found(names: tuple[str, ...], places: Places) -> Pixels | None:
    return Pixels.of(names, places)
