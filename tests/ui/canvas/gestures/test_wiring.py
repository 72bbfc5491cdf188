"""Drawing connections, with real events: to a layer, from a selection, into the empty, over the edge."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from bpviz.model import edits
from bpviz.ui.canvas.sliding import EDGE_PX
from bpviz.ui.document import Selection
from tests.ui.canvas.conftest import MakeCanvas
from tests.ui.canvas.hand import LEFT, NO_KEY, Hand, document_of, small_project
from tests.ui.canvas.takes import MIDDLE, caption


def _ids(hand: Hand, layer: int) -> list[str]:
    return [node.id for node in hand.layer(layer).nodes]


def _menu() -> QMenu:
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    return menu


def _drop_in_the_empty(hand: Hand, where: QPointF) -> QMenu:
    hand.drag(hand.node(0, 0, port=1), where)
    return _menu()


def test_a_wire_to_a_layers_name_connects_all_its_nodes(hand: Hand) -> None:
    hand.drag(hand.node(0, 1, port=1), caption(hand, 2))
    link = hand.network.link(hand.layer(0).id, hand.layer(2).id)
    assert link is not None
    assert [link.removed.array[:, at].tolist() for at in (0, 1)] == [[True, True], [False, False]]
    assert document_of(hand.canvas).undo_stack.count() == 1


def test_a_wire_from_a_selection_connects_all_that_is_selected(hand: Hand) -> None:
    hand.canvas.desk.select(Selection(nodes=frozenset(_ids(hand, 0))))
    hand.press(hand.node(0, 0, port=1))
    hand.move(hand.node(3, 0) + QPointF(-60, 0))
    assert hand.canvas.scene.hints.wire_count == 2
    hand.release(hand.node(3, 0))
    link = hand.network.link(hand.layer(0).id, hand.layer(3).id)
    assert link is not None
    assert not link.removed.array.any()
    document_of(hand.canvas).undo_stack.undo()
    assert hand.canvas.selection.nodes == set(_ids(hand, 0)), "undo brings the selection back"


def test_a_selection_part_of_which_cannot_be_connected_is_refused_as_a_whole(hand: Hand) -> None:
    said: list[str] = []
    hand.canvas.pane.refused.connect(said.append)
    hand.canvas.desk.select(Selection(nodes=frozenset({_ids(hand, 0)[0], _ids(hand, 3)[0]})))
    hand.press(hand.node(0, 0, port=1))
    hand.move(hand.node(2, 0))
    assert said[-1].endswith(".")
    hand.release(hand.node(2, 0))
    assert document_of(hand.canvas).undo_stack.count() == 0


def test_a_wire_dropped_into_a_column_makes_node_and_link_in_one_entry(hand: Hand) -> None:
    before, column = hand.network, hand.layer(2)
    where = QPointF(column.x, column.nodes[-1].y + 70)
    menu = _drop_in_the_empty(hand, where)
    assert [action.text() for action in menu.actions()] == [
        "Node in Hidden 2",
        "New layer of 1 node",
        "New layer of 4 nodes",
    ]
    assert hand.network == before, "nothing is made before it is chosen"
    QTest.keyClick(menu, Qt.Key.Key_Return)
    after = hand.network.layer(column.id)
    assert after.size == column.size + 1
    assert abs(after.nodes[-1].y - where.y()) < 2
    link = hand.network.link(hand.layer(0).id, column.id)
    assert link is not None
    assert list(link.removed) == [
        (row, at) for row in range(after.size) for at in range(2) if (row, at) != (after.size - 1, 0)
    ]
    stack = document_of(hand.canvas).undo_stack
    assert stack.count() == 1
    stack.undo()
    assert hand.network == hand.canvas.scene.network == before


@pytest.mark.parametrize(("entry", "size"), [("New layer of 1 node", 1), ("New layer of 4 nodes", 4)])
def test_a_wire_dropped_between_columns_can_make_a_layer(hand: Hand, entry: str, size: int) -> None:
    where = QPointF((hand.layer(1).x + hand.layer(2).x) / 2, hand.layer(1).nodes[0].y - 110)
    menu = _drop_in_the_empty(hand, where)
    action = next(action for action in menu.actions() if action.text() == entry)
    menu.setActiveAction(action)
    QTest.keyClick(menu, Qt.Key.Key_Return)
    new = hand.layer(2)
    assert (new.size, abs(new.x - where.x()) < 2) == (size, True)
    link = hand.network.link(hand.layer(0).id, new.id)
    assert link is not None
    assert not link.removed.array[:, 0].any()
    assert link.removed.array[:, 1].all()
    assert document_of(hand.canvas).undo_stack.count() == 1


def test_esc_in_the_menu_makes_nothing(hand: Hand) -> None:
    before = hand.network
    menu = _drop_in_the_empty(hand, hand.node(2, 1) + QPointF(0, 70))
    assert hand.canvas.scene.hints.wire_count == 1, "the wire is still seen"
    QTest.keyClick(menu, Qt.Key.Key_Escape)
    assert hand.network == before
    assert document_of(hand.canvas).undo_stack.count() == 0
    assert hand.canvas.scene.hints.wire_count == 0


def test_what_is_drawn_backward_begins_before(hand: Hand) -> None:
    column = hand.layer(1)
    hand.drag(hand.node(3, 0, port=-1), QPointF(column.x, column.nodes[-1].y + 70))
    QTest.keyClick(_menu(), Qt.Key.Key_Return)
    link = hand.network.link(column.id, hand.layer(3).id)
    assert link is not None
    assert hand.network.layer(column.id).size == column.size + 1


def test_the_middle_button_moves_the_sheet_while_a_wire_is_drawn(hand: Hand) -> None:
    hand.press(hand.node(0, 0, port=1))
    hand.move(hand.node(1, 0) + QPointF(0, -70))
    viewport, place, gesture = hand.canvas.pane.viewport(), hand.canvas.pane.pointer, hand.canvas.pane.gesture
    stood, both = hand.place(hand.node(1, 0)), LEFT | MIDDLE

    def send(kind: QEvent.Type, at: QPoint, button: Qt.MouseButton, held: Qt.MouseButton) -> None:
        event = QMouseEvent(kind, QPointF(at), QPointF(viewport.mapToGlobal(at)), button, held, NO_KEY)
        QApplication.sendEvent(viewport, event)

    send(QEvent.Type.MouseButtonPress, place, MIDDLE, both)
    send(QEvent.Type.MouseMove, place + QPoint(-30, 20), Qt.MouseButton.NoButton, both)
    send(QEvent.Type.MouseButtonRelease, place + QPoint(-30, 20), MIDDLE, LEFT)
    moved = hand.place(hand.node(1, 0)) - stood - QPoint(-30, 20)
    assert moved.manhattanLength() <= 2
    assert hand.canvas.pane.gesture is gesture
    hand.move(hand.node(3, 0))
    hand.release(hand.node(3, 0))
    assert hand.network.link(hand.layer(0).id, hand.layer(3).id) is not None


def test_at_the_edge_the_picture_moves_on_while_a_wire_is_drawn(hand: Hand, qtbot: QtBot) -> None:
    for _ in range(6):
        hand.canvas.zoom_in()
    hand.canvas.pane.centerOn(hand.node(0, 0))
    target = hand.node(3, 0)
    hand.press(hand.node(0, 0, port=1))
    room = hand.canvas.pane.viewport().rect()
    assert not room.contains(hand.place(target))
    hand.move_to(QPoint(room.center().x() + 60, room.center().y()))
    hand.move_to(QPoint(room.right() - EDGE_PX // 3, room.center().y()))
    qtbot.waitUntil(lambda: hand.place(target).x() < room.right() - 2 * EDGE_PX)
    hand.move(target)
    hand.release(target)
    assert hand.network.link(hand.layer(0).id, hand.layer(3).id) is not None


def test_a_drag_that_begins_at_the_edge_does_not_run_away(hand: Hand, qtbot: QtBot) -> None:
    pane = hand.canvas.pane
    pane.centerOn(hand.node(1, 0) + QPointF(pane.viewport().width() / 2 / pane.scale_factor - 12, 0))
    stood = hand.place(hand.node(1, 1))
    hand.press(hand.node(1, 0))
    hand.move_to(hand.place(hand.node(1, 0)) + QPoint(0, 40))
    with qtbot.assertNotEmitted(pane.moved, wait=60):
        assert pane.gesture is not None
    assert hand.place(hand.node(1, 1)) == stood
    hand.key(Qt.Key.Key_Escape)


def test_where_the_drawing_has_no_end_a_wire_still_offers_layers(make_canvas: MakeCanvas) -> None:
    project = small_project()
    hidden = [layer.id for layer in project.network.layers if layer.role == "hidden"]
    network = project.network
    for layer in hidden:
        network = edits.remove_layer(network, layer)
    hand = Hand(make_canvas(edits.on_network(lambda _: network)(project)))
    menu = _drop_in_the_empty(hand, hand.node(0, 0) + QPointF(70, -90))
    assert [action.text() for action in menu.actions()][-2:] == [
        "New layer of 1 node",
        "New layer of 4 nodes",
    ]
    menu.close()


def test_the_name_is_lit_before_the_drop(hand: Hand) -> None:
    hand.press(hand.node(0, 0, port=1))
    hand.move(hand.node(0, 0, port=1) + QPointF(40, -20))
    layer = hand.layer(2)
    hand.move(caption(hand, 2))
    assert hand.canvas.scene.parts.layers[layer.id].look.lifted
    hand.key(Qt.Key.Key_Escape)
    assert not hand.canvas.scene.parts.layers[layer.id].look.lifted


@pytest.mark.parametrize("whole", [False, True])
def test_with_j_held_a_node_or_the_name_of_a_layer_is_drawn_from(hand: Hand, whole: bool) -> None:
    begin = caption(hand, 0) if whole else hand.node(0, 1)
    hand.move(begin)
    QTest.keyPress(hand.canvas.pane, Qt.Key.Key_J)
    assert hand.canvas.pane.viewport().cursor().shape() == Qt.CursorShape.CrossCursor
    hand.drag(begin, hand.node(3, 0))
    QTest.keyRelease(hand.canvas.pane, Qt.Key.Key_J)
    link = hand.network.link(hand.layer(0).id, hand.layer(3).id)
    assert link is not None
    assert link.removed.array.tolist() == [[not whole, False]]
    assert document_of(hand.canvas).undo_stack.count() == 1
