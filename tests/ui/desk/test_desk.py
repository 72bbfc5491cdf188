"""One selection and one view for all that shows the network."""

from __future__ import annotations

from functools import partial

import pytest

from bpviz.model import edits
from bpviz.ui.desk import Desk
from bpviz.ui.document import Document, Selection
from tests.ui.canvas.hand import small_project


@pytest.fixture
def desk(qapp: object) -> Desk:
    """The desk of the small project."""
    return Desk(Document(small_project(), 1000))


def _nodes(desk: Desk, layer: int) -> list[str]:
    return [node.id for node in desk.network.layers[layer].nodes]


def test_only_what_is_there_gets_selected_and_each_change_is_told_once(desk: Desk) -> None:
    heard: list[Selection] = []
    desk.selection_changed.connect(heard.append)
    first = _nodes(desk, 1)[0]
    chosen = Selection(nodes=frozenset({first}))
    desk.select(Selection(nodes=frozenset({first, "gone"})))
    desk.select(chosen)
    assert heard == [chosen]
    assert desk.selection == desk.document.selection == chosen
    desk.select_nothing()
    assert heard[1:] == [Selection()]


def test_what_an_edit_removes_is_selected_no_longer_and_undo_selects_it_again(desk: Desk) -> None:
    gone, stays = _nodes(desk, 1)[:2]
    desk.select(Selection(nodes=frozenset({gone, stays})))
    desk.document.apply("remove", edits.on_network(partial(edits.remove_nodes, node_ids={gone})))
    assert desk.selection.nodes == {stays}
    desk.document.undo_stack.undo()
    assert desk.selection.nodes == {gone, stays}


def test_nothing_is_selected_in_another_project(desk: Desk) -> None:
    desk.select(Selection(nodes=frozenset(_nodes(desk, 1))))
    desk.document.replace_all(small_project(), 1000)
    assert not desk.selection


def test_a_view_is_told_once(desk: Desk) -> None:
    heard: list[str] = []
    desk.view_changed.connect(heard.append)
    assert desk.view == "weights"
    for view in ("deltas", "deltas", "weights"):
        desk.show_view(view)
    assert heard == ["deltas", "weights"]


def test_a_refused_edit_is_told_in_a_sentence(desk: Desk) -> None:
    heard: list[str] = []
    desk.refused.connect(heard.append)
    source, target = _nodes(desk, 1)[0], _nodes(desk, 0)[0]
    assert not desk.editor.connect(source, target)
    assert len(heard) == 1
    assert heard[0].endswith(".")
