"""Start values say the same whether they stand singly or as arrays; they are held to a plain mapping."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpviz.api import network as made
from bpviz.arrays import Array
from bpviz.errors import ModelError, SettingError
from bpviz.model import edits
from bpviz.model.compile import compile_network
from bpviz.model.edits.starts import MANY, gathered, start_in
from bpviz.model.impact import impact
from bpviz.model.spec import Address, BiasAddress, Network, Project, Start, WeightAddress, WeightBlock

NODES = tuple(f"n{at}" for at in range(6))
NUMBERS = st.floats(-9, 9)
ADDRESSES = st.builds(WeightAddress, st.sampled_from(NODES), st.sampled_from(NODES)) | st.builds(
    BiasAddress, st.sampled_from(NODES)
)


@st.composite
def blocks(draw: st.DrawFn) -> WeightBlock:
    sources, targets = (
        draw(st.lists(st.sampled_from(NODES), min_size=1, unique=True)) for _ in ("sources", "targets")
    )
    size = len(sources) * len(targets)
    numbers = draw(st.lists(NUMBERS | st.just(np.nan), min_size=size, max_size=size))
    return WeightBlock.of(sources, targets, np.reshape(numbers, (len(targets), len(sources))))


def of_block(block: WeightBlock) -> dict[Address, float]:
    there = np.argwhere(~np.isnan(block.array)).tolist()
    return {
        WeightAddress(block.sources[column], block.targets[row]): float(block.array[row, column])
        for row, column in there
    }


def everything(start: Start) -> dict[Address, float]:
    """All values by their addresses; none stands twice."""
    found: dict[Address, float] = {}
    for part in (dict(start.values), *map(of_block, start.blocks)):
        assert not found.keys() & part.keys()
        found |= part
    return found


@given(
    st.lists(
        st.tuples(st.just("values"), st.dictionaries(ADDRESSES, NUMBERS, max_size=5))
        | st.tuples(st.just("block"), blocks())
        | st.tuples(st.just("without"), ADDRESSES),
        max_size=8,
    )
)
def test_it_is_a_mapping_whatever_is_set_and_taken_away(changes: list[tuple[str, object]]) -> None:
    start, known = Start(), dict[Address, float]()
    for _, change in changes:
        if isinstance(change, WeightBlock):
            start, known = start.with_block(change), known | of_block(change)
        elif isinstance(change, Mapping):
            start, known = start.with_values(change), known | dict(change)
        elif isinstance(change, WeightAddress | BiasAddress):
            start = start.without(change)
            known.pop(change, None)
    assert everything(start) == known
    assert all(
        dict(start.values).get(address, start.in_blocks(address)) == value for address, value in known.items()
    )
    part = start.part(NODES[:4], NODES[2:])
    for row, column in np.ndindex(part.shape):
        value = known.get(WeightAddress(NODES[:4][column], NODES[2:][row]), np.nan)
        np.testing.assert_equal(part[row, column], value)


def test_a_block_is_a_value() -> None:
    block = WeightBlock.of(["a"], ["b"], np.array([[0.5]]))
    assert block == WeightBlock.of(["a"], ["b"], np.array([[0.5]]))
    assert hash(block) == hash(WeightBlock(("a",), ("b",), block.numbers))
    with pytest.raises(ValueError, match="read-only"):
        block.array[0, 0] = 1.0
    nan = np.array([[-np.nan]])
    assert WeightBlock.of(["a"], ["b"], nan) == WeightBlock.of(["a"], ["b"], -nan)


def test_a_block_of_another_shape_or_with_infinity_is_none() -> None:
    with pytest.raises(ModelError, match="shape of their nodes"):
        WeightBlock(("a",), ("b", "c"), bytes(8))
    with pytest.raises(ModelError, match="not a finite number"):
        WeightBlock.of(["a"], ["b"], np.array([[np.inf]]))


# A project in which one link is wide enough to stand as an array.


@pytest.fixture
def wide() -> Project:
    return Project(made(2, 40, 30, 1))


def weights_of(project: Project, source: int, target: int) -> dict[Address, float]:
    begin, end = project.network.layers[source].nodes, project.network.layers[target].nodes
    return {
        WeightAddress(a.id, b.id): 0.001 * (at * len(begin) + k)
        for at, b in enumerate(end)
        for k, a in enumerate(begin)
    }


def parameters(project: Project) -> Array:
    compiled = compile_network(project.network)
    return compiled.with_start(np.full(compiled.plan.size, 7.0), project.start)


def test_many_that_are_set_stand_as_an_array_and_mean_the_same(wide: Project) -> None:
    many = weights_of(wide, 1, 2)
    assert len(many) >= MANY
    few = weights_of(wide, 0, 1)
    after = edits.set_starts(wide, many | few)
    assert everything(after.start) == many | few
    assert dict(after.start.values) == few
    singly = replace(wide, start=Start(tuple((many | few).items())))
    np.testing.assert_array_equal(parameters(after), parameters(singly))
    assert gathered(wide.network, singly.start) == after.start


def test_an_array_holds_the_nodes_alone_that_have_values(wide: Project) -> None:
    begin, end = (wide.network.layers[at].nodes for at in (1, 2))
    many: dict[Address, float] = {WeightAddress(a.id, b.id): 0.5 for a in begin[3:] for b in end[1:29]}
    assert len(many) >= MANY

    after = edits.set_starts(wide, many)

    (block,) = after.start.blocks
    assert block.sources == tuple(node.id for node in begin[3:])
    assert block.targets == tuple(node.id for node in end[1:29])
    assert everything(after.start) == many


def test_all_weights_of_a_link_are_set_or_none(wide: Project) -> None:
    first, middle, last, _ = wide.network.layers
    removed = (middle.nodes[0].id, last.nodes[3].id)
    project = replace(wide, network=edits.remove_pairs(wide.network, [removed]))
    weights = np.arange(30.0 * 40).reshape(30, 40) / 1000
    after = edits.set_start_weights(project, {(middle.id, last.id): weights})
    assert everything(after.start).keys() == weights_of(wide, 1, 2).keys() - {WeightAddress(*removed)}
    for wrong in (np.inf, -2e6):
        with pytest.raises(SettingError, match="start value must be a number"):
            edits.set_start_weights(
                project, {(middle.id, last.id): np.where(weights == 0.004, wrong, weights)}
            )
    unseen = edits.set_start_weights(
        project, {(middle.id, last.id): np.where(weights == 0.12, np.nan, weights)}
    )
    assert unseen.start == after.start  # 0.12 stands for the pair that is removed
    assert first.size == 2


def test_an_edit_of_the_drawing_forgets_those_that_lost_their_pair(wide: Project) -> None:
    many = weights_of(wide, 1, 2)
    project = edits.set_starts(wide, many)
    middle, last = wide.network.layers[1], wide.network.layers[2]
    gone, pair = middle.nodes[5].id, (middle.nodes[0].id, last.nodes[3].id)

    def left(edit: Callable[[Network], Network], kept: Mapping[Address, float]) -> None:
        after = edits.on_network(edit)(project)
        assert everything(after.start) == kept
        assert start_in(after.network, after.start) == after.start
        np.testing.assert_array_equal(
            parameters(after), parameters(replace(after, start=Start(tuple(kept.items()))))
        )

    from_it = {WeightAddress(gone, node.id) for node in last.nodes}
    without_node: dict[Address, float] = {at: value for at, value in many.items() if at not in from_it}
    without_pair = {at: value for at, value in many.items() if at != WeightAddress(*pair)}
    left(lambda net: edits.remove_nodes(net, {gone}), without_node)
    left(lambda net: edits.remove_pairs(net, [pair]), without_pair)
    left(lambda net: edits.remove_layer(net, last.id), {})
    renamed = edits.on_network(lambda net: edits.rename(net, middle.id, "Other"))(project)
    assert renamed.start is project.start


def test_only_another_value_of_what_is_there_starts_a_run_again(wide: Project) -> None:
    many = weights_of(wide, 1, 2)
    project = edits.set_starts(wide, many)
    one = next(iter(many))
    gone = edits.on_network(lambda net: edits.remove_nodes(net, {net.layers[1].nodes[0].id}))(project)
    other = edits.set_start(project, one, 3.0)
    assert everything(other.start) == many | {one: 3.0}
    again = edits.set_start(other, one, many[one])
    assert again.start == project.start
    forgotten = edits.set_start(project, one, None)
    assert everything(forgotten.start) == {at: value for at, value in many.items() if at != one}
    singly = replace(project, start=Start(tuple(many.items())))
    for before, after, restarts in (
        (project, other, True),
        (project, forgotten, True),
        (forgotten, project, True),
        (project, edits.clear_start(project), True),
        (project, gone, False),
        (gone, project, False),
        (project, again, False),
        (project, singly, False),
        (singly, project, False),
    ):
        assert ("start value" in impact(before, after)[1]) is restarts


def test_a_drawing_without_a_place_for_any_has_no_blocks(wide: Project) -> None:
    project = edits.set_starts(wide, weights_of(wide, 1, 2))
    assert not start_in(Network(), project.start)
