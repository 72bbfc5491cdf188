"""Keep the masks of links right while nodes and layers come and go.

A mask is addressed by the ids of its nodes: a pair that stays keeps its state wherever
its nodes move to, a pair that is new starts unfrozen.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TypeAlias

import numpy as np

from bpviz.model.checks import check_size
from bpviz.model.common import ID, common_places
from bpviz.model.spec import Layer, Link, Network, PairMask

_Stay: TypeAlias = tuple[list[int], list[int]]
"""Places of the nodes that stay in a layer, after and before."""


def with_layers(network: Network, layers: Iterable[Layer], *, joined: bool = True) -> Network:
    """Return the network with these layers instead, and its links fitted to their nodes.

    A link goes when one of its layers does, or its last connection.

    Args:
        network: What to change.
        layers: In place of its own.
        joined: Nodes that are new in a layer are connected like its others, unless these are connected to
            few; otherwise they are not connected at all.

    Raises:
        ModelError: If the network would grow too large.
    """
    after = tuple(layers)
    ids = {layer.id for layer in after}
    check_size(after, [link.key for link in network.links if ids.issuperset(link.key)])
    before = {layer.id: layer for layer in network.layers}
    kept = {layer.id: layer for layer in after}
    stay = {at: _staying(before[at], layer) for at, layer in kept.items() if at in before}
    fitted = (
        _fitted(
            link,
            (kept[link.target], kept[link.source]),
            (stay[link.target], stay[link.source]),
            joined=joined,
        )
        for link in network.links
        if link.source in kept and link.target in kept
    )
    return Network(after, tuple(link for link in fitted if link is not None))


def with_layer(network: Network, changed: Layer) -> Network:
    """Return the network with one layer replaced by its successor of the same id."""
    return with_layers(network, (changed if layer.id == changed.id else layer for layer in network.layers))


def with_link(network: Network, link: Link) -> Network:
    """Return the network with a link added or replaced; it is dropped when no connection is left."""
    others = tuple(other for other in network.links if other.key != link.key)
    if is_empty(link):
        return replace(network, links=others)
    if len(others) == len(network.links):
        return replace(network, links=(*others, link))
    links = tuple(link if other.key == link.key else other for other in network.links)
    return replace(network, links=links)


def is_empty(link: Link) -> bool:
    """Whether a link has no connection left."""
    return link.removed.count == link.removed.targets * link.removed.sources


def _staying(old: Layer, new: Layer) -> _Stay | None:
    """Where nodes that stay in a layer stand after and before; None if they are all that there are."""
    if old.nodes is new.nodes:
        return None
    before, after = tuple(map(ID, old.nodes)), tuple(map(ID, new.nodes))
    return None if before == after else common_places(after, before)


def _fitted(
    link: Link, new: tuple[Layer, Layer], stay: tuple[_Stay | None, _Stay | None], *, joined: bool
) -> Link | None:
    """Fit a link to its target and source layer, of which both are there before and after."""
    if stay == (None, None):
        return link
    # A link of a few hand-picked connections stays so; otherwise a new node is connected like its neighbors.
    picked = not joined or 2 * link.removed.count >= link.removed.targets * link.removed.sources
    rows, columns = (
        (list(range(layer.size)),) * 2 if places is None else places
        for layer, places in zip(new, stay, strict=True)
    )
    nodes = rows, columns
    removed = _moved(link.removed, new, nodes, fill=picked)
    fitted = replace(link, removed=removed, frozen=_moved(link.frozen, new, nodes, fill=False))
    return None if is_empty(fitted) else fitted


def _moved(mask: PairMask, new: tuple[Layer, Layer], nodes: tuple[_Stay, _Stay], *, fill: bool) -> PairMask:
    """Carry a mask over to other nodes of the same two layers; one without pairs costs nothing."""
    if not mask.bits and not fill:
        return PairMask(new[0].size, new[1].size)
    (rows, old_rows), (columns, old_columns) = nodes
    down, across = np.zeros(new[0].size, dtype=np.bool_), np.zeros(new[1].size, dtype=np.bool_)
    down[rows], across[columns] = True, True
    if not mask.bits:  # of nearly every link; a million pairs need not be looked up
        return PairMask.of(~(down[:, np.newaxis] & across))
    result = np.full((new[0].size, new[1].size), fill, dtype=np.bool_)
    result[np.ix_(rows, columns)] = mask.array[np.ix_(old_rows, old_columns)]
    return PairMask.of(result)
