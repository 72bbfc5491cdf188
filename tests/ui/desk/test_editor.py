"""What the canvas asks of the document."""

from __future__ import annotations

import pytest

from bpviz.data.settings import DataSettings
from bpviz.model import edits
from bpviz.model.builder import layered_network
from bpviz.model.spec import Project
from bpviz.ui.desk.editor import Editor
from bpviz.ui.document import Document, Selection
from tests.ui.canvas.hand import small_project


@pytest.fixture
def said() -> list[str]:
    """What the editor told the user."""
    return []


@pytest.fixture
def editor(qapp: object, said: list[str]) -> Editor:
    """An editor of the small project."""
    return Editor(Document(small_project(), 1000), said.append)


def test_everything_selected_goes_in_one_edit(qapp: object, said: list[str]) -> None:
    document = Document(small_project(), 1000)
    editor = Editor(document, said.append)
    first, second = editor.network.layers[1:3]
    source = editor.network.layers[0].nodes[0].id
    chosen = Selection(
        nodes=frozenset({first.nodes[0].id, second.nodes[0].id, "gone"}),
        pairs=frozenset({(source, first.nodes[1].id), (source, first.nodes[2].id)}),
        layers=frozenset({second.id}),
    )

    assert editor.delete(chosen)

    assert document.undo_stack.count() == 1
    assert document.undo_stack.undoText() == "remove layer and node and connections"
    assert [layer.size for layer in editor.network.layers] == [2, 2, 1]
    link = editor.network.link(editor.network.layers[0].id, first.id)
    assert link is not None
    assert link.removed.count == 2


def test_nothing_selected_is_no_edit(editor: Editor, said: list[str]) -> None:
    assert not editor.delete(Selection())
    assert not editor.delete(Selection(nodes=frozenset({"gone"})))
    assert said == []


def test_a_new_layer_is_like_the_hidden_one_before_it(editor: Editor) -> None:
    first = editor.network.layers[1]
    relu = next(layer for layer in editor.network.layers if layer.id == first.id)
    editor.set_activation([relu.id], [], "relu")
    editor.insert_beside(first.id, after=True)
    new = sorted(editor.network.layers, key=lambda layer: layer.x)[2]
    assert (new.size, new.activation) == (3, "relu")


def test_a_layer_without_connections_has_no_place_beside_it(editor: Editor, said: list[str]) -> None:
    output = editor.network.layers[-1].id
    assert not editor.insert_beside(output, after=True)
    assert said == ["Nothing is connected after this layer; connect it first."]


def test_connecting_again_is_refused_with_a_sentence(editor: Editor) -> None:
    ends = editor.network.layers[0].nodes[0].id, editor.network.layers[1].nodes[0].id
    assert editor.connect_refusal(*ends) == "These nodes are connected already."
    assert editor.connect_refusal(*reversed(ends)) != ""
    assert not editor.connect(*ends)


def test_inputs_take_the_features_that_are_left(editor: Editor, said: list[str]) -> None:
    layer = editor.network.layers[0].id
    count = len(editor.unused_features())
    assert count > 0
    for _ in range(count):
        assert editor.add_node(layer)
    assert not editor.add_node(layer)
    assert said == ["All features of the data are inputs already."]


def test_data_that_are_not_there_offer_no_features(qapp: object, said: list[str]) -> None:
    project = Project(network=layered_network(("x",), (2,), 1), data=DataSettings(source="table"))
    assert Editor(Document(project, 1000), said.append).unused_features() == ()


def test_ids_are_never_used_again_after_undo(qapp: object, said: list[str]) -> None:
    document = Document(small_project(), 1000)
    editor = Editor(document, said.append)
    layer = editor.network.layers[1].id
    editor.add_node(layer)
    first = editor.network.layer(layer).nodes[-1].id
    document.undo_stack.undo()
    editor.add_node(layer)
    assert editor.network.layer(layer).nodes[-1].id != first


def test_whether_a_weight_is_frozen(editor: Editor) -> None:
    pair = editor.network.layers[0].nodes[0].id, editor.network.layers[1].nodes[0].id
    assert not editor.is_frozen(pair)
    editor.freeze([pair], [], frozen=True)
    assert editor.is_frozen(pair)
    assert not editor.is_frozen((pair[0], editor.network.layers[3].nodes[0].id)), "there is no link"


def test_arranging_puts_moved_columns_back(editor: Editor) -> None:
    before = editor.network
    editor.move_layers({before.layers[1].id: 90.0}, 70.0)
    assert editor.network != before
    editor.arrange()
    assert editor.network == edits.arrange_network(Project(network=before)).network
