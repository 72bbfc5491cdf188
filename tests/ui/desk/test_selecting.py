"""What of a selection is there."""

from __future__ import annotations

from bpviz.model import edits
from bpviz.model.builder import layered_network
from bpviz.ui.desk.selecting import present
from bpviz.ui.document import Selection

NETWORK = layered_network(("x", "y"), (3,), 1)
X, Y = (node.id for node in NETWORK.layers[0].nodes)
A, B, C = (node.id for node in NETWORK.layers[1].nodes)
OUT = NETWORK.layers[2].nodes[0].id


def test_what_was_removed_is_left_out() -> None:
    chosen = Selection(frozenset({A, B}), frozenset({(X, A), (X, B)}), frozenset({NETWORK.layers[1].id}))
    assert present(chosen, NETWORK) == chosen
    after = edits.remove_nodes(NETWORK, {A})
    assert present(chosen, after) == Selection(frozenset({B}), frozenset({(X, B)}), chosen.layers)
    after = edits.remove_pairs(NETWORK, [(X, A)])
    assert present(chosen, after).pairs == {(X, B)}
    assert present(chosen, edits.remove_layer(NETWORK, NETWORK.layers[1].id)) == Selection()


def test_a_connection_that_never_was_is_left_out() -> None:
    backwards = Selection(pairs=frozenset({(A, X), (X, OUT), ("gone", A)}))
    assert present(backwards, NETWORK) == Selection()
