from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given

from bpviz.errors import ModelError
from bpviz.model import edits
from bpviz.model.builder import layered_network
from bpviz.model.compile import Compiled, compile_network, output_code
from bpviz.model.problems import network_problems
from bpviz.model.spec import BiasAddress, Network, Start, WeightAddress
from tests.model.drawings import networks


def compiled(network: Network) -> Compiled:
    assume(not network_problems(network))
    return compile_network(network)


@given(network=networks())
def test_addresses_are_exactly_the_parameters_that_exist_in_order(network: Network) -> None:
    result = compiled(network)

    at = [result.index(address) for address in result.addresses()]

    np.testing.assert_array_equal(at, np.flatnonzero(result.plan.present))
    vector = np.arange(float(result.plan.size))
    assert result.values(vector) == {address: float(result.index(address)) for address in result.addresses()}


@given(network=networks())
def test_masks_arrive_in_the_plan_pair_by_pair(network: Network) -> None:
    result = compiled(network)

    for link in network.links:
        for row, target in enumerate(network.layer(link.target).nodes):
            for column, source in enumerate(network.layer(link.source).nodes):
                address = WeightAddress(source.id, target.id)
                removed = bool(link.removed.array[row, column])
                assert (address in result) is not removed
                if not removed:
                    trainable = bool(result.plan.trainable[result.index(address)])
                    assert trainable is not bool(link.frozen.array[row, column])


def test_layers_nodes_and_activations_stand_in_plan_order(chain: Network) -> None:
    mixed = edits.set_node_activation(chain, ["n6"], "relu")

    result = compile_network(mixed)

    assert result.layer_ids == ("l1", "l4", "l8", "l11")
    assert result.node_ids[1] == ("n5", "n6", "n7")
    assert result.plan.layers[0].activations == ()
    assert result.plan.layers[1].activations == ("tanh", "relu", "tanh")
    assert [(link.source, link.target) for link in result.plan.links] == [(0, 1), (1, 2), (2, 3)]


def test_frozen_weights_and_biases_are_not_trainable(chain: Network) -> None:
    frozen = edits.set_frozen(chain, [WeightAddress("n3", "n5"), BiasAddress("n9")], frozen=True)

    result = compile_network(frozen)

    still = [address for address in result.addresses() if not result.plan.trainable[result.index(address)]]
    assert still == [WeightAddress("n3", "n5"), BiasAddress("n9")]


def test_asking_for_what_is_not_there_says_so(chain: Network) -> None:
    result = compile_network(edits.remove_pairs(chain, [("n2", "n5")]))

    with pytest.raises(ModelError, match="no connection from x to Hidden 1, node 1"):
        result.index(WeightAddress("n2", "n5"))
    with pytest.raises(ModelError, match="no connection from x to Output, node 1"):
        result.index(WeightAddress("n2", "n12"))
    with pytest.raises(ModelError, match="x has no bias"):
        result.index(BiasAddress("n2"))
    with pytest.raises(ModelError, match="no longer in the network"):
        result.index(BiasAddress("n99"))
    assert "n5" not in result


def test_what_can_not_run_is_not_compiled_and_says_why(chain: Network) -> None:
    with pytest.raises(ModelError, match="No path of links leads from Input to Output"):
        compile_network(edits.remove_link(chain, "l4", "l8"))


def test_start_values_replace_the_initializers_where_they_have_an_address(chain: Network) -> None:
    result = compile_network(chain)
    start = Start(((BiasAddress("n5"), 7.0), (BiasAddress("n99"), 8.0)))

    values = result.with_start(np.zeros(result.plan.size), start)

    assert values[result.index(BiasAddress("n5"))] == 7.0
    assert np.count_nonzero(values) == 1


@pytest.mark.parametrize(
    ("outputs", "activation", "expected"),
    [
        (1, "tanh", (1, -1.0, 1.0)),
        (1, "linear", (1, -1.0, 1.0)),
        (1, "sigmoid", (1, 0.0, 1.0)),
        (3, "softmax", (3, 0.0, 1.0)),
        (3, "tanh", (3, 0.0, 1.0)),
    ],
)
def test_targets_are_written_as_the_output_can_reach_them(
    outputs: int, activation: str, expected: tuple[int, float, float]
) -> None:
    code = output_code(layered_network(("x",), (), outputs, output_activation=activation))

    assert (code.size, code.low, code.high) == expected


def test_without_an_output_layer_there_is_no_way_to_write_targets(chain: Network) -> None:
    headless = replace(chain, layers=chain.layers[:-1], links=chain.links[:-1])

    with pytest.raises(ModelError, match="one output layer"):
        output_code(headless)
