"""Things found by their names, and edits gone back to by their words."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from bpviz.model.builder import layered_network
from bpviz.model.edits import on_network, rename, set_training
from bpviz.model.examples import EXAMPLES
from bpviz.ui.document import Selection
from bpviz.ui.main_window import MainWindow
from bpviz.ui.outline.rows import Item, Rows
from bpviz.ui.outline.titles import matches, titles
from tests.ui.outline.conftest import Key

_CONTROL, _SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def test_every_title_leads_to_one_thing() -> None:
    network = layered_network(("x", "y"), (2,), 1)
    first, second = network.layers[1].nodes
    network = rename(rename(network, first.id, "h"), second.id, "h")
    found = titles(Rows(network))
    assert found["h (Hidden 1, node 1)"] == Item(node=first.id)
    assert found["h (Hidden 1, node 2)"] == Item(node=second.id)
    assert found["x"] == Item(node=network.layers[0].nodes[0].id)
    assert len(found) == 3 + 5


@pytest.mark.parametrize(
    ("words", "count"), [("hidden", 3), ("HIDDEN 1, node 2", 1), ("x²", 1), ("x^2", 1), ("  ", 0), ("q", 0)]
)
def test_names_features_and_places_are_searched(words: str, count: int) -> None:
    assert len(matches(layered_network(("x^2", "y"), (2,), 1), words)) == count


def test_return_walks_through_matches_and_escape_leads_back(window: MainWindow, qtbot: QtBot) -> None:
    find, hidden = window.outlined.find, window.document.project.network.layers[1]
    window.canvas.setFocus()
    QTest.keyClick(window.canvas.pane, Key.Key_F, _CONTROL)
    qtbot.waitUntil(find.words.hasFocus)
    QTest.keyClicks(find.words, "hidden 1, n")
    assert find.told.text() == str(hidden.size)
    for key, held, at in (
        (Key.Key_Return, Qt.KeyboardModifier.NoModifier, 0),
        (Key.Key_Return, Qt.KeyboardModifier.NoModifier, 1),
        (Key.Key_Return, _SHIFT, 0),
        (Key.Key_Return, _SHIFT, hidden.size - 1),
    ):
        QTest.keyClick(find.words, key, held)
        assert window.desk.selection == Selection(nodes=frozenset({hidden.nodes[at].id}))
    assert find.told.text() == f"{hidden.size} of {hidden.size}"
    QTest.keyClick(find.words, Key.Key_Escape)
    qtbot.waitUntil(window.canvas.pane.hasFocus)
    assert find.isHidden()
    assert window.desk.selection, "what was found stays selected"


def test_what_is_found_comes_into_sight(window: MainWindow) -> None:
    window.canvas.zoom_in()
    for _ in range(6):
        window.canvas.zoom_in()
    node = window.document.project.network.layers[-1].nodes[0]
    find = window.outlined.find
    find.open()
    QTest.keyClicks(find.words, "output, node 1" if not node.name else node.name)
    QTest.keyClick(find.words, Key.Key_Return)
    place = window.canvas.pane.mapFromScene(window.canvas.scene.parts.nodes[node.id].pos())
    assert window.canvas.pane.viewport().rect().contains(place)


def test_a_row_out_of_sight_in_a_wide_column_is_scrolled_to(window: MainWindow) -> None:
    project = replace(EXAMPLES["spiral"].build(), network=layered_network(("x", "y"), (200,), 1))
    window.document.replace_all(project, 1000)
    layer = project.network.layers[1]
    find = window.outlined.find
    find.open()
    QTest.keyClicks(find.words, "node 150")
    QTest.keyClick(find.words, Key.Key_Return)
    column = window.canvas.scene.placement.columns[layer.id]
    assert column.first <= 149 < column.first + column.shown


@pytest.fixture
def edited(window: MainWindow) -> MainWindow:
    """A window after three edits, its history in sight."""
    hidden = window.document.project.network.layers[1]
    for name in ("a", "b"):
        window.document.apply("rename layer", on_network(partial(rename, item_id=hidden.id, name=name)))
    window.document.apply("change rate", partial(set_training, learning_rate=0.5))
    window.actions_by_name["history"].trigger()
    return window


def _texts(window: MainWindow) -> list[str]:
    model = window.outlined.history.model
    return [str(model.index(row, 0).data()) for row in range(model.rowCount())]


def test_the_history_lists_edits_by_their_words_and_marks_the_present(edited: MainWindow) -> None:
    entries = edited.outlined.history.entries
    assert _texts(edited) == ["As it was opened", "Rename layer", "Rename layer", "Change rate"]
    assert entries.currentIndex().row() == 3
    edited.actions_by_name["undo"].trigger()
    assert entries.currentIndex().row() == 2
    spoken = Qt.ItemDataRole.AccessibleTextRole
    model = edited.outlined.history.model
    assert model.index(2, 0).data(spoken) == "Rename layer, present"
    assert model.index(3, 0).data(spoken) == "Change rate, taken back"


def test_a_history_that_nobody_sees_is_laid_out_once_it_is_seen(edited: MainWindow) -> None:
    history, entries = edited.outlined.history, edited.outlined.history.entries
    history.set_in_sight(in_sight=False)
    edited.actions_by_name["undo"].trigger()
    assert entries.currentIndex().row() == 3
    history.set_in_sight(in_sight=True)
    assert entries.currentIndex().row() == 2


def test_a_click_or_return_goes_there_and_arrows_only_look(edited: MainWindow, qtbot: QtBot) -> None:
    entries, document = edited.outlined.history.entries, edited.document
    qtbot.waitUntil(entries.hasFocus)
    QTest.keyClick(entries, Key.Key_Up)
    assert document.undo_stack.index() == 3
    QTest.keyClick(entries, Key.Key_Return)
    assert document.undo_stack.index() == 2
    place: QPoint = entries.visualRect(edited.outlined.history.model.index(0, 0)).center()
    QTest.mouseClick(entries.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert document.undo_stack.index() == 0
    assert not document.undo_stack.canUndo()


def test_a_new_edit_takes_the_place_of_those_taken_back(edited: MainWindow) -> None:
    edited.document.undo_stack.setIndex(1)
    edited.document.apply("change seed", partial(set_training, seed=8))
    assert _texts(edited) == ["As it was opened", "Rename layer", "Change seed"]
    edited.document.replace_all(edited.document.project, 1000)
    assert _texts(edited) == ["As it was opened"]
