from __future__ import annotations

from dataclasses import replace

import pytest

from bpviz.arrays import BoolArray
from bpviz.errors import ModelError, UnknownNameError
from bpviz.model import edits
from bpviz.model.layout import NODE_GAP, node_position
from bpviz.model.spec import Network, PairMask


def test_a_new_node_is_connected_like_its_neighbors(chain: Network) -> None:
    after = edits.add_node(chain, "l4", "n21")

    into, out = after.link("l1", "l4"), after.link("l4", "l8")
    assert into is not None
    assert out is not None
    assert (into.removed.targets, into.removed.count) == (4, 0)
    assert (out.removed.sources, out.removed.count) == (4, 0)


def test_a_new_node_leaves_a_link_of_hand_picked_pairs_as_it_is(chain: Network) -> None:
    picked = edits.connect(chain, "n2", "n12")  # the only pair from input to output

    after = edits.add_node(picked, "l1", "n21", feature="x^2")

    link = after.link("l1", "l11")
    assert link is not None
    assert (~link.removed.array).nonzero()[1].tolist() == [0]


def test_masks_follow_ids_when_a_node_in_the_middle_goes(chain: Network) -> None:
    masked = edits.remove_pairs(chain, [("n2", "n7"), ("n6", "n9")])

    after = edits.remove_nodes(masked, ["n6"])

    into, out = after.link("l1", "l4"), after.link("l4", "l8")
    assert into is not None
    assert out is not None
    assert list(into.removed) == [(1, 0)]  # n7 is now second of its layer
    assert out.removed.count == 0


def test_a_link_goes_with_its_last_pair_when_nodes_go(chain: Network) -> None:
    skipping = edits.connect(chain, "n2", "n9")

    assert edits.remove_nodes(skipping, ["n9"]).link("l1", "l8") is None


def test_a_hidden_layer_that_loses_all_nodes_goes_and_the_chain_closes(chain: Network) -> None:
    after = edits.remove_nodes(chain, ["n9", "n10"])

    assert [layer.id for layer in after.layers] == ["l1", "l4", "l11"]
    assert after.link("l4", "l11") is not None


def test_input_and_output_keep_a_node_and_unknown_nodes_are_refused(chain: Network) -> None:
    with pytest.raises(ModelError, match="Input needs at least one node"):
        edits.remove_nodes(chain, ["n2", "n3"])
    with pytest.raises(ModelError, match="no longer"):
        edits.remove_nodes(chain, ["n99"])


def test_adding_and_removing_a_node_again_changes_nothing(chain: Network) -> None:
    assert edits.remove_nodes(edits.add_node(chain, "l4", "n21"), ["n21"]) == chain


def test_a_column_arranged_by_hand_keeps_its_places(chain: Network) -> None:
    by_hand = edits.move_nodes(chain, {"n5": -200.0})

    after = edits.add_node(by_hand, "l4", "n21")

    heights = {node.id: node.y for node in after.layer("l4").nodes}
    assert heights["n5"] == -200.0
    assert heights["n21"] == heights["n7"] + NODE_GAP


def places(network: Network, layer_id: str) -> list[tuple[float, float]]:
    layer = network.layer(layer_id)
    return [node_position(layer, node) for node in layer.nodes]


def test_a_node_stands_anywhere_and_moves_with_its_layer(chain: Network) -> None:
    column = chain.layer("l4").x
    after = edits.place_nodes(chain, {"n5": (column + 50.0, -200.0)})

    assert after.layer("l4").x == column
    assert [node.x for node in after.layer("l4").nodes] == [column + 50.0, None, None]
    assert places(after, "l4")[0] == (column + 50.0, -200.0)
    moved = edits.move_layer(after, "l4", column + 10.0, 5.0)
    assert places(moved, "l4") == [(x + 10.0, y + 5.0) for x, y in places(after, "l4")]


def test_a_node_put_back_into_its_column_stands_in_it_again(chain: Network) -> None:
    there = edits.place_nodes(chain, {"n5": (7.0, 8.0)})

    assert edits.place_nodes(there, {"n5": places(chain, "l4")[0]}) == chain


def test_a_column_that_all_nodes_have_left_follows_them(chain: Network) -> None:
    right = {node.id: (500.0, node.y) for node in chain.layer("l4").nodes}
    assert edits.place_nodes(chain, right) == edits.move_layer(chain, "l4", 500.0)

    apart = edits.place_nodes(chain, {"n9": (300.0, 0.0), "n10": (340.0, 60.0)})
    assert apart.layer("l8").x == 320.0
    assert places(apart, "l8") == [(300.0, 0.0), (340.0, 60.0)]


