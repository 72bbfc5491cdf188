"""Split and merge: another column, the same connections."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpviz.errors import ModelError
from bpviz.model import edits
from bpviz.model.checks import check_network
from bpviz.model.edits.links import pairs_among
from bpviz.model.layout import NODE_RADIUS, node_position
from bpviz.model.spec import Network, Pair
from bpviz.training.session import Session
from tests.model.drawings import networks
from tests.model.projects import circle_project


def wires(network: Network) -> dict[Pair, bool]:
    nodes = {node.id for layer in network.layers for node in layer.nodes}
    return pairs_among(network, nodes, nodes)


def activations(network: Network) -> dict[str, str]:
    return {node.id: layer.activation_of(node) for layer in network.layers for node in layer.nodes}


def test_a_layer_is_split_into_two_of_the_same_depth(chain: Network) -> None:
    after = edits.split_layer(chain, ["n6"], "l20")

    assert [(layer.id, layer.name) for layer in after.layers[1:3]] == [
        ("l4", "Hidden 1"),
        ("l20", "Hidden 2"),
    ]
    assert [node.id for node in after.layer("l20").nodes] == ["n6"]
    assert {link.key for link in after.links if "l20" in link.key} == {("l1", "l20"), ("l20", "l8")}
    assert after.layer("l20").x == chain.layer("l4").x
    assert wires(after) == wires(chain)


@given(network=networks(), data=st.data())
def test_splitting_changes_no_connection_and_merging_gives_the_layer_back(
    network: Network, data: st.DataObject
) -> None:
    wide = [layer for layer in network.layers if layer.role == "hidden" and layer.size > 1]
    if not wide:
        return
    layer = data.draw(st.sampled_from(wide))
    taken = data.draw(
        st.sets(st.sampled_from([n.id for n in layer.nodes]), min_size=1, max_size=layer.size - 1)
    )

    apart = edits.split_layer(network, taken, "l999")
    check_network(apart)
    assert (wires(apart), activations(apart)) == (wires(network), activations(network))
    places = [
        node_position(part, node)
        for part in (apart.layer(layer.id), apart.layer("l999"))
        for node in part.nodes
    ]
    assert all(abs(a[1] - b[1]) > NODE_RADIUS for at, a in enumerate(places) for b in places[:at])

    again = edits.merge_layers(apart, ["l999", layer.id])
    check_network(again)
    assert (wires(again), activations(again)) == (wires(network), activations(network))
    assert {node.id for node in again.layer(layer.id).nodes} == {node.id for node in layer.nodes}


def test_nodes_of_merged_layers_keep_their_activation(chain: Network) -> None:
    apart = edits.set_activation(edits.split_layer(chain, ["n6"], "l20"), "l20", "relu")

    merged = edits.merge_layers(apart, ["l4", "l20"])

    assert merged.layer("l4").activation == "tanh"
    assert [(node.id, node.activation) for node in merged.layer("l4").nodes] == [
        ("n5", None),
        ("n7", None),
        ("n6", "relu"),
    ]


@pytest.mark.parametrize(
    ("nodes", "said"),
    [
        (["n5", "n9"], "one layer"),
        (["n5", "n6", "n7"], "leave at least one"),
        (["n2"], "Only hidden layers can be split"),
        ([], "select nodes"),
        (["n99"], "no longer"),
    ],
)
def test_what_can_not_be_split_is_refused(chain: Network, nodes: list[str], said: str) -> None:
    with pytest.raises(ModelError, match=said):
        edits.split_layer(chain, nodes, "l20")


def test_what_can_not_be_merged_is_refused(chain: Network) -> None:
    with pytest.raises(ModelError, match="Hidden 1 → Hidden 2 are connected"):
        edits.merge_layers(chain, ["l8", "l4"])
    with pytest.raises(ModelError, match="leave the input layer out"):
        edits.merge_layers(chain, ["l1", "l4"])
    with pytest.raises(ModelError, match="at least two"):
        edits.merge_layers(chain, ["l4"])
    with pytest.raises(ModelError, match="at least two"):
        edits.merge_layers(chain, ["l4", "l77"])
    apart = edits.split_layer(chain, ["n6"], "l20")
    with pytest.raises(ModelError, match="Softmax joins all nodes"):
        edits.merge_layers(edits.set_activation(apart, "l20", "softmax"), ["l4", "l20"])


def test_a_split_part_stands_on_no_other_layer_of_its_column(chain: Network) -> None:
    once = edits.split_layer(chain, ["n7"], "l20")
    twice = edits.split_layer(once, ["n6"], "l21")

    heights = sorted(node.y for layer in ("l4", "l20", "l21") for node in twice.layer(layer).nodes)
    assert all(b - a > 2 * NODE_RADIUS for a, b in pairwise(heights))


def test_a_running_net_computes_the_same_split_and_merged() -> None:
    run = Session(circle_project())
    run.advance(20)
    before, loss = {at: run.value(at) for at in run.compiled.addresses()}, run.evaluate().train_loss

    for edit in (
        lambda network: edits.split_layer(network, ["n6", "n8"], "l40"),
        lambda network: edits.merge_layers(network, ["l4", "l40"]),
    ):
        assert run.follow(edits.on_network(edit)(run.project))
        assert {at: run.value(at) for at in run.compiled.addresses()} == before
        assert run.evaluate().train_loss == pytest.approx(loss, rel=1e-12)
