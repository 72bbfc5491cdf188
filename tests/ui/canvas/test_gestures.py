"""Editing by mouse, with real events."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from bpviz.model import edits
from bpviz.model.builder import layered_network
from bpviz.model.spec import Project
from bpviz.ui.canvas.gestures.wiring import Connect
from bpviz.ui.canvas.targets import Target, gap_at
from bpviz.ui.document import Selection
from tests.ui.canvas.conftest import MakeCanvas
from tests.ui.canvas.hand import NO_KEY, Hand, document_of


def test_dragging_a_node_moves_it_in_one_undoable_edit(hand: Hand) -> None:
    before = hand.network
    begin = hand.node(1, 0)

    hand.drag(begin, begin + QPointF(0, -70))

    assert abs(hand.layer(1).nodes[0].y - (before.layers[1].nodes[0].y - 70)) < 2
    stack = document_of(hand.canvas).undo_stack
    assert (stack.count(), stack.undoText()) == (1, "move node")
    stack.undo()
    assert hand.network == before
    assert hand.canvas.scene.network == before


def test_nothing_is_edited_before_the_drop(hand: Hand) -> None:
    before, begin = hand.network, hand.node(1, 0)

    hand.press(begin)
    hand.move(begin + QPointF(0, -60))

    assert hand.network == before
    assert hand.canvas.scene.network != before, "but the picture shows a preview"


def test_escape_gives_a_drag_up(hand: Hand) -> None:
    before, begin = hand.network, hand.node(1, 0)

    hand.press(begin)
    hand.move(begin + QPointF(0, -60))
    hand.key(Qt.Key.Key_Escape)
    hand.release(begin + QPointF(0, -60))

    assert hand.network == hand.canvas.scene.network == before
    assert document_of(hand.canvas).undo_stack.count() == 0


def test_an_edit_from_elsewhere_during_a_drag_gives_it_up(hand: Hand) -> None:
    begin = hand.node(1, 0)
    hand.press(begin)
    hand.move(begin + QPointF(0, -60))

    document_of(hand.canvas).apply(
        "rename", edits.on_network(lambda n: edits.rename(n, n.layers[1].id, "Mine"))
    )

    assert hand.canvas.pane.gesture is None
    assert hand.canvas.scene.network == hand.network


def test_all_selected_nodes_move_together(hand: Hand) -> None:
    nodes = hand.layer(1).nodes
    hand.canvas.desk.select(Selection(nodes=frozenset({nodes[0].id, nodes[2].id})))
    begin = hand.node(1, 0)

    hand.drag(begin, begin + QPointF(0, -100))

    after = hand.layer(1).nodes
    assert abs(after[0].y - nodes[0].y + 100) < 2
    assert abs(after[2].y - nodes[2].y + 100) < 2
    assert after[1].y == nodes[1].y


def test_dragging_a_caption_moves_the_whole_layer(hand: Hand) -> None:
    layer = hand.layer(1)
    item = hand.canvas.scene.parts.layers[layer.id]
    begin = item.mapToScene(item.caption.center())

    hand.drag(begin, begin + QPointF(30, 50))

    after = hand.network.layer(layer.id)
    assert abs(after.x - layer.x - 30) < 2
    assert all(abs(b.y - a.y - 50) < 2 for a, b in zip(layer.nodes, after.nodes, strict=True))


def test_dragging_from_a_port_connects_two_nodes(hand: Hand) -> None:
    source, target = hand.layer(0), hand.layer(3)

    hand.drag(hand.node(0, 0, port=1), hand.node(3, 0))

    link = hand.network.link(source.id, target.id)
    assert link is not None
    assert not link.removed.array[0, 0]
    assert link.removed.array[0, 1], "the other pair stays unconnected"
    assert document_of(hand.canvas).undo_stack.undoText() == "connect nodes"


def test_dragging_from_the_left_port_connects_backward(hand: Hand) -> None:
    hand.drag(hand.node(3, 0, port=-1), hand.node(0, 1))

    link = hand.network.link(hand.layer(0).id, hand.layer(3).id)
    assert link is not None
    assert not link.removed.array[0, 1]


def test_legal_ends_are_lifted_while_connecting(hand: Hand) -> None:
    hand.press(hand.node(0, 0, port=1))
    hand.move(hand.node(0, 0) + QPointF(60, 0))

    lifted = {node for node, item in hand.canvas.scene.parts.nodes.items() if item.look.lifted}
    expected = {node.id for at in (2, 3) for node in hand.layer(at).nodes}
    assert lifted == expected, "neighbors are connected already, and inputs take nothing"
    hand.canvas.pane.cancel_gesture()
    assert not any(item.look.lifted for item in hand.canvas.scene.parts.nodes.values())


def test_an_illegal_connection_is_refused_with_a_sentence_beside_the_pointer(hand: Hand) -> None:
    before = hand.network
    said: list[str] = []
    hand.canvas.pane.refused.connect(said.append)
    loop = hand.node(1, 0)

    hand.press(hand.node(2, 0, port=1))
    hand.move(loop)

    assert isinstance(hand.canvas.pane.gesture, Connect)
    assert "loop" in said[-1]
    hand.release(loop)
    assert hand.network == before
    assert said[-1] == "", "and the sentence goes with the drag"


def test_dropping_a_connection_on_nothing_changes_nothing(hand: Hand) -> None:
    before = hand.network
    hand.drag(hand.node(0, 0, port=1), hand.node(0, 0) + QPointF(70, -150))
    assert hand.network == before


def test_delete_removes_what_is_selected_and_undo_brings_it_back(hand: Hand) -> None:
    before = hand.network
    node = hand.layer(1).nodes[1].id

    hand.click(hand.node(1, 1))
    hand.canvas.editor.delete(hand.canvas.selection)

    assert node not in {n.id for layer in hand.network.layers for n in layer.nodes}
    assert not hand.canvas.selection
    document_of(hand.canvas).undo_stack.undo()
    assert hand.network == hand.canvas.scene.network == before


def test_a_connection_is_selected_by_a_click_and_removed_by_backspace(hand: Hand) -> None:
    placement = hand.canvas.scene.placement
    pair = (hand.layer(0).nodes[0].id, hand.layer(1).nodes[0].id)
    k = placement.topology.find(pair)
    assert k is not None
    middle = placement.polylines(np.array([k]))[0][4]

    hand.click(QPointF(*middle.tolist()))
    assert hand.canvas.selection == Selection(pairs=frozenset({pair}))
    hand.canvas.editor.delete(hand.canvas.selection)

    link = hand.network.link(hand.layer(0).id, hand.layer(1).id)
    assert link is not None
    assert link.removed.count == 1


def test_removing_the_input_layer_is_refused_with_a_sentence(hand: Hand) -> None:
    before = hand.network
    hand.canvas.desk.select(Selection(layers=frozenset({hand.layer(0).id})))
    hand.canvas.editor.delete(hand.canvas.selection)
    assert hand.network == before
    assert "can't be removed" in hand.messages[-1]


def test_a_frame_selects_the_nodes_inside(hand: Hand) -> None:
    column = hand.layer(1)
    begin = QPointF(column.x - 75, column.nodes[0].y - 26)

    hand.drag(begin, QPointF(column.x + 45, column.nodes[1].y + 10))

    assert hand.canvas.selection.nodes == {column.nodes[0].id, column.nodes[1].id}


def test_a_double_click_between_columns_inserts_a_layer(hand: Hand) -> None:
    left, right = hand.layer(0), hand.layer(1)
    point = QPointF((left.x + right.x) / 2, right.nodes[0].y - 120)

    QTest.mouseDClick(hand.canvas.pane.viewport(), Qt.MouseButton.LeftButton, NO_KEY, hand.place(point))

    assert len(hand.network.layers) == 5
    new = hand.layer(1)
    assert hand.network.link(left.id, new.id) is not None
    assert hand.network.link(new.id, right.id) is not None
    assert hand.network.link(left.id, right.id) is None


def test_two_clicks_on_two_things_at_one_place_ask_for_no_name(hand: Hand) -> None:
    asked: list[object] = []
    hand.canvas.pane.asked.connect(asked.append)
    viewport, place = hand.canvas.pane.viewport(), hand.place(hand.node(1, 0))
    at = QPointF(viewport.mapToGlobal(place))
    hand.click(hand.node(1, 0))
    hand.canvas.desk.editor.delete(hand.canvas.selection)
    for kind in (QEvent.Type.MouseButtonDblClick, QEvent.Type.MouseButtonRelease):
        held = (
            Qt.MouseButton.LeftButton if kind == QEvent.Type.MouseButtonDblClick else Qt.MouseButton.NoButton
        )
        event = QMouseEvent(kind, QPointF(place), at, Qt.MouseButton.LeftButton, held, NO_KEY)
        QApplication.sendEvent(viewport, event)
    assert not asked
    hand.click(hand.node(1, 0))
    QTest.mouseDClick(viewport, Qt.MouseButton.LeftButton, NO_KEY, hand.place(hand.node(1, 0)))
    assert len(asked) == 1


def test_the_buttons_at_a_columns_foot_add_and_remove_nodes(hand: Hand) -> None:
    layer = hand.layer(1)
    item = hand.canvas.scene.parts.layers[layer.id]
    hand.move(hand.node(1, 2))
    hand.move(item.mapToScene(item.button("add")))
    hand.click(item.mapToScene(item.button("add")))
    assert hand.network.layer(layer.id).size == 4

    hand.move(item.mapToScene(item.button("remove")))
    hand.click(item.mapToScene(item.button("remove")))
    assert hand.network.layer(layer.id).size == 3


def test_the_plus_under_the_inputs_adds_the_next_feature(hand: Hand) -> None:
    item = hand.canvas.scene.parts.layers[hand.layer(0).id]
    hand.move(hand.node(0, 1))
    hand.click(item.mapToScene(item.button("add")))
    assert [node.feature for node in hand.layer(0).nodes] == ["x", "y", "x^2"]


def test_the_middle_button_pans(hand: Hand) -> None:
    pane = hand.canvas.pane
    point = hand.node(1, 0)
    before = hand.place(point)
    hand.press(point, Qt.MouseButton.MiddleButton)
    QTest.mouseMove(pane.viewport(), before + QPointF(40, 25).toPoint())
    QTest.mouseRelease(
        pane.viewport(), Qt.MouseButton.MiddleButton, NO_KEY, before + QPointF(40, 25).toPoint()
    )
    moved = hand.place(point) - before
    assert abs(moved.x() - 40) <= 1
    assert abs(moved.y() - 25) <= 1


def test_every_drag_can_be_given_up(hand: Hand) -> None:
    before = hand.network
    layer = hand.layer(1)
    item = hand.canvas.scene.parts.layers[layer.id]
    begins = {
        "node": hand.node(1, 0),
        "caption": item.mapToScene(item.caption.center()),
        "port": hand.node(0, 0, port=1),
        "empty": QPointF(layer.x - 75, layer.nodes[0].y - 26),
    }
    for begin in begins.values():
        hand.press(begin)
        hand.move(begin + QPointF(90, 60))
        assert _is_dragging(hand)
        hand.key(Qt.Key.Key_Escape)
        assert not _is_dragging(hand)
        hand.release(begin)
        hand.canvas.desk.select(Selection())
        assert hand.network == hand.canvas.scene.network == before


def _is_dragging(hand: Hand) -> bool:
    return hand.canvas.pane.gesture is not None


def test_dropped_where_it_began_a_drag_is_no_edit(hand: Hand) -> None:
    for begin in (hand.node(1, 0), hand.node(0, 0, port=1)):
        hand.press(begin)
        hand.move(begin + QPointF(0, 60))
        hand.move(begin)
        hand.release(begin)
    assert document_of(hand.canvas).undo_stack.count() == 0


def test_shift_and_drag_on_empty_space_pans(hand: Hand) -> None:
    begin = QPointF(hand.layer(1).x - 75, hand.layer(1).nodes[0].y - 26)
    place = hand.place(begin)
    hand.press(begin, keys=Qt.KeyboardModifier.ShiftModifier)
    for step in (10, 30):
        QTest.mouseMove(hand.canvas.pane.viewport(), place + QPoint(step, step))
    QTest.mouseRelease(hand.canvas.pane.viewport(), Qt.MouseButton.LeftButton, NO_KEY, place + QPoint(30, 30))
    assert (hand.place(begin) - place - QPoint(30, 30)).manhattanLength() <= 2
    assert not hand.canvas.selection


def test_the_button_between_two_columns_inserts_a_layer(hand: Hand) -> None:
    left, right = hand.layer(0), hand.layer(1)
    middle = QPointF((left.x + right.x) / 2, right.nodes[-1].y + 30)
    hand.move(middle)
    items = hand.canvas.scene.parts.layers
    button = gap_at(hand.canvas.scene.placement, items, middle)
    assert button is not None
    hand.move(button)
    hand.click(button)
    assert len(hand.network.layers) == 5
    assert document_of(hand.canvas).undo_stack.undoText() == "add layer"


def test_dragging_a_row_of_a_column_moves_the_layer(make_canvas: MakeCanvas) -> None:
    hand = Hand(make_canvas(Project(network=layered_network([f"f{k}" for k in range(60)], (2,), 1))))
    column = hand.canvas.scene.placement.columns[hand.layer(0).id]
    begin = QPointF(column.x, column.top + 100)
    hand.drag(begin, begin + QPointF(-40, 0))
    assert abs(hand.layer(0).x - column.x + 40) < 3


def test_a_row_of_a_column_can_be_the_end_of_a_connection(make_canvas: MakeCanvas) -> None:
    network = layered_network([f"f{k}" for k in range(60)], (2,), 1)
    hand = Hand(make_canvas(Project(network=network)))
    column = hand.canvas.scene.placement.columns[hand.layer(0).id]
    row = QPointF(column.x, column.top + 2.5 * column.height / column.shown)

    hand.drag(hand.node(2, 0, port=-1), row)

    link = hand.network.link(hand.layer(0).id, hand.layer(2).id)
    assert link is not None
    assert list(set(link.removed) ^ {(0, k) for k in range(60)}) == [(0, 2)]


def test_the_right_button_opens_a_menu_for_what_is_there(hand: Hand, qtbot: QtBot) -> None:
    wanted: list[Target] = []
    hand.canvas.pane.menu_wanted.disconnect()
    hand.canvas.pane.menu_wanted.connect(lambda target, place, point: wanted.append(target))
    node = hand.layer(1).nodes[0].id
    _call_menu(hand, hand.node(1, 0), QContextMenuEvent.Reason.Mouse)
    assert wanted[-1].node == node
    assert hand.canvas.selection.nodes == {node}, "what is under the pointer is selected first"
    _call_menu(hand, QPointF(), QContextMenuEvent.Reason.Keyboard)
    assert wanted[-1].node == node, "and a key asks for what is selected"


def _call_menu(hand: Hand, point: QPointF, reason: QContextMenuEvent.Reason) -> None:
    place = hand.place(point)
    viewport = hand.canvas.pane.viewport()
    QApplication.sendEvent(viewport, QContextMenuEvent(reason, place, viewport.mapToGlobal(place)))
