"""Dropping something onto a connection lets it go in between, with real events."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest

from bpviz.model import edits
from bpviz.model.edits import on_network
from bpviz.model.spec import Network, Pair, Project
from tests.ui.canvas.conftest import MakeCanvas
from tests.ui.canvas.hand import Hand, document_of, small_project
from tests.ui.canvas.shots import full_shot
from tests.ui.canvas.takes import caption

CTRL = Qt.KeyboardModifier.ControlModifier


def _with(network_edit: partial[Network]) -> Project:
    return on_network(network_edit)(small_project())


def _middle(hand: Hand, pair: Pair) -> QPointF:
    """On a connection, where no other one of the same ends is near."""
    placement = hand.canvas.scene.placement
    k = placement.topology.find(pair)
    assert k is not None
    return QPointF(*placement.polylines(np.array([k]))[0][8].tolist())


@pytest.fixture
def skipping(make_canvas: MakeCanvas) -> Hand:
    """A canvas with one connection from the first input past both hidden layers."""
    network = small_project().network
    pair = (network.layers[0].nodes[0].id, network.layers[3].nodes[0].id)
    return Hand(make_canvas(_with(partial(edits.connect_pairs, pairs=[pair]))))


@pytest.fixture
def spare(make_canvas: MakeCanvas) -> Hand:
    """A canvas with a hidden layer that nothing is connected to, above the others."""
    add = partial(edits.add_layer, layer_id="l90", node_ids=["n91", "n92"], x=330.0, y=-330.0)
    return Hand(make_canvas(_with(add)))


def _skip(hand: Hand) -> Pair:
    return hand.layer(0).nodes[0].id, hand.layer(3).nodes[0].id


def test_a_node_dropped_on_a_connection_goes_in_between_with_its_weight(skipping: Hand) -> None:
    hand, pair = skipping, _skip(skipping)
    shot = full_shot(hand.network)
    hand.canvas.show_snapshot(shot)
    before, node = hand.network, hand.layer(1).nodes[0]
    where = _middle(hand, pair)

    hand.press(hand.node(1, 0))
    hand.move(hand.node(1, 0) + QPointF(0, -40))
    hand.move(where)
    assert hand.canvas.scene.hints.struck_count == 1, "it is lit before the drop"
    hand.release(where)

    link = hand.network.link(hand.layer(0).id, hand.layer(3).id)
    assert link is None, "the connection it was dropped on is gone"
    assert hand.network.link(hand.layer(1).id, hand.layer(3).id) is not None
    assert node.id in {n.id for n in hand.network.layer(hand.layer(1).id).nodes}
    stack = document_of(hand.canvas).undo_stack
    assert (stack.count(), stack.undoText()) == (1, "insert node")
    assert hand.canvas.scene.hints.struck_count == 0
    stack.undo()
    assert hand.network == hand.canvas.scene.network == before


def test_ctrl_moves_it_across_without_going_in_between(skipping: Hand) -> None:
    hand, pair = skipping, _skip(skipping)
    where = _middle(hand, pair)
    hand.press(hand.node(1, 0))
    hand.move(hand.node(1, 0) + QPointF(0, -40))
    hand.move(where)
    assert hand.canvas.scene.hints.struck_count == 1
    QTest.keyPress(hand.canvas.pane, Qt.Key.Key_Control)
    assert hand.canvas.scene.hints.struck_count == 0
    hand.release(where, keys=CTRL)
    assert document_of(hand.canvas).undo_stack.undoText() == "move node"
    assert hand.network.link(hand.layer(0).id, hand.layer(3).id) is not None
    QTest.keyRelease(hand.canvas.pane, Qt.Key.Key_Control, CTRL)


def test_where_it_cannot_go_nothing_is_lit_and_it_is_only_moved(hand: Hand) -> None:
    pair = (hand.layer(2).nodes[0].id, hand.layer(3).nodes[0].id)
    where = _middle(hand, pair)
    hand.press(hand.node(0, 0))
    hand.move(hand.node(0, 0) + QPointF(0, -40))
    hand.move(where)
    assert hand.canvas.scene.hints.struck_count == 0, "an input is in between of nothing"
    hand.release(where)
    assert document_of(hand.canvas).undo_stack.undoText() == "move node"


def test_a_layer_dropped_on_a_connection_goes_in_between_and_others_move_aside(spare: Hand) -> None:
    hand, before = spare, spare.network
    source, target = before.layers[0], before.layers[1]
    pair = (source.nodes[0].id, target.nodes[0].id)
    where = _middle(hand, pair)
    item = hand.canvas.scene.parts.layers["l90"]
    begin = item.mapToScene(item.caption.center())

    hand.press(begin)
    hand.move(begin + QPointF(-40, 30))
    hand.move(where)
    assert hand.canvas.scene.hints.struck_count == source.size * target.size, "all that would go"
    hand.release(where)

    network = hand.network
    assert network.link(source.id, target.id) is None
    assert network.link(source.id, "l90") is not None
    assert network.link("l90", target.id) is not None
    layers = [network.layer(layer).x for layer in (source.id, "l90", target.id)]
    assert min(np.diff(layers)) > 100, "with room between them"
    assert document_of(hand.canvas).undo_stack.count() == 1
    document_of(hand.canvas).undo_stack.undo()
    assert hand.network == before


def test_esc_over_a_lit_connection_restores_all(spare: Hand) -> None:
    hand, before = spare, spare.network
    pair = (before.layers[0].nodes[0].id, before.layers[1].nodes[0].id)
    item = hand.canvas.scene.parts.layers["l90"]
    begin = item.mapToScene(item.caption.center())
    hand.press(begin)
    hand.move(begin + QPointF(-40, 30))
    hand.move(_middle(hand, pair))
    hand.key(Qt.Key.Key_Escape)
    assert hand.canvas.scene.hints.struck_count == 0
    assert hand.network == hand.canvas.scene.network == before
    assert caption(hand) is not None


@pytest.mark.parametrize("name", ["node", "port", "caption"])
def test_a_drag_in_a_wide_network_lists_no_connections(make_canvas: MakeCanvas, name: str) -> None:
    # Of two layers of a thousand nodes that were a million, sorted anew at every move.
    hand = Hand(make_canvas(small_project((60, 50))))
    begin = {
        "node": hand.node(3, 0),
        "port": hand.node(3, 0, port=-1),
        "caption": caption(hand, 3),
    }[name]
    hand.press(begin)
    for way in (20, 60, 140):
        hand.move(begin + QPointF(-way, 5))
    topology = hand.canvas.scene.placement.topology
    assert not {"source", "target", "link"} & vars(topology).keys()
    hand.key(Qt.Key.Key_Escape)
