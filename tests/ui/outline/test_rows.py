"""What stands in which row, and how rows follow a drawing that changes."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPersistentModelIndex
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication

from bpviz.model import edits
from bpviz.model.builder import layered_network
from bpviz.model.spec import BiasAddress, Project, WeightAddress
from bpviz.ui.canvas.scene import NetworkScene
from bpviz.ui.desk import Editor
from bpviz.ui.document import Document
from bpviz.ui.outline.model import OutlineModel
from bpviz.ui.outline.rows import Item, Rows
from bpviz.ui.theme import Theme
from tests.ui.outline.acts import ACTS, Act, drawn, shown


@settings(max_examples=12)
@given(st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 60)), max_size=25))
def test_picture_outline_and_document_are_one_after_any_edits(
    qapp: QApplication, steps: list[tuple[Act, int]]
) -> None:
    document = Document(Project(layered_network(("x", "y"), (2,), 1)), 100)
    theme = Theme("light")
    model, scene = OutlineModel(theme), NetworkScene(theme)
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning)
    editor = Editor(document, lambda _sentence: None)
    for show in (model.show_network, scene.show_network):
        show(document.project.network)
        document.changed.connect(lambda _before, after, show=show: show(after.network))
    for act, number in steps:
        act(editor, document, number)
        network = document.project.network
        assert shown(model) == drawn(network)
        assert set(scene.placement.topology.node_ids) == {
            node for row in shown(model)[0].values() for node in row
        }
        assert scene.placement.topology.pair_count == len(shown(model)[1])
    tester.deleteLater()


def test_rows_held_by_a_view_stay_with_what_they_are_about(qapp: QApplication) -> None:
    network = layered_network(("x", "y"), (3,), 1)
    model = OutlineModel(Theme("light"))
    model.show_network(network)
    hidden = network.layers[1]
    kept = Item(node=hidden.nodes[2].id, source=network.layers[0].nodes[1].id)
    held = QPersistentModelIndex(model.index_of(kept))
    gone = QPersistentModelIndex(model.index_of(Item(node=hidden.nodes[0].id)))
    model.show_network(edits.remove_nodes(network, [hidden.nodes[0].id]))
    assert model.item(held) == kept
    assert not gone.isValid()


def test_a_hundred_thousand_connections_are_gathered_only_where_somebody_looks(qapp: QApplication) -> None:
    network = layered_network(tuple(f"p{at}" for at in range(784)), (128,), 10)
    model = OutlineModel(Theme("light"))
    model.show_network(network)
    layer = model.index(1, 0)
    assert model.rowCount(layer) == 128
    assert all(model.hasChildren(model.index(row, 0, layer)) for row in range(128))
    gathered = [model.rows.gathered]
    assert model.rowCount(model.index(5, 0, layer)) == 784
    assert [*gathered, model.rows.gathered] == [0, 1]


def test_a_layer_is_frozen_wholly_in_part_or_not_at_all() -> None:
    network = layered_network(("x", "y"), (1,), 1)
    hidden = network.layers[1]
    node, layer = hidden.nodes[0].id, Item(layer=hidden.id)
    assert Rows(network).frozen(layer) is False
    weights = [WeightAddress(source.id, node) for source in network.layers[0].nodes]
    some = edits.set_frozen(network, weights, frozen=True)
    assert Rows(some).frozen(layer) is None
    assert Rows(some).frozen(Item(node=node, source=weights[0].source)) is True
    every = edits.set_frozen(some, [BiasAddress(node)], frozen=True)
    assert Rows(every).frozen(layer) is True
