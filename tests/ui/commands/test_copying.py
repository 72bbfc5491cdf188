"""Copying, pasting and duplicating, by keys."""

from __future__ import annotations

import json

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from bpviz.model.spec import BiasAddress, WeightAddress
from bpviz.ui.document import Selection
from bpviz.ui.main_window import MainWindow
from tests.ui.canvas.hand import Hand
from tests.ui.panels.fills import on_fill

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def hand(window: MainWindow, qtbot: QtBot) -> Hand:
    """A hand for the network of the window, which has the keys."""
    window.files.open_example("xor")
    qtbot.waitUntil(lambda: window.controller.latest is not None)
    qtbot.waitUntil(lambda: window.canvas.scene.value_of(BiasAddress(_node(window, 1, 0))) is not None)
    window.canvas.pane.setFocus()
    qtbot.waitUntil(window.canvas.pane.hasFocus)
    return Hand(window.canvas)


def _node(window: MainWindow, layer: int, at: int) -> str:
    return window.desk.network.layers[layer].nodes[at].id


def _press(hand: Hand, key: Qt.Key, keys: Qt.KeyboardModifier = CTRL) -> None:
    QTest.keyClick(hand.canvas.pane, key, keys)


def _ids(hand: Hand) -> set[str]:
    return {node.id for layer in hand.network.layers for node in layer.nodes}


def test_what_is_copied_is_text_with_weights_and_pasting_it_twice_lies_on_nothing(
    window: MainWindow, hand: Hand
) -> None:
    layer = hand.layer(1)
    weight = window.canvas.scene.value_of(WeightAddress(hand.layer(0).nodes[0].id, layer.nodes[0].id))
    window.desk.select(
        Selection(layers=frozenset({layer.id}), nodes=frozenset(node.id for node in hand.layer(0).nodes))
    )
    _press(hand, Qt.Key.Key_C)
    text = QGuiApplication.clipboard().text()
    assert json.loads(text)["format"] == "bpviz network"
    assert weight in json.loads(text)["links"][0]["weights"][0]
    before, count = _ids(hand), window.document.undo_stack.count()
    _press(hand, Qt.Key.Key_V)
    first = window.desk.selection.nodes
    assert len(first) == layer.size
    _press(hand, Qt.Key.Key_V)
    second = window.desk.selection.nodes
    assert not first & second
    assert window.document.undo_stack.count() == count + 2
    places = [(at.x if node.x is None else node.x, node.y) for at in hand.network.layers for node in at.nodes]
    assert len(places) == len(set(places))
    values = dict(window.document.project.start.values)
    assert weight in values.values()
    _press(hand, Qt.Key.Key_Z)
    assert window.desk.selection.nodes == first
    _press(hand, Qt.Key.Key_Z)
    assert _ids(hand) == before
    assert window.desk.selection.layers == {layer.id}


def test_it_is_pasted_at_the_pointer(window: MainWindow, hand: Hand, qtbot: QtBot) -> None:
    layer = hand.layer(1)
    window.desk.select(Selection(layers=frozenset({layer.id})))
    _press(hand, Qt.Key.Key_C)
    pane = window.canvas.pane
    hand.move(pane.mapToScene(QPoint(pane.width() - 60, pane.height() // 2)))
    qtbot.waitUntil(lambda: pane.pointed)
    point = pane.mapToScene(pane.pointer)  # the picture may have been fitted meanwhile
    _press(hand, Qt.Key.Key_V)
    chosen = window.desk.selection.nodes
    new = next(at for at in hand.network.layers if {node.id for node in at.nodes} == chosen)
    assert abs(new.x - point.x()) < 3
    # Further down where it would lie on others.
    assert sum(node.y for node in new.nodes) / new.size > point.y() - 3


def test_cutting_removes_and_pasting_brings_back(window: MainWindow, hand: Hand) -> None:
    node = hand.layer(1).nodes[0].id
    window.desk.select(Selection(nodes=frozenset({node})))
    size = hand.layer(1).size
    _press(hand, Qt.Key.Key_X)
    assert node not in _ids(hand)
    _press(hand, Qt.Key.Key_V)
    assert len(window.desk.selection.nodes) == 1
    _press(hand, Qt.Key.Key_Z)
    _press(hand, Qt.Key.Key_Z)
    assert hand.layer(1).size == size
    assert window.desk.selection.nodes == {node}


def test_a_duplicate_is_connected_as_its_original(window: MainWindow, hand: Hand) -> None:
    node = hand.layer(1).nodes[0].id
    window.desk.select(Selection(nodes=frozenset({node})))
    old = window.canvas.scene.value_of(BiasAddress(node))
    _press(hand, Qt.Key.Key_D)
    (twin,) = window.desk.selection.nodes
    assert twin != node
    assert dict(window.document.project.start.values)[BiasAddress(twin)] == old
    for source in hand.layer(0).nodes:
        assert window.desk.editor.connect_refusal(source.id, twin)


def test_another_text_is_refused_in_a_sentence(window: MainWindow, hand: Hand) -> None:
    QGuiApplication.clipboard().setText("0.3, 0.4")
    before = window.document.project
    _press(hand, Qt.Key.Key_V)
    assert window.document.project == before
    assert "copy nodes or layers in bpviz first" in window.status.message.sentence


def test_in_a_field_the_same_keys_copy_its_text(window: MainWindow, hand: Hand) -> None:
    window.desk.select(Selection(layers=frozenset({hand.layer(1).id})))
    name = window.inspector.layer.name
    name.setFocus()
    QTest.keyClick(name, Qt.Key.Key_A, CTRL)
    QTest.keyClick(name, Qt.Key.Key_C, CTRL)
    assert QGuiApplication.clipboard().text() == name.text()
    assert window.desk.selection.layers, "nor did it select all nodes"


def test_a_copy_and_its_undo_fill_the_inspector_and_refresh_the_commands_once_each(
    window: MainWindow, hand: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    on_fill(window.inspector.node, monkeypatch, lambda _selection: done.append("filled"))
    window.desk.select(Selection(nodes=frozenset({_node(window, 1, 0)})))
    window.commands.refreshed.connect(lambda: done.append("refreshed"))
    done.clear()
    for name in ("duplicate", "undo", "redo"):
        window.actions_by_name[name].trigger()
        assert done == ["filled", "refreshed"]
        done.clear()

    # Of an edit that no command makes, such as one by the mouse, the same.
    window.desk.editor.add_node(window.desk.network.layers[1].id)
    assert done == ["filled", "refreshed"]
    assert window.actions_by_name["undo"].isEnabled()
