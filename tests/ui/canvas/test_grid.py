"""Where a connection is follows from its number, as counting them all one by one would say."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bpviz.arrays import IntArray
from bpviz.model import edits
from bpviz.model.builder import layered_network
from bpviz.model.compile import compile_network
from bpviz.model.spec import Network, PairMask
from bpviz.training.snapshot import Snapshot
from bpviz.ui.canvas.grid import Rows
from bpviz.ui.canvas.looks import Emphasis
from bpviz.ui.canvas.placement import Placement
from bpviz.ui.canvas.topology import Topology
from bpviz.ui.canvas.values import Places, Reader
from bpviz.ui.canvas.views import WEIGHTS
from bpviz.ui.document import Selection
from tests.model.drawings import networks


def counted(network: Network) -> list[tuple[str, str, int, bool]]:
    """Every connection, one by one: its ends, its link, and whether it is frozen."""
    found = []
    for at, link in enumerate(network.links):
        sources, targets = network.layer(link.source).nodes, network.layer(link.target).nodes
        removed, frozen = link.removed.array, link.frozen.array
        for row, target in enumerate(targets):
            for column, source in enumerate(sources):
                if not removed[row, column]:
                    found.append((source.id, target.id, at, bool(frozen[row, column])))
    return found


@settings(max_examples=40)
@given(network=networks(), draw=st.data())
def test_some_connections_are_where_counting_finds_them(network: Network, draw: st.DataObject) -> None:
    topology, all_of_them = Topology.of(network), counted(network)
    assert topology.pair_count == len(all_of_them)
    few = draw.draw(st.lists(st.integers(0, max(len(all_of_them) - 1, 0)), max_size=9))
    numbers = np.array(few if all_of_them else [], dtype=np.int64)
    (source, target), link = topology.ends(numbers), topology.link_of(numbers)
    frozen = topology.frozen_of(numbers)
    for place, k in enumerate(numbers.tolist()):
        ends = topology.node_ids[source[place]], topology.node_ids[target[place]]
        assert (*ends, link[place], frozen[place]) == all_of_them[k]
        assert topology.pair(k) == ends


@settings(max_examples=40)
@given(network=networks(), draw=st.data())
def test_what_enters_some_nodes_comes_node_by_node(network: Network, draw: st.DataObject) -> None:
    topology = Topology.of(network)
    count = len(topology.node_ids)
    first = draw.draw(st.integers(0, count))
    stop = draw.draw(st.integers(first, count))
    wanted = [k for node in range(first, stop) for k in np.flatnonzero(topology.target == node).tolist()]
    assert topology.into(first, stop).tolist() == wanted
    for layer, numbers in topology.layer_slices.items():
        assert topology.count_into(layer) == topology.into(numbers.start, numbers.stop).size


@settings(max_examples=40)
@given(network=networks(), draw=st.data())
def test_what_stands_back_is_what_is_not_joined_with_the_selection(
    network: Network, draw: st.DataObject
) -> None:
    topology, all_of_them = Topology.of(network), counted(network)
    nodes = frozenset(draw.draw(st.lists(st.sampled_from([*topology.node_ids, "gone"]), max_size=3)))
    pairs = [(source, target) for source, target, *_ in all_of_them]
    own = frozenset(draw.draw(st.lists(st.sampled_from(pairs), max_size=2)) if pairs else [])
    emphasis = Emphasis.of(topology, Selection(nodes, own))
    kept = [pair for pair in pairs if pair in own or nodes & set(pair)] if nodes or own else pairs
    assert [pairs[k] for k in np.flatnonzero(~emphasis.pairs)] == kept
    bright = {node for pair in kept for node in pair} | nodes if nodes or own else set(topology.node_ids)
    assert {topology.node_ids[k] for k in np.flatnonzero(~emphasis.nodes)} == bright - {"gone"}


def test_an_edit_counts_only_the_link_that_it_changed() -> None:
    network = layered_network(("x", "y"), (3, 4), 1)
    (x, *_), (a, *_) = (layer.nodes for layer in network.layers[:2])
    before = Topology.of(network)
    after = Topology.of(edits.remove_pairs(network, [(x.id, a.id)]), before=before)
    assert [new.rows is old.rows for new, old in zip(after.grids, before.grids, strict=True)] == [
        False,
        True,
        True,
    ]
    assert after.pair_count == before.pair_count - 1
    back = Topology.of(network, before=after)
    assert back.find((x.id, a.id)) == before.find((x.id, a.id))


def test_only_pairs_that_are_lacking_are_kept() -> None:
    (link,) = layered_network(("x", "y"), (), 2).links
    whole = Rows.of(link)
    assert (whole.lacking.size, whole.starts.tolist(), whole.count) == (0, [0, 2, 4], 4)
    removed = PairMask.of(np.array([[True, False], [True, False]]))
    thin = Rows.of(replace(link, removed=removed))
    assert (thin.lacking.tolist(), thin.starts.tolist(), thin.count) == ([0, 2], [0, 1, 2], 2)
    assert thin.cells(np.array([0, 1])).tolist() == [1, 3]


def test_an_edit_of_names_and_places_looks_nothing_up_again(monkeypatch: pytest.MonkeyPatch) -> None:
    network = layered_network(("x", "y"), (3, 4), 1)
    before = Placement.of(Topology.of(network), {})
    renamed = edits.rename(network, network.layers[1].id, "Another")
    after = Placement.of(replace(before.topology, network=renamed), {})
    assert before.seen is after.seen
    assert before.topology.sampled is after.topology.sampled
    looked: list[int] = []
    look_up = Places._look_up

    def counted_look_up(self: Places, pairs: IntArray) -> IntArray:
        looked.append(pairs.size)
        return look_up(self, pairs)

    monkeypatch.setattr(Places, "_look_up", counted_look_up)
    reader, compiled = Reader(), compile_network(network)
    values = np.arange(compiled.plan.size, dtype=np.float64)
    shot = Snapshot(0, 0, 0.0, "reference", compiled, 0.0, 0.0, parameters=values)
    first, second = (reader.read(shot, None, at.topology, WEIGHTS) for at in (before, after))
    np.testing.assert_array_equal(first.some(before.seen), second.some(after.seen))
    assert looked == [before.seen.size]
