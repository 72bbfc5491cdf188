"""The outline is the document also while a run goes on below all edits."""

from __future__ import annotations

from random import Random

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from bpviz.model.examples import EXAMPLES
from bpviz.model.spec import BiasAddress, WeightAddress
from bpviz.ui.outline.cells import Column
from bpviz.ui.outline.rows import Item
from tests.ui.outline.acts import ACTS, drawn, shown
from tests.ui.outline.conftest import Key, OpenOn

EDITS = 60


def test_outline_picture_and_document_are_one_while_training(open_on: OpenOn, qtbot: QtBot) -> None:
    keys = open_on(EXAMPLES["circle"].build())
    window, table, hands = keys.window, keys.outline.tree.table, Random(7)
    window.controller.play()
    qtbot.waitUntil(lambda: window.controller.latest is not None and window.controller.latest.step > 5)
    for _ in range(EDITS):
        hands.choice(ACTS)(window.desk.editor, window.document, hands.randrange(60))
        QApplication.processEvents()  # snapshots arrive in between
        network = window.document.project.network
        layers, pairs = shown(table)
        assert (layers, pairs) == drawn(network)
        topology = window.canvas.scene.placement.topology
        assert set(topology.node_ids) == {node for nodes in layers.values() for node in nodes}
        assert topology.pair_count == len(pairs)
    while window.controller.problem:  # some edit made a drawing that can't run
        window.document.undo_stack.undo()
    window.controller.pause()
    places = [Item(node=target, source=source) for source, target in shown(table)[1]]
    qtbot.waitUntil(lambda: all(table.cells.number(place) is not None for place in places))
    latest = window.controller.latest
    assert latest is not None
    for place in places:
        address = WeightAddress(place.source, place.node)
        assert table.cells.number(place) == window.canvas.scene.value_of(address)
    learning = [layer for layer in window.desk.network.layers if layer.role != "input"]
    for node in (node.id for layer in learning for node in layer.nodes):
        assert table.cells.number(Item(node=node)) == window.canvas.scene.value_of(BiasAddress(node))


def test_an_input_is_led_to_another_feature_by_keys(open_on: OpenOn, qtbot: QtBot) -> None:
    keys = open_on(EXAMPLES["circle"].build())
    node = keys.network.layers[0].nodes[1]
    links = keys.network.links
    keys.go("Input", "y")
    while keys.outline.tree.currentIndex().column() != Column.FUNCTION:
        keys.strike(Key.Key_Right)
    keys.strike(Key.Key_Return)
    pick = keys.outline.tree.fields.pick
    assert pick is not None
    qtbot.waitUntil(lambda: pick.view().isVisible())
    labels = [pick.itemText(at) for at in range(pick.count())]
    assert labels[0] == "y"
    assert "x" not in labels
    keys.strike(Key.Key_Home, *[Key.Key_Down] * labels.index("x²"))
    keys.enter()
    assert [one.feature for one in keys.network.layers[0].nodes] == ["x", "x^2"]
    assert keys.network.layers[0].nodes[1].id == node.id
    assert keys.network.links == links
    assert keys.row()[Column.FUNCTION] == "x²"
    keys.strike(Key.Key_Z, held=Qt.KeyboardModifier.ControlModifier)
    assert keys.network.layers[0].nodes[1] == node
