"""The outline's tree: keys that walk through cells, open fields and ask for edits."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QRectF,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTreeView, QWidget

from bpviz.model.spec import Layer, Network
from bpviz.training.snapshot import Snapshot
from bpviz.ui.document import Selection
from bpviz.ui.outline.cells import Column
from bpviz.ui.outline.delegate import Fields, Number
from bpviz.ui.outline.model import Index, OutlineModel
from bpviz.ui.outline.rows import Item, items_of, selection_of
from bpviz.ui.theme import Theme

_INDENT_PX: Final = 14
_RADIUS_PX: Final = 4
_OPENED: Final = 40  # nodes of a layer at most that is opened by itself
_NO_NUMBER: Final = "There is no number here yet; a network that can run has one."
_WIDTHS_PX: Final = {
    Column.VALUE: 72,
    Column.FUNCTION: 80,
    Column.FROZEN: 34,
    Column.GRADIENT: 78,
    Column.DELTA: 72,
}
_OF_A_STEP: Final = (Column.GRADIENT, Column.DELTA)
_NAME_PX: Final = 112  # at least, or the numbers of a step make room
_BEGINNING: Final = frozenset("0123456789=+-−")  # of a number, wherever one stands
_SIGNS: Final = frozenset(".,")  # commands, too: of a number only where it stands
_PLAIN: Final = (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
_ALONG: Final = {
    QAbstractItemView.CursorAction.MoveLeft: -1,
    QAbstractItemView.CursorAction.MoveRight: 1,
}
_SHIFTED: Final = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


class OutlineTree(QTreeView):
    """Rows and cells.

    Signals:
        chosen: (`Selection`), by the user.
        add_wanted: Something is to be added at the present row.
        remove_wanted: What is selected is to go.
        connect_wanted: The present row is to be connected to something.
        move_wanted: (int), the present row is to go up (-1) or down (1).
        refused: (str), why something can't be typed; empty once it can.
    """

    chosen = Signal(object)
    add_wanted = Signal()
    remove_wanted = Signal()
    connect_wanted = Signal()
    move_wanted = Signal(int)
    refused = Signal(str)

    def __init__(
        self,
        theme: Theme,
        features: Callable[[], Sequence[str]] = tuple,
        parent: QWidget | None = None,
    ) -> None:
        """Make the tree.

        Args:
            theme: For colors and sizes.
            features: Those of the data that no input shows yet.
            parent: Qt's.
        """
        super().__init__(parent)
        self._theme = theme
        self._following = False  # what is selected elsewhere
        self.table = OutlineModel(theme, self)
        self.setModel(self.table)
        self.fields = Fields(theme, self._about, features, self)
        self.setItemDelegate(self.fields)
        self.fields.refused.connect(self.refused)
        self.setAccessibleName("Outline of the network")
        self.setUniformRowHeights(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.DoubleClicked)
        self.setExpandsOnDoubleClick(False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header = self.header()
        header.setStretchLastSection(False)
        header.setSectionsMovable(False)
        header.setMinimumSectionSize(1)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setSectionResizeMode(Column.NAME, QHeaderView.ResizeMode.Stretch)
        self.selectionModel().selectionChanged.connect(self._on_selection)
        theme.changed.connect(self._dress)
        self._dress()

    @property
    def item(self) -> Item | None:
        """What the present row is about."""
        at = self.currentIndex()
        return self.table.item(at) if at.isValid() else None

    @property
    def selection(self) -> Selection:
        """What is selected."""
        rows = self.selectionModel().selectedRows()
        return selection_of(self.table.item(index) for index in rows)

    def show_network(self, network: Network) -> None:
        """Show another drawing; the present row is then the next one, where it went."""
        if network is self.table.rows.network:
            return
        at = self.currentIndex()
        path, column = self.table.path(at), at.column()
        known = {layer.id for layer in self.table.rows.layers}
        self._following = True
        self.table.show_network(network)
        for layer in self.table.rows.layers:
            if layer.id not in known and layer.size <= _OPENED:
                self.expand(self.table.index_of(Item(layer=layer.id)))
        nearest = QModelIndex() if self.currentIndex().isValid() else self._nearest(path)
        if nearest.isValid() and not self.hasFocus():  # keys lead elsewhere, and what is selected with them
            none = QItemSelectionModel.SelectionFlag.NoUpdate
            self.selectionModel().setCurrentIndex(nearest.siblingAtColumn(column), none)
        self._following = False
        if nearest.isValid() and self.hasFocus():
            self.stand_at(nearest, column)

    def show_snapshot(self, snapshot: Snapshot | None) -> None:
        """Show the numbers of a moment of the run."""
        self.table.show_snapshot(snapshot)
        self.viewport().update()

    def show_selection(self, selection: Selection) -> None:
        """Show what is selected elsewhere."""
        if selection == self.selection:
            return
        indexes = [index for index in map(self.table.index_of, items_of(selection)) if index.isValid()]
        self._following = True
        chosen = QItemSelection()
        for index in indexes:
            chosen.select(index, index)
        flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        if indexes and self.currentIndex().siblingAtColumn(0) not in indexes:
            lead = indexes[0].siblingAtColumn(max(self.currentIndex().column(), 0))
            self.selectionModel().setCurrentIndex(lead, QItemSelectionModel.SelectionFlag.NoUpdate)
        self.selectionModel().select(chosen, flags)
        self._following = False
        if indexes:
            self.scrollTo(self.currentIndex())

    def go_to(self, item: Item) -> None:
        """Stand at a row, and select it."""
        self.stand_at(self.table.index_of(item), self.currentIndex().column())

    def stand_at(self, index: QModelIndex, column: int) -> None:
        """Stand at a row, in a column, and select it."""
        if index.isValid():
            self.setCurrentIndex(index.siblingAtColumn(max(column, 0)))

    def edit_here(self) -> None:
        """Open a field on the present cell; of a connection's name, on its weight."""
        at = self.currentIndex()
        item = self.item
        if item is not None and item.source and at.column() == Column.NAME:
            at = at.siblingAtColumn(Column.VALUE)
        if at.flags() & Qt.ItemFlag.ItemIsEditable:
            self.setCurrentIndex(at)
            self.edit(at)

    def rename_here(self) -> None:
        """Open a field on the name of the present row."""
        at = self.currentIndex().siblingAtColumn(Column.NAME)
        if at.isValid() and at.flags() & Qt.ItemFlag.ItemIsEditable:
            self.setCurrentIndex(at)
            self.edit(at)

    # Keys

    def event(self, event: QEvent) -> bool:
        """Keep keys that mean a row or cell here, and something else in the window."""
        key = event if event.type() == QEvent.Type.ShortcutOverride else None
        if isinstance(key, QKeyEvent) and (self._act(key) or self._begins(key) or self._toggles(key)):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        act = None if self.state() == QAbstractItemView.State.EditingState else self._act(event)
        if act is not None:
            act()
        elif self._begins(event):
            self._type(event)
        elif event.text() in _BEGINNING and self.item is not None and event.text():
            self.refused.emit(_NO_NUMBER)
        elif event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_Asterisk):
            event.ignore()  # an asterisk would open a hundred thousand rows
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        """Letters are commands of the window; to find something there is a field."""

    def moveCursor(self, action: QAbstractItemView.CursorAction, keys: Qt.KeyboardModifier) -> QModelIndex:
        """Walk through the cells of a row, where there is nothing to open or to close."""
        at, along = self.currentIndex(), _ALONG.get(action, 0)
        first = at.siblingAtColumn(0)
        if not along or not at.isValid():
            return super().moveCursor(action, keys)
        if at.column() == 0:
            if along > 0 and self.table.hasChildren(first) and not self.isExpanded(first):
                self.expand(first)
                return at
            if along < 0:
                if self.isExpanded(first):
                    self.collapse(first)
                    return at
                return at.parent() if at.parent().isValid() else at
        beside = at.siblingAtColumn(at.column() + along)
        return beside if beside.isValid() else at

    def _act(self, event: QKeyEvent) -> Callable[[], object] | None:
        """What a key asks for here."""
        keys = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if keys == _SHIFTED:
            ways = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
            way = ways.get(Qt.Key(event.key()))
            return None if way is None else lambda: self.move_wanted.emit(way)
        if keys != Qt.KeyboardModifier.NoModifier:
            return None
        acts: dict[int, Callable[[], object]] = {
            Qt.Key.Key_F2: self.rename_here,
            Qt.Key.Key_Return: self.edit_here,
            Qt.Key.Key_Enter: self.edit_here,
            Qt.Key.Key_Insert: self.add_wanted.emit,
            Qt.Key.Key_Delete: self.remove_wanted.emit,
            Qt.Key.Key_Backspace: self.remove_wanted.emit,
            Qt.Key.Key_C: self.connect_wanted.emit,
        }
        return acts.get(event.key())

    def _begins(self, event: QKeyEvent) -> bool:
        """Whether a key begins a number."""
        at = self.currentIndex()
        value = at.siblingAtColumn(Column.VALUE)
        if event.modifiers() not in _PLAIN or not value.flags() & Qt.ItemFlag.ItemIsEditable:
            return False
        text = event.text()
        return text in _BEGINNING or (at.column() == Column.VALUE and text in _SIGNS)

    def _toggles(self, event: QKeyEvent) -> bool:
        checkable = bool(self.currentIndex().flags() & Qt.ItemFlag.ItemIsUserCheckable)
        return event.key() == Qt.Key.Key_Space and event.modifiers() in _PLAIN and checkable

    def _type(self, event: QKeyEvent) -> None:
        """Begin a number with a key, in the column of values."""
        at = self.currentIndex().siblingAtColumn(Column.VALUE)
        self.setCurrentIndex(at)
        self.edit(at)
        field = self.viewport().findChild(Number)
        if field is not None:
            field.insert(event.text())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out the numbers of a step where there is no room for them beside the names."""
        super().resizeEvent(event)
        self._fit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Frame the cell that keys lead to: they do other things in other columns."""
        super().paintEvent(event)
        if not self.hasFocus() or not self.currentIndex().isValid():
            return
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(self._theme.color("accent"))
        cell = QRectF(self.visualRect(self.currentIndex())).adjusted(0.5, 1.5, -0.5, -1.5)
        painter.drawRoundedRect(cell, _RADIUS_PX, _RADIUS_PX)
        painter.end()

    # Helpers

    def _about(self, index: Index) -> tuple[Item, Layer]:
        item = self.table.item(index)
        return item, self.table.rows.layer_of(item)

    def _nearest(self, path: tuple[int, ...]) -> QModelIndex:
        """The row where something stood, or the last before it."""
        found = QModelIndex()
        for row in path:
            below = self.table.rowCount(found)
            if not below:
                break
            found = self.table.index(min(row, below - 1), 0, found)
        return found

    @Slot()
    def _on_selection(self) -> None:
        if not self._following:
            self.chosen.emit(self.selection)

    def _fit(self) -> None:
        needed = self._theme.scaled(_NAME_PX + sum(_WIDTHS_PX.values()))
        for column in _OF_A_STEP:
            self.setColumnHidden(column, self.viewport().width() < needed)

    @Slot()
    def _dress(self) -> None:
        self.setFont(self._theme.font())
        self.setIndentation(self._theme.scaled(_INDENT_PX))
        for column, px in _WIDTHS_PX.items():
            self.setColumnWidth(column, self._theme.scaled(px))
        self._fit()
