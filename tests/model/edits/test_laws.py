"""What holds for every edit of a drawing, whichever it is."""

from __future__ import annotations

from hypothesis import given

from bpviz.model.checks import check_network
from bpviz.model.layout import arrange
from bpviz.model.spec import Network
from tests.model.drawings import MOVES, Move, networks, performed

Pairs = dict[tuple[str, str], tuple[bool, bool]]


def pair_states(network: Network) -> Pairs:
    """(removed, frozen) of every pair of a link, by node ids."""
    return {
        (source.id, target.id): (bool(link.removed.array[row, column]), bool(link.frozen.array[row, column]))
        for link in network.links
        for row, target in enumerate(network.layer(link.target).nodes)
        for column, source in enumerate(network.layer(link.source).nodes)
    }


@given(network=networks(), move=MOVES)
def test_every_edit_makes_a_drawing_without_loops_that_keeps_its_input_and_output(
    network: Network, move: Move
) -> None:
    after = performed(network, move)

    check_network(after)  # also refuses loops, links into the input and links out of the output
    assert after.input is not None
    assert after.output is not None
    assert all(layer.nodes for layer in after.layers)


@given(network=networks(), move=MOVES)
def test_an_edit_of_nodes_or_layers_leaves_every_other_pair_as_it_was(network: Network, move: Move) -> None:
    if move[0] not in {"add layer", "add node", "remove nodes", "resize layer", "remove layer"}:
        return
    before, after = pair_states(network), pair_states(performed(network, move))

    kept = before.keys() & after.keys()
    assert {pair: before[pair] for pair in kept} == {pair: after[pair] for pair in kept}


@given(network=networks(), move=MOVES)
def test_no_removed_pair_is_frozen(network: Network, move: Move) -> None:
    after = performed(network, move)

    assert not any((link.removed.array & link.frozen.array).any() for link in after.links)


@given(network=networks())
def test_no_edit_changes_what_it_was_given(network: Network) -> None:
    layers, links = network.layers, network.links
    for kind in ("resize layer", "remove pairs", "connect"):
        performed(network, (kind, 1, 2, 3))

    assert (network.layers, network.links) == (layers, links)


@given(network=networks())
def test_arranging_twice_changes_nothing_more(network: Network) -> None:
    once = arrange(network)

    assert arrange(once) == once
