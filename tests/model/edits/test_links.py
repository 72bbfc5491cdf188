from __future__ import annotations

import numpy as np
import pytest

from bpviz.errors import CycleError, ModelError
from bpviz.model import edits
from bpviz.model.edits.links import pairs_among
from bpviz.model.spec import Address, BiasAddress, Network, Node, WeightAddress


def test_connecting_nodes_of_unlinked_layers_makes_a_link_of_one_pair(chain: Network) -> None:
    after = edits.connect(chain, "n3", "n12")

    link = after.link("l1", "l11")
    assert link is not None
    assert not link.removed.array[0, 1]
    assert link.removed.count == 1


def test_connecting_twice_changes_nothing(chain: Network) -> None:
    assert edits.connect(chain, "n2", "n5") is chain


def test_connecting_a_removed_pair_brings_it_back_unfrozen(chain: Network) -> None:
    frozen = edits.set_frozen(chain, [WeightAddress("n2", "n5")], frozen=True)
    removed = edits.remove_pairs(frozen, [("n2", "n5")])

    assert edits.connect(removed, "n2", "n5") == chain


@pytest.mark.parametrize(
    ("source", "target", "fault"),
    [
        ("n5", "n6", "Nodes of one layer"),
        ("n5", "n2", "Nothing leads into the input layer"),
        ("n12", "n5", "Nothing leads out of the output layer"),
        ("n99", "n5", "no longer in the network"),
    ],
)
def test_impossible_connections_are_refused_with_the_reason(
    chain: Network, source: str, target: str, fault: str
) -> None:
    with pytest.raises(ModelError, match=fault):
        edits.connect(chain, source, target)


def test_a_connection_into_an_earlier_layer_names_the_loop_it_would_close(chain: Network) -> None:
    with pytest.raises(CycleError) as refusal:
        edits.connect(chain, "n9", "n5")

    assert refusal.value.names == ("Hidden 2", "Hidden 1", "Hidden 2")


def test_connecting_layers_restores_every_pair_and_keeps_what_is_frozen(chain: Network) -> None:
    frozen = edits.set_frozen(chain, [WeightAddress("n3", "n6")], frozen=True)
    thinned = edits.remove_pairs(frozen, [("n2", "n5"), ("n2", "n6")])

    assert edits.connect_layers(thinned, "l1", "l4") == frozen
    assert edits.connect_layers(chain, "l1", "l8").link("l1", "l8") is not None


def test_a_link_goes_with_its_last_pair(chain: Network) -> None:
    after = edits.remove_pairs(chain, [("n9", "n12"), ("n10", "n12")])

    assert after.link("l8", "l11") is None


def test_removing_pairs_that_are_not_there_changes_nothing(chain: Network) -> None:
    assert edits.remove_pairs(chain, [("n2", "n12")]) == chain
    with pytest.raises(ModelError, match="no longer"):
        edits.remove_pairs(chain, [("n2", "n99")])


def test_removing_a_link_removes_all_its_pairs(chain: Network) -> None:
    assert edits.remove_link(chain, "l4", "l8").link("l4", "l8") is None


def test_weights_and_biases_freeze_and_thaw(chain: Network) -> None:
    addresses: list[Address] = [
        WeightAddress("n2", "n5"),
        WeightAddress("n5", "n9"),
        BiasAddress("n5"),
        BiasAddress("n12"),
    ]

    after = edits.set_frozen(chain, addresses, frozen=True)

    first, second = after.link("l1", "l4"), after.link("l4", "l8")
    assert first is not None
    assert second is not None
    assert list(first.frozen) == [(0, 0)]
    assert list(second.frozen) == [(0, 0)]
    assert [node.id for layer in after.layers for node in layer.nodes if node.bias_frozen] == ["n5", "n12"]
    assert edits.set_frozen(after, addresses, frozen=False) == chain


def test_what_is_not_there_can_not_be_frozen(chain: Network) -> None:
    removed = edits.remove_pairs(chain, [("n2", "n5")])

    with pytest.raises(ModelError, match="no connection from x to Hidden 1, node 1"):
        edits.set_frozen(removed, [WeightAddress("n2", "n5")], frozen=True)
    with pytest.raises(ModelError, match="Input nodes have no bias"):
        edits.set_frozen(chain, [BiasAddress("n2")], frozen=True)


def test_freezing_hashes_no_layer(chain: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    # A layer's hash is one of all its nodes; to ask for it at each of a thousand biases took a second.
    hashed: list[Node] = []

    def noted(node: Node) -> int:
        hashed.append(node)
        return 0

    monkeypatch.setattr(Node, "__hash__", noted)
    after = edits.set_frozen(chain, [BiasAddress("n5"), BiasAddress("n9")], frozen=True)
    assert [node.id for layer in after.layers for node in layer.nodes if node.bias_frozen] == ["n5", "n9"]
    assert not hashed


def test_a_bias_of_a_node_that_is_gone_can_not_be_frozen(chain: Network) -> None:
    with pytest.raises(ModelError, match="no longer"):
        edits.set_frozen(chain, [BiasAddress("n5"), BiasAddress("nowhere")], frozen=True)


def test_freezing_whole_layers_is_freezing_each_of_their_weights_and_biases(chain: Network) -> None:
    thinned = edits.remove_pairs(chain, [("n2", "n5")])
    layers = {layer.id for layer in thinned.layers[:2]}
    nodes = [node.id for node in thinned.layers[1].nodes]
    sources = [node.id for node in thinned.layers[0].nodes]
    weights = [WeightAddress(*pair) for pair in pairs_among(thinned, sources, nodes)]
    singly = edits.set_frozen(thinned, [*weights, *map(BiasAddress, nodes)], frozen=True)

    frozen = edits.set_layers_frozen(thinned, layers, frozen=True)

    assert frozen == singly
    assert edits.set_layers_frozen(frozen, layers, frozen=False) == thinned


def test_all_are_frozen_only_if_each_is(chain: Network) -> None:
    held = edits.set_frozen(chain, [WeightAddress("n2", "n5"), WeightAddress("n3", "n6")], frozen=True)

    assert edits.all_frozen(held, [("n2", "n5"), ("n3", "n6")])
    assert not edits.all_frozen(held, [("n2", "n5"), ("n3", "n5")])
    assert not edits.all_frozen(held, [("n2", "n5"), ("n2", "n12")]), "there is no link"
    with pytest.raises(ModelError, match="no longer"):
        edits.all_frozen(held, [("n2", "gone")])


def test_a_mask_holds_a_pair_of_whatever_integers_and_nothing_else(chain: Network) -> None:
    mask = edits.remove_pairs(chain, [("n3", "n5")]).links[0].removed
    row, column = next(iter(mask))

    assert (row, column) in mask
    assert (np.int64(row), np.int64(column)) in mask
    assert (row, column + mask.sources) not in mask
    assert (-1, column) not in mask
    assert row not in mask
    assert (row, column, 0) not in mask
