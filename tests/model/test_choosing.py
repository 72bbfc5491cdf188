"""From one selection to the next."""

from __future__ import annotations

import pytest
from hypothesis import given

from bpviz.model import edits
from bpviz.model.choosing import QUERIES, Selection
from bpviz.model.spec import Network, WeightAddress
from tests.model.drawings import networks
from tests.model.edits.test_columns import wires


def nodes(*ids: str) -> Selection:
    return Selection(nodes=frozenset(ids))


def pairs(*ids: tuple[str, str]) -> Selection:
    return Selection(pairs=frozenset(ids))


@pytest.mark.parametrize(
    ("name", "selected", "expected"),
    [
        ("all", Selection(), nodes("n2", "n3", "n5", "n6", "n7", "n9", "n10", "n12")),
        ("none", nodes("n5"), Selection()),
        ("inverse", nodes("n2", "n3", "n5", "n6", "n7", "n9"), nodes("n10", "n12")),
        ("inverse", Selection(layers=frozenset({"l1", "l4"})), Selection(layers=frozenset({"l8", "l11"}))),
        ("layer", nodes("n5", "n12"), nodes("n5", "n6", "n7", "n12")),
        ("layer", Selection(layers=frozenset({"l8"})), nodes("n9", "n10")),
        ("layer", pairs(("n9", "n12")), pairs(("n9", "n12"), ("n10", "n12"))),
        ("incoming", nodes("n5"), pairs(("n2", "n5"), ("n3", "n5"))),
        ("incoming", pairs(("n2", "n5"), ("n3", "n5")), nodes("n2", "n3")),
        ("outgoing", nodes("n9", "n10"), pairs(("n9", "n12"), ("n10", "n12"))),
        ("outgoing", Selection(layers=frozenset({"l8"})), pairs(("n9", "n12"), ("n10", "n12"))),
        ("outgoing", pairs(("n2", "n5")), nodes("n5")),
        ("same_kind", nodes("n5"), nodes("n6", "n5", "n7", "n10", "n9")),
        ("same_kind", nodes("n3"), nodes("n2", "n3")),
        ("same_kind", Selection(layers=frozenset({"l4"})), Selection(layers=frozenset({"l4", "l8"}))),
    ],
)
def test_each_question_has_its_answer(
    chain: Network, name: str, selected: Selection, expected: Selection
) -> None:
    assert QUERIES[name].answer(chain, selected) == expected


def test_kinds_are_told_apart_by_activation_and_by_being_frozen(chain: Network) -> None:
    network = edits.set_node_activation(chain, ["n6", "n9"], "relu")
    network = edits.set_frozen(network, [WeightAddress("n2", "n5"), WeightAddress("n9", "n12")], frozen=True)
    ask = QUERIES["same_kind"].answer

    assert ask(network, nodes("n6")) == nodes("n6", "n9")
    assert ask(network, pairs(("n2", "n5"))) == pairs(("n2", "n5"), ("n9", "n12"))


@given(network=networks())
def test_every_question_answers_by_what_is_there(network: Network) -> None:
    everything = {node.id for layer in network.layers for node in layer.nodes}
    selections = (
        Selection(),
        nodes(*everything),
        pairs(*wires(network)),
        Selection(layers=frozenset(layer.id for layer in network.layers)),
    )
    for entry in QUERIES.values():
        for selection in selections:
            answer = entry.answer(network, selection)
            assert answer.nodes <= everything
            assert answer.pairs <= wires(network).keys()
            assert answer.layers <= {layer.id for layer in network.layers}


@given(network=networks())
def test_the_inverse_of_the_inverse_is_the_selection(network: Network) -> None:
    invert = QUERIES["inverse"].answer
    some = nodes(network.layers[0].nodes[0].id)
    assert invert(network, invert(network, some)) == some
