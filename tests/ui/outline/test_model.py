"""The outline as Qt asks for it: what is kept of cells follows drawing, colors and run."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QColor

from bpviz.model.builder import layered_network
from bpviz.model.edits import rename, set_frozen
from bpviz.model.spec import BiasAddress, Network
from bpviz.ui.outline.cells import Column
from bpviz.ui.outline.model import OutlineModel
from bpviz.ui.outline.rows import Item
from bpviz.ui.theme import Theme
from tests.ui.canvas.shots import full_shot

Role = Qt.ItemDataRole


def _network() -> Network:
    return layered_network(("x", "y"), (2,), 1)


def _cell(model: OutlineModel, at: Column, role: Role = Role.DisplayRole) -> object:
    """What a hidden node's row says; asked twice, for a view does so, too."""
    index = _hidden(model, at)
    first = model.data(index, role)
    assert model.data(index, role) == first
    return first


def _hidden(model: OutlineModel, at: Column) -> QModelIndex:
    layer = model.rows.network.layers[1]
    return model.index_of(Item(node=layer.nodes[0].id), at)


def test_a_cell_follows_the_drawing(qapp: object) -> None:
    model, network = OutlineModel(Theme("light")), _network()
    model.show_network(network)
    assert _cell(model, Column.NAME) == "Node 1"
    assert _cell(model, Column.FROZEN, Role.CheckStateRole) == Qt.CheckState.Unchecked
    node = network.layers[1].nodes[0].id
    model.show_network(set_frozen(rename(network, node, "gate"), [BiasAddress(node)], frozen=True))
    assert _cell(model, Column.NAME) == "gate"
    assert _cell(model, Column.FROZEN, Role.CheckStateRole) == Qt.CheckState.Checked


def test_a_cell_follows_the_run(qapp: object) -> None:
    model, network = OutlineModel(Theme("light")), _network()
    model.show_network(network)
    assert _cell(model, Column.VALUE) == ""
    seen = set()
    for seed in range(3):
        model.show_snapshot(full_shot(network, seed))
        seen |= {_cell(model, Column.VALUE), _cell(model, Column.DELTA), _cell(model, Column.GRADIENT)}
    assert len(seen) == 6, "the gradient of a bias is the delta"
    assert "" not in seen


def test_a_cell_follows_the_colors(qapp: object) -> None:
    theme = Theme("light")
    model = OutlineModel(theme)
    model.show_network(_network())
    layer = model.index_of(Item(layer=model.rows.layers[0].id), Column.VALUE)
    light = model.data(layer, Role.ForegroundRole)
    theme.set_mode("dark")
    dark = model.data(layer, Role.ForegroundRole)
    assert isinstance(light, QColor)
    assert isinstance(dark, QColor)
    assert light != dark == theme.color("secondary")
