"""The outline as a panel: the tree, a line that asks, and one sentence where something is refused."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

from PySide6.QtCore import QPoint, Qt, Signal, Slot
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from bpviz.errors import BpvizError
from bpviz.model.edits import move_nodes, on_network, rename, resize_layer
from bpviz.model.spec import Network
from bpviz.training.snapshot import Snapshot
from bpviz.ui.desk import Editor
from bpviz.ui.document import Document, Selection
from bpviz.ui.outline.ask import Ask
from bpviz.ui.outline.cells import Column
from bpviz.ui.outline.rows import Item
from bpviz.ui.outline.titles import titles
from bpviz.ui.outline.tree import OutlineTree
from bpviz.ui.panels.form import Problem, caption
from bpviz.ui.texts import menu_text, name_text
from bpviz.ui.theme import Theme

_HINT: Final = "F2 renames, a number sets a value, Ins adds, Del removes, C connects, Enter changes any cell."
_EMPTY: Final = "Insert adds the inputs, then the outputs."
_WANTS: Final = frozenset({"parameters", "trace"})
_EDGE_PX: Final = 8


class Outline(QWidget):
    """Shows and edits the network of a document as a table, with the numbers of a run.

    Signals:
        selected: (`Selection`), by the user.
        value_edited: (Address, old, new), the user set a weight or bias by hand.
        wants_changed: (frozenset), what it needs from snapshots.
    """

    selected = Signal(object)
    value_edited = Signal(object, float, float)
    wants_changed = Signal(object)

    def __init__(self, document: Document, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._in_sight = False
        self._snapshot: Snapshot | None = None
        self.problem = Problem()
        self._editor = Editor(document, self.problem.say)
        self.tree = OutlineTree(theme, self._editor.unused_features)
        self.ask = Ask()
        self._hint = caption(_HINT)
        self.setProperty("look", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, _EDGE_PX)
        column.setSpacing(4)
        column.addWidget(self.tree, 1)
        for widget in (self.ask, self.problem, self._hint):
            widget.setContentsMargins(_EDGE_PX, 0, _EDGE_PX, 0)
            column.addWidget(widget)
        self.setFocusProxy(self.tree)
        self._from: Item | None = None
        tree = self.tree
        tree.chosen.connect(self.selected)
        tree.add_wanted.connect(self.add)
        tree.remove_wanted.connect(self.remove)
        tree.connect_wanted.connect(self.begin_connecting)
        tree.move_wanted.connect(self.move_by)
        tree.refused.connect(self.problem.say)
        tree.table.asked.connect(self._on_asked)
        tree.customContextMenuRequested.connect(self._open_menu)
        self.ask.answered.connect(self._on_answered)
        self.ask.refused.connect(self.problem.say)
        self.ask.done.connect(self.tree.setFocus)
        document.changed.connect(self._on_changed)
        self.setEnabled(False)  # until it is in sight: keys would else be led behind another tab

    @property
    def wants(self) -> frozenset[str]:
        """What it needs from snapshots: nothing while nobody sees it."""
        return _WANTS if self._in_sight else frozenset()

    @Slot(bool)
    def set_in_sight(self, in_sight: bool) -> None:
        """Be seen, or not: behind another tab Qt still calls it visible."""
        self.setEnabled(in_sight)
        if in_sight != self._in_sight:
            self._in_sight = in_sight
            self.wants_changed.emit(self.wants)
            self._catch_up()

    @Slot(object)
    def show_selection(self, selection: Selection) -> None:
        """Show what is selected elsewhere."""
        if self._in_sight:
            self.tree.show_network(self._document.project.network)
            self.tree.show_selection(selection)

    @Slot(object)
    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show the numbers of a moment of the run."""
        self._snapshot = snapshot
        if self._in_sight:
            self.tree.show_snapshot(snapshot)

    @Slot()
    def begin_anew(self) -> None:
        """Another project comes: the numbers are those of the one before."""
        self._snapshot = None
        self.tree.show_snapshot(None)
        self.problem.say("")
        self.ask.give_up()

    # What somebody asks for

    @Slot()
    def add(self) -> None:
        """Add a node beside the present one, a layer beside the present layer, or what is missing."""
        item, rows = self.tree.item, self.tree.table.rows
        before = set(rows.network_ids)
        if item is None or (item.layer and self._editor.missing_end is not None):
            self._editor.add_layer()
        elif item.layer:
            self._editor.insert_beside(item.layer, after=rows.layer_of(item).role != "output")
        else:
            self._editor.add_node(rows.layer_of(item).id)
        new = [Item(layer=layer.id) for layer in self._network.layers if layer.id not in before] or [
            Item(node=node.id)
            for layer in self._network.layers
            for node in layer.nodes
            if node.id not in before
        ]
        if new:
            self.tree.go_to(new[0])

    @Slot()
    def remove(self) -> None:
        """Remove what is selected."""
        self._editor.delete(self.tree.selection)

    @Slot()
    def begin_connecting(self) -> None:
        """Connect the two that are selected, or ask what the present one is to be connected to."""
        rows, chosen = self.tree.table.rows, self.tree.selection
        for ids in (chosen.nodes, chosen.layers):
            if len(ids) == 2 and not chosen.pairs:
                kind = "node" if ids is chosen.nodes else "layer"
                first, second = sorted((Item(**{kind: one}) for one in ids), key=rows.path)
                self._connect(first, second)
                return
        item = self.tree.item
        if item is None or item.source:
            self.problem.say("Go to a node or a layer to connect it.")
            return
        self._from = item
        own = rows.layer_of(item)
        others = {
            title: other
            for title, other in titles(rows).items()
            if bool(other.layer) == bool(item.layer) and rows.layer_of(other) is not own
        }
        self.ask.ask(f"Connect {name_text(rows.label(item))} to", others)

    @Slot(int)
    def move_by(self, by: int) -> None:
        """Let the present node change places with the one above or below it, or a layer with its neighbor."""
        item, rows = self.tree.item, self.tree.table.rows
        if item is None or item.source:
            return
        *above, row = rows.path(item)
        if not above:
            layers = rows.layers
            if 0 <= row + by < len(layers):
                self._change_columns(layers[row].id, layers[row + by].id)
            return
        nodes = rows.nodes[above[0]]
        if not 0 <= row + by < len(nodes):
            return
        one, other = nodes[row], nodes[row + by]
        if one.y == other.y:
            self.problem.say("In a layer as wide as this one nodes stand in the order of their numbers.")
        else:
            heights = {one.id: other.y, other.id: one.y}
            self._editor.draw("move node", partial(move_nodes, heights=heights))

    def _change_columns(self, one: str, other: str) -> None:
        places = {layer: self._network.layer(layer).x for layer in (one, other)}
        if places[one] == places[other]:
            self.problem.say("These two layers share a column of the picture; neither is the first one.")
        else:
            self._editor.move_layers({one: places[other], other: places[one]}, 0.0)

    @Slot(object, object, object)
    def _on_asked(self, item: Item, at: Column, value: object) -> None:
        self.problem.say("")
        rows = self.tree.table.rows
        match at:
            case Column.NAME:
                what = "layer" if item.layer else "node"
                edit = partial(rename, item_id=item.layer or item.node, name=str(value))
                self._apply(f"rename {what}", edit)
            case Column.VALUE:
                assert isinstance(value, float), "the field reads it"
                self._set_number(item, value)
            case Column.FUNCTION if not self.tree.table.cells.computes(item):
                self._editor.show_feature(item.node, str(value))
            case Column.FUNCTION:
                layers, nodes = ([item.layer], []) if item.layer else ([], [item.node])
                self._editor.set_activation(layers, nodes, str(value) or None)
            case Column.FROZEN:
                pairs = rows.pairs_into(item.layer) if item.layer else []
                pairs += [(item.source, item.node)] if item.source else []
                biases = [node.id for node in rows.layer_of(item).nodes] if item.layer else []
                biases += [item.node] if item.node and not item.source else []
                self._editor.freeze(pairs, biases, frozen=bool(value))

    @Slot(object)
    def _on_answered(self, item: Item) -> None:
        if self._from is not None:
            self._connect(self._from, item)

    def _connect(self, one: Item, other: Item) -> None:
        if one.layer:
            self._editor.connect_layers(one.layer, other.layer)
        elif not (sentence := self._editor.connect_refusal(one.node, other.node)):
            self._editor.connect(one.node, other.node)
        else:
            self.problem.say(sentence)

    def _set_number(self, item: Item, value: float) -> None:
        old = self.tree.table.cells.number(item)
        if item.layer:
            self._resize(item.layer, int(value))
        elif old is not None and item.address is not None:
            self.value_edited.emit(item.address, old, value)

    def _resize(self, layer: str, size: int) -> None:
        new = self._document.new_ids("n", max(size - self._network.layer(layer).size, 0))
        self._apply("resize layer", partial(resize_layer, layer_id=layer, size=size, new_ids=new))

    def _apply(self, text: str, edit: Callable[[Network], Network]) -> None:
        try:
            self._document.apply(text, on_network(edit))
        except BpvizError as error:
            self.problem.say(str(error))

    # Following

    @property
    def _network(self) -> Network:
        return self._document.project.network

    @Slot()
    def _on_changed(self) -> None:
        self.problem.say("")
        self._catch_up()

    def _catch_up(self) -> None:
        if not self._in_sight:
            return
        self._hint.setText(_HINT if self._network.layers else _EMPTY)
        self.tree.show_network(self._network)
        self.tree.show_snapshot(self._snapshot)
        self.tree.show_selection(self._document.selection)

    @Slot(QPoint)
    def _open_menu(self, place: QPoint) -> None:
        item = self.tree.item
        menu = QMenu(self)
        named = item is not None and not item.source
        lock = "Unlock" if self._editor.is_locked(self.tree.selection) else "Lock"
        entries: tuple[tuple[str, str, bool, Callable[[], object]], ...] = (
            ("Rename", "F2", named, self.tree.rename_here),
            ("Change", "Return", item is not None, self.tree.edit_here),
            ("Add", "Ins", True, self.add),
            ("Connect to…", "C", named, self.begin_connecting),
            ("Move up", "Ctrl+Shift+Up", named, partial(self.move_by, -1)),
            ("Move down", "Ctrl+Shift+Down", named, partial(self.move_by, 1)),
            (lock, "Ctrl+K", named, lambda: self._editor.toggle_lock(self.tree.selection)),
            ("Remove", "Del", item is not None, self.remove),
        )
        for text, keys, possible, run in entries:
            action = menu.addAction(menu_text(text), run)
            action.setShortcut(keys)
            action.setEnabled(possible)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.tree.viewport().mapToGlobal(place))
