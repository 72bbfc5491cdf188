"""Where things are, and what is nearest to a point."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bpviz.arrays import IntArray
from bpviz.model import edits
from bpviz.model.builder import layered_network
from bpviz.model.spec import Network
from bpviz.ui.canvas.placement import Placement
from bpviz.ui.canvas.topology import Topology
from tests.model.drawings import networks


def _placed(network: Network, **scrolled: int) -> Placement:
    return Placement.of(Topology.of(network), scrolled)


@settings(max_examples=25)
@given(network=networks(), number=st.integers(0, 500), point=st.floats(0.1, 0.9))
def test_a_point_on_a_connection_finds_one_that_passes_there(
    network: Network, number: int, point: float
) -> None:
    placement = _placed(network)
    every = np.arange(placement.topology.pair_count)
    if not every.size:
        return
    line = placement.polylines(np.array([number % every.size]))[0]
    at = int(point * (len(line) - 1))
    x, y = (line[at] + line[at + 1]) / 2

    found, _ = placement.nearest_pair(x, y, 0.5, every)

    assert found is not None
    points = placement.polylines(np.array([found]))[0]
    fine = np.concatenate([np.linspace(a, b, 50) for a, b in pairwise(points)])
    assert np.hypot(*(fine - (x, y)).T).min() <= 10.0


def test_far_from_every_connection_there_is_none() -> None:
    placement = _placed(layered_network(("x",), (2,), 1))
    assert placement.nearest_pair(0.0, 900.0, 6.0, np.arange(4))[0] is None
    assert placement.nearest_pair(0.0, 0.0, 6.0, np.arange(0))[0] is None


@pytest.mark.parametrize("height", [2, 6, 12])
def test_a_skipping_connection_passes_above_the_columns_between(height: int) -> None:
    network = layered_network(("x", "y"), (height, height), 1)
    network = edits.connect(network, network.layers[0].nodes[0].id, network.layers[3].nodes[0].id)
    placement = _placed(network)
    k = placement.topology.find((network.layers[0].nodes[0].id, network.layers[3].nodes[0].id))
    assert k is not None
    assert placement.curved(np.array([k])).all()
    line = placement.polylines(np.array([k]))[0]
    for layer in network.layers[1:3]:
        at_column = np.interp(layer.x, line[:, 0], line[:, 1])
        assert at_column < min(node.y for node in layer.nodes) - 18


def test_few_connections_are_curves_and_many_are_straight() -> None:
    few = _placed(layered_network(("x", "y"), (8, 8), 1))
    assert few.curved(few.seen).all()
    many = _placed(layered_network(("x", "y"), (8, 8, 8), 1))
    assert not many.curved(many.seen).any()


def test_of_many_connections_only_a_few_that_skip_are_curves() -> None:
    network = layered_network(("x", "y"), (8, 8, 8), 1)
    ends = (network.layers[0].nodes[0].id, network.layers[3].nodes[0].id)
    one = _placed(edits.connect(network, *ends))
    assert one.seen[one.curved(one.seen)].tolist() == [one.topology.find(ends)]
    wide = layered_network(("x", "y"), (12, 8, 12), 1)
    many = _placed(edits.connect_layers(wide, wide.layers[1].id, wide.layers[3].id))
    assert not many.curved(many.seen).any(), "144 curves would cost too much"


def test_rows_out_of_sight_have_no_lines() -> None:
    network = layered_network([f"f{k}" for k in range(100)], (2,), 1)
    placement = _placed(network, **{network.layers[0].id: 10})
    column = placement.columns[network.layers[0].id]
    seen = np.unique(placement.topology.source[placement.seen])
    np.testing.assert_array_equal(seen[: column.shown], np.arange(10, 10 + column.shown))
    np.testing.assert_array_equal(seen[column.shown :], [100, 101])
    assert np.all(np.diff(placement.seen) > 0)


def test_a_strip_shows_the_rows_of_its_column_that_are_in_sight() -> None:
    network = layered_network([f"f{k}" for k in range(12)], (90,), 1)
    placement = _placed(network, **{network.layers[1].id: 15})
    table = placement.tables[network.layers[1].id]
    topology, shown = placement.topology, placement.columns[network.layers[1].id].shown
    np.testing.assert_array_equal(topology.target[table], np.tile(np.arange(27, 27 + shown), (12, 1)).T)
    np.testing.assert_array_equal(topology.source[table], np.tile(np.arange(12), (shown, 1)))


def test_polylines_are_kept_of_an_array_that_cant_change_and_of_no_other() -> None:
    placement = _placed(layered_network(("x", "y"), (8, 8, 8), 1))
    pairs = np.arange(20)
    first = placement.polylines(pairs)
    pairs[:] = 5
    assert not np.array_equal(placement.polylines(pairs), first)
    pairs.flags.writeable = False
    others = np.arange(20)
    others.flags.writeable = False
    kept = placement.polylines(pairs)
    assert placement.polylines(pairs) is kept
    np.testing.assert_array_equal(placement.polylines(others), first)
    np.testing.assert_array_equal(placement.polylines(pairs), kept)


def test_connections_begin_and_end_outside_the_nodes() -> None:
    network = layered_network(("x",), (1,), 1)
    starts, stops = _placed(network).ends(np.array([0]))
    source, target = network.layers[0], network.layers[1]
    assert starts[0].tolist() == [source.x + 21, source.nodes[0].y]
    assert stops[0].tolist() == [target.x - 21, target.nodes[0].y]


def test_what_is_in_sight_of_a_wide_network_is_found_without_looking_up_the_ends_of_each_connection(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    network = layered_network(("x", "y"), (100, 90), 3)
    gone = (network.layers[1].nodes[4].id, network.layers[2].nodes[7].id)
    placement = _placed(edits.remove_pairs(network, [gone]), **{network.layers[1].id: 2})
    topology, rows = placement.topology, placement.rows
    source, target, counted = topology.source, topology.target, topology.layer_slices

    def refuse(_topology: Topology, pairs: IntArray) -> tuple[IntArray, IntArray]:
        raise AssertionError(f"ends of {pairs.size} connections were looked up")

    monkeypatch.setattr(Topology, "ends", refuse)
    shown = np.zeros(len(topology.node_ids), dtype=np.bool_)
    for layer, numbers in counted.items():
        shown[numbers.start + rows(layer).start : numbers.start + rows(layer).stop] = True
    np.testing.assert_array_equal(placement.seen, np.flatnonzero(shown[source] & shown[target]))
    for layer, table in placement.tables.items():
        row, column = np.nonzero(table >= 0)
        np.testing.assert_array_equal(
            target[table[row, column]], row + counted[layer].start + rows(layer).start
        )
        assert table.shape[1] == np.unique(source[target == counted[layer].start]).size
