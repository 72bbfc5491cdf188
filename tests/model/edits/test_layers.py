from __future__ import annotations

from itertools import pairwise

import pytest

from bpviz.errors import CycleError, ModelError, UnknownNameError
from bpviz.model import edits
from bpviz.model.checks import MOST_NODES
from bpviz.model.layout import COLUMN_GAP, NODE_GAP
from bpviz.model.problems import network_problems
from bpviz.model.spec import LinkKey, Network, Node


def keys(network: Network) -> set[tuple[str, str]]:
    return {link.key for link in network.links}


def names(network: Network) -> list[str]:
    return [layer.name for layer in network.layers]


def test_an_added_layer_stands_alone_and_is_counted(chain: Network) -> None:
    after = edits.add_layer(chain, "l20", ["n21", "n22"], x=500.0)

    assert keys(after) == keys(chain)
    assert after.layer("l20").size == 2
    # Nothing leads into it, so it counts as the first.
    assert sorted(names(after)) == ["Hidden 1", "Hidden 2", "Hidden 3", "Input", "Output"]


def test_a_layer_without_nodes_is_refused(chain: Network) -> None:
    with pytest.raises(ModelError, match="at least one node"):
        edits.add_layer(chain, "l20", [])


def test_inserting_between_two_linked_layers_replaces_their_link_by_two(chain: Network) -> None:
    after = edits.insert_layer(chain, "l20", ["n21"], "l4", "l8", activation="relu")

    assert keys(after) == {("l1", "l4"), ("l4", "l20"), ("l20", "l8"), ("l8", "l11")}
    assert all(link.removed.count == 0 for link in after.links)
    assert names(after) == ["Input", "Hidden 1", "Hidden 2", "Hidden 3", "Output"]
    assert after.layer("l20").activation == "relu"


def test_columns_make_room_for_an_inserted_layer(chain: Network) -> None:
    after = edits.insert_layer(chain, "l20", ["n21"], "l4", "l8")

    xs = [layer.x for layer in after.layers]
    assert all(b - a >= COLUMN_GAP for a, b in pairwise(xs))


def test_a_layer_inserted_into_a_skipping_link_stands_on_no_other(chain: Network) -> None:
    skipping = edits.connect_layers(chain, "l4", "l11")
    skipping = edits.move_layer(skipping, "l8", (chain.layer("l4").x + chain.layer("l11").x) / 2)

    after = edits.insert_layer(skipping, "l20", ["n21"], "l4", "l11")

    new, old = after.layer("l20"), after.layer("l8")
    gaps = [abs(a.y - b.y) for a in new.nodes for b in old.nodes]
    assert abs(new.x - old.x) > 2 * NODE_GAP or min(gaps) >= NODE_GAP


def test_inserting_where_a_loop_would_close_is_refused_by_name(chain: Network) -> None:
    with pytest.raises(CycleError, match="Hidden 2 → Hidden 1 → Hidden 2"):
        edits.insert_layer(chain, "l20", ["n21"], "l8", "l4")


def test_inserting_by_place_takes_the_shortest_link_that_passes(chain: Network) -> None:
    skipping = edits.connect_layers(chain, "l1", "l11")
    x = (chain.layer("l4").x + chain.layer("l8").x) / 2

    after = edits.insert_at(skipping, "l20", ["n21"], x)

    assert ("l4", "l20") in keys(after)
    assert ("l1", "l11") in keys(after)


def test_inserting_where_no_link_passes_makes_a_loose_layer_there(chain: Network) -> None:
    cut = edits.remove_link(chain, "l4", "l8")
    x = (chain.layer("l4").x + chain.layer("l8").x) / 2
    after = edits.insert_at(cut, "l20", ["n21"], x)

    assert keys(after) == keys(cut)
    assert after.layer("l20").x == x


@pytest.mark.parametrize(
    ("x", "joined"), [(-300.0, {("l1", "l20"), ("l20", "l4")}), (9e3, {("l8", "l20"), ("l20", "l11")})]
)
def test_inserting_beyond_an_end_comes_in_next_to_it(chain: Network, x: float, joined: set[LinkKey]) -> None:
    after = edits.insert_at(chain, "l20", ["n21"], x)

    assert joined <= keys(after)
    places = {layer.id: layer.x for layer in after.layers}
    assert min(places, key=places.__getitem__) == "l1"
    assert max(places, key=places.__getitem__) == "l11"


def test_a_drawing_grows_from_an_empty_sheet_end_by_end() -> None:
    sheet = edits.add_end(Network(), "input", "l1", [Node("n2", feature="x")], x=40.0, y=-30.0)
    assert [(layer.role, layer.x, layer.nodes[0].y) for layer in sheet.layers] == [("input", 40.0, -30.0)]
    left_of_it = edits.add_end(sheet, "output", "l3", [Node("n4")], activation="tanh", x=-500.0)
    assert left_of_it.layer("l3").x == 40.0 + COLUMN_GAP, "an output stands behind all others"
    assert keys(left_of_it) == {("l1", "l3")}
    assert network_problems(left_of_it) == ()


