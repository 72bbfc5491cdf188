"""Selections by clicks and keys."""

from __future__ import annotations

from bpviz.model.builder import layered_network
from bpviz.ui.canvas.placement import Placement
from bpviz.ui.canvas.selecting import along, clicked, of_selection, stepped
from bpviz.ui.canvas.targets import EMPTY, Target
from bpviz.ui.canvas.topology import Topology
from bpviz.ui.document import Selection

NETWORK = layered_network(("x", "y"), (3,), 1)
PLACEMENT = Placement.of(Topology.of(NETWORK), {})
X, Y = (node.id for node in NETWORK.layers[0].nodes)
A, B, C = (node.id for node in NETWORK.layers[1].nodes)


def _chosen(*nodes: str) -> Selection:
    return Selection(nodes=frozenset(nodes))


def test_a_click_replaces_and_an_extending_click_toggles() -> None:
    assert clicked(_chosen(A), Target("node", node=B), extend=False) == _chosen(B)
    assert clicked(_chosen(A), Target("node", node=B), extend=True) == _chosen(A, B)
    assert clicked(_chosen(A, B), Target("node", node=B), extend=True) == _chosen(A)
    assert clicked(_chosen(A), EMPTY, extend=False) == Selection()
    assert clicked(_chosen(A), EMPTY, extend=True) == _chosen(A)


def test_arrows_go_to_the_next_node_and_stop_at_the_ends() -> None:
    assert stepped(PLACEMENT, _chosen(A), 0, 1, extend=False) == _chosen(B)
    assert stepped(PLACEMENT, _chosen(A), 0, -1, extend=True) == _chosen(A)
    assert stepped(PLACEMENT, _chosen(C), 0, 1, extend=False) == _chosen(C)
    assert stepped(PLACEMENT, _chosen(X), -1, 0, extend=False) == _chosen(X)
    assert stepped(PLACEMENT, _chosen(C), -1, 0, extend=False) == _chosen(Y), "the nearest in height"


def test_above_a_column_is_the_whole_layer() -> None:
    first, second, third = (Selection(layers=frozenset({layer.id})) for layer in NETWORK.layers)
    assert stepped(PLACEMENT, _chosen(A), 0, -1, extend=False) == second
    assert stepped(PLACEMENT, second, 0, -1, extend=False) == second
    assert stepped(PLACEMENT, second, 0, 1, extend=False) == _chosen(A)
    assert stepped(PLACEMENT, second, -1, 0, extend=False) == first
    assert stepped(PLACEMENT, second, 1, 0, extend=False) == third
    assert stepped(PLACEMENT, third, 1, 0, extend=False) == third


def test_extending_arrows_keep_what_was() -> None:
    assert stepped(PLACEMENT, _chosen(A), 0, 1, extend=True) == _chosen(A, B)
    assert stepped(PLACEMENT, _chosen(A, B), 0, 1, extend=True) == _chosen(A, B, C)


def test_a_connection_leads_to_its_ends_and_to_the_next_one() -> None:
    out = Selection(pairs=frozenset({(X, B)}))
    assert stepped(PLACEMENT, out, 1, 0, extend=False) == _chosen(B)
    assert stepped(PLACEMENT, out, -1, 0, extend=False) == _chosen(X)
    assert stepped(PLACEMENT, out, 0, 1, extend=False).pairs == {(X, C)}
    assert along(PLACEMENT, _chosen(X), forward=True).pairs == {(X, A)}
    assert along(PLACEMENT, _chosen(B), forward=False).pairs == {(X, B)}
    assert along(PLACEMENT, out, forward=False).pairs == {(Y, B)}
    around = Selection(pairs=frozenset({(X, C)}))
    assert along(PLACEMENT, around, forward=True).pairs == {(X, A)}
    assert along(PLACEMENT, _chosen(X), forward=False) == _chosen(X), "nothing leads into an input"


def test_without_a_selection_an_arrow_begins_at_the_first_node() -> None:
    assert stepped(PLACEMENT, Selection(), 1, 0, extend=False) == _chosen(X)


def test_a_menu_called_by_a_key_is_about_the_selection() -> None:
    assert of_selection(_chosen(A)) == Target("node", node=A)
    assert of_selection(Selection(pairs=frozenset({(X, A)}))) == Target("pair", pair=(X, A))
    assert of_selection(Selection(layers=frozenset({"l1"}))) == Target("caption", layer="l1")
    assert of_selection(Selection()) == EMPTY
