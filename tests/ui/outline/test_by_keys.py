"""Networks built, trained and mended in the outline, with no hand on a mouse."""

from __future__ import annotations

import math
from collections.abc import Callable

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from bpviz.data.settings import DataSettings, Table
from bpviz.model.examples import EXAMPLES
from bpviz.model.spec import Project
from bpviz.ui.outline.cells import Column
from bpviz.ui.outline.rows import Item
from tests.ui.outline.conftest import Key, Keys, OpenOn

_CODES = 4
# W6 of the worked examples: the connection's ends or the node of a bias, and its number as somebody types it.
_ONE_NODE = {
    ("Hidden 1", "h"): "-3,08885",
    ("Hidden 1", "h", "from x1"): "4.92521",
    ("Hidden 1", "h", "from x2"): "=-4.83963",
    ("Output", "o"): "-2.54932",
    ("Output", "o", "from h"): "11.11523",
    ("Output", "o", "from x1"): "=-4.6-.07122",
    ("Output", "o", "from x2"): "4,53903",
}


def _wait_for_numbers(keys: Keys, qtbot: QtBot) -> None:
    """Until the run has a number for all that is drawn."""
    table = keys.outline.tree.table
    nodes = [node.id for layer in keys.network.layers if layer.role != "input" for node in layer.nodes]
    qtbot.waitUntil(lambda: all(table.cells.number(Item(node=node)) is not None for node in nodes))


def _loss(keys: Keys) -> float:
    latest = keys.window.controller.latest
    return latest.train_loss if latest is not None else math.nan


def _names_and_activations(keys: Keys) -> None:
    """Name the only nodes of hidden and output layer, and let both layers be of sigmoid nodes."""
    for layer, old, new in (("Hidden 1", "Node 1", "h"), ("Output", "Node 1", "o")):
        keys.go(layer, old)
        keys.strike(Key.Key_F2, new)
        keys.enter()


def _choose_sigmoid(keys: Keys, layer: str, qtbot: QtBot) -> None:
    keys.go(layer)
    while keys.outline.tree.currentIndex().column() != Column.FUNCTION:
        keys.strike(Key.Key_Right)
    keys.strike(Key.Key_Return)
    pick = keys.outline.tree.fields.pick
    assert pick is not None
    qtbot.waitUntil(lambda: pick.view().isVisible())
    labels = [pick.itemText(at) for at in range(pick.count())]
    keys.strike(Key.Key_Home, *[Key.Key_Down] * labels.index("Sigmoid"))
    keys.enter()


def test_a_network_for_exclusive_or_is_built_trained_cut_while_training_and_brought_back(
    blank: Callable[[str], Keys], qtbot: QtBot
) -> None:
    keys = blank("xor_solved")
    keys.strike(Key.Key_Insert, Key.Key_Insert)
    assert keys.sizes == [("input", 2), ("output", 1)]
    keys.go("Input")
    keys.strike(Key.Key_Insert)
    assert keys.row()[0] == "Hidden 1", "what was added is where one stands"
    keys.type_value("2")
    assert keys.sizes == [("input", 2), ("hidden", 2), ("output", 1)]
    for layer in ("Hidden 1", "Output"):
        _choose_sigmoid(keys, layer, qtbot)
    assert {layer.activation for layer in keys.network.layers if layer.role != "input"} == {"sigmoid"}

    controller = keys.window.controller
    keys.strike(Key.Key_Space)
    qtbot.waitUntil(
        lambda: controller.playing and controller.latest is not None and controller.latest.step > 50
    )
    weights = controller.latest.parameters  # type: ignore[union-attr]
    assert weights is not None
    keys.go("Hidden 1", "Node 2")
    keys.strike(Key.Key_Delete)
    assert keys.sizes == [("input", 2), ("hidden", 1), ("output", 1)]
    assert controller.playing, "an edit loses no step"
    assert keys.row()[0] == "Node 1", "the keys stand at a neighbor"
    keys.strike(Key.Key_Z, held=Qt.KeyboardModifier.ControlModifier)
    assert keys.sizes == [("input", 2), ("hidden", 2), ("output", 1)]
    assert keys.row()[0] == "Node 2", "what came back is selected again"
    controller.pause()
    controller.run_to(controller.latest.step + 2000)  # type: ignore[union-attr]
    qtbot.waitUntil(lambda: _loss(keys) < 0.1, timeout=30_000)


def test_links_past_the_hidden_node_are_made_by_their_names(
    blank: Callable[[str], Keys], qtbot: QtBot
) -> None:
    keys = blank("xor_one_node")
    keys.strike(Key.Key_Insert, Key.Key_Insert)
    keys.go("Input")
    keys.strike(Key.Key_Insert)
    keys.type_value("1")
    _names_and_activations(keys)
    for layer in ("Hidden 1", "Output"):
        _choose_sigmoid(keys, layer, qtbot)
    for name in ("x1", "x2"):
        keys.connect(("Input", name), "o")
    _wait_for_numbers(keys, qtbot)
    for path, number in _ONE_NODE.items():
        keys.go(*path)
        keys.type_value(number)
    qtbot.waitUntil(lambda: abs(_loss(keys) - 0.0056445704) < 1e-9)

    example = EXAMPLES["xor_one_node"].build().network
    assert [layer.size for layer in keys.network.layers] == [layer.size for layer in example.layers]
    assert len(keys.network.links) == len(example.links) == 3
    assert keys.outline.problem.isHidden()

    controller, before = keys.window.controller, keys.network
    keys.go("Hidden 1", "h")
    keys.strike(Key.Key_Space)
    qtbot.waitUntil(
        lambda: controller.playing and controller.latest is not None and controller.latest.step > 20
    )
    keys.strike(Key.Key_Delete)
    assert keys.sizes == [("input", 2), ("output", 1)], "the links past it stay"
    assert controller.playing
    keys.strike(Key.Key_Z, held=Qt.KeyboardModifier.ControlModifier)
    assert keys.network == before
    controller.pause()
    qtbot.waitUntil(lambda: not controller.playing and abs(keys.weight("Output", "o", "from h") - 11.1) < 1)


def test_an_autoencoder_is_made_by_sizes_and_rewired_while_it_trains(open_on: OpenOn, qtbot: QtBot) -> None:
    names = [f"{end}{k}" for end in "ao" for k in range(_CODES)]
    rows = [[str(int(k % _CODES == row)) for k in range(2 * _CODES)] for row in range(_CODES)]
    table = Table("codes.csv", tuple(names), tuple(map(tuple, rows)))
    targets = tuple(names[_CODES:])
    data = DataSettings("table", table=table, targets=targets, target_kind="number", train_share=1.0)
    keys = open_on(Project(data=data))
    keys.strike(Key.Key_Insert, Key.Key_Insert)
    keys.go("Input")
    keys.strike(Key.Key_Insert)
    keys.type_value("3")
    assert [size for _role, size in keys.sizes] == [_CODES, 3, _CODES]
    drawn, controller = keys.network, keys.window.controller
    keys.strike(Key.Key_Space)
    qtbot.waitUntil(
        lambda: controller.playing and controller.latest is not None and controller.latest.step > 20
    )
    keys.go("Hidden 1", "Node 2")
    keys.strike(Key.Key_Delete)
    assert [size for _role, size in keys.sizes] == [_CODES, 2, _CODES]
    assert controller.playing
    keys.strike(Key.Key_Z, held=Qt.KeyboardModifier.ControlModifier)
    assert keys.network == drawn
    assert controller.playing
    controller.pause()