def test_an_end_joins_whatever_stands_open(chain: Network) -> None:
    without = Network(chain.layers[:-1], chain.links[:-1])
    loose = edits.add_layer(without, "l20", ["n21"])
    assert keys(edits.add_end(loose, "output", "l30", [Node("n31")])) == {
        *keys(without),
        ("l8", "l30"),
        ("l20", "l30"),
    }
    headless = Network(chain.layers[1:], chain.links[1:])
    whole = edits.add_end(headless, "input", "l40", [Node("n41", feature="x")])
    assert keys(whole) == {*keys(headless), ("l40", "l4")}
    assert whole.layer("l40").x < min(layer.x for layer in headless.layers)


def test_an_end_that_is_there_or_has_no_node_is_refused(chain: Network) -> None:
    with pytest.raises(ModelError, match="has an output layer already"):
        edits.add_end(chain, "output", "l20", [Node("n21")])
    with pytest.raises(ModelError, match="at least one node"):
        edits.add_end(Network(), "input", "l20", [])


def test_removing_a_layer_of_a_chain_closes_the_chain(chain: Network) -> None:
    after = edits.remove_layer(chain, "l4")

    assert keys(after) == {("l1", "l8"), ("l8", "l11")}
    assert names(after) == ["Input", "Hidden 1", "Output"]


def test_removing_one_of_two_branches_leaves_the_other_alone(chain: Network) -> None:
    # l1 -> l20 -> l11 beside l1 -> l4 -> l8 -> l11
    branched = edits.insert_layer(chain, "l20", ["n21"], "l1", "l11")

    after = edits.remove_layer(branched, "l20")

    assert keys(after) == keys(chain)


@pytest.mark.parametrize("layer_id", ["l1", "l11"])
def test_input_and_output_layers_stay(chain: Network, layer_id: str) -> None:
    with pytest.raises(ModelError, match="can't be removed: a network needs one"):
        edits.remove_layer(chain, layer_id)


def test_resizing_adds_connected_nodes_and_keeps_the_column_centered(chain: Network) -> None:
    after = edits.resize_layer(chain, "l4", 5, ["n21", "n22"])

    layer = after.layer("l4")
    assert [node.id for node in layer.nodes] == ["n5", "n6", "n7", "n21", "n22"]
    assert sum(node.y for node in layer.nodes) == pytest.approx(0.0)
    assert all(link.removed.count == 0 for link in after.links)
    assert edits.resize_layer(after, "l4", 3) == chain


def test_the_last_node_stays_and_the_input_grows_by_features_only(chain: Network) -> None:
    with pytest.raises(ModelError, match="remove the whole layer"):
        edits.resize_layer(chain, "l4", 0)
    with pytest.raises(ModelError, match="choose the features"):
        edits.resize_layer(chain, "l1", 3, ["n21"])


def test_growing_beyond_what_fits_into_memory_is_refused(chain: Network) -> None:
    ids = [f"n{number}" for number in range(100, 100 + MOST_NODES)]

    with pytest.raises(ModelError, match="make it smaller"):
        edits.resize_layer(chain, "l4", MOST_NODES, ids)


def test_an_activation_of_the_layer_ends_those_of_its_nodes(chain: Network) -> None:
    mixed = edits.set_node_activation(chain, ["n5"], "sine")
    assert mixed.node("n5").activation == "sine"

    after = edits.set_activation(mixed, "l4", "relu")

    assert {after.layer("l4").activation_of(node) for node in after.layer("l4").nodes} == {"relu"}


def test_unknown_activations_and_activations_of_inputs_are_refused(chain: Network) -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'sigmoid'"):
        edits.set_activation(chain, "l4", "sigmoyd")
    with pytest.raises(ModelError, match="Input nodes"):
        edits.set_activation(chain, "l1", "relu")


def test_a_name_of_ones_own_survives_counting_and_an_empty_one_brings_counting_back(chain: Network) -> None:
    named = edits.rename(chain, "l4", "  Edge   finders ")
    assert names(edits.insert_layer(named, "l20", ["n21"], "l1", "l4")) == [
        "Input",
        "Hidden 1",
        "Edge finders",
        "Hidden 2",
        "Output",
    ]
    assert names(edits.rename(named, "l4", "")) == names(chain)


def test_nodes_can_be_named_and_names_have_an_end(chain: Network) -> None:
    assert edits.rename(chain, "n5", "corner").node("n5").name == "corner"
    with pytest.raises(ModelError, match="at most"):
        edits.rename(chain, "n5", "x" * 61)
    with pytest.raises(ModelError, match="no longer in the network"):
        edits.rename(chain, "n99", "gone")


def test_moving_a_layer_moves_its_nodes_and_nothing_else(chain: Network) -> None:
    after = edits.move_layer(chain, "l4", 400.0, dy=10.0)

    moved = after.layer("l4")
    assert moved.x == 400.0
    assert [node.y - old.y for node, old in zip(moved.nodes, chain.layer("l4").nodes, strict=True)] == [
        10.0
    ] * 3
    assert after.links == chain.links
