"""Locking nodes and layers: every way to change them says the same."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from bpviz.ui.canvas.layer_items import LayerItem
from bpviz.ui.document import Selection
from bpviz.ui.main_window import MainWindow
from bpviz.ui.outline.rows import Item
from tests.ui.canvas.hand import Hand

SENTENCE = "is locked"


@pytest.fixture
def hand(window: MainWindow, qtbot: QtBot) -> Hand:
    """A hand over a small net whose hidden layer was locked by its key."""
    window.files.open_example("xor")
    qtbot.waitUntil(lambda: window.controller.latest is not None)
    window.canvas.pane.setFocus()
    hand = Hand(window.canvas)
    window.desk.select(Selection(layers=frozenset({hand.layer(1).id})))
    QTest.keyClick(window.canvas.pane, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    assert hand.layer(1).locked
    return hand


def test_it_is_marked_in_the_picture_and_in_the_outline(window: MainWindow, hand: Hand) -> None:
    marked = [item.look.locked for item in window.canvas.scene.items() if isinstance(item, LayerItem)]
    assert sorted(marked) == [False] * (len(hand.network.layers) - 1) + [True]
    window.actions_by_name["outline"].trigger()
    table = window.outlined.outline.tree.table
    for layer in hand.network.layers:
        for item in (Item(layer=layer.id), Item(node=layer.nodes[0].id)):
            index = table.index_of(item)
            spoken = index.data(Qt.ItemDataRole.AccessibleTextRole)
            assert spoken.endswith(", locked") == layer.locked
            assert (index.data(Qt.ItemDataRole.DecorationRole) is not None) == layer.locked


def test_gestures_keys_and_the_outline_refuse_with_one_sentence(window: MainWindow, hand: Hand) -> None:
    before, count = hand.network, window.document.undo_stack.count()
    said: list[str] = []
    window.desk.refused.connect(said.append)
    for start, off in ((hand.node(1, 0), (40.0, 30.0)), (hand.node(0, 0, port=1), None)):
        window.desk.select_nothing()
        hand.press(start)
        hand.move(start + QPointF(20.0, 10.0))
        goal = start + QPointF(*off) if off else hand.node(1, 0)
        hand.move(goal)
        assert hand.network is before
        hand.release(goal)
    window.desk.select(Selection(nodes=frozenset({hand.layer(1).nodes[0].id})))
    for name in ("delete", "cut", "rename", "activation", "delete_keeping", "split"):
        assert SENTENCE in window.commands.why_not(name)
        assert not window.actions_by_name[name].isEnabled()
    window.actions_by_name["outline"].trigger()
    outline = window.outlined.outline
    outline.tree.go_to(Item(node=hand.layer(1).nodes[0].id))
    outline.remove()
    assert SENTENCE in outline.problem.text()
    assert window.document.undo_stack.count() == count
    assert hand.network is before
    assert any(SENTENCE in sentence for sentence in said)


def test_it_trains_on_and_is_unlocked_by_the_same_key(window: MainWindow, hand: Hand, qtbot: QtBot) -> None:
    run, size = window.document.run, hand.layer(1).size
    assert window.actions_by_name["lock"].text() == "Unl&ock"
    window.controller.play()
    qtbot.waitUntil(lambda: window.controller.latest is not None and window.controller.latest.step > 5)
    assert window.document.run == run
    window.desk.select(Selection(nodes=frozenset({hand.layer(1).nodes[0].id})))
    QTest.keyClick(window.canvas.pane, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    assert not hand.layer(1).locked
    window.controller.pause()
    QTest.keyClick(window.canvas.pane, Qt.Key.Key_Delete)
    assert hand.layer(1).size == size - 1
    window.document.undo_stack.undo()
    window.document.undo_stack.undo()
    assert hand.layer(1).locked
