"""The inspector's pages of one node and of one connection: what a person may set, and what a step does."""

from __future__ import annotations

from functools import partial
from typing import Final

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QCheckBox, QWidget

from bpviz.data.images import NO_PLACES
from bpviz.data.shapes import places_of
from bpviz.engine.activations import ACTIVATIONS
from bpviz.model.edits import rename, set_frozen, set_node_activation
from bpviz.model.naming import layer_label, node_label
from bpviz.model.spec import Address, BiasAddress, Layer, Network, Node, Project, WeightAddress
from bpviz.training.known import Known
from bpviz.training.snapshot import Snapshot
from bpviz.ui.document import Document, Selection
from bpviz.ui.line_edit import LineEdit
from bpviz.ui.listing import node_groups, pair_groups
from bpviz.ui.panels.fields import Choice, entries_of
from bpviz.ui.panels.inspector_pages import Page
from bpviz.ui.panels.line_edits import Bounds, NumberEdit
from bpviz.ui.panels.node_numbers import Numbers
from bpviz.ui.panels.weight_picture import WeightPicture
from bpviz.ui.texts import name_text
from bpviz.ui.theme import Theme

_VALUES: Final = Bounds(-1e6, 1e6, step=0.1)
_FOLLOW: Final = ""  # the entry of the list of activations that means: as the layer


class NodePage(Page):
    """One node."""

    def __init__(self, document: Document, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(document, theme, parent)
        self._node, self._places = Node(""), NO_PLACES
        self.name = LineEdit()
        self._name_row = self._form.add("Name", self.name, "What captions show; empty for its number")
        self.activation = Choice()
        self._activation_row = self._form.add("Activation", self.activation, "Its own, or the layer's")
        self.bias = ValueEdit()
        self._bias_row = self._form.add(
            "Bias", self.bias, "Before the first step, where training starts from"
        )
        self.frozen = QCheckBox("Frozen")
        self._frozen_row = self._form.add("", self.frozen, "Training leaves the bias as it is")
        self.values = Numbers(theme)
        self._layout.insertWidget(3, self.values)
        self.weights = WeightPicture(theme)
        self._layout.insertWidget(3, self.weights)
        self.name.editingFinished.connect(self._on_name)
        self.activation.chosen.connect(self._on_activation)
        self.bias.committed.connect(self._on_bias)
        self.frozen.clicked.connect(self._on_frozen)

    def show_project(self, project: Project, selection: Selection) -> None:
        network = project.network
        self._node = network.node(next(iter(selection.nodes)))
        self._places = places_of(project.data)
        layer = network.layer_of(self._node.id)
        place = [node.id for node in layer.nodes].index(self._node.id) + 1
        self.title.setText(name_text(node_label(network, self._node.id)))
        self.about.setText(f"{name_text(layer_label(layer))}, node {place} of {layer.size}")
        self.name.setText(self._node.name)
        self.name.setPlaceholderText(self._node.feature or str(place))
        follows = f"As the layer ({ACTIVATIONS[layer.activation].label})"
        own = [entry for entry in entries_of(ACTIVATIONS) if ACTIVATIONS[entry[0]].elementwise]
        self.activation.fill([(_FOLLOW, follows, "Follow the layer"), *own], {_FOLLOW: "As the layer"})
        self.activation.show_value(self._node.activation or _FOLLOW)
        computes = layer.role != "input"
        for row in (self._activation_row, self._bias_row, self._frozen_row):
            row.set_visible(visible=computes)
        self.frozen.setChecked(self._node.bias_frozen)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        self.bias.show_parameter(snapshot, BiasAddress(self._node.id))
        known = Known.of(snapshot)
        self.values.show_groups(node_groups(snapshot, known, self._node.id) if known is not None else ())
        self.weights.show_weights(snapshot, self._node.id, self._places)

    @Slot()
    def _on_name(self) -> None:
        if self.name.text() != self._node.name:
            edit = partial(rename, item_id=self._node.id, name=self.name.text())
            self._edit(self._name_row, "rename node", edit)

    @Slot(str)
    def _on_activation(self, name: str) -> None:
        edit = partial(set_node_activation, node_ids=(self._node.id,), activation=name or None)
        self._edit(self._activation_row, "change activation", edit)

    @Slot(float)
    def _on_bias(self, value: float) -> None:
        self.value_edited.emit(BiasAddress(self._node.id), self.bias.exact, value)

    @Slot(bool)
    def _on_frozen(self, frozen: bool) -> None:
        edit = partial(set_frozen, addresses=(BiasAddress(self._node.id),), frozen=frozen)
        self._edit(self._frozen_row, "freeze bias" if frozen else "thaw bias", edit)


class PairPage(Page):
    """One connection between two nodes."""

    def __init__(self, document: Document, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(document, theme, parent)
        self._address = WeightAddress("", "")
        self.weight = ValueEdit()
        self._form.add("Weight", self.weight, "Before the first step, where training starts from")
        self.frozen = QCheckBox("Frozen")
        self._frozen_row = self._form.add("", self.frozen, "Training leaves the weight as it is")
        self.values = Numbers(theme)
        self._layout.insertWidget(3, self.values)
        self.weight.committed.connect(self._on_weight)
        self.frozen.clicked.connect(self._on_frozen)

    def show_project(self, project: Project, selection: Selection) -> None:
        network = project.network
        source, target = next(iter(selection.pairs))
        self._address = WeightAddress(source, target)
        self.title.setText("Connection")
        ends = (name_text(node_label(network, end)) for end in (source, target))
        self.about.setText(" → ".join(ends))
        self.frozen.setChecked(_is_frozen(network, self._address))

    def show_snapshot(self, snapshot: Snapshot) -> None:
        self.weight.show_parameter(snapshot, self._address)
        known = Known.of(snapshot)
        pair = (self._address.source, self._address.target)
        self.values.show_groups(pair_groups(snapshot, known, pair) if known is not None else ())

    @Slot(float)
    def _on_weight(self, value: float) -> None:
        self.value_edited.emit(self._address, self.weight.exact, value)

    @Slot(bool)
    def _on_frozen(self, frozen: bool) -> None:
        edit = partial(set_frozen, addresses=(self._address,), frozen=frozen)
        self._edit(self._frozen_row, "freeze weight" if frozen else "thaw weight", edit)


class ValueEdit(NumberEdit):
    """A weight or bias: shown in six digits, although it has more."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_VALUES, parent)
        self.exact = 0.0

    def show_parameter(self, snapshot: Snapshot, address: Address) -> None:
        """Show the value of a parameter; empty and off while it is not known."""
        known = snapshot.parameters is not None and address in snapshot.compiled
        self.setEnabled(known)
        if snapshot.parameters is not None and known:
            self.exact = float(snapshot.parameters[snapshot.compiled.index(address)])
            self.follow(float(f"{self.exact:.6g}"))


def _is_frozen(network: Network, address: WeightAddress) -> bool:
    source, target = network.layer_of(address.source), network.layer_of(address.target)
    link = network.link(source.id, target.id)
    if link is None:
        return False
    row, column = _position(target, address.target), _position(source, address.source)
    return (row, column) in link.frozen


def _position(layer: Layer, node_id: str) -> int:
    return [node.id for node in layer.nodes].index(node_id)
