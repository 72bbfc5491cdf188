"""Edits of start values, and which of them a drawing has a place for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Final

import numpy as np

from bpviz.arrays import Array
from bpviz.errors import ModelError, SettingError, grouped
from bpviz.model.edits.links import check_connected, connected_pairs, node_places, present_pairs
from bpviz.model.naming import node_label
from bpviz.model.spec import (
    Address,
    BiasAddress,
    LinkKey,
    Network,
    Project,
    Start,
    WeightAddress,
    WeightBlock,
)
from bpviz.plain import as_float, is_number

LARGEST_START = 1e6
"""Start values beyond this are refused: nothing finite would come of them."""

MANY: Final = 100
"""Weights between two layers that stand as one array; fewer stand one by one, for people to read in files."""


def set_start(project: Project, address: Address, value: float | None) -> Project:
    """Set the value a weight or bias starts from; None leaves it to the initializer again.

    Raises:
        ModelError: If there is no such weight or bias.
        SettingError: If the value is not a number of reasonable size.
    """
    if value is None:
        _check_exists(project.network, address)
        return replace(project, start=project.start.without(address))
    return set_starts(project, {address: value})


def set_starts(project: Project, values: Mapping[Address, float]) -> Project:
    """Set the values that weights and biases start from, all or none.

    Raises:
        ModelError: If there is no such weight or bias.
        SettingError: If a value is not a number of reasonable size.
    """
    found = existing(project.network, values)
    for address in values:
        if address not in found:
            _check_exists(project.network, address)
    own = {address: _start_value(value) for address, value in values.items()}
    return replace(project, start=gathered(project.network, project.start.with_values(own)))


def set_start_weights(project: Project, weights: Mapping[LinkKey, Array]) -> Project:
    """Set the values that all weights of some links start from, all or none.

    Args:
        project: What to change.
        weights: By link (targets, sources); what stands for removed pairs does not count.

    Raises:
        SettingError: If a value is not a number of reasonable size.
    """
    start, network = project.start, project.network
    for (source, target), values in weights.items():
        sources, targets = ([node.id for node in network.layer(at).nodes] for at in (source, target))
        there = present_pairs(network, sources, targets)
        counted = values[there]
        if not (np.isfinite(counted) & (np.abs(counted) <= LARGEST_START)).all():
            raise _out_of_range()
        start = start.with_block(WeightBlock.of(sources, targets, np.where(there, values, np.nan)))
    return replace(project, start=start)


def set_start_blocks(
    project: Project, weights: Iterable[WeightBlock], biases: Mapping[str, float] | None = None
) -> Project:
    """Set the values that the weights of some blocks and the biases of some nodes start from, all or none.

    Values of few weights stand one by one, as those that `set_starts` sets.

    Raises:
        ModelError: If there is no such weight or bias.
        SettingError: If a value is not a number of reasonable size.
    """
    blocks: list[WeightBlock] = []
    single: dict[Address, float] = {}
    for block in weights:
        known = ~np.isnan(block.array)
        if (np.abs(block.array[known]) > LARGEST_START).any():
            raise _out_of_range()
        if np.count_nonzero(known) < MANY:
            single.update(block.values().items())
        elif (known & ~present_pairs(project.network, block.sources, block.targets)).any():
            check_connected(project.network, [(at.source, at.target) for at in block.values()])
        else:
            blocks.append(block)
    start = (set_starts(project, single) if single else project).start
    if biases:
        start = start.with_values(_bias_values(project.network, biases))
    for block in blocks:
        start = start.with_block(block)
    return replace(project, start=start)


def clear_start(project: Project) -> Project:
    """Forget all start values that were set."""
    return replace(project, start=Start())


def start_in(network: Network, start: Start) -> Start:
    """Return those of some start values for which a drawing has a place."""
    kept = existing(network, (address for address, _ in start.values))
    values = tuple(pair for pair in start.values if pair[0] in kept)
    blocks = (_block_in(network, block) for block in start.blocks)
    return Start(values, tuple(block for block in blocks if block is not None))


def gathered(network: Network, start: Start) -> Start:
    """Let start values of many weights between two layers stand as one array."""
    if len(start.values) < MANY:
        return start
    layers = {node.id: layer.id for layer in network.layers for node in layer.nodes}
    links: dict[tuple[str | None, str | None], list[WeightAddress]] = defaultdict(list)
    for at, _ in start.values:
        if isinstance(at, WeightAddress):
            links[layers.get(at.source), layers.get(at.target)].append(at)
    for (source, target), weights in links.items():
        if len(weights) >= MANY and source is not None and target is not None:
            # Of those nodes alone: all the others of two wide layers would be megabytes of nothing.
            ends = {at.source for at in weights}, {at.target for at in weights}
            sources, targets = (
                [node.id for node in network.layer(layer).nodes if node.id in own]
                for layer, own in zip((source, target), ends, strict=True)
            )
            nothing = np.full((len(targets), len(sources)), np.nan)
            start = start.with_block(WeightBlock.of(sources, targets, nothing))
    return start


def existing(network: Network, addresses: Iterable[Address]) -> set[Address]:
    """Return those of some addresses at which a drawing has a weight or bias."""
    wanted = set(addresses)
    if not wanted:
        return wanted
    has_bias = _with_bias(network)
    pairs = [(a.source, a.target) for a in wanted if not isinstance(a, BiasAddress)]
    there = connected_pairs(network, pairs) if pairs else ()

    def exists(address: Address) -> bool:
        if isinstance(address, BiasAddress):
            return has_bias(address.node)
        return (address.source, address.target) in there

    return set(filter(exists, wanted))


def _block_in(network: Network, block: WeightBlock) -> WeightBlock | None:
    """A block without what a drawing has no place for; None if nothing is left."""
    nodes = {node.id for layer in network.layers for node in layer.nodes}
    sources = [node for node in block.sources if node in nodes]
    targets = [node for node in block.targets if node in nodes]
    own = block.part(sources, targets)
    kept = np.where(present_pairs(network, sources, targets), own, np.nan)
    if np.isnan(kept).all():
        return None
    whole = (len(sources), len(targets)) == (len(block.sources), len(block.targets))
    same = whole and not (np.isnan(kept) & ~np.isnan(own)).any()
    return block if same else WeightBlock.of(sources, targets, kept)


def _start_value(value: float) -> float:
    value = as_float(value)
    if not is_number(value) or abs(value) > LARGEST_START:
        raise _out_of_range()
    return value


def _out_of_range() -> SettingError:
    most = grouped(LARGEST_START, ".0f")
    return SettingError(f"A start value must be a number between −{most} and {most}.")


def _bias_values(network: Network, biases: Mapping[str, float]) -> dict[Address, float]:
    """Start values of biases by address, looked at as a whole: a wide layer has a thousand.

    Raises:
        ModelError: If a node has no bias.
        SettingError: If a value is not a number of reasonable size.
    """
    has_bias = _with_bias(network)
    for node in biases:
        if not has_bias(node):
            _check_exists(network, BiasAddress(node))
    if not (np.abs(np.array(list(biases.values()), dtype=np.float64)) <= LARGEST_START).all():
        raise _out_of_range()
    return {BiasAddress(node): value for node, value in biases.items()}


def _with_bias(network: Network) -> Callable[[str], bool]:
    """Tell by its id whether a node is there and has a bias."""
    places = node_places(network)
    inputs = {layer.id for layer in network.layers if layer.role == "input"}
    return lambda node: node in places and places[node][0] not in inputs


def _check_exists(network: Network, address: Address) -> None:
    if not isinstance(address, BiasAddress):
        check_connected(network, [(address.source, address.target)])
    elif network.layer_of(address.node).role == "input":
        raise ModelError(f"{node_label(network, address.node)} has no bias; it passes on what it is given.")
