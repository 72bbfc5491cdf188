"""The document: edits, undo, values of the run, ids, and what counts as modified."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtWidgets import QApplication

from bpviz.errors import BpvizError
from bpviz.model.edits import add_node, connect, on_network, remove_nodes, set_training
from bpviz.model.examples import EXAMPLES
from bpviz.model.naming import first_free_number
from bpviz.model.spec import BiasAddress, Project
from bpviz.ui.document import Document, Selection

NODES = [node.id for layer in EXAMPLES["spiral"].build().network.layers for node in layer.nodes]
EDITS = st.one_of(
    st.builds(
        partial, st.just(remove_nodes), node_ids=st.lists(st.sampled_from(NODES), min_size=1, max_size=3)
    ),
    st.builds(partial, st.just(connect), source=st.sampled_from(NODES), target=st.sampled_from(NODES)),
)


@pytest.fixture
def document(qapp: QApplication, spiral: Project) -> Document:
    return Document(spiral, first_free_number(spiral.network))


@given(st.lists(EDITS, max_size=12))
def test_undo_and_redo_go_through_every_value_that_was_shown(edits: list[partial]) -> None:  # type: ignore[type-arg]
    project = EXAMPLES["spiral"].build()
    document = Document(project, first_free_number(project.network))
    visited = [document.project]
    for edit in edits:
        try:
            document.apply("edit", on_network(edit))
        except BpvizError:
            continue  # a refused edit must leave no trace; the check below would see one
        if document.project != visited[-1]:
            visited.append(document.project)
    assert document.undo_stack.count() == len(visited) - 1
    for value in reversed(visited[:-1]):
        document.undo_stack.undo()
        assert document.project == value
    for value in visited[1:]:
        document.undo_stack.redo()
        assert document.project == value


def test_edits_with_one_merge_key_in_a_row_become_one_entry(document: Document) -> None:
    before = document.project
    for rate in (0.1, 0.2, 0.3):
        document.apply("change rate", partial(set_training, learning_rate=rate), merge_key="rate")
    assert document.undo_stack.count() == 1
    document.undo_stack.undo()
    assert document.project == before


def test_an_edit_taken_back_by_its_own_kind_leaves_no_entry(document: Document) -> None:
    rate = document.project.training.learning_rate
    for value in (0.5, rate):
        document.apply("change rate", partial(set_training, learning_rate=value), merge_key="rate")
    assert document.undo_stack.count() == 0


def test_a_refused_edit_changes_nothing(document: Document) -> None:
    before, heard = document.project, []
    document.changed.connect(lambda *values: heard.append(values))
    with pytest.raises(BpvizError):
        document.apply("change rate", partial(set_training, learning_rate=float("nan")))
    assert document.project is before
    assert heard == []


def test_undo_does_not_turn_the_ids_back(document: Document) -> None:
    layer = document.project.network.layers[1].id
    first = document.new_id("n")
    document.apply("add node", on_network(partial(add_node, layer_id=layer, node_id=first)))
    document.undo_stack.undo()
    assert document.new_id("n") != first


def test_several_ids_are_handed_out_at_once(document: Document) -> None:
    ids = document.new_ids("n", 3)
    assert len({*ids, document.new_id("l")}) == 4


def test_a_value_of_the_run_is_set_and_undone_by_its_opposite(document: Document) -> None:
    heard: list[tuple[int, dict[object, float]]] = []
    document.values_set.connect(lambda *values: heard.append(values))
    document.begin_run(4)
    address = BiasAddress("n3")
    document.push_value(address, 1.0, 2.0)
    document.push_value(address, 2.0, 3.0)
    document.undo_stack.undo()
    document.undo_stack.redo()
    assert heard == [(4, {address: value}) for value in (2.0, 3.0, 1.0, 3.0)]


def test_a_value_stays_the_one_of_its_run_while_another_is_there(document: Document) -> None:
    heard: list[tuple[int, dict[object, float]]] = []
    document.begin_run(1)
    document.push_value(BiasAddress("n3"), 1.0, 2.0)
    document.begin_run(2)
    document.values_set.connect(lambda *values: heard.append(values))
    document.undo_stack.undo()
    assert heard == [(1, {BiasAddress("n3"): 1.0})]
    assert document.undo_stack.canRedo()


def test_undo_of_a_drawing_selects_what_was_selected_and_of_a_setting_leaves_it(document: Document) -> None:
    heard: list[Selection] = []
    document.reselected.connect(heard.append)
    chosen = Selection(nodes=frozenset({NODES[3]}))
    document.keep_selection(chosen)
    document.apply("delete", on_network(partial(remove_nodes, node_ids=[NODES[3]])))
    document.keep_selection(Selection())
    document.apply("change rate", partial(set_training, learning_rate=0.5))
    document.undo_stack.undo()
    assert heard == []
    document.undo_stack.undo()
    assert heard == [chosen]
    document.undo_stack.redo()
    assert heard == [chosen, Selection()]


def test_who_shows_an_edit_knows_already_what_it_selects(document: Document) -> None:
    heard: list[object] = []
    chosen = Selection(nodes=frozenset({NODES[2]}))
    document.reselected.connect(heard.append)
    document.reselected.connect(document.keep_selection)
    document.changed.connect(lambda *_: heard.append(document.turning))
    delete = on_network(partial(remove_nodes, node_ids=[NODES[3]]))
    document.apply("delete", delete, chosen=lambda: chosen)
    assert heard == [chosen, True]
    document.undo_stack.undo()
    document.undo_stack.redo()
    assert heard == [chosen, True, Selection(), True, chosen, True]
    assert [document.turning] == [False]


def test_opening_another_project_is_a_change_but_no_edit(document: Document) -> None:
    changed: list[object] = []
    edited: list[object] = []
    document.changed.connect(lambda *values: changed.append(values))
    document.edited.connect(lambda *values: edited.append(values))
    document.apply("change rate", partial(set_training, learning_rate=0.5))
    document.replace_all(EXAMPLES["circle"].build(), 50, Path("mine.bpviz"))
    assert len(changed) == 2
    assert len(edited) == 1
    assert (document.title, document.next_id, document.modified) == ("mine", 50, False)
    assert not document.undo_stack.canUndo()


def test_an_edit_modifies_and_saving_clears_it(document: Document) -> None:
    assert [document.modified] == [False]
    document.apply("change rate", partial(set_training, learning_rate=0.5))
    assert [document.modified] == [True]
    document.mark_saved(Path("a.bpviz"))
    assert [document.modified] == [False]


def test_training_modifies_only_what_has_a_file(document: Document) -> None:
    heard: list[bool] = []
    document.title_changed.connect(lambda: heard.append(document.modified))
    document.stand_at(40)
    document.mark_saved(Path("a.bpviz"), step=40)
    document.stand_at(41)
    document.stand_at(42)
    document.stand_at(40)
    assert heard == [False, True, False]


def test_the_title_is_the_file_or_the_project_or_untitled(document: Document) -> None:
    assert document.title == "Spiral"
    document.replace_all(replace(document.project, title=""), 1)
    assert document.title == "Untitled"


def test_an_empty_selection_is_false() -> None:
    assert not Selection()
    assert Selection(nodes=frozenset({"n1"}))


def test_several_values_of_the_run_are_one_entry_of_the_history(document: Document) -> None:
    told: list[tuple[object, float]] = []
    document.values_set.connect(lambda _run, values: told.extend(values.items()))
    first, second, third = (BiasAddress(f"n{k}") for k in range(3))

    document.push_values([(first, 0.0, 1.0), (second, 0.5, 2.0), (third, 3.0, 3.0)])
    assert told == [(first, 1.0), (second, 2.0)]
    assert document.undo_stack.count() == 1
    document.push_values([(first, 1.0, 4.0)])  # of another set: an entry of its own
    assert document.undo_stack.count() == 2
    told.clear()
    document.undo_stack.undo()
    document.undo_stack.undo()
    assert told == [(first, 1.0), (first, 0.0), (second, 0.5)]
    document.push_values([(third, 3.0, 3.0)])
    assert document.undo_stack.count() == 2
