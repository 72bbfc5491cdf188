"""Pulling a column's foot, with real events."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPointF, Qt

from bpviz.model.layout import NODE_GAP
from bpviz.ui.document import Selection
from tests.ui.canvas.hand import Hand, document_of
from tests.ui.canvas.takes import foot


@pytest.mark.parametrize(("steps", "size"), [(2, 5), (-1, 2), (-20, 1)])
def test_the_foot_pulled_by_half_a_gap_a_node_makes_as_many(hand: Hand, steps: int, size: int) -> None:
    before, begin = hand.network, foot(hand)
    end = begin + QPointF(0, steps * NODE_GAP / 2)  # the column stays centered
    hand.press(begin)
    hand.move(begin + (end - begin) / 2)
    hand.move(end)
    layer = hand.layer(1)
    assert hand.network == before
    assert hand.canvas.scene.network.layer(layer.id).size == size, "the preview shows it"
    hand.release(end)
    assert hand.network.layer(layer.id).size == size
    stack = document_of(hand.canvas).undo_stack
    assert (stack.count(), stack.undoText()) == (1, "resize layer")
    ids = {node.id for layer in hand.network.layers for node in layer.nodes}
    assert all(node.startswith("n") for node in ids)
    stack.undo()
    assert hand.network == hand.canvas.scene.network == before


def test_back_at_its_start_or_given_up_it_is_no_entry(hand: Hand) -> None:
    chosen = Selection(nodes=frozenset({hand.layer(1).nodes[2].id}))
    hand.canvas.desk.select(chosen)
    begin = foot(hand)
    for key in (None, Qt.Key.Key_Escape):
        hand.press(begin)
        hand.move(begin + QPointF(0, -90))
        assert hand.canvas.scene.network != hand.network
        hand.move(begin)
        if key is not None:
            hand.move(begin + QPointF(0, -90))
            hand.key(key)
        hand.release(begin)
        assert hand.canvas.scene.network == hand.network
        assert hand.canvas.scene.selection == chosen
        hand.move(hand.node(1, 1))
    assert document_of(hand.canvas).undo_stack.count() == 0


def test_inputs_and_outputs_have_no_foot_to_pull(hand: Hand) -> None:
    for layer in (0, 3):
        hand.move(hand.node(layer, 0))
        item = hand.canvas.scene.parts.layers[hand.layer(layer).id]
        at = hand.canvas.scene.target_at(item.mapToScene(item.button("foot")), 1.0)
        assert at.kind != "foot"
