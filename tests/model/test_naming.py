from __future__ import annotations

from dataclasses import replace

import pytest

from bpviz.errors import ModelError
from bpviz.model import edits
from bpviz.model.naming import (
    address_label,
    counting_from,
    first_free_number,
    layer_label,
    node_label,
    node_labels,
    renumbered,
)
from bpviz.model.spec import BiasAddress, Layer, Network, Node, WeightAddress


def test_nodes_are_called_by_name_then_feature_then_place(chain: Network) -> None:
    assert node_label(chain, "n2") == "x"
    assert node_label(chain, "n7") == "Hidden 1, node 3"
    named = edits.rename(chain, "n7", "edge")
    assert node_label(named, "n7") == "edge"
    assert node_labels(named.layer("l4")) == ("Hidden 1, node 1", "Hidden 1, node 2", "edge")
    with pytest.raises(ModelError):
        node_label(chain, "n99")


def test_weights_and_biases_are_called_by_their_nodes(chain: Network) -> None:
    assert address_label(chain, WeightAddress("n2", "n7")) == "weight from x to Hidden 1, node 3"
    assert address_label(chain, BiasAddress("n12")) == "bias of Output, node 1"


def test_a_layer_without_a_name_is_called_by_its_role() -> None:
    assert layer_label(Layer("l1", "", "output", ())) == "Output"


def test_hidden_layers_are_counted_from_the_input_whatever_order_they_were_made_in(chain: Network) -> None:
    mixed = replace(chain, layers=(chain.layers[2], chain.layers[0], chain.layers[3], chain.layers[1]))

    names = {layer.id: layer.name for layer in renumbered(mixed).layers}

    assert names == {"l1": "Input", "l4": "Hidden 1", "l8": "Hidden 2", "l11": "Output"}


def test_new_ids_begin_behind_all_that_are_there(chain: Network) -> None:
    assert first_free_number(chain) == 13
    assert first_free_number(Network()) == 1
    supply = counting_from(first_free_number(chain))
    assert (supply("l"), supply("n"), supply("n")) == ("l13", "n14", "n15")


@pytest.mark.timeout(20)
def test_ids_that_nobody_handed_out_do_not_end_the_counting() -> None:
    def network_of(*ids: str) -> Network:
        return Network((Layer("l4", "Input", "input", tuple(Node(key) for key in ids)),))

    assert first_free_number(network_of("n7", "n08", "n", "x")) == 9
    assert first_free_number(network_of("n" + "9" * 5_000, "9" * 1_000_000 + "x")) == 5
    assert first_free_number(network_of("n" + "9" * 15, "n1" + "0" * 15)) == 10**15 + 1
    assert first_free_number(network_of("n٣")) == 5
