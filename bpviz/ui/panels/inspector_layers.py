"""The inspector's pages of one layer, and of several things at once."""

from __future__ import annotations

from collections.abc import Iterable, KeysView
from functools import partial
from itertools import chain, compress
from operator import attrgetter, not_
from typing import Final

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QCheckBox, QLabel, QWidget

from bpviz.engine.activations import ACTIVATIONS
from bpviz.model.common import ID
from bpviz.model.edits import (
    all_frozen,
    rename,
    resize_layer,
    set_activation,
    set_frozen,
    set_node_activation,
)
from bpviz.model.matrices import Cell, layer_matrix
from bpviz.model.naming import layer_label
from bpviz.model.spec import Address, BiasAddress, Layer, Network, Project, WeightAddress
from bpviz.training.snapshot import Snapshot
from bpviz.ui.document import Document, Selection
from bpviz.ui.line_edit import LineEdit
from bpviz.ui.numbers import count
from bpviz.ui.panels.fields import Choice, entries_of
from bpviz.ui.panels.inspector_pages import Page
from bpviz.ui.panels.line_edits import Bounds, NumberEdit
from bpviz.ui.panels.matrix_table import MatrixTable
from bpviz.ui.texts import name_text
from bpviz.ui.theme import Theme

_MOST_NODES: Final = 4096
_BIAS_FROZEN: Final = attrgetter("bias_frozen")
_ROLES: Final = {
    "input": "Input layer: its nodes show the features of the data",
    "hidden": "Hidden layer",
    "output": "Output layer: its nodes answer",
}
_UNCHANGED: Final = ""  # the entry of the list of activations that means: they differ


