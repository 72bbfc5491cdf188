"""Layers and links as a directed graph: what comes before what, and what reaches what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from bpviz.errors import CycleError
from bpviz.model.spec import Layer, LinkKey, Network

_ROLE_ORDER = {"input": 0, "hidden": 1, "output": 2}


def followers(keys: Iterable[LinkKey]) -> dict[str, list[str]]:
    """For each layer id that links leave, the layer ids they lead to."""
    ahead: dict[str, list[str]] = defaultdict(list)
    for source, target in keys:
        ahead[source].append(target)
    return ahead


def path(keys: Iterable[LinkKey], start: str, end: str) -> tuple[str, ...]:
    """Return layer ids along a shortest way from one layer to another; empty if there is none."""
    ahead = followers(keys)
    came_from: dict[str, str | None] = {start: None}
    queue = [start]
    for at in queue:
        if at == end:
            return _walk_back(came_from, end)
        for following in ahead.get(at, ()):
            if following not in came_from:
                came_from[following] = at
                queue.append(following)
    return ()


def reached(keys: Iterable[LinkKey], start: str) -> set[str]:
    """Return every layer id that a signal from one layer reaches, itself included."""
    ahead = followers(keys)
    seen = {start}
    queue = [start]
    for at in queue:
        new = [following for following in ahead.get(at, ()) if following not in seen]
        seen.update(new)
        queue.extend(new)
    return seen


def depths(network: Network) -> dict[str, int]:
    """Return for each layer id the number of links on the longest way into it.

    Raises:
        CycleError: If links form a loop; it names the layers of one.
    """
    ahead = followers(link.key for link in network.links)
    waiting = {layer.id: 0 for layer in network.layers}
    for link in network.links:
        waiting[link.target] += 1
    depth = {layer_id: 0 for layer_id, links in waiting.items() if links == 0}
    queue = list(depth)
    for at in queue:
        for following in ahead.get(at, ()):
            depth[following] = max(depth.get(following, 0), depth[at] + 1)
            waiting[following] -= 1
            if waiting[following] == 0:
                queue.append(following)
    if len(queue) < len(network.layers):
        raise CycleError(_loop(network, {key for key, links in waiting.items() if links > 0}))
    return depth


def ordered_layers(network: Network) -> tuple[Layer, ...]:
    """Return the layers so that every link leads forward: input first, output last, else by depth.

    Layers of one depth keep the order in which they were created, so that the order of
    the parameters does not depend on the picture.

    Raises:
        CycleError: If links form a loop.
    """
    depth = depths(network)
    return tuple(sorted(network.layers, key=lambda layer: (_ROLE_ORDER[layer.role], depth[layer.id])))


def _walk_back(came_from: dict[str, str | None], end: str) -> tuple[str, ...]:
    way = []
    at: str | None = end
    while at is not None:
        way.append(at)
        at = came_from[at]
    return tuple(reversed(way))


def _loop(network: Network, stuck: set[str]) -> tuple[str, ...]:
    """Name the layers of one loop among layers that never got all their inputs."""
    names = {layer.id: layer.name or layer.role.capitalize() for layer in network.layers}
    keys = [link.key for link in network.links if link.source in stuck and link.target in stuck]
    for source, target in keys:
        back = path(keys, target, source)
        if back:
            return tuple(names[layer_id] for layer_id in (source, *back))
    raise AssertionError("layers that wait for each other form a loop")
