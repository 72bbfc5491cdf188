"""Copies of nodes and layers: connected as the originals, their weights from there."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpviz.errors import ModelError
from bpviz.model import edits
from bpviz.model.checks import check_network
from bpviz.model.impact import Impact, impact
from bpviz.model.layout import NODE_RADIUS, node_position
from bpviz.model.naming import counting_from
from bpviz.model.spec import Address, BiasAddress, Network, WeightAddress
from bpviz.training.session import Session
from tests.model.drawings import networks
from tests.model.edits.test_columns import wires
from tests.model.projects import circle_project


def test_a_layer_is_copied_with_the_connections_inside(chain: Network) -> None:
    made = edits.duplicate(chain, [], ["l4", "l8"], counting_from(20))

    assert len(made.layers) == 2
    first, second = (layer for layer in made.network.layers if layer.id in made.layers)
    assert (first.size, second.size) == (3, 2)
    assert [link.key for link in made.network.links if first.id in link.key or second.id in link.key] == [
        (first.id, second.id)
    ]
    assert len(made.origins) == 6 + 5
    names = {layer.name for layer in made.network.layers if layer.role == "hidden"}
    assert names == {"Hidden 1", "Hidden 2", "Hidden 3", "Hidden 4"}


def test_a_node_is_copied_in_its_layer_and_connected_as_it_is(chain: Network) -> None:
    network = edits.remove_pairs(edits.connect(chain, "n6", "n12"), [("n2", "n6")])
    network = edits.set_frozen(network, [WeightAddress("n3", "n6"), BiasAddress("n6")], frozen=True)

    made = edits.duplicate(network, ["n6"], [], counting_from(20))

    assert [node.id for node in made.network.layer("l4").nodes] == ["n5", "n6", "n20", "n7"]
    own = {pair: frozen for pair, frozen in wires(made.network).items() if "n20" in pair}
    assert own == {("n3", "n20"): True, ("n20", "n9"): False, ("n20", "n10"): False, ("n20", "n12"): False}
    assert made.network.node("n20").bias_frozen
    assert made.origins[WeightAddress("n3", "n20")] == WeightAddress("n3", "n6")
    assert made.origins[BiasAddress("n20")] == BiasAddress("n6")
    assert len(made.origins) == 5
    assert made.nodes == {"n20"}
    assert not made.layers


def test_several_nodes_are_copied_each_next_to_itself_and_connected_to_the_copies_of_the_others(
    chain: Network,
) -> None:
    made = edits.duplicate(chain, ["n5", "n7", "n9"], [], counting_from(20))

    assert [node.id for node in made.network.layer("l4").nodes] == ["n5", "n20", "n6", "n7", "n21"]
    assert [node.id for node in made.network.layer("l8").nodes] == ["n9", "n22", "n10"]
    among = {pair for pair in wires(made.network) if "n20" in pair or "n22" in pair}
    ends = {("n2", "n20"), ("n3", "n20"), ("n20", "n10"), ("n20", "n22")}
    assert among == ends | {("n6", "n22"), ("n21", "n22"), ("n22", "n12")}
    assert made.origins[WeightAddress("n20", "n22")] == WeightAddress("n5", "n9")


def test_copies_are_connected_to_the_ends_that_were_selected_with_them(chain: Network) -> None:
    made = edits.duplicate(chain, ["n3", "n9", "n10"], ["l4", "l11"], counting_from(20))

    new = {pair for pair in wires(made.network) if not set(pair).isdisjoint(made.nodes)}
    assert len(new) == 3 + 6 + 2
    assert {a for a, _ in new if a not in made.nodes} == {"n3"}
    assert {b for _, b in new if b not in made.nodes} == {"n12"}


def test_a_layer_is_copied_with_its_surroundings_on_demand(chain: Network) -> None:
    held = edits.set_frozen(chain, [WeightAddress("n2", "n6")], frozen=True)

    made = edits.duplicate(held, [], ["l4"], counting_from(20), outer=True, at=(160.0, -400.0))

    assert len(wires(made.network)) == len(wires(chain)) + 6 + 6
    assert sum(wires(made.network).values()) == 2
    (copy,) = (layer for layer in made.network.layers if layer.id in made.layers)
    assert (copy.x, [node.y for node in copy.nodes]) == (160.0, [-456.0, -400.0, -344.0])
    assert copy.name == "Hidden 2"
    assert len(made.origins) == 12 + 3


def test_ends_alone_can_not_be_copied(chain: Network) -> None:
    for nodes, layers in (([], ["l1", "l11"]), (["n2"], []), ([], [])):
        with pytest.raises(ModelError, match="select hidden nodes"):
            edits.duplicate(chain, nodes, layers, counting_from(20))


@given(network=networks(), data=st.data())
def test_copies_of_any_selection_have_the_weights_of_their_originals(
    network: Network, data: st.DataObject
) -> None:
    everything = [node.id for layer in network.layers for node in layer.nodes]
    hidden = {node.id for layer in network.layers if layer.role == "hidden" for node in layer.nodes}
    nodes = data.draw(st.sets(st.sampled_from(everything)))
    if not nodes & hidden:
        return

    made = edits.duplicate(network, nodes, [], counting_from(1000))

    check_network(made.network)
    assert len(made.nodes) == len(nodes & hidden)
    before, after = wires(network), wires(made.network)
    assert {pair: frozen for pair, frozen in after.items() if made.nodes.isdisjoint(pair)} == before
    for pair, frozen in after.items():
        if not made.nodes.isdisjoint(pair):
            origin = made.origins[WeightAddress(*pair)]
            assert isinstance(origin, WeightAddress)
            assert before[origin.source, origin.target] == frozen
    inner = [pair for pair in before if nodes.issuperset(pair) and hidden.intersection(pair)]
    copied = {
        (origin.source, origin.target)
        for origin in made.origins.values()
        if isinstance(origin, WeightAddress)
    }
    assert copied.issuperset(inner)
    assert {a.node for a in made.origins if isinstance(a, BiasAddress)} == made.nodes


@given(network=networks(), times=st.integers(1, 3))
def test_copies_lie_on_nothing(network: Network, times: int) -> None:
    hidden = [layer.id for layer in network.layers if layer.role == "hidden"]
    if not hidden:
        return
    new_id = counting_from(1000)
    for _ in range(times):
        old = {node.id for layer in network.layers for node in layer.nodes}
        network = edits.duplicate(network, [], hidden[:1], new_id).network
        places = {n.id: node_position(layer, n) for layer in network.layers for n in layer.nodes}
        for node in places.keys() - old:
            for other in old:
                x, y = (a - b for a, b in zip(places[node], places[other], strict=True))
                assert x * x + y * y >= (2 * NODE_RADIUS) ** 2


def test_a_running_net_goes_on_with_copies_that_have_the_trained_weights() -> None:
    run = Session(circle_project())
    run.advance(20)
    before = {address: run.value(address) for address in run.compiled.addresses()}

    def value_of(address: Address) -> float | None:
        return before.get(address)

    made = edits.duplicate(run.project.network, ["n5", "n6"], [], counting_from(50))
    project = edits.carry(run.project, made, value_of)

    assert impact(run.project, project) == (Impact.REWIRE, "")
    assert run.follow(project)
    assert {address: run.value(address) for address in before} == before
    assert {run.value(new) == before[old] for new, old in made.origins.items()} == {True}
    assert (
        edits.on_carried(
            lambda network: edits.duplicate(network, ["n5", "n6"], [], counting_from(50)), value_of
        )(circle_project())
        == project
    )


def test_a_copy_of_what_is_not_finite_is_left_to_the_initializer() -> None:
    project = circle_project()
    made = edits.duplicate(project.network, ["n5"], [], counting_from(50))

    after = edits.carry(
        project, made, lambda address: float("nan") if isinstance(address, WeightAddress) else 0.5
    )

    assert [address for address, _ in after.start.values] == [BiasAddress("n50")]


def test_a_piece_of_another_drawing_finds_the_features_and_names_it_knows(chain: Network) -> None:
    from_other = edits.cutout(edits.add_node(chain, "l1", "n21", feature="x^2"), ["n2", "n21"], ["l4", "l11"])
    here = circle_project().network  # inputs n2, n3 show x, y; output n10

    made = edits.graft(here, from_other, counting_from(50))

    assert made.left_out == ("x^2",)
    new = {pair for pair in wires(made.network) if not set(pair).isdisjoint(made.nodes)}
    assert {a for a, _ in new} == {"n2"}
    assert len(new) == 3


def test_a_piece_with_its_ends_makes_a_network_of_an_empty_sheet(chain: Network) -> None:
    made = edits.graft(Network(), chain, counting_from(50), at=(1000.0, 500.0))

    assert [layer.role for layer in made.network.layers] == ["input", "hidden", "hidden", "output"]
    assert len(wires(made.network)) == len(wires(chain))
    assert [node.feature for node in made.network.layers[0].nodes] == ["x", "y"]
    xs = [layer.x for layer in made.network.layers]
    assert (min(xs) + max(xs)) / 2 == 1000.0
