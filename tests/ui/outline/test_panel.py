"""The outline beside the picture: one selection, refusals beside the place, numbers once they are known."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from bpviz.model.examples import EXAMPLES
from bpviz.ui.document import Selection
from bpviz.ui.outline.cells import Column
from bpviz.ui.outline.rows import Item
from tests.ui.outline.conftest import Key, Keys, OpenOn

_SHIFTED = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def keys(open_on: OpenOn, qtbot: QtBot) -> Keys:
    """Mazur's network, a run at its start."""
    keys = open_on(EXAMPLES["mazur"].build())
    table = keys.outline.tree.table
    node = keys.network.layers[2].nodes[0].id
    qtbot.waitUntil(lambda: table.cells.spoken(Item(node=node), Column.DELTA) != "")
    return keys


def test_it_is_hidden_at_first_and_wants_nothing(open_on: OpenOn, keys: Keys) -> None:
    window = keys.window
    assert keys.outline.wants == {"parameters", "trace"}
    window.actions_by_name["reset_layout"].trigger()
    assert window.arrangement.docks["outline"].isHidden()
    assert keys.outline.wants == frozenset()
    assert not keys.outline.isEnabled(), "no key leads behind another tab"
    assert window.arrangement.docks["outline"].toggleViewAction() in window.menus.by_name["Window"].actions()


def test_numbers_are_those_of_the_run(keys: Keys) -> None:
    keys.go("Output", "o1")
    assert keys.row()[Column.VALUE] == "0.6000"
    assert keys.row()[Column.DELTA] == "0.1385"
    keys.go("Output", "o1", "from h1")
    assert keys.row()[Column.VALUE] == "0.4000"
    assert keys.row()[Column.GRADIENT] == "0.0822"


def test_nothing_of_a_step_is_shown_before_its_phase(keys: Keys, qtbot: QtBot) -> None:
    window = keys.window
    keys.go("Output", "o1")
    window.actions_by_name["first_phase"].trigger()
    qtbot.waitUntil(lambda: keys.row()[Column.DELTA] == "")
    assert keys.row()[Column.VALUE] == "0.6000"
    window.actions_by_name["last_phase"].trigger()
    qtbot.waitUntil(lambda: keys.row()[Column.DELTA] == "0.1385")


def test_one_selection_here_and_in_the_picture(keys: Keys) -> None:
    window, hidden = keys.window, keys.network.layers[1]
    keys.go("Hidden 1", "h2")
    assert window.canvas.selection == Selection(nodes=frozenset({hidden.nodes[1].id}))
    keys.strike(Key.Key_Right, Key.Key_Down)
    source = keys.network.layers[0].nodes[0].id
    assert window.canvas.selection == Selection(pairs=frozenset({(source, hidden.nodes[1].id)}))
    chosen = Selection(nodes=frozenset(node.id for node in keys.network.layers[2].nodes))
    window.desk.select(chosen)
    assert keys.outline.tree.selection == chosen
    assert keys.row()[0] in ("o1", "o2")
    window.desk.select(Selection())
    assert not keys.outline.tree.selection


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [("2 3", "more than one number"), ("=1/0", "divides by zero"), ("1e99", "needs a number from")],
)
def test_a_number_that_is_none_stays_to_be_mended(keys: Keys, typed: str, sentence: str) -> None:
    keys.go("Hidden 1", "h1")
    keys.strike(typed, Key.Key_Return)
    field = keys.outline.focusWidget()
    assert field.property("wrong")
    assert sentence in keys.outline.problem.text()
    keys.strike(Key.Key_Escape)
    assert keys.outline.tree.hasFocus()
    assert keys.outline.problem.isHidden()
    assert keys.row()[Column.VALUE] == "0.3500"
    assert not keys.window.document.modified


def test_what_is_refused_is_said_in_one_sentence_and_leaves_no_trace(keys: Keys) -> None:
    before = keys.network
    keys.go("Output")
    keys.strike(Key.Key_Delete)
    assert "can't be removed" in keys.outline.problem.text()
    keys.connect(("Output", "o1"), "h1")
    assert keys.outline.problem.text() != ""
    keys.go("Input", "i1")
    keys.strike("c", "nobody", Key.Key_Return)
    assert "“nobody”" in keys.outline.problem.text()
    keys.strike(Key.Key_Escape)
    assert keys.outline.tree.hasFocus()
    assert keys.network == before


def test_space_freezes_where_a_box_stands_and_plays_elsewhere(keys: Keys) -> None:
    keys.go("Hidden 1", "h1")
    tree = keys.outline.tree
    while tree.currentIndex().column() != Column.FROZEN:
        keys.strike(Key.Key_Right)
    node = keys.network.layers[1].nodes[0]
    keys.strike(Key.Key_Space)
    assert keys.network.node(node.id).bias_frozen is not node.bias_frozen
    assert not keys.window.controller.playing
    keys.go("Hidden 1", "h1")
    keys.strike(Key.Key_Space)
    assert keys.window.controller.playing


def test_nodes_and_layers_change_places(keys: Keys) -> None:
    keys.go("Hidden 1", "h1")
    keys.strike(Key.Key_Down, held=_SHIFTED)
    assert [node.name for node in keys.outline.tree.table.rows.nodes[1]] == ["h2", "h1"]
    assert keys.row()[0] == "h1"
    keys.strike(Key.Key_Down, held=_SHIFTED)
    assert keys.row()[0] == "h1", "there is none below"
    assert keys.window.document.undo_stack.count() == 1
    keys.strike(Key.Key_Up, held=_SHIFTED)
    assert [node.name for node in keys.outline.tree.table.rows.nodes[1]] == ["h1", "h2"]


def test_a_layer_gets_as_many_nodes_as_are_typed_and_a_node_joins_its_neighbors(keys: Keys) -> None:
    keys.go("Hidden 1")
    keys.type_value("5")
    assert keys.sizes == [("input", 2), ("hidden", 5), ("output", 2)]
    keys.go("Hidden 1", "h2")
    keys.strike(Key.Key_Insert)
    assert keys.sizes[1] == ("hidden", 6)
    assert keys.row()[0] == "Node 6"
    keys.go("Input")
    keys.type_value("3")
    assert "features" in keys.outline.problem.text()


def test_two_that_are_selected_are_connected_at_once(keys: Keys) -> None:
    source, target = keys.network.layers[0].nodes[0].id, keys.network.layers[2].nodes[1].id
    keys.window.desk.select(Selection(nodes=frozenset({source, target})))
    keys.outline.tree.setFocus()
    keys.strike("c")
    link = keys.network.link(keys.network.layers[0].id, keys.network.layers[2].id)
    assert link is not None
    assert link.removed.count == 3


def test_while_a_number_is_guessed_nothing_of_the_step_is_given_away(keys: Keys) -> None:
    window = keys.window
    keys.go("Output", "o1")
    window.explanation.panel.learner.working.emit(True)
    assert keys.row()[Column.DELTA] == keys.row()[Column.GRADIENT] == ""
    window.explanation.panel.learner.working.emit(False)
    assert keys.row()[Column.DELTA] == "0.1385"
