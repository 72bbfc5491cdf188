"""Context menus are about what is under the pointer, and every entry is an edit that can be undone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QAction, QContextMenuEvent
from PySide6.QtWidgets import QApplication, QMenu

from bpviz.ui.commands import COMMANDS
from bpviz.ui.commands.command import Context
from bpviz.ui.document import Selection
from bpviz.ui.main_window import MainWindow
from tests.ui.canvas.hand import Hand

NO_EDITS = {
    *("fit", "explain", "copy", "paste", "rename", "set_value", "connect"),  # what they begin is not over
    *(command.name for command in COMMANDS.values() if command.menu == "Select"),
}


@pytest.fixture
def hand(window: MainWindow) -> Hand:
    """A hand for the network of the window."""
    return Hand(window.canvas)


def _entries(menu: QMenu) -> Iterator[tuple[str, QAction]]:
    for action in menu.actions():
        sub = action.menu()
        if isinstance(sub, QMenu):
            if action.isEnabled():
                sub.aboutToShow.emit()
                yield from ((f"{action.objectName()} > {inner.text()}", inner) for inner in sub.actions())
        elif not action.isSeparator() and action.isEnabled():
            yield action.objectName(), action


def _run(window: MainWindow, kind: Context, name: str) -> None:
    dict(_entries(window.menus.context(kind)))[name].trigger()


def _chosen(hand: Hand) -> list[tuple[Context, Selection]]:
    pair = (hand.layer(0).nodes[0].id, hand.layer(1).nodes[0].id)
    return [
        *(("layer", Selection(layers=frozenset({layer.id}))) for layer in hand.network.layers),
        ("node", Selection(nodes=frozenset({hand.layer(1).nodes[0].id}))),
        ("pair", Selection(pairs=frozenset({pair}))),
        ("empty", Selection()),
    ]


def test_every_entry_changes_the_project(window: MainWindow, hand: Hand) -> None:
    stack = window.document.undo_stack
    for kind, selection in _chosen(hand):
        window.desk.select(selection)
        names = [name for name, _ in _entries(window.menus.context(kind))]
        assert names
        for name in names:
            before, project = hand.network, window.document.project  # start values are the project's
            window.desk.select(selection)
            action = dict(_entries(window.menus.context(kind)))[name]
            already = action.isChecked() or name == "arrange"
            action.trigger()
            assert window.document.project != project or already or name in NO_EDITS, name
            if window.document.project != project:
                stack.undo()
            assert hand.network == window.canvas.scene.network == before


def test_what_can_not_be_done_says_why(window: MainWindow, hand: Hand) -> None:
    window.desk.select(Selection(layers=frozenset({hand.layer(0).id})))
    entries = {action.objectName(): action for action in window.menus.context("layer").actions()}
    assert not entries["insert_before"].isEnabled()
    assert "No layer stands before the inputs" in entries["insert_before"].toolTip()
    assert not entries["activation"].isEnabled()
    assert "Inputs compute nothing" in entries["activation"].toolTip()


def test_a_layer_can_be_connected_fully_across_others(window: MainWindow, hand: Hand) -> None:
    window.desk.select(Selection(layers=frozenset({hand.layer(0).id})))
    _run(window, "layer", "connect_to > Output")
    link = hand.network.link(hand.layer(0).id, hand.layer(-1).id)
    assert link is not None
    assert link.removed.count == 0


def test_freezing_a_layer_freezes_weights_into_it_and_its_biases(window: MainWindow, hand: Hand) -> None:
    layer = hand.layer(1)
    window.desk.select(Selection(layers=frozenset({layer.id})))
    _run(window, "layer", "freeze")
    frozen = hand.network.layer(layer.id)
    link = hand.network.link(hand.layer(0).id, layer.id)
    assert link is not None
    assert link.frozen.count == layer.size * hand.layer(0).size
    assert all(node.bias_frozen for node in frozen.nodes)
    assert window.actions_by_name["freeze"].text() == "&Release for training"
    _run(window, "layer", "freeze")
    assert not any(node.bias_frozen for node in hand.network.layer(layer.id).nodes)


def test_a_node_gets_its_own_activation_and_follows_its_layer_again(window: MainWindow, hand: Hand) -> None:
    node = hand.layer(1).nodes[0].id
    window.desk.select(Selection(nodes=frozenset({node})))
    _run(window, "node", "activation > Sigmoid")
    assert hand.network.node(node).activation == "sigmoid"
    _run(window, "node", "activation > As the layer")
    assert hand.network.node(node).activation is None


def test_softmax_is_offered_for_the_output_layer_only(window: MainWindow, hand: Hand) -> None:
    offered = []
    for at in (1, -1):
        window.desk.select(Selection(layers=frozenset({hand.layer(at).id})))
        offered.append("activation > Softmax" in dict(_entries(window.menus.context("layer"))))
    assert offered == [False, True]


def _ask(window: MainWindow, hand: Hand, point: QPointF) -> QMenu:
    """Press the right button, and return the menu that comes."""
    place = hand.place(point)
    viewport = window.canvas.pane.viewport()
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, viewport.mapToGlobal(place))
    QApplication.sendEvent(viewport, event)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    return menu


def test_the_right_button_asks_about_what_is_under_it(window: MainWindow, hand: Hand) -> None:
    menu = _ask(window, hand, hand.node(1, 0))
    assert menu.objectName() == "context node"
    assert window.desk.selection.nodes == {hand.layer(1).nodes[0].id}
    menu.close()
    caption = window.canvas.scene.parts.layers[hand.layer(1).id]
    menu = _ask(window, hand, caption.mapToScene(caption.caption.center()))
    assert menu.objectName() == "context layer"
    assert window.desk.selection == Selection(layers=frozenset({hand.layer(1).id}))
    menu.close()


def test_a_layer_is_added_where_the_menu_was_asked_for(window: MainWindow, hand: Hand) -> None:
    window.files.new()
    point = QPointF(-40, 30)
    menu = _ask(window, hand, point)
    assert menu.objectName() == "context empty"
    menu.close()
    next(action for action in menu.actions() if action.objectName() == "add_layer").trigger()
    assert abs(hand.layer(0).x - point.x()) <= 2
