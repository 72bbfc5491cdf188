"""What can be done to a drawing, by numbers, and what an outline shows of it, asked as a view asks."""

from __future__ import annotations

from collections.abc import Callable

from bpviz.model.spec import Network
from bpviz.ui.desk import Editor
from bpviz.ui.document import Document, Selection
from bpviz.ui.outline.model import OutlineModel

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
    lambda editor, _document, n: editor.toggle_lock(Selection(nodes=frozenset({_pick(_nodes(editor), n)}))),
    lambda editor, _document, n: editor.show_feature(_pick(_nodes(editor), n), ("x", "y", "x^2")[n % 3]),
    lambda _editor, document, _n: document.undo_stack.undo(),
    lambda _editor, document, _n: document.undo_stack.redo(),
)
