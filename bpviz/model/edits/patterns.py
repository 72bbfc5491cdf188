"""Edits of many connections at once: the patterns by which two layers are linked, and pruning.

To add a pattern, add an entry to `PATTERNS`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from math import isfinite
from typing import Final

import numpy as np

from bpviz.arrays import BoolArray
from bpviz.engine.options import Option, Options, resolve
from bpviz.errors import ModelError, SettingError
from bpviz.model.edits.carrying import ValueOf
from bpviz.model.edits.layers import check_direction
from bpviz.model.edits.links import pairs_among, remove_pairs
from bpviz.model.edits.masks import with_link
from bpviz.model.spec import Link, Network, Pair, PairMask, WeightAddress
from bpviz.plain import is_number
from bpviz.registry import Registry

_LARGEST_SEED: Final = 2**32 - 1
_WIDEST: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Pattern:
    """A way to link two layers.

    Attributes:
        name: Key; never renamed.
        label: What menus show.
        about: What it does, in one sentence.
        pairs: (targets, sources, options) to a boolean array (targets, sources), True where two nodes are
            connected; at least once.
        options: What it can be set by.
    """

    name: str
    label: str
    about: str
    pairs: Callable[[int, int, Mapping[str, float]], BoolArray]
    options: tuple[Option, ...] = ()


def _dense(targets: int, sources: int, _options: Mapping[str, float]) -> BoolArray:
    return np.ones((targets, sources), dtype=np.bool_)


def _one_to_one(targets: int, sources: int, _options: Mapping[str, float]) -> BoolArray:
    pairs = np.zeros((targets, sources), dtype=np.bool_)
    most = max(targets, sources)
    at = np.arange(most)
    pairs[at * targets // most, at * sources // most] = True
    return pairs


def _random(targets: int, sources: int, options: Mapping[str, float]) -> BoolArray:
    pairs = np.zeros(targets * sources, dtype=np.bool_)
    count = max(1, round(options["share"] * pairs.size))
    chosen = np.random.default_rng(int(options["seed"])).permutation(pairs.size)[:count]
    pairs[chosen] = True
    return pairs.reshape(targets, sources)


def _local(targets: int, sources: int, options: Mapping[str, float]) -> BoolArray:
    centers = (np.arange(targets) + 0.5) * sources / targets - 0.5
    gaps = np.abs(np.arange(sources) - centers[:, None])
    nearest = gaps == gaps.min(axis=1, keepdims=True)
    pairs: BoolArray = (gaps < options["window"] / 2) | nearest
    return pairs


PATTERNS: Final = Registry(
    "pattern",
    Pattern("dense", "All pairs", "Every node is connected to every node.", _dense),
    Pattern(
        "one_to_one",
        "One to one",
        "The first node is connected to the first, the second to the second; a longer layer shares.",
        _one_to_one,
    ),
    Pattern(
        "random",
        "Random",
        "A share of all pairs is connected, drawn by a seed.",
        _random,
        (
            Option("share", "Share", 0.5, 0.0, 1.0, "How many of all pairs are connected; at least one."),
            Option("seed", "Seed", 0, 0, _LARGEST_SEED, "Another whole number draws other pairs."),
        ),
    ),
    Pattern(
        "local",
        "Local",
        "Every node is connected to those at its own height in the layer before.",
        _local,
        (Option("window", "Window", 3, 1, _WIDEST, "How many neighbors a node sees; at least the nearest."),),
    ),
)


def link_layers(
    network: Network, source: str, target: str, pattern: str = "dense", options: Options = ()
) -> Network:
    """Link two layers by a pattern; pairs that stay connected keep their weight, and stay frozen.

    Args:
        network: What to change.
        source: Id of the layer the signals leave.
        target: Id of the layer they enter.
        pattern: Entry of `PATTERNS`.
        options: Its settings, by name.

    Raises:
        UnknownNameError: If there is no such pattern, or it has no such setting.
        SettingError: If a setting is outside what it may be.
        CycleError: If the target already leads to the source.
        ModelError: If the link would enter the input or leave the output, or a layer is empty.
    """
    entry = PATTERNS[pattern]
    start, end = network.layer(source), network.layer(target)
    check_direction(network, start, end)
    if not start.nodes or not end.nodes:
        raise ModelError("A layer without nodes can't be connected; add a node first.")
    pairs = entry.pairs(end.size, start.size, resolve(entry, options))
    present = network.link(source, target) or Link.dense(start, end)
    frozen = present.frozen.array & pairs
    return with_link(network, replace(present, removed=PairMask.of(~pairs), frozen=PairMask.of(frozen)))


def prune(
    network: Network, value_of: ValueOf, share: float, among: Collection[Pair] | None = None
) -> Network:
    """Remove the weakest connections, those with the smallest |weight|.

    Frozen ones stay, and of each link the strongest, so that no layer is cut off.

    Args:
        network: What to change.
        value_of: Finds each weight; one that is unknown is taken for 0, one that is not finite for strong.
        share: How many of them go, 0 to 1.
        among: The connections to choose from; all by default.

    Raises:
        SettingError: If the share is none.
    """
    if not is_number(share) or not 0 <= share <= 1:
        raise SettingError("The share to prune must be a number from 0 to 1, such as 0.2 for a fifth.")
    nodes = {node.id for layer in network.layers for node in layer.nodes}
    layers = {node.id: layer.id for layer in network.layers for node in layer.nodes}
    pairs = pairs_among(network, nodes, nodes)
    sizes = {pair: _size(value_of(WeightAddress(*pair))) for pair in pairs}
    strongest: dict[tuple[str, str], Pair] = {}
    for pair in sorted(pairs, key=sizes.__getitem__):
        strongest[layers[pair[0]], layers[pair[1]]] = pair
    kept = set(strongest.values())
    chosen = [pair for pair, frozen in pairs.items() if not frozen and (among is None or pair in among)]
    weakest = sorted(chosen, key=sizes.__getitem__)[: round(share * len(chosen))]
    return remove_pairs(network, [pair for pair in weakest if pair not in kept])


def _size(value: float | None) -> float:
    return 0.0 if value is None else abs(value) if isfinite(value) else float("inf")
