"""What two networks share, told by blocks as by an index for each parameter."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from functools import reduce
from itertools import product

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from bpviz.arrays import IntArray
from bpviz.engine.plan import Plan
from bpviz.model import edits, sharing
from bpviz.model.builder import layered_network
from bpviz.model.compile import Compiled, compile_network
from bpviz.model.edits.masks import with_layer
from bpviz.model.problems import network_problems
from bpviz.model.sharing import Shared, shared
from bpviz.model.spec import Network
from tests.model.drawings import MOVES, Move, networks, performed


def compiled(network: Network) -> Compiled:
    assume(not network_problems(network))
    return compile_network(network)


def indices(before: Compiled, after: Compiled) -> tuple[IntArray, IntArray]:
    """What is shared, told by an index for each parameter: where it stands before, and where after."""
    olds, news = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
    kept = [_common(before, after, layer) for layer in range(len(after.layer_ids))]
    for k, link in enumerate(after.plan.links):
        for (start, (columns, old_columns)), (end, (rows, old_rows)) in product(
            kept[link.source].items(), kept[link.target].items()
        ):
            old_link = before.links.get((start, end))
            if old_link is not None:
                new_at = _block(after.plan, k)[np.ix_(rows, columns)]
                old_at = _block(before.plan, old_link)[np.ix_(old_rows, old_columns)]
                both = after.plan.present[new_at] & before.plan.present[old_at]
                news.append(new_at[both])
                olds.append(old_at[both])
    for layer, groups in enumerate(kept):
        for old_layer, (nodes, old_nodes) in groups.items():
            if layer and old_layer:
                news.append(np.array(nodes) + after.plan.bias_slices[layer].start)
                olds.append(np.array(old_nodes) + before.plan.bias_slices[old_layer].start)
    return np.concatenate(olds), np.concatenate(news)


def _common(before: Compiled, after: Compiled, layer: int) -> dict[int, tuple[list[int], list[int]]]:
    found: dict[int, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    for at, node in enumerate(after.node_ids[layer]):
        if node in before.places:
            old_layer, position = before.places[node]
            found[old_layer][0].append(at)
            found[old_layer][1].append(position)
    return found


def _block(plan: Plan, link: int) -> IntArray:
    part = plan.weight_slices[link]
    return np.arange(part.start, part.stop, dtype=np.int64).reshape(plan.links[link].present.shape)


def check_against_indices(found: Shared, before: Compiled, after: Compiled) -> None:
    """All that the blocks say is what the indices say, both ways."""
    old, new = indices(before, after)
    numbers, untouched = np.arange(1.0, 1.0 + before.plan.size), -np.arange(1.0, 1.0 + after.plan.size)
    expected = untouched.copy()
    expected[new] = numbers[old]

    values = untouched.copy()
    found.carry(numbers, values)

    np.testing.assert_array_equal(values, expected)
    arrived, left = after.plan.present.copy(), before.plan.present.copy()
    arrived[new], left[old] = False, False
    np.testing.assert_array_equal(found.arrived, arrived)
    np.testing.assert_array_equal(found.back.arrived, left)
    home = np.full(before.plan.size, -1)
    found.back.carry(np.arange(after.plan.size), home)
    assert home[old].tolist() == new.tolist()
    assert np.count_nonzero(home >= 0) == len(new)


WAYS = {"as usual": (4, 128), "always by stretches": (2**62, 128), "always by indices": (0, 2**62)}
"""How blocks of many parts are told; whatever the way, they say the same."""


@pytest.fixture(params=WAYS)
def way(request: pytest.FixtureRequest) -> Iterator[str]:
    """One way to tell blocks, for a whole test and all its examples."""
    with pytest.MonkeyPatch.context() as patch:
        few, least = WAYS[request.param]
        patch.setattr(sharing, "_FEW", few)
        patch.setattr(sharing, "_LEAST", least)
        yield request.param


@pytest.mark.usefixtures("way")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(network=networks(), moves=st.lists(MOVES, min_size=1, max_size=3))
def test_parameters_are_shared_that_have_an_address_before_and_after_edits(
    network: Network, moves: list[Move]
) -> None:
    before, after = compiled(network), compiled(reduce(performed, moves, network))

    found = shared(before, after)

    check_against_indices(found, before, after)
    kept = [address for address in after.addresses() if address in before]
    values = np.full(after.plan.size, -1)
    found.carry(np.arange(before.plan.size), values)
    assert [before.index(address) for address in kept] == [values[after.index(at)] for at in kept]
    assert np.count_nonzero(values >= 0) == len(kept)


@pytest.mark.usefixtures("way")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(data=st.data())
def test_nodes_that_went_or_stand_in_another_order_leave_the_others_their_numbers(
    data: st.DataObject,
) -> None:
    network = layered_network(("x", "y"), (24, 30), 2)
    for layer in network.layers[1:3]:
        nodes = layer.nodes[: data.draw(st.integers(8, layer.size))]
        first, *others = data.draw(st.lists(st.sampled_from(nodes), min_size=1, max_size=4, unique=True))
        if data.draw(st.booleans(), "all in another order"):
            nodes = tuple(data.draw(st.permutations(nodes)))
        # The first of them comes to stand at the end, the others go.
        stay = [node for node in nodes if node != first and node not in others]
        network = with_layer(network, replace(layer, nodes=(*stay, first)))
    before, after = compile_network(layered_network(("x", "y"), (24, 30), 2)), compile_network(network)

    check_against_indices(shared(before, after), before, after)


@pytest.mark.usefixtures("way")
def test_a_pair_that_is_removed_before_or_after_is_not_shared(chain: Network) -> None:
    compiled_ones = [
        compile_network(edits.remove_pairs(chain, pairs))
        for pairs in ([("n5", "n9")], [("n6", "n9")], [("n2", "n5"), ("n7", "n10")], [])
    ]

    for before, after in product(compiled_ones, repeat=2):
        check_against_indices(shared(before, after), before, after)


def test_nodes_that_change_their_layer_keep_all_parameters(chain: Network) -> None:
    whole, apart = compile_network(chain), compile_network(edits.split_layer(chain, ["n6"], "l20"))

    for before, after in ((whole, apart), (apart, whole)):
        found = shared(before, after)
        check_against_indices(found, before, after)
        assert not found.arrived.any()
        assert not found.back.arrived.any()


@given(network=networks())
def test_a_network_shares_all_its_parameters_with_itself(network: Network) -> None:
    result = compiled(network)
    numbers, copy = np.arange(1.0, 1.0 + result.plan.size), np.zeros(result.plan.size)

    shared(result, result).carry(numbers, copy)

    np.testing.assert_array_equal(copy, np.where(result.plan.present, numbers, 0.0))


def test_of_a_wide_layer_that_lost_a_node_each_matrix_is_copied_in_two_parts() -> None:
    network = layered_network(("x", "y"), (200, 300), 2)
    before = compile_network(network)
    after = compile_network(edits.remove_nodes(network, [network.layers[1].nodes[90].id]))

    found = shared(before, after)

    shapes = [new.matrix(np.zeros(after.plan.size))[new.entries].shape for _, new, _ in found.blocks]
    assert shapes == [(90, 2), (109, 2), (300, 90), (300, 109), (2, 300), (90, 1), (109, 1), (300, 1), (2, 1)]
    assert all(isinstance(at, slice) for _, new, _ in found.blocks for at in new.entries)
