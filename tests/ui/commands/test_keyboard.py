"""The network by keys alone: selecting, connecting, adding, reshaping."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from bpviz.ui.document import Selection
from bpviz.ui.main_window import MainWindow
from tests.ui.canvas.hand import Hand
from tests.ui.conftest import Answers

CTRL, SHIFT, NO_KEY = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.NoModifier,
)


@pytest.fixture
def hand(window: MainWindow, qtbot: QtBot) -> Hand:
    """A hand for the network of the window, which has the keys."""
    window.files.open_example("xor")
    window.canvas.pane.setFocus()
    qtbot.waitUntil(window.canvas.pane.hasFocus)
    return Hand(window.canvas)


def _nodes(*nodes: str) -> Selection:
    return Selection(nodes=frozenset(nodes))


def test_arrows_walk_over_nodes_and_up_to_the_whole_layer(window: MainWindow, hand: Hand) -> None:
    first, second = hand.layer(0), hand.layer(1)
    for key, keys, chosen in (
        (Qt.Key.Key_Right, NO_KEY, _nodes(first.nodes[0].id)),
        (Qt.Key.Key_Down, NO_KEY, _nodes(first.nodes[1].id)),
        (Qt.Key.Key_Up, SHIFT, _nodes(first.nodes[0].id, first.nodes[1].id)),
        (Qt.Key.Key_Up, NO_KEY, Selection(layers=frozenset({first.id}))),
        (Qt.Key.Key_Right, NO_KEY, Selection(layers=frozenset({second.id}))),
        (Qt.Key.Key_Down, NO_KEY, _nodes(second.nodes[0].id)),
        (Qt.Key.Key_Escape, NO_KEY, Selection()),
    ):
        hand.key(key, keys)
        assert window.desk.selection == chosen


def test_connections_are_reached_from_their_ends_and_lead_to_them(window: MainWindow, hand: Hand) -> None:
    source, targets = hand.layer(0).nodes[0].id, hand.layer(1).nodes
    window.desk.select(_nodes(source))
    hand.key(Qt.Key.Key_Greater)
    assert window.desk.selection == Selection(pairs=frozenset({(source, targets[0].id)}))
    hand.key(Qt.Key.Key_Greater)
    assert window.desk.selection == Selection(pairs=frozenset({(source, targets[1].id)}))
    hand.key(Qt.Key.Key_Up)
    assert window.desk.selection == Selection(pairs=frozenset({(source, targets[0].id)}))
    hand.key(Qt.Key.Key_Less)
    other = hand.layer(0).nodes[1].id
    assert window.desk.selection == Selection(pairs=frozenset({(other, targets[0].id)}))
    hand.key(Qt.Key.Key_Right)
    assert window.desk.selection == _nodes(targets[0].id)


def test_a_single_connection_is_removed_and_made_again(window: MainWindow, hand: Hand) -> None:
    source, target = hand.layer(0).nodes[0].id, hand.layer(1).nodes[0].id
    window.desk.select(_nodes(source))
    hand.key(Qt.Key.Key_Greater)
    hand.key(Qt.Key.Key_Delete)
    assert not window.desk.editor.connect_refusal(source, target)
    window.desk.select(_nodes(target, source))
    hand.key(Qt.Key.Key_C)
    assert "already" in window.desk.editor.connect_refusal(source, target)
    assert not window.actions_by_name["connect"].isEnabled()
    assert "connected already" in window.actions_by_name["connect"].toolTip()


def test_a_connection_begins_at_one_node_and_ends_where_one_walks_to(window: MainWindow, hand: Hand) -> None:
    heard: list[str] = []
    window.desk.refused.connect(heard.append)
    first, last = hand.layer(0).nodes[0].id, hand.layer(-1).nodes[0].id
    window.desk.select(_nodes(first))
    assert window.actions_by_name["connect"].text() == "&Connect from here"
    hand.key(Qt.Key.Key_C)
    assert "Walk to the other end" in heard[0]
    window.desk.select(_nodes(last))
    assert window.actions_by_name["connect"].text() == "&Connect"
    hand.key(Qt.Key.Key_C)
    link = hand.network.link(hand.layer(0).id, hand.layer(-1).id)
    assert link is not None
    assert link.removed.targets * link.removed.sources - link.removed.count == 1

    window.desk.select(_nodes(hand.layer(0).nodes[1].id))
    hand.key(Qt.Key.Key_C)
    hand.key(Qt.Key.Key_Escape)
    window.desk.select(_nodes(last))
    before = hand.network
    hand.key(Qt.Key.Key_C)
    assert hand.network == before, "Esc left it: a connection begins here"
    assert window.desk.begun == _nodes(last)
    hand.key(Qt.Key.Key_Z, CTRL)
    assert not window.desk.begun, "in another drawing it begins anew"


def test_whole_layers_are_connected_past_others_by_keys(window: MainWindow, hand: Hand) -> None:
    first, last = hand.layer(0), hand.layer(-1)
    window.desk.select(Selection(layers=frozenset({first.id})))
    hand.key(Qt.Key.Key_C)
    window.desk.select(_nodes(last.nodes[0].id))
    assert window.actions_by_name["connect"].text() == "&Connect from here", "a node is no layer"
    window.desk.select(Selection(layers=frozenset({last.id})))
    hand.key(Qt.Key.Key_C)
    link = hand.network.link(first.id, last.id)
    assert link is not None
    assert not link.removed.count


def test_insert_adds_a_node_and_shift_delete_keeps_the_flow(window: MainWindow, hand: Hand) -> None:
    layer = hand.layer(1)
    window.desk.select(Selection(layers=frozenset({layer.id})))
    hand.key(Qt.Key.Key_Insert)
    assert hand.layer(1).size == layer.size + 1
    hand.key(Qt.Key.Key_Delete, SHIFT)
    assert layer.id not in {one.id for one in hand.network.layers}
    link = hand.network.link(hand.layer(0).id, hand.layer(1).id)
    assert link is not None
    assert not link.removed.count
    hand.key(Qt.Key.Key_Z, CTRL)
    assert window.desk.selection.layers == {layer.id}, "undo restores the selection, too"


def test_selecting_by_questions(window: MainWindow, hand: Hand) -> None:
    node = hand.layer(1).nodes[0].id
    hand.key(Qt.Key.Key_A, CTRL)
    assert len(window.desk.selection.nodes) == sum(layer.size for layer in hand.network.layers)
    window.desk.select(_nodes(node))
    hand.key(Qt.Key.Key_I, CTRL)
    assert node not in window.desk.selection.nodes
    assert window.desk.selection.nodes
    window.desk.select(_nodes(node))
    hand.key(Qt.Key.Key_C, SHIFT)
    assert window.desk.selection.nodes == {one.id for one in hand.layer(1).nodes}
    window.desk.select(_nodes(node))
    hand.key(Qt.Key.Key_I, SHIFT)
    assert window.desk.selection.pairs == {(one.id, node) for one in hand.layer(0).nodes}
    hand.key(Qt.Key.Key_A, CTRL | SHIFT)
    assert not window.desk.selection


def _choose(window: MainWindow, command: str, label: str) -> None:
    menu = window.menus.by_name[command]
    menu.aboutToShow.emit()
    next(action for action in menu.actions() if action.text() == label).trigger()


def test_nodes_are_aligned_distributed_split_and_merged(window: MainWindow, hand: Hand) -> None:
    window.files.open_example("spiral")
    layer = hand.layer(1)
    ids = [node.id for node in layer.nodes]
    window.desk.select(_nodes(*ids[:2]))
    window.actions_by_name["split"].trigger()
    assert sorted(at.size for at in hand.network.layers if at.role == "hidden" and at.x == layer.x) == [
        2,
        len(ids) - 2,
    ]
    parts = frozenset(at.id for at in hand.network.layers if at.role == "hidden" and at.x == layer.x)
    window.desk.select(Selection(layers=parts))
    window.actions_by_name["merge"].trigger()
    assert {node.id for node in hand.layer(1).nodes} == set(ids)
    assert not window.actions_by_name["align"].isEnabled()
    window.desk.select(Selection(layers=frozenset({hand.layer(0).id, hand.layer(1).id})))
    before = hand.network
    _choose(window, "align", "Top")
    assert hand.network != before
    tops = [min(node.y for node in hand.layer(at).nodes) for at in (0, 1)]
    assert tops[0] == pytest.approx(tops[1])


def test_layers_are_linked_by_a_pattern_and_pruned(window: MainWindow, hand: Hand, qtbot: QtBot) -> None:
    window.files.open_example("spiral")
    first, second = hand.layer(1), hand.layer(2)
    window.desk.select(Selection(layers=frozenset({first.id, second.id})))
    _choose(window, "link_by", "One to one")
    link = hand.network.link(first.id, second.id)
    assert link is not None
    assert link.removed.count == first.size * second.size - max(first.size, second.size)
    window.desk.select_nothing()
    qtbot.waitUntil(lambda: window.controller.latest is not None)
    present = sum(one.removed.targets * one.removed.sources - one.removed.count for one in hand.network.links)
    _choose(window, "prune", "The weakest 50%")
    left = sum(one.removed.targets * one.removed.sources - one.removed.count for one in hand.network.links)
    assert left < 0.7 * present


def test_a_network_is_drawn_by_a_line_which_is_asked_for_again_until_it_can_be(
    window: MainWindow, hand: Hand, answers: Answers
) -> None:
    before = hand.network
    answers.lines = ["2-many-1", "2-3-1 relu"]
    window.actions_by_name["draw_line"].trigger()
    assert [layer.size for layer in hand.network.layers] == [2, 3, 1]
    assert hand.layer(1).activation == "relu"
    assert "such as 2-8-8-1 tanh" in answers.asked[-1]
    assert answers.asked[-1] != answers.asked[-2]
    hand.key(Qt.Key.Key_Z, CTRL)
    assert hand.network == before
    window.actions_by_name["draw_line"].trigger()
    assert hand.network == before, "nobody wanted it"


def test_a_template_is_drawn_for_the_data_and_undone(window: MainWindow, hand: Hand) -> None:
    before = hand.network
    _choose(window, "templates", "Layers in a row")
    assert [layer.size for layer in hand.network.layers] == [2, 8, 8, 1]
    hand.key(Qt.Key.Key_Z, CTRL)
    assert hand.network == before


@pytest.mark.parametrize("key", [Qt.Key.Key_N, Qt.Key.Key_Space])
def test_the_key_that_leads_the_run_on_brings_all_in_sight_wherever_the_pointer_lies(
    window: MainWindow, hand: Hand, key: Qt.Key
) -> None:
    pane = window.canvas.pane

    def in_sight() -> bool:
        box = pane.mapFromScene(window.canvas.scene.extent(pane.scale_factor)).boundingRect()
        return pane.viewport().rect().contains(box)

    hand.move(hand.node(1, 0))
    for _ in range(4):
        window.canvas.editor.insert_beside(hand.layer(-1).id, after=False)
    assert not in_sight(), "nothing moves while one draws"
    QTest.keyClick(pane, key)
    assert in_sight()
