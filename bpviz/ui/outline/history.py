"""All edits as a list, by their words: what was done, where one stands, and what could be done again."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal, Slot
from PySide6.QtGui import QFont, QKeyEvent, QUndoStack
from PySide6.QtWidgets import QAbstractItemView, QListView, QVBoxLayout, QWidget
from shiboken6 import isValid

from bpviz.ui.texts import name_text
from bpviz.ui.theme import Theme

Index = QModelIndex | QPersistentModelIndex

_ROOT: Final = QModelIndex()
_BEGINNING: Final = "As it was opened"
_ENTER: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class HistoryModel(QAbstractListModel):
    """A row for how the project was opened, and one for how it was after each edit."""

    def __init__(self, stack: QUndoStack, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._stack, self._theme = stack, theme
        self._present, self._words = (
            stack.index(),
            _words(stack),
        )
        stack.indexChanged.connect(self._on_index)
        theme.changed.connect(self._repaint)

    @property
    def present(self) -> QModelIndex:
        """Where one stands."""
        return self.index(self._present, 0)

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._words)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row, present = index.row(), self._present
        if not 0 <= row < len(self._words):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._words[row]
        if role == Qt.ItemDataRole.AccessibleTextRole:
            state = "present" if row == present else "done" if row < present else "taken back"
            return f"{self._words[row]}, {state}"
        if role == Qt.ItemDataRole.ForegroundRole and row > present:
            return self._theme.color("secondary")
        if role == Qt.ItemDataRole.DecorationRole:
            return self._theme.icon("dot", "accent" if row == present else "raised")
        if role == Qt.ItemDataRole.FontRole and row == present:
            font = self._theme.font()
            font.setWeight(QFont.Weight.DemiBold)
            return font
        return None

    @Slot()
    def _on_index(self) -> None:
        """An edit, undo or redo; a list that only grew by its last row keeps the others."""
        if not isValid(self._stack):
            return  # it says so even while it goes with the window
        words = _words(self._stack)
        if words[:-1] == self._words:
            self.beginInsertRows(_ROOT, len(self._words), len(self._words))
            self._words = words
            self.endInsertRows()
        elif words != self._words:
            self.beginResetModel()
            self._words = words
            self.endResetModel()
        self._present = self._stack.index()
        self._repaint()

    @Slot()
    def _repaint(self) -> None:
        self.dataChanged.emit(self.index(0, 0), self.index(len(self._words) - 1, 0))


def _words(stack: QUndoStack) -> list[str]:
    """What stands in each row: how it began, then every edit."""
    texts = (stack.text(at) for at in range(stack.count()))
    return [_BEGINNING, *(name_text(f"{text[:1].upper()}{text[1:]}") for text in texts)]


class _Entries(QListView):
    """The list.

    Signals:
        wanted: (int), somebody wants to stand at a row.
    """

    wanted = Signal(int)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go there by Return; arrows only look."""
        if event.key() in _ENTER and self.currentIndex().isValid():
            self.wanted.emit(self.currentIndex().row())
        elif event.key() == Qt.Key.Key_Escape:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        """Letters are commands of the window."""


class History(QWidget):
    """The list as a panel; a click, or Return, goes where it is."""

    def __init__(self, stack: QUndoStack, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._stack = stack
        self.model = HistoryModel(stack, theme, self)
        self.entries = _Entries()
        self.entries.setModel(self.model)
        self.entries.setAccessibleName("Edits")
        self.entries.setUniformItemSizes(True)
        self.entries.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.entries.setFrameShape(QListView.Shape.NoFrame)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.entries)
        self.setFocusProxy(self.entries)
        self.entries.clicked.connect(self._on_clicked)
        self.entries.wanted.connect(self._go)
        self.model.dataChanged.connect(self._follow)
        self.set_in_sight(in_sight=False)

    @Slot(bool)
    def set_in_sight(self, in_sight: bool) -> None:
        """Be seen, or not: a list that nobody sees takes no keys, and is not laid out after every edit."""
        self.setEnabled(in_sight)
        self._follow()

    @Slot(int)
    def _go(self, row: int) -> None:
        self._stack.setIndex(row)

    @Slot(QModelIndex)
    def _on_clicked(self, index: QModelIndex) -> None:
        self._go(index.row())

    @Slot()
    def _follow(self) -> None:
        if not self.isEnabled():
            return
        self.entries.setCurrentIndex(self.model.present)
        self.entries.scrollTo(self.model.present)
