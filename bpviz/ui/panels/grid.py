"""A table that is typed into like a spreadsheet: Tab and Return go on, blocks are copied and pasted."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemDelegate,
    QAbstractItemView,
    QHeaderView,
    QTableView,
    QWidget,
)

from bpviz.ui.line_edit import LineEdit
from bpviz.ui.theme import scaled

_ROW_PX: Final = 26
_LOOKED_AT: Final = 100  # rows that decide how wide a column is
_WIDEST_PX: Final = 240  # of a column
_EMPTYING: Final = (Qt.Key.Key_Delete, Qt.Key.Key_Backspace)
_RETURN: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class NameEdit(LineEdit):
    """A name that is typed into a header; Escape leaves it, and is over with that."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keep Return and Escape from whatever lies around."""
        super().keyPressEvent(event)
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
        if event.key() in (Qt.Key.Key_Escape, *_RETURN):
            event.accept()


class Grid(QTableView):
    """Cells to type into.

    Signals:
        pasted: (int, int, str), a text was pasted at a row and column.
        cleared: (list), cells (row, column) are to be emptied.
        went_on: Tab or Return went on from the last cell there is.
        renamed: (int, str), a column was given another name in its header.
    """

    pasted = Signal(int, int, str)
    cleared = Signal(object)
    went_on = Signal()
    renamed = Signal(int, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name_edit = NameEdit(self.horizontalHeader().viewport())
        self.name_edit.hide()
        self._renaming = -1
        self.name_edit.editingFinished.connect(self._on_named)
        header = self.horizontalHeader()
        header.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        header.setMaximumSectionSize(scaled(_WIDEST_PX))
        header.sectionDoubleClicked.connect(self.rename)
        header.setSectionsClickable(True)
        header.setHighlightSections(False)  # bold names would not find room
        header.setResizeContentsPrecision(_LOOKED_AT)
        for corner in self.findChildren(QAbstractButton):
            corner.setAccessibleName("Select all cells")
        self.verticalHeader().setDefaultSectionSize(scaled(_ROW_PX))
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.AnyKeyPressed
            | QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.EditKeyPressed
        )

    @property
    def place(self) -> tuple[int, int]:
        """Row and column of the cell where one is; the first one, if one is nowhere yet."""
        at = self.currentIndex()
        return (max(at.row(), 0), max(at.column(), 0))

    @property
    def chosen(self) -> list[tuple[int, int]]:
        """Rows and columns of the selected cells."""
        return [(index.row(), index.column()) for index in self.selectionModel().selectedIndexes()]

    def go_to(self, row: int, column: int) -> None:
        """Stand at a cell."""
        self.setCurrentIndex(self.model().index(row, column))

    @Slot(int)
    def rename(self, column: int) -> None:
        """Type another name into the header of a column."""
        if not self.model().flags(self.model().index(0, column)) & Qt.ItemFlag.ItemIsEditable:
            return
        header = self.horizontalHeader()
        self._renaming = column
        shown = str(self.model().headerData(column, Qt.Orientation.Horizontal, Qt.ItemDataRole.EditRole))
        self.name_edit.setText(shown)
        self.name_edit.setGeometry(
            header.sectionViewportPosition(column), 0, header.sectionSize(column), header.height()
        )
        self.name_edit.show()
        self.name_edit.selectAll()
        self.name_edit.setFocus()

    def closeEditor(self, editor: QWidget, hint: QAbstractItemDelegate.EndEditHint) -> None:
        """Go on to the next cell; behind the last one there may be more."""
        if hint == QAbstractItemDelegate.EndEditHint.EditNextItem and self._is_last(self.currentIndex()):
            self.went_on.emit()
        super().closeEditor(editor, hint)
        if hint == QAbstractItemDelegate.EndEditHint.SubmitModelCache:  # by Return
            self._go_down()

    def event(self, event: QEvent) -> bool:
        """Keep keys that mean a cell here and something larger in the window."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            pastes = event.matches(QKeySequence.StandardKey.Paste)
            if pastes or event.matches(QKeySequence.StandardKey.Copy) or event.key() in _EMPTYING:
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copy, paste, empty cells, and go down by Return."""
        if event.matches(QKeySequence.StandardKey.Paste):
            self.pasted.emit(*self.place, QGuiApplication.clipboard().text())
        elif event.matches(QKeySequence.StandardKey.Copy):
            QGuiApplication.clipboard().setText(self._copied())
        elif event.key() in _EMPTYING:
            self.cleared.emit(self.chosen)
        elif event.key() in _RETURN:
            # A cell that is typed into lets Return through to here before it is closed, and goes on then.
            if self.state() != QAbstractItemView.State.EditingState:
                self._go_down()
        elif event.key() == Qt.Key.Key_Tab and self._is_last(self.currentIndex()):
            self.went_on.emit()
            super().keyPressEvent(event)
        else:
            super().keyPressEvent(event)

    def _is_last(self, index: QModelIndex) -> bool:
        model = self.model()
        return (index.row(), index.column()) == (model.rowCount() - 1, model.columnCount() - 1)

    def _go_down(self) -> None:
        row, column = self.place
        if row + 1 < self.model().rowCount():
            self.selectionModel().setCurrentIndex(
                self.model().index(row + 1, column), QItemSelectionModel.SelectionFlag.ClearAndSelect
            )

    def _copied(self) -> str:
        """The selected cells with tabs between them, as spreadsheets take them."""
        cells = set(self.chosen)
        if not cells:
            return ""
        rows, columns = sorted({row for row, _ in cells}), sorted({column for _, column in cells})
        model = self.model()
        role = Qt.ItemDataRole.EditRole
        return "\n".join(
            "\t".join(
                str(model.data(model.index(row, column), role) or "") if (row, column) in cells else ""
                for column in columns
            )
            for row in rows
        )

    @Slot()
    def _on_named(self) -> None:
        column, self._renaming = self._renaming, -1
        self.name_edit.hide()
        self.setFocus()
        if column >= 0 and self.name_edit.isModified():
            self.renamed.emit(column, self.name_edit.text())