def test_columns_that_move_apart_take_nodes_with_a_place_of_their_own_along(chain: Network) -> None:
    aside = edits.place_nodes(chain, {"n9": (chain.layer("l8").x + 30.0, -90.0)})

    after = edits.insert_layer(aside, "l50", ["n51"], "l4", "l8")

    assert after.layer("l8").x > aside.layer("l8").x
    assert places(after, "l8")[0] == (after.layer("l8").x + 30.0, -90.0)


def test_a_column_with_a_node_beside_it_is_not_spaced_anew(chain: Network) -> None:
    aside = edits.place_nodes(chain, {"n5": (250.0, chain.node("n5").y)})

    after = edits.add_node(aside, "l4", "n21")

    assert places(after, "l4")[:3] == places(aside, "l4")


def test_input_nodes_come_with_a_feature_that_is_not_there_yet(chain: Network) -> None:
    assert edits.add_node(chain, "l1", "n21", feature="x^2").node("n21").feature == "x^2"
    with pytest.raises(ModelError, match="choose which"):
        edits.add_node(chain, "l1", "n21")
    with pytest.raises(ModelError, match="an input already"):
        edits.add_node(chain, "l1", "n21", feature="x")


def test_features_in_another_order_take_their_nodes_and_masks_with_them(chain: Network) -> None:
    masked = edits.remove_pairs(chain, [("n2", "n5")])

    after = edits.set_features(masked, ("y", "x^2", "x"), ["n21"])

    assert [(node.id, node.feature) for node in after.layers[0].nodes] == [
        ("n3", "y"),
        ("n21", "x^2"),
        ("n2", "x"),
    ]
    link = after.link("l1", "l4")
    assert link is not None
    assert list(link.removed) == [(0, 2)]


@pytest.mark.parametrize(
    ("features", "fault"),
    [((), "at least one feature"), (("x", "x"), "only once"), (("x", "x^2", "y^2"), "new id")],
)
def test_features_must_be_some_be_different_and_have_ids(
    chain: Network, features: tuple[str, ...], fault: str
) -> None:
    with pytest.raises(ModelError, match=fault):
        edits.set_features(chain, features, ["n21"])


def test_a_node_may_follow_its_layer_again(chain: Network) -> None:
    own = edits.set_node_activation(chain, ["n5", "n6"], "relu")
    assert [node.activation for node in own.layer("l4").nodes] == ["relu", "relu", None]

    assert edits.set_node_activation(own, ["n5", "n6"], None) == chain
    assert edits.set_node_activation(own, ["n5", "n6"], "tanh") == chain  # what the layer has anyway


def test_softmax_and_unknown_activations_are_no_nodes_own(chain: Network) -> None:
    with pytest.raises(ModelError, match="joins all nodes"):
        edits.set_node_activation(chain, ["n12"], "softmax")
    with pytest.raises(UnknownNameError):
        edits.set_node_activation(chain, ["n12"], "quick")
    with pytest.raises(ModelError, match="Input nodes"):
        edits.set_node_activation(chain, ["n2"], "relu")


def test_an_input_shows_another_feature_and_keeps_all_else(chain: Network) -> None:
    node = chain.layers[0].nodes[0]
    after = edits.show_feature(chain, node.id, "x*y")
    assert after.node(node.id) == replace(node, feature="x*y")
    assert after.links == chain.links
    with pytest.raises(ModelError, match="only once"):
        edits.show_feature(chain, node.id, str(chain.layers[0].nodes[1].feature))
    with pytest.raises(ModelError, match="Only input nodes"):
        edits.show_feature(chain, chain.layers[1].nodes[0].id, "x*y")


def test_an_edit_makes_no_other_node_anew(chain: Network) -> None:
    # A layer may have a thousand, and to make one takes as long as to compare a hundred.
    def kept(after: Network) -> list[str]:
        now = {id(node) for layer in after.layers for node in layer.nodes}
        return [node.id for layer in chain.layers for node in layer.nodes if id(node) not in now]

    assert kept(edits.move_nodes(chain, {"n5": 3.0})) == ["n5"]
    assert kept(edits.rename_nodes(chain, {"n5": "five"})) == ["n5"]
    layer = chain.layer_of("n5")
    assert kept(edits.set_activation(chain, layer.id, "relu")) == []


def test_a_node_leaves_links_without_removed_pairs_no_mask_to_carry(
    chain: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Of two layers of a thousand nodes it is a million bits, unpacked and packed again.
    packed: list[object] = []
    pack = PairMask.of

    def noted(pairs: BoolArray) -> PairMask:
        packed.append(pairs)
        return pack(pairs)

    monkeypatch.setattr(PairMask, "of", noted)
    before = edits.add_node(chain, chain.layer_of("n5").id, "n99")
    after = edits.remove_nodes(before, ["n5"])
    assert all(link.removed.count == link.frozen.count == 0 for link in after.links)
    sizes = {layer.id: layer.size for layer in after.layers}
    assert all(link.removed.targets == sizes[link.target] for link in after.links)
    assert not packed
