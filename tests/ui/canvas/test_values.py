"""Numbers are found by the ids of their nodes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from bpviz.model.builder import layered_network
from bpviz.model.compile import compile_network
from bpviz.model.spec import BiasAddress, Link, Network, WeightAddress
from bpviz.training.known import Known
from bpviz.ui.canvas.topology import Topology
from bpviz.ui.canvas.values import Reader, Reading
from bpviz.ui.canvas.views import WEIGHTS, views
from tests.model.drawings import MOVES, Move, after, networks
from tests.ui.canvas.shots import compiled_or_none, full_shot, plain_shot


@settings(max_examples=40)
@given(ran=networks(), moves=st.lists(MOVES, max_size=4))
def test_each_value_is_the_one_at_its_address_and_unknown_where_the_run_has_none(
    ran: Network, moves: list[Move]
) -> None:
    compiled = compiled_or_none(ran)
    if compiled is None:
        return
    drawn = after(ran, moves)  # what the user did since
    topology = Topology.of(drawn)
    parameters = np.arange(compiled.plan.size, dtype=np.float64) + 1.0
    reading = Reader().read(plain_shot(compiled, parameters), None, topology, WEIGHTS)

    for k in range(topology.pair_count):
        address = WeightAddress(*topology.pair(k))
        expected = parameters[compiled.index(address)] if address in compiled else np.nan
        np.testing.assert_equal(reading.pairs[k], expected)
    for k, node in enumerate(topology.node_ids):
        bias = BiasAddress(node)
        expected = parameters[compiled.index(bias)] if bias in compiled else np.nan
        np.testing.assert_equal(reading.biases[k], expected)
    assert np.isnan(reading.nodes).all(), "weights belong to connections"


def test_a_layer_of_the_drawing_may_be_made_of_nodes_of_several_layers_that_ran() -> None:
    ran = layered_network(("x", "y"), (2, 2), 1)
    compiled = compile_network(ran)
    first, second = ran.layers[1:3]
    mixed = replace(first, nodes=(first.nodes[0], second.nodes[1]))
    links = (Link.dense(ran.layers[0], mixed), Link.dense(mixed, ran.layers[3]))
    topology = Topology.of(Network((ran.layers[0], mixed, ran.layers[3]), links))
    parameters = np.arange(compiled.plan.size, dtype=np.float64) + 1.0
    reading = Reader().read(plain_shot(compiled, parameters), None, topology, WEIGHTS)
    (x, y), (a, b), (out,) = ([node.id for node in layer.nodes] for layer in topology.network.layers)

    known = {pair: parameters[compiled.index(WeightAddress(*pair))] for pair in ((x, a), (y, a), (b, out))}
    for k in range(topology.pair_count):
        np.testing.assert_equal(reading.pairs[k], known.get(topology.pair(k), np.nan))


@settings(max_examples=40)
@given(ran=networks(), moves=st.lists(MOVES, max_size=4))
def test_what_is_remembered_of_one_drawing_is_not_taken_for_another(ran: Network, moves: list[Move]) -> None:
    compiled = compiled_or_none(ran)
    if compiled is None:
        return
    parameters = np.arange(compiled.plan.size, dtype=np.float64) + 1.0
    shot, reader = plain_shot(compiled, parameters), Reader()
    drawings = [after(ran, moves[:count]) for count in range(len(moves) + 1)]
    # Also without any links, in which nothing but the nodes tells them apart.
    for network in (*drawings, *(replace(drawing, links=()) for drawing in drawings)):
        topology = Topology.of(network)
        remembered = reader.read(shot, None, topology, WEIGHTS)
        fresh = Reader().read(shot, None, topology, WEIGHTS)
        np.testing.assert_array_equal(remembered.biases, fresh.biases)
        np.testing.assert_array_equal(remembered.pairs, fresh.pairs)


@settings(max_examples=20)
@given(network=networks(), seed=st.integers(0, 99))
def test_nodes_show_batch_means_and_connections_the_gradient(network: Network, seed: int) -> None:
    compiled = compiled_or_none(network)
    if compiled is None:
        return
    shot, topology, reader = full_shot(network, seed), Topology.of(network), Reader()
    assert shot.trace is not None
    trace, known = shot.trace.trace, Known.of(shot)
    activations = reader.read(shot, known, topology, views()["activations"]).nodes
    deltas = reader.read(shot, known, topology, views()["deltas"]).nodes
    gradients = reader.read(shot, known, topology, views()["gradients"]).pairs
    for k, node in enumerate(topology.node_ids):
        if node not in compiled.places:
            assert np.isnan(activations[k])
            continue
        layer, at = compiled.places[node]
        np.testing.assert_allclose(activations[k], trace.a[layer][:, at].mean())
        expected = trace.delta[layer][:, at].mean() if layer else np.nan
        np.testing.assert_allclose(deltas[k], expected)
    for k in range(topology.pair_count):
        address = WeightAddress(*topology.pair(k))
        if address in compiled:
            np.testing.assert_equal(gradients[k], trace.gradient[compiled.index(address)])


def test_without_wanted_arrays_nothing_is_known(small: Network) -> None:
    compiled = compiled_or_none(small)
    assert compiled is not None
    topology = Topology.of(small)
    reading = Reader().read(plain_shot(compiled, None), None, topology, views()["gradients"])
    unknown = Reading.unknown(topology)
    np.testing.assert_array_equal(reading.pairs, unknown.pairs)
    np.testing.assert_array_equal(reading.nodes, unknown.nodes)
