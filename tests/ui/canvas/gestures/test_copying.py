"""Copying by a drag with Shift, with real events."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest

from bpviz.model.spec import WeightAddress
from bpviz.ui.document import Selection
from tests.ui.canvas.hand import Hand, document_of
from tests.ui.canvas.shots import full_shot
from tests.ui.canvas.takes import caption

SHIFT = Qt.KeyboardModifier.ShiftModifier


def _drag_with_shift(hand: Hand, begin: QPointF, end: QPointF) -> None:
    """Drag, and hold Shift only then."""
    hand.press(begin)
    hand.move(begin + (end - begin) * 0.5)
    hand.move(end)
    QTest.keyPress(hand.canvas.pane, Qt.Key.Key_Shift)


def test_with_shift_a_copy_moves_and_the_node_stays(hand: Hand) -> None:
    hand.canvas.show_snapshot(full_shot(hand.network))
    before, layer = hand.network, hand.layer(1)
    node, begin = layer.nodes[1], hand.node(1, 1)
    end = begin + QPointF(30, 133)
    _drag_with_shift(hand, begin, end)
    shown = hand.canvas.scene.network.layer(layer.id)
    assert (shown.size, shown.nodes[1].y) == (4, node.y), "the preview shows both"
    assert hand.network == before
    hand.release(end, keys=SHIFT)
    QTest.keyRelease(hand.canvas.pane, Qt.Key.Key_Shift, SHIFT)

    after = hand.network.layer(layer.id)
    assert after.nodes[1] == node
    (copy,) = (other for other in after.nodes if other.id not in {old.id for old in layer.nodes})
    assert copy.x is not None
    assert abs(copy.x - end.x()) < 2
    assert abs(copy.y - end.y()) < 2
    assert hand.canvas.selection == Selection(nodes=frozenset({copy.id}))
    stack = document_of(hand.canvas).undo_stack
    assert (stack.count(), stack.undoText()) == (1, "copy")
    source = hand.layer(0).nodes[0].id
    weight = hand.canvas.scene.value_of(WeightAddress(source, node.id))
    starts = dict(document_of(hand.canvas).project.start.values)
    assert starts[WeightAddress(source, copy.id)] == weight, "with its weights"
    stack.undo()
    assert hand.network == hand.canvas.scene.network == before


def test_shift_let_go_before_the_drop_only_moves(hand: Hand) -> None:
    layer, begin = hand.layer(1), hand.node(1, 1)
    end = begin + QPointF(30, 133)
    _drag_with_shift(hand, begin, end)
    QTest.keyRelease(hand.canvas.pane, Qt.Key.Key_Shift, SHIFT)
    assert hand.canvas.scene.network.layer(layer.id).size == 3
    hand.release(end)
    assert hand.network.layer(layer.id).size == 3
    assert document_of(hand.canvas).undo_stack.undoText() == "move node"


def test_a_layer_is_copied_by_its_name(hand: Hand) -> None:
    layer, begin = hand.layer(1), caption(hand)
    end = begin + QPointF(10, -260)
    _drag_with_shift(hand, begin, end)
    hand.release(end, keys=SHIFT)
    QTest.keyRelease(hand.canvas.pane, Qt.Key.Key_Shift, SHIFT)
    assert len(hand.network.layers) == 5
    assert hand.network.layer(layer.id) == layer or hand.network.layer(layer.id).nodes == layer.nodes
    (new,) = hand.canvas.selection.layers
    copy = hand.network.layer(new)
    assert copy.size == layer.size
    assert abs(copy.nodes[0].y - layer.nodes[0].y + 260) < 12
    assert document_of(hand.canvas).undo_stack.count() == 1


def test_an_input_is_not_copied_and_the_pointer_says_why(hand: Hand) -> None:
    said: list[str] = []
    hand.canvas.pane.refused.connect(said.append)
    before, begin = hand.network, hand.node(0, 0)
    end = begin + QPointF(20, 130)
    _drag_with_shift(hand, begin, end)
    assert said[-1].endswith(".")
    hand.release(end, keys=SHIFT)
    QTest.keyRelease(hand.canvas.pane, Qt.Key.Key_Shift, SHIFT)
    assert said[-1] == ""
    assert hand.network == hand.canvas.scene.network == before


def test_shift_that_takes_a_node_into_the_selection_does_not_copy_it(hand: Hand) -> None:
    first = hand.layer(1).nodes[0].id
    hand.canvas.desk.select(Selection(nodes=frozenset({first})))
    begin = hand.node(1, 2)
    hand.drag(begin, begin + QPointF(20, 90), keys=SHIFT)
    assert hand.canvas.selection.nodes == {first, hand.layer(1).nodes[2].id}
    assert hand.layer(1).size == 3
    assert document_of(hand.canvas).undo_stack.undoText() == "move nodes"
