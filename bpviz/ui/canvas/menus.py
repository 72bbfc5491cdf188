"""The context menus of the picture: what can be done with a layer, with nodes, and with connections."""

from __future__ import annotations

from collections.abc import Callable, Set
from functools import partial

from PySide6.QtCore import QPointF
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from bpviz.engine.activations import ACTIVATIONS
from bpviz.model.naming import layer_label
from bpviz.model.spec import Layer, Network
from bpviz.ui.canvas.targets import Target
from bpviz.ui.desk.editor import Editor
from bpviz.ui.document import Selection
from bpviz.ui.texts import feature_title, menu_text
from bpviz.ui.theme import Theme


class Menus:
    """Builds a menu for what is under the pointer; every entry is one edit."""

    def __init__(self, editor: Editor, theme: Theme, fit: Callable[[], None], parent: QWidget) -> None:
        self._editor, self._theme, self._fit, self._parent = editor, theme, fit, parent

    def menu(self, target: Target, selection: Selection, point: QPointF) -> QMenu:
        """Build the menu.

        Args:
            target: What is under the pointer.
            selection: What is selected; entries for nodes and connections are about all of it.
            point: Where in the scene.
        """
        menu = QMenu(self._parent)
        menu.setToolTipsVisible(True)
        network = self._editor.network
        if target.kind in ("caption", "add", "remove"):
            self._fill_layer(menu, network.layer(target.layer))
        elif selection.nodes and target.kind != "empty":
            self._fill_nodes(menu, selection)
        elif selection.pairs and target.kind != "empty":
            self._fill_pairs(menu, selection)
        else:
            text = {"input": "Add inputs here", "output": "Add outputs here", None: "Add layer here"}
            here = partial(self._editor.insert_layer, point.x(), point.y())
            self._add(menu, text[self._editor.missing_end], "add-layer", here)
            self._add(menu, "Arrange", "", self._editor.arrange)
            self._add(menu, "Fit to window", "fit", self._fit)
        return menu

    def _fill_layer(self, menu: QMenu, layer: Layer) -> None:
        editor = self._editor
        if layer.role == "input":
            self._fill_features(menu.addMenu("Add input"), layer)
        else:
            self._add(menu, "Add node", "add-node", lambda: editor.add_node(layer.id))
        if layer.role != "input":
            self._add(menu, "Add layer before", "", lambda: editor.insert_beside(layer.id, after=False))
        if layer.role != "output":
            self._add(
                menu, "Add layer after", "add-layer", lambda: editor.insert_beside(layer.id, after=True)
            )
        self._fill_connections(menu, layer)
        if layer.role != "input":
            menu.addSeparator()
            self._fill_activations(
                menu,
                {layer.activation},
                lambda name: editor.set_activation([layer.id], [], name),
                output=layer.role == "output",
            )
            nodes = [node.id for node in layer.nodes]
            pairs = _pairs_into(editor.network, layer)
            self._add(
                menu,
                "Freeze all weights and biases",
                "lock",
                lambda: editor.freeze(pairs, nodes, frozen=True),
            )
            self._add(menu, "Release all", "unlock", lambda: editor.freeze(pairs, nodes, frozen=False))
        if layer.role == "hidden":
            menu.addSeparator()
            gone = Selection(layers=frozenset({layer.id}))
            self._add(menu, "Remove layer", "delete", lambda: editor.delete(gone))

    def _fill_features(self, menu: QMenu, layer: Layer) -> None:
        for feature in self._editor.unused_features():
            add = self._bound(self._editor.add_feature, layer.id, feature)
            self._add(menu, feature_title(feature), "", add)
        menu.setEnabled(bool(menu.actions()))

    def _fill_connections(self, menu: QMenu, layer: Layer) -> None:
        """Connect to, or disconnect from, every layer for which that makes sense."""
        editor, network = self._editor, self._editor.network
        connect, disconnect = menu.addMenu("Connect fully to"), menu.addMenu("Disconnect from")
        for other in sorted(network.layers, key=lambda at: at.x):
            link = network.link(layer.id, other.id)
            if (link is None or link.removed.count) and not editor.layers_refusal(layer.id, other.id):
                run = self._bound(editor.connect_layers, layer.id, other.id)
                self._add(connect, layer_label(other), "", run)
            for ends in ((layer.id, other.id), (other.id, layer.id)):
                if network.link(*ends) is not None:
                    self._add(
                        disconnect, layer_label(other), "", self._bound(editor.disconnect_layers, *ends)
                    )
        for sub in (connect, disconnect):
            sub.setEnabled(bool(sub.actions()))

    def _fill_nodes(self, menu: QMenu, selection: Selection) -> None:
        editor, network = self._editor, self._editor.network
        nodes = [
            (layer, node) for layer in network.layers for node in layer.nodes if node.id in selection.nodes
        ]
        ids = [node.id for layer, node in nodes if layer.role != "input"]
        if ids:
            own = {node.activation or "" for layer, node in nodes if layer.role != "input"}
            self._fill_activations(
                menu,
                own,
                lambda name: editor.set_activation([], ids, name or None),
                layers={layer.activation for layer, node in nodes if node.id in ids},
            )
            frozen = all(node.bias_frozen for layer, node in nodes if layer.role != "input")
            label, icon = ("Release bias", "unlock") if frozen else ("Freeze bias", "lock")
            self._add(menu, label, icon, lambda: editor.freeze([], ids, frozen=not frozen))
            menu.addSeparator()
        several = len(selection.nodes) > 1
        self._add(
            menu, "Remove nodes" if several else "Remove node", "delete", lambda: editor.delete(selection)
        )

    def _fill_pairs(self, menu: QMenu, selection: Selection) -> None:
        editor, pairs = self._editor, list(selection.pairs)
        frozen = all(editor.is_frozen(pair) for pair in pairs)
        label, icon = ("Release", "unlock") if frozen else ("Freeze", "lock")
        what = "weights" if len(pairs) > 1 else "weight"
        self._add(menu, f"{label} {what}", icon, lambda: editor.freeze(pairs, [], frozen=not frozen))
        gone = "Remove connections" if len(pairs) > 1 else "Remove connection"
        self._add(menu, gone, "delete", lambda: editor.delete(Selection(pairs=selection.pairs)))

    def _fill_activations(
        self,
        menu: QMenu,
        chosen: set[str],
        choose: Callable[[str], object],
        *,
        output: bool = False,
        layers: Set[str] = frozenset(),
    ) -> None:
        """Offer activations; for nodes, given those of their layers, also to follow the layer."""
        sub = menu.addMenu("Activation")
        group = QActionGroup(sub)
        entries = [("", "As the layer")] if layers else []
        # For nodes of one layer its own activation is the same as to follow it.
        offered = [entry for entry in ACTIVATIONS.values() if entry.elementwise or output]
        entries += [(entry.name, entry.label) for entry in offered if {entry.name} != layers]
        for name, label in entries:
            action = self._add(sub, label, "", self._bound(choose, name))
            action.setCheckable(True)
            action.setChecked(chosen == {name})
            group.addAction(action)

    def _add(self, menu: QMenu, text: str, icon: str, run: Callable[[], object]) -> QAction:
        action = QAction(menu_text(text), menu)
        if icon:
            self._theme.show_icon(action, icon, "secondary")
        action.triggered.connect(lambda *_: run())
        menu.addAction(action)
        return action

    @staticmethod
    def _bound(run: Callable[..., object], *values: str) -> Callable[[], object]:
        return lambda: run(*values)


def _pairs_into(network: Network, layer: Layer) -> list[tuple[str, str]]:
    pairs = []
    for link in network.links:
        if link.target == layer.id:
            sources, removed = network.layer(link.source).nodes, link.removed.array
            pairs += [
                (source.id, target.id)
                for row, target in enumerate(layer.nodes)
                for column, source in enumerate(sources)
                if not removed[row, column]
            ]
    return pairs
