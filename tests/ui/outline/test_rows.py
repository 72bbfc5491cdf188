"""What stands in which row, and how rows follow a drawing that changes."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPersistentModelIndex
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication

from bpviz.model import edits
from bpviz.model.builder import layered_network
from bpviz.model.spec import BiasAddress, Network, Project, WeightAddress
from bpviz.ui.canvas.scene import NetworkScene
from bpviz.ui.desk import Editor
from bpviz.ui.document import Document, Selection
from bpviz.ui.outline.model import OutlineModel
from bpviz.ui.outline.rows import Item, Rows
from bpviz.ui.theme import Theme

Act = Callable[[Editor, Document, int], object]


def shown(model: OutlineModel) -> tuple[dict[str, list[str]], set[tuple[str, str]]]:
    """What the table holds, asked as a view asks: the nodes of each layer, and all connections."""
    layers: dict[str, list[str]] = {}
    pairs: set[tuple[str, str]] = set()
    for at in range(model.rowCount()):
        layer = model.index(at, 0)
        layers[model.item(layer).layer] = nodes = []
        for row in range(model.rowCount(layer)):
            node = model.index(row, 0, layer)
            nodes.append(model.item(node).node)
            assert model.hasChildren(node) == (model.rowCount(node) > 0)
            for link in (model.index(one, 0, node) for one in range(model.rowCount(node))):
                assert link.parent() == node
                pairs.add((model.item(link).source, model.item(link).node))
    return layers, pairs


def drawn(network: Network) -> tuple[dict[str, list[str]], set[tuple[str, str]]]:
    """The same of a drawing."""
    layers = {
        layer.id: [node.id for node in sorted(layer.nodes, key=lambda node: node.y)]
        for layer in sorted(network.layers, key=lambda layer: layer.x)
    }
    pairs = {
        (network.layer(link.source).nodes[column].id, target.id)
        for link in network.links
        for row, target in enumerate(network.layer(link.target).nodes)
        for column in range(link.removed.sources)
        if not link.removed.array[row, column]
    }
    return layers, pairs


def _pick(things: list[str], number: int) -> str:
    return things[number % len(things)]


def _nodes(editor: Editor) -> list[str]:
    return [node.id for layer in editor.network.layers for node in layer.nodes]


def _layers(editor: Editor) -> list[str]:
    return [layer.id for layer in editor.network.layers]


ACTS: tuple[Act, ...] = (
    lambda editor, _document, n: editor.add_node(_pick(_layers(editor), n)),
    lambda editor, _document, n: editor.insert_beside(_pick(_layers(editor), n), after=bool(n % 2)),
    lambda editor, _document, n: editor.delete(Selection(nodes=frozenset({_pick(_nodes(editor), n)}))),
    lambda editor, _document, n: editor.delete(Selection(layers=frozenset({_pick(_layers(editor), n)}))),
    lambda editor, _document, n: editor.connect(_pick(_nodes(editor), n), _pick(_nodes(editor), n // 7)),
    lambda editor, _document, n: editor.delete(
        Selection(pairs=frozenset({(_pick(_nodes(editor), n), _pick(_nodes(editor), n // 5))}))
    ),
    lambda editor, _document, n: editor.place_nodes({_pick(_nodes(editor), n): (float(n), float(n))}),
    lambda editor, _document, n: editor.move_layers({_pick(_layers(editor), n): float(10 * n)}, 3.0),
    lambda editor, _document, n: editor.freeze([], [_pick(_nodes(editor), n)], frozen=True),
    lambda _editor, document, _n: document.undo_stack.undo(),
    lambda _editor, document, _n: document.undo_stack.redo(),
)


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
