"""Weights that are carried as blocks are those that would be carried one by one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from unittest.mock import patch
from zlib import crc32

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpviz.arrays import Array
from bpviz.errors import ModelError, SettingError
from bpviz.model import edits
from bpviz.model.compile import compile_network
from bpviz.model.edits import Carried, starts
from bpviz.model.edits.blocks import blocks_among, connect_blocks
from bpviz.model.edits.carrying import BlockValues, CarriedWeights
from bpviz.model.edits.links import connect_pairs, pairs_among
from bpviz.model.naming import counting_from
from bpviz.model.problems import network_problems
from bpviz.model.spec import Address, BiasAddress, Network, Pair, Project, Start, WeightAddress, WeightBlock
from tests.model.drawings import networks
from tests.model.edits.test_columns import wires


def some_value(address: Address) -> float | None:
    """A number of its own for nearly every address; some have none, and some no finite one."""
    number = crc32(repr(address).encode())
    return {0: None, 1: np.nan, 2: np.inf}.get(number % 11, number % 100_003 / 7)


@dataclass(frozen=True)
class InBlocks:
    """The same numbers, found as blocks."""

    network: Network

    def __call__(self, address: Address) -> float | None:
        raise AssertionError(f"{address} is looked up by itself")

    def biases(self, nodes: Sequence[str]) -> Array:
        return np.array([some_value(BiasAddress(node)) for node in nodes], dtype=np.float64)

    def weights(self, sources: Sequence[str], targets: Sequence[str]) -> Array:
        there = pairs_among(self.network, set(sources), set(targets))
        rows = [
            [some_value(WeightAddress(*pair)) if pair in there else None for pair in line]
            for line in ([(a, b) for a in sources] for b in targets)
        ]
        return np.array(rows, dtype=np.float64)


@contextmanager
def many(number: int) -> Iterator[None]:
    """Let so many weights of two layers stand as an array, that small drawings have some, too."""
    with patch.object(starts, "MANY", number):
        yield


def values(start: Start) -> dict[Address, float]:
    """Every value that is set, by address; each must be set once."""
    found: dict[Address, float] = dict(start.values)
    assert len(found) == len(start.values)
    for block in start.blocks:
        own = block.values()
        assert found.keys().isdisjoint(own)
        found.update(own.items())
    return found


def copied_pairs(
    network: Network, twins: Mapping[str, str], meant: set[str], joined: set[str]
) -> dict[Pair, Pair]:
    """Of each connection of a copy the one that it copies, found one by one."""
    found = {}
    for pair in wires(network):
        new = (twins.get(pair[0], pair[0]), twins.get(pair[1], pair[1]))
        if new != pair and (meant.issuperset(pair) or not joined.isdisjoint(pair)):
            found[new] = pair
    return found


def carried_one_by_one(project: Project, network: Network, origins: Mapping[Address, Address]) -> Project:
    """Set every value by its own address."""
    there = starts.existing(project.network, origins)
    found = {new: some_value(old) for new, old in origins.items() if new not in there}
    known = {new: value for new, value in found.items() if value is not None and np.isfinite(value)}
    return edits.set_starts(edits.on_network(lambda _network: network)(project), known)


@given(network=networks(), data=st.data(), outer=st.booleans(), least=st.sampled_from([1, 4, 1000]))
def test_copies_in_blocks_are_those_one_by_one(
    network: Network, data: st.DataObject, outer: bool, least: int
) -> None:
    home = {node.id: layer for layer in network.layers for node in layer.nodes}
    nodes = data.draw(st.sets(st.sampled_from(sorted(home))))
    layers = data.draw(st.sets(st.sampled_from(sorted(layer.id for layer in network.layers))))
    meant = nodes | {node for node, layer in home.items() if layer.id in layers}
    hidden = {node for node in meant if home[node].role == "hidden"}
    if not hidden:
        return
    alone = {node for node in hidden if not meant.issuperset(other.id for other in home[node].nodes)}
    project = Project(network)

    made = edits.duplicate(network, nodes, layers, counting_from(1000), outer=outer)

    twins = {old: new for new, old in made.biases.items()}
    assert twins.keys() == hidden
    assert made.nodes == set(twins.values())
    expected = copied_pairs(network, twins, meant, hidden if outer else alone)
    origins: dict[Address, Address] = {
        WeightAddress(*new): WeightAddress(*old) for new, old in expected.items()
    }
    origins.update((BiasAddress(new), BiasAddress(old)) for old, new in twins.items())
    assert made.origins == origins
    before = wires(network)
    assert wires(made.network) == before | {new: before[old] for new, old in expected.items()}
    slow = carried_one_by_one(project, made.network, origins)
    with many(least):
        for value_of in (some_value, InBlocks(network)):
            done = edits.carry(project, made, value_of)
            assert done.network == slow.network
            assert values(done.start) == values(slow.start)


@given(network=networks(), data=st.data())
def test_pairs_connected_in_blocks_are_those_connected_one_by_one(
    network: Network, data: st.DataObject
) -> None:
    ids = sorted(node.id for layer in network.layers for node in layer.nodes)
    inside, touching, ends = (data.draw(st.sets(st.sampled_from(ids))) for _ in range(3))
    before = wires(network)

    blocks = blocks_among(network, inside, touching, ends)

    pairs = [
        (block.sources[column], block.targets[row], bool(block.frozen[row, column]))
        for block in blocks
        for row, column in np.argwhere(block.there).tolist()
    ]
    expected = {
        (*pair, frozen)
        for pair, frozen in before.items()
        if not ends.isdisjoint(pair) and (inside.issuperset(pair) or not touching.isdisjoint(pair))
    }
    assert len(pairs) == len(expected)
    assert set(pairs) == expected
    assert all(block.there.any(axis=0).all() and block.there.any(axis=1).all() for block in blocks)
    bare = replace(network, links=())
    frozen = [(a, b) for a, b, held in pairs if held]
    assert wires(connect_blocks(bare, blocks)) == wires(
        connect_pairs(bare, [(a, b) for a, b, _ in pairs], frozen)
    )


@given(network=networks(), seed=st.integers(0, 99), data=st.data())
def test_weights_and_biases_of_a_compiled_network_are_those_at_their_addresses(
    network: Network, seed: int, data: st.DataObject
) -> None:
    if network_problems(network):
        return
    compiled = compile_network(network)
    parameters = np.random.default_rng(seed).normal(size=compiled.plan.size).astype(np.float32)
    ids = [*sorted(node.id for layer in network.layers for node in layer.nodes), "nobody"]
    sources, targets = (data.draw(st.lists(st.sampled_from(ids), unique=True)) for _ in range(2))

    found = compiled.weights(parameters, sources, targets)

    assert found.shape == (len(targets), len(sources))
    assert found.dtype == np.float64
    for row, target in enumerate(targets):
        for column, source in enumerate(sources):
            address = WeightAddress(source, target)
            if address in compiled:
                assert found[row, column] == parameters[compiled.index(address)]
            else:
                assert np.isnan(found[row, column])
    biases = compiled.biases(parameters, sources)
    assert biases.dtype == np.float64
    for node, bias in zip(sources, biases.tolist(), strict=True):
        known = BiasAddress(node) in compiled
        assert bias == parameters[compiled.index(BiasAddress(node))] if known else np.isnan(bias)


@pytest.mark.parametrize("least", [1, 1000])
def test_what_the_drawing_had_before_keeps_its_own_value(chain: Network, least: int) -> None:
    project = edits.set_start(Project(chain), WeightAddress("n2", "n5"), 3.0)
    ends = ("n2", "n3"), ("n5", "n6")
    there = np.array([[True, False], [True, True]])
    thinned = edits.on_network(lambda network: edits.remove_pairs(network, [("n2", "n6")]))(project)
    made = Carried(chain, (CarriedWeights(*ends, ("n5", "n6"), ("n9", "n10"), there),), {"n5": "n9"})

    with many(least):
        done = edits.carry(thinned, made, lambda _address: 7.0)

    # n5 and both of its weights were there, and of those of n6 the one that comes from n3.
    assert values(done.start) == {WeightAddress("n2", "n5"): 3.0, WeightAddress("n2", "n6"): 7.0}


@pytest.mark.parametrize("least", [1, 1000])
def test_start_values_in_blocks_are_refused_as_others_are(chain: Network, least: int) -> None:
    project = Project(edits.remove_pairs(chain, [("n2", "n6")]))

    def block(value: float) -> WeightBlock:
        return WeightBlock.of(("n2", "n3"), ("n6",), np.array([[value, 1.0]]))

    with many(least):
        with pytest.raises(ModelError, match="no connection from"):
            starts.set_start_blocks(project, [block(1.0)])
        with pytest.raises(SettingError, match="between"):
            starts.set_start_blocks(Project(chain), [block(1e7)])
        with pytest.raises(ModelError, match="no bias"):
            starts.set_start_blocks(project, [block(np.nan)], {"n2": 1.0})
        with pytest.raises(ModelError, match="no longer"):
            starts.set_start_blocks(project, [], {"nobody": 1.0})
        for value in (1e7, np.nan):
            with pytest.raises(SettingError, match="between"):
                starts.set_start_blocks(project, [], {"n5": 1.0, "n6": value})
        done = starts.set_start_blocks(project, [block(np.nan)], {"n6": 2.0})
    assert values(done.start) == {WeightAddress("n3", "n6"): 1.0, BiasAddress("n6"): 2.0}


def test_who_finds_blocks_is_known_from_who_does_not(chain: Network) -> None:
    assert isinstance(InBlocks(chain), BlockValues)
    assert not isinstance(some_value, BlockValues)