class LayerPage(Page):
    """One layer."""

    def __init__(self, document: Document, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(document, theme, parent)
        self._layer: Layer | None = None
        self.name = LineEdit()
        self._name_row = self._form.add("Name", self.name, "What its caption shows")
        self.nodes = NumberEdit(Bounds(1, _MOST_NODES, step=1, whole=True))
        self._size_row = self._form.add(
            "Nodes", self.nodes, "How many; new ones are connected like the others"
        )
        self.activation = Choice()
        self._activation_row = self._form.add("Activation", self.activation, "Of all its nodes")
        self.parameters = QLabel()
        self._parameters_row = self._form.add("Parameters", self.parameters, "Weights into it, and biases")
        self.matrix = MatrixTable(theme)
        self._layout.insertWidget(3, self.matrix)
        self.matrix.hide()
        self.matrix.typed.connect(self._on_typed)
        self.name.editingFinished.connect(self._on_name)
        self.nodes.committed.connect(self._on_size)
        self.activation.chosen.connect(self._on_activation)

    def show_project(self, project: Project, selection: Selection) -> None:
        network = project.network
        layer = network.layer(next(iter(selection.layers)))
        self._layer = layer
        self.title.setText(name_text(layer_label(layer)))
        self.about.setText(_ROLES[layer.role])
        self.name.setText(layer.name)
        self.nodes.show_value(layer.size)
        self.nodes.setEnabled(layer.role == "hidden")
        self.nodes.setToolTip(
            "How many; new ones are connected like the others"
            if layer.role == "hidden"
            else "The data decide how many there are"
        )
        offered = entries_of(ACTIVATIONS)
        if layer.role == "hidden":
            offered = [entry for entry in offered if ACTIVATIONS[entry[0]].elementwise]
        self.activation.fill(offered)
        self.activation.show_value(layer.activation)
        for row in (self._activation_row, self._parameters_row):
            row.set_visible(visible=layer.role != "input")
        self.parameters.setText(count(_parameters(network, layer)))

    def show_selected(self, project: Project, selection: Selection) -> None:
        if selection != self._selection:
            self.matrix.give_up()
            self.matrix.show_matrix(None, project.network)  # until numbers of this layer come
        super().show_selected(project, selection)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        if self._layer is None or snapshot.parameters is None:
            return
        numbers = layer_matrix(snapshot.compiled, self._layer.id, snapshot.parameters)
        self.matrix.show_matrix(numbers, self._document.project.network)

    @Slot(object)
    def _on_typed(self, values: dict[Cell, float]) -> None:
        matrix = self.matrix.model.matrix
        if matrix is not None:
            self.values_edited.emit(
                [(matrix.address(*at), float(matrix.values[at]), value) for at, value in values.items()]
            )

    @Slot()
    def _on_name(self) -> None:
        assert self._layer is not None
        if self.name.text() != self._layer.name:
            edit = partial(rename, item_id=self._layer.id, name=self.name.text())
            self._edit(self._name_row, "rename layer", edit)

    @Slot(float)
    def _on_size(self, size: float) -> None:
        assert self._layer is not None
        layer_id, more = self._layer.id, int(size) - self._layer.size
        ids = self._document.new_ids("n", max(more, 0))
        edit = partial(resize_layer, layer_id=layer_id, size=int(size), new_ids=ids)
        self._edit(self._size_row, "resize layer", edit, key=("resize", layer_id))

    @Slot(str)
    def _on_activation(self, name: str) -> None:
        assert self._layer is not None
        edit = partial(set_activation, layer_id=self._layer.id, activation=name)
        self._edit(self._activation_row, "change activation", edit)


class ManyPage(Page):
    """Several things at once."""

    def __init__(self, document: Document, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(document, theme, parent)
        self._nodes: tuple[str, ...] = ()
        self._pairs: tuple[tuple[str, str], ...] = ()
        self.activation = Choice()
        self._activation_row = self._form.add("Activation", self.activation, "Of all selected nodes")
        self.frozen = QCheckBox("Frozen")
        self.frozen.setTristate(False)
        self._frozen_row = self._form.add("", self.frozen, "Training leaves what is selected as it is")
        self.activation.chosen.connect(self._on_activation)
        self.frozen.clicked.connect(self._on_frozen)

    def show_project(self, project: Project, selection: Selection) -> None:
        network = project.network
        self.title.setText("Selection")
        self.about.setText(_counted(selection))
        computing = {
            node.id: layer.activation_of(node)
            for layer in network.layers
            if layer.role != "input"
            for node in layer.nodes
            if node.id in selection.nodes or layer.id in selection.layers
        }
        self._nodes = tuple(sorted(computing))
        self._pairs = tuple(sorted(selection.pairs))
        used = set(computing.values())
        own = [entry for entry in entries_of(ACTIVATIONS) if ACTIVATIONS[entry[0]].elementwise]
        mixed = [(_UNCHANGED, "Several", "They differ")] if len(used) > 1 else []
        self.activation.fill([*mixed, *own])
        self.activation.show_value(_UNCHANGED if mixed else next(iter(used), _UNCHANGED))
        self._activation_row.set_visible(visible=bool(self._nodes))
        something = bool(self._nodes or self._pairs)
        self._frozen_row.set_visible(visible=something)
        self.frozen.setChecked(something and _all_frozen(network, computing.keys(), self._pairs))

    @Slot(str)
    def _on_activation(self, name: str) -> None:
        if name:
            edit = partial(set_node_activation, node_ids=self._nodes, activation=name)
            self._edit(self._activation_row, "change activation", edit)

    @Slot(bool)
    def _on_frozen(self, frozen: bool) -> None:
        addresses: tuple[Address, ...] = (
            *(BiasAddress(node) for node in self._nodes),
            *(WeightAddress(*pair) for pair in self._pairs),
        )
        edit = partial(set_frozen, addresses=addresses, frozen=frozen)
        self._edit(self._frozen_row, "freeze" if frozen else "thaw", edit)


def _counted(selection: Selection) -> str:
    parts = (
        (len(selection.nodes), "node"),
        (len(selection.pairs), "connection"),
        (len(selection.layers), "layer"),
    )
    return ", ".join(f"{number} {word}{'s' * (number > 1)}" for number, word in parts if number)


def _all_frozen(network: Network, nodes: KeysView[str], pairs: Iterable[tuple[str, str]]) -> bool:
    """Whether freezing would change nothing; without making the nodes anew of which one is not frozen."""
    thawed = (
        compress(map(ID, layer.nodes), map(not_, map(_BIAS_FROZEN, layer.nodes))) for layer in network.layers
    )
    return nodes.isdisjoint(chain.from_iterable(thawed)) and all_frozen(network, pairs)


def _parameters(network: Network, layer: Layer) -> int:
    into = (link for link in network.links if link.target == layer.id)
    pairs = sum(link.removed.targets * link.removed.sources - link.removed.count for link in into)
    return pairs + (0 if layer.role == "input" else layer.size)
