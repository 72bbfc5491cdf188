"""Edits along the way of the signal keep what they don't touch."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpviz.errors import CycleError, ModelError
from bpviz.model import edits
from bpviz.model.checks import check_network
from bpviz.model.graph import reached
from bpviz.model.layout import COLUMN_GAP
from bpviz.model.naming import counting_from
from bpviz.model.spec import Network, WeightAddress
from bpviz.model.templates import from_line, parsed_line
from bpviz.training.session import Session
from tests.model.drawings import networks
from tests.model.edits.test_columns import wires
from tests.model.projects import circle_project


def test_what_a_removed_layer_connected_is_connected(chain: Network) -> None:
    skipping = edits.connect(edits.connect_layers(chain, "l1", "l8"), "n2", "n12")

    after = edits.remove_with_flow(skipping, [], ["l8"])

    assert {link.key for link in after.links} == {("l1", "l4"), ("l4", "l11"), ("l1", "l11")}
    own = [pair for pair in wires(after) if pair[0] in ("n2", "n3") and pair[1] == "n12"]
    assert own == [("n2", "n12")]  # was connected by hand, and stays so


def test_several_layers_in_a_row_go_and_the_signal_passes(chain: Network) -> None:
    after = edits.remove_with_flow(chain, ["n9", "n10"], ["l4"])

    assert [link.key for link in after.links] == [("l1", "l11")]
    assert wires(after) == {("n2", "n12"): False, ("n3", "n12"): False}


@given(network=networks(), data=st.data())
def test_removing_with_the_flow_kept_leaves_all_other_connections_and_ways(
    network: Network, data: st.DataObject
) -> None:
    hidden = [layer.id for layer in network.layers if layer.role == "hidden"]
    if not hidden:
        return
    gone = data.draw(st.sets(st.sampled_from(hidden), min_size=1))

    after = edits.remove_with_flow(network, [], gone)

    check_network(after)
    lost = {node.id for layer in network.layers if layer.id in gone for node in layer.nodes}
    kept = {pair: frozen for pair, frozen in wires(network).items() if lost.isdisjoint(pair)}
    assert kept.items() <= wires(after).items()
    for layer in after.layers:
        there = reached((link.key for link in network.links), layer.id) - gone
        assert reached((link.key for link in after.links), layer.id) == there


def test_the_ends_do_not_go(chain: Network) -> None:
    with pytest.raises(ModelError, match="input layer can't be removed"):
        edits.remove_with_flow(chain, [], ["l1"])
    with pytest.raises(ModelError, match="output layer can't be removed"):
        edits.remove_with_flow(chain, ["n12"])
    with pytest.raises(ModelError, match="no longer"):
        edits.remove_with_flow(chain, ["n99"])


def test_a_layer_goes_in_between_two_others(chain: Network) -> None:
    loose = edits.add_layer(chain, "l20", ["n21", "n22"], x=77.0, y=400.0)

    after = edits.insert_between(loose, "l20", "l4", "l8")

    assert {link.key for link in after.links} == {("l1", "l4"), ("l4", "l20"), ("l20", "l8"), ("l8", "l11")}
    assert [layer.name for layer in sorted(after.layers, key=lambda at: at.x)] == [
        "Input",
        "Hidden 1",
        "Hidden 2",
        "Hidden 3",
        "Output",
    ]
    assert after.layer("l20").x - after.layer("l4").x >= COLUMN_GAP
    assert after.layer("l8").x - after.layer("l20").x >= COLUMN_GAP


def test_a_layer_that_is_connected_already_keeps_its_links(chain: Network) -> None:
    skipping = edits.connect_layers(edits.connect(chain, "n2", "n9"), "l1", "l11")

    after = edits.insert_between(skipping, "l8", "l1", "l11")

    assert after.link("l1", "l11") is None
    kept = after.link("l1", "l8")
    assert kept is not None
    assert kept.removed.count == 3
    assert len(wires(after)) == len(wires(skipping)) - 2


def test_a_layer_that_leads_there_can_not_go_in_between(chain: Network) -> None:
    with pytest.raises(CycleError, match="Hidden 2 → Hidden 1 → Hidden 2"):
        edits.insert_between(chain, "l8", "l1", "l4")
    with pytest.raises(ModelError, match="not connected"):
        edits.insert_between(chain, "l8", "l1", "l11")
    with pytest.raises(ModelError, match="hidden layer"):
        edits.insert_between(chain, "l11", "l1", "l4")


def test_a_new_node_goes_into_a_connection_as_a_layer_of_its_own(chain: Network) -> None:
    made = edits.insert_node(chain, ("n2", "n5"), "n21", "l20")

    after = made.network
    assert wires(after) == {pair: False for pair in wires(chain) if pair != ("n2", "n5")} | {
        ("n2", "n21"): False,
        ("n21", "n5"): False,
    }
    assert made.origins == {WeightAddress("n2", "n21"): WeightAddress("n2", "n5")}
    assert after.layer("l1").x < after.layer("l20").x < after.layer("l4").x
    assert after.layer("l20").name == "Hidden 1"


def test_a_node_goes_into_a_connection_in_a_layer_that_is_there(chain: Network) -> None:
    skipping = edits.connect(chain, "n3", "n12")
    frozen = edits.set_frozen(skipping, [WeightAddress("n3", "n12")], frozen=True)

    made = edits.insert_node(frozen, ("n3", "n12"), "n21", "l8")

    own = {pair: held for pair, held in wires(made.network).items() if "n21" in pair}
    assert own == {("n3", "n21"): True, ("n21", "n12"): False}
    assert made.network.link("l1", "l11") is None

    there = edits.insert_node(skipping, ("n3", "n12"), "n9", "")
    assert {pair for pair in wires(there.network) if "n9" in pair} == {
        ("n3", "n9"),
        ("n5", "n9"),
        ("n6", "n9"),
        ("n7", "n9"),
        ("n9", "n12"),
    }


def test_a_node_goes_only_where_it_lies_between(chain: Network) -> None:
    with pytest.raises(CycleError, match="loop"):
        edits.insert_node(chain, ("n2", "n5"), "n9", "")
    with pytest.raises(ModelError, match="one layer"):
        edits.insert_node(chain, ("n2", "n5"), "n6", "")
    with pytest.raises(ModelError, match="hidden layer"):
        edits.insert_node(chain, ("n2", "n5"), "n21", "l11")
    with pytest.raises(ModelError, match="no connection"):
        edits.insert_node(chain, ("n2", "n9"), "n21", "l20")


def test_a_connection_leads_elsewhere_with_its_weight(chain: Network) -> None:
    held = edits.set_frozen(chain, [WeightAddress("n2", "n5")], frozen=True)

    made = edits.reconnect(held, ("n2", "n5"), ("n2", "n9"))

    assert wires(made.network)["n2", "n9"]
    assert ("n2", "n5") not in wires(made.network)
    assert made.origins == {WeightAddress("n2", "n9"): WeightAddress("n2", "n5")}
    assert edits.reconnect(chain, ("n2", "n5"), ("n2", "n5")).network is chain
    with pytest.raises(ModelError, match="connected already"):
        edits.reconnect(chain, ("n2", "n5"), ("n2", "n6"))
    with pytest.raises(CycleError, match="Hidden 2 → Hidden 1 → Hidden 2"):
        edits.reconnect(chain, ("n9", "n12"), ("n9", "n5"))


def test_a_link_leads_elsewhere_with_its_weights_where_sizes_agree(chain: Network) -> None:
    twin = edits.add_layer(chain, "l20", ["n21", "n22"])
    masked = edits.remove_pairs(twin, [("n5", "n10")])

    made = edits.reconnect_layers(masked, ("l4", "l8"), ("l4", "l20"))

    assert made.network.link("l4", "l8") is None
    assert ("n5", "n22") not in wires(made.network)
    assert made.origins[WeightAddress("n7", "n22")] == WeightAddress("n7", "n10")
    assert len(made.origins) == 5
    other = edits.reconnect_layers(masked, ("l4", "l8"), ("l4", "l11"))
    assert other.origins == {}
    assert len([pair for pair in wires(other.network) if pair[1] == "n12"]) == 3 + 2
    with pytest.raises(ModelError, match="connected already"):
        edits.reconnect_layers(chain, ("l4", "l8"), ("l1", "l4"))
    with pytest.raises(ModelError, match="choose a link"):
        edits.reconnect_layers(chain, ("l1", "l8"), ("l1", "l11"))
    with pytest.raises(CycleError, match="loop"):
        edits.reconnect_layers(chain, ("l8", "l11"), ("l8", "l4"))


def test_a_running_net_keeps_all_weights_that_no_removed_layer_had() -> None:
    run = Session(from_line(circle_project(), parsed_line("2-4-3-1 tanh"), counting_from(20)))
    run.advance(15)
    hidden = [layer.id for layer in run.project.network.layers if layer.role == "hidden"]
    before = {at: run.value(at) for at in run.compiled.addresses()}

    removed = edits.on_network(lambda network: edits.remove_with_flow(network, [], hidden[1:]))(run.project)

    assert run.follow(removed)
    after = {at: run.value(at) for at in run.compiled.addresses()}
    kept = before.keys() & after.keys()
    assert len(kept) == 2 * 4 + 4 + 1
    assert {at: before[at] for at in kept} == {at: after[at] for at in kept}
    assert run.advance(3) == 3
