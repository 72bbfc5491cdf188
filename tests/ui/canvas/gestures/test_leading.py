"""Leading an end of a connection elsewhere, with real events."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, Qt

from bpviz.model.spec import Pair, WeightAddress
from bpviz.ui.document import Selection
from tests.ui.canvas.hand import Hand, document_of
from tests.ui.canvas.shots import full_shot


def _cut(hand: Hand, pair: Pair) -> None:
    """Remove a connection, so that another can be led there."""
    hand.canvas.editor.delete(Selection(pairs=frozenset({pair})))
    document_of(hand.canvas).undo_stack.clear()


def _on(hand: Hand, pair: Pair, at: int) -> QPointF:
    placement = hand.canvas.scene.placement
    k = placement.topology.find(pair)
    assert k is not None
    return QPointF(*placement.polylines(np.array([k]))[0][at].tolist())


def _pairs(hand: Hand) -> set[Pair]:
    topology = hand.canvas.scene.placement.topology
    return {topology.pair(k) for k in range(topology.pair_count)}


def test_the_end_of_a_connection_is_led_to_another_node_with_its_weight(hand: Hand) -> None:
    a, (b, c) = hand.layer(2).nodes[0].id, (node.id for node in hand.layer(1).nodes[:2])
    _cut(hand, (c, a))
    shot = full_shot(hand.network)
    hand.canvas.show_snapshot(shot)
    assert shot.parameters is not None
    weight = float(shot.parameters[shot.compiled.index(WeightAddress(b, a))])

    hand.drag(_on(hand, (b, a), 4), hand.node(1, 1))

    assert (c, a) in _pairs(hand)
    assert (b, a) not in _pairs(hand)
    project = document_of(hand.canvas).project
    assert project.start is not None
    assert dict(project.start.values)[WeightAddress(c, a)] == weight
    stack = document_of(hand.canvas).undo_stack
    assert (stack.count(), stack.undoText()) == (1, "reconnect")
    stack.undo()
    assert (b, a) in _pairs(hand)


def test_where_it_was_or_nowhere_nothing_changes(hand: Hand) -> None:
    before = hand.network
    pair = (hand.layer(1).nodes[0].id, hand.layer(2).nodes[0].id)
    hand.drag(_on(hand, pair, 13), hand.node(2, 0))
    hand.drag(_on(hand, pair, 13), hand.node(2, 0) + QPointF(30, -120))
    assert hand.network == before
    assert document_of(hand.canvas).undo_stack.count() == 0


def test_a_place_that_is_taken_is_refused_beside_the_pointer(hand: Hand) -> None:
    said: list[str] = []
    hand.canvas.pane.refused.connect(said.append)
    pair = (hand.layer(1).nodes[0].id, hand.layer(2).nodes[0].id)
    hand.press(_on(hand, pair, 13))
    hand.move(_on(hand, pair, 13) + QPointF(-20, 40))
    hand.move(hand.node(2, 1))
    assert "connected already" in said[-1]
    hand.key(Qt.Key.Key_Escape)
    assert said[-1] == ""
    hand.release(hand.node(2, 1))
    assert document_of(hand.canvas).undo_stack.count() == 0
