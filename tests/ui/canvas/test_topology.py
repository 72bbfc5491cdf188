"""Numbered nodes and connections."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from bpviz.model import edits
from bpviz.model.builder import layered_network
from bpviz.model.spec import Network
from bpviz.ui.canvas.topology import Topology
from tests.model.drawings import networks


@settings(max_examples=25)
@given(network=networks())
def test_each_connection_is_found_by_its_ends(network: Network) -> None:
    topology = Topology.of(network)
    for k in range(topology.pair_count):
        assert topology.find(topology.pair(k)) == k
        assert topology.find(topology.pair(k)[::-1]) is None
    assert topology.find(("nobody", "nothing")) is None


@settings(max_examples=25)
@given(network=networks(), first=st.integers(0, 3), count=st.integers(0, 9))
def test_the_table_of_a_layer_holds_every_connection_into_its_rows_once(
    network: Network, first: int, count: int
) -> None:
    topology = Topology.of(network)
    for layer, numbers in topology.layer_slices.items():
        rows = range(numbers.stop - numbers.start)[first : first + count]
        table = topology.table(layer, rows)
        into = [k for k in range(topology.pair_count) if topology.target[k] - numbers.start in rows]
        assert sorted(table[table >= 0].tolist()) == into
        row, column = np.nonzero(table >= 0)
        np.testing.assert_array_equal(topology.target[table[row, column]], numbers.start + rows.start + row)
        for at in range(table.shape[1]):
            assert np.unique(topology.source[table[table[:, at] >= 0, at]]).size <= 1, "a column is a source"


def test_a_missing_connection_leaves_its_cell_free() -> None:
    network = layered_network(("x", "y"), (2,), 1)
    (x, y), (a, b) = ([node.id for node in layer.nodes] for layer in network.layers[:2])
    topology = Topology.of(edits.remove_pairs(network, [(y, a)]))
    table = topology.table(network.layers[1].id, range(2))
    assert table.tolist() == [[topology.find((x, a)), -1], [topology.find((x, b)), topology.find((y, b))]]


@settings(max_examples=25)
@given(network=networks(), seed=st.integers(0, 9))
def test_what_is_beside_nodes_is_found_without_listing_all_connections(network: Network, seed: int) -> None:
    topology = Topology.of(network)
    count = len(topology.node_ids)
    chosen = np.random.default_rng(seed).random(count) < 0.4
    ahead = topology.joined(chosen, forward=True)
    behind = topology.joined(chosen, forward=False)
    leaving = [topology.out_of(k).tolist() for k in range(count)]
    assert not {"source", "target", "link"} & vars(topology).keys()

    source, target = topology.source, topology.target
    assert ahead.tolist() == np.bincount(target[chosen[source]], minlength=count).tolist()
    assert behind.tolist() == np.bincount(source[chosen[target]], minlength=count).tolist()
    assert leaving == [np.flatnonzero(source == k).tolist() for k in range(count)]
    for k in range(topology.pair_count):
        link = topology.beside(k)
        assert np.flatnonzero(topology.link == topology.link[k]).tolist() == [*range(link.first, link.stop)]
