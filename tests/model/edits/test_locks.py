"""Locks: what is locked stays as it is, whatever is asked for."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpviz.errors import ModelError
from bpviz.model import edits
from bpviz.model.edits.links import pairs_among
from bpviz.model.layout import node_position
from bpviz.model.spec import BiasAddress, Network, WeightAddress
from tests.model.drawings import MOVES, Move, networks, performed
from tests.model.projects import circle_project

HIDDEN, NODE, OUTPUT = "l4", "n5", "l8"


def drawn() -> Network:
    """Two inputs, a hidden layer and an output."""
    return circle_project().network


def facts(network: Network, node_id: str) -> object:
    """All that a lock holds of a node."""
    layer, node = network.layer_of(node_id), network.node(node_id)
    everyone = {other.id for at in network.layers for other in at.nodes}
    pairs = {*pairs_among(network, {node_id}, everyone), *pairs_among(network, everyone, {node_id})}
    own = (layer.id, node.name, node.feature, layer.activation_of(node))
    return node_position(layer, node), own, frozenset(pairs)


CHANGES: dict[str, tuple[Callable[[Network], Network], str]] = {
    "go": (partial(edits.remove_nodes, node_ids=[NODE]), "would go"),
    "move": (partial(edits.place_nodes, places={NODE: (5.0, 300.0)}), "would move"),
    "its column": (partial(edits.move_layer, layer_id=HIDDEN, x=77.0), "would move"),
    "change": (partial(edits.rename, item_id=NODE, name="other"), "would change"),
    "function": (partial(edits.set_activation, layer_id=HIDDEN, activation="relu"), "would change"),
    "connect": (partial(edits.remove_pairs, pairs=[("n2", NODE)]), "connected otherwise"),
}


@pytest.mark.parametrize("name", CHANGES)
@pytest.mark.parametrize("whole", [False, True])
def test_no_edit_changes_what_is_locked_until_it_is_unlocked(name: str, whole: bool) -> None:
    edit, would = CHANGES[name]
    layers, nodes = ({HIDDEN}, set[str]()) if whole else (set[str](), {NODE})
    before = edits.set_locked(drawn(), layers, nodes, locked=True)
    with pytest.raises(ModelError, match="is locked and would") as told:
        edits.check_locks(before, edit(before))
    assert "unlock it first" in str(told.value)
    if not whole:
        assert would in str(told.value)
    free = edits.set_locked(before, set(), {NODE}, locked=False)
    assert not edits.is_locked(free, {HIDDEN}, {NODE})
    edits.check_locks(before, free)
    edits.check_locks(free, edit(free))


def test_what_is_trained_is_not_held_by_a_lock() -> None:
    before = edits.set_locked(drawn(), {HIDDEN}, set(), locked=True)
    frozen = edits.set_frozen(before, [WeightAddress("n2", NODE), BiasAddress(NODE)], frozen=True)
    edits.check_locks(before, frozen)
    assert frozen != before


def test_a_copy_of_what_is_locked_is_free() -> None:
    before = edits.set_locked(drawn(), {HIDDEN}, {NODE}, locked=True)
    ids = iter(range(900, 1000))
    copied = edits.duplicate(before, {NODE}, {HIDDEN}, lambda prefix: f"{prefix}{next(ids)}")
    assert copied.layers or copied.nodes
    assert not edits.is_locked(copied.network, copied.layers, copied.nodes)


@given(network=networks(), move=MOVES, at=st.integers(0, 50), whole=st.booleans())
def test_an_edit_leaves_what_is_locked_or_is_refused(
    network: Network, move: Move, at: int, whole: bool
) -> None:
    layer = network.layers[at % len(network.layers)]
    node = layer.nodes[at % layer.size]
    before = edits.set_locked(network, {layer.id} if whole else (), () if whole else {node.id}, locked=True)
    held = [other.id for other in layer.nodes] if whole else [node.id]
    after = performed(before, move)
    edits.check_locks(network, performed(network, move))  # where nothing is locked, nothing is refused
    try:
        edits.check_locks(before, after)
    except ModelError:
        present = {other.id for at in after.layers for other in at.nodes}
        same = present.issuperset(held) and all(facts(before, one) == facts(after, one) for one in held)
        assert whole or not same
    else:
        assert [facts(before, one) for one in held] == [facts(after, one) for one in held]
