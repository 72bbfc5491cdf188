"""Layers whose nodes are the pixels of an image."""

from __future__ import annotations

from functools import lru_cache

from bpviz.data.images import NO_PLACES, Pixels, Places
from bpviz.model.spec import Layer


def shown_names(layer: Layer) -> tuple[str, ...]:
    """What the nodes of a layer show: their features, or else their names."""
    return tuple(node.feature or node.name for node in layer.nodes)


def layer_pixels(layer: Layer, places: Places = NO_PLACES) -> Pixels | None:
    """Find where the nodes of a layer stand in an image; None if they are no pixels."""
    return _found(shown_names(layer), places)


@lru_cache(maxsize=16)  # asked again with every picture of a drag
def _found(names: tuple[str, ...], places: Places) -> Pixels | None:
    return Pixels.of(names, places)
