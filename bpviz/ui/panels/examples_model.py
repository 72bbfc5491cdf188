"""The examples of a `Sheet` as a model of Qt's: cells that are typed into, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from bpviz.data.sheet import Sheet
from bpviz.data.sheet_column import Role, SheetColumn
from bpviz.errors import elided
from bpviz.ui.numbers import MINUS
from bpviz.ui.texts import name_text, tip_text
from bpviz.ui.theme import Theme

_DIGITS: Final = 10
_MARK: Final = "▸"
_NO_MARK: Final = "\u2003"  # as wide, so that a mark has room
_ROOT: Final = QModelIndex()
_ROLES: Final[dict[Role, str]] = {"input": "input", "target": "target", "note": "not learned from"}

_LONGEST_NAME: Final = 26  # in a header, beside the widest column there is

Index = QModelIndex | QPersistentModelIndex


class ExamplesModel(QAbstractTableModel):
    """One row an example.

    Signals:
        edited: Something in the sheet is different now.
    """

    edited = Signal()

    def __init__(self, sheet: Sheet, theme: Theme, *, read_only: bool, parent: QObject | None = None) -> None:
        """Make it.

        Args:
            sheet: What to show; the model changes it.
            theme: In which colors.
            read_only: Nothing can be typed.
            parent: Qt's.
        """
        super().__init__(parent)
        self.sheet, self.read_only, self._theme = sheet, read_only, theme
        self._marked: int | None = None

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else self.sheet.rows

    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.sheet.columns)

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = super().flags(index)
        return flags if self.read_only else flags | Qt.ItemFlag.ItemIsEditable

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        column, row = self.sheet.columns[index.column()], index.row()
        if role == Qt.ItemDataRole.EditRole:
            return column.text(row)
        if role == Qt.ItemDataRole.DisplayRole:
            return _shown(column, row)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(column)
        if role in (Qt.ItemDataRole.ForegroundRole, Qt.ItemDataRole.ToolTipRole):
            fault = self.sheet.fault(row, index.column())
            if role == Qt.ItemDataRole.ForegroundRole:
                return self._theme.color("bad") if fault else None
            return tip_text(fault or column.text(row))
        return None

    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Let what was typed stand in a cell, whatever it is."""
        text = str(value)
        if role != Qt.ItemDataRole.EditRole or text == self.sheet.columns[index.column()].text(index.row()):
            return False
        self.sheet.write(index.row(), index.column(), text)
        self.dataChanged.emit(index, index)
        self.edited.emit()
        return True

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation == Qt.Orientation.Vertical:
            return self._row_data(section, role)
        column = self.sheet.columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            what = "class" if column.role == "target" and column.numbers is None else _ROLES[column.role]
            return f"{elided(name_text(column.name), _LONGEST_NAME)}\n{what}"
        if role == Qt.ItemDataRole.EditRole:
            return column.name
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(column)
        if role == Qt.ItemDataRole.ToolTipRole:
            hint = "" if self.read_only else ": double-click to give it another name"
            return tip_text(f"{column.name}{hint}")
        return None

    def mark_row(self, row: int | None) -> None:
        """Mark the example that somebody looks at, and no other."""
        before, self._marked = self._marked, row
        for at in {before, row} - {None} if before != row else ():
            self.headerDataChanged.emit(Qt.Orientation.Vertical, at, at)

    def _row_data(self, row: int, role: int) -> object:
        marked = row == self._marked
        if role == Qt.ItemDataRole.DisplayRole:
            return f"{_MARK if marked else _NO_MARK} {row + 1}"
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.ToolTipRole:
            return "This example is looked at" if marked else "Click to look at this example in its step"
        return None

    def insert_row(self, at: int) -> None:
        """Make room for one more example.

        Raises:
            DataError: If there are too many.
        """
        self.beginInsertRows(_ROOT, at, at)
        try:
            self.sheet.insert_rows(at)
        finally:
            self.endInsertRows()
        self.edited.emit()

    def remove_rows(self, rows: Iterable[int]) -> None:
        """Take examples away."""
        self._anew(lambda: self.sheet.remove_rows(rows))

    def add_column(self, role: Role) -> int:
        """Append an input or a target; returns its place.

        Raises:
            DataError: If there can't be one more.
        """
        place = 0

        def add() -> None:
            nonlocal place
            place = self.sheet.add_column(role)

        self._anew(add)
        return place

    def remove_column(self, column: int) -> None:
        """Take a column away.

        Raises:
            DataError: If the network needs it.
        """
        self._anew(lambda: self.sheet.remove_column(column))

    def learn_classes(self, *, classes: bool) -> None:
        """Take the target as a class, or as a number.

        Raises:
            DataError: If there are several.
        """
        self._anew(lambda: self.sheet.learn_classes(classes=classes))

    def declare(self, classes: tuple[str, ...]) -> None:
        """Name all classes in their order; none takes those of the rows."""
        self.sheet.declared = classes
        self._all_changed()

    def rename(self, column: int, name: str) -> None:
        """Give a column another name.

        Raises:
            DataError: If it can't have it.
        """
        self.sheet.rename(column, name)
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, column, column)
        self.edited.emit()

    def paste(self, row: int, column: int, text: str) -> tuple[int, int]:
        """Write a pasted block from a cell on; returns how many rows and columns it has.

        Raises:
            BpvizError: If it does not fit; nothing is changed then.
        """
        size = (0, 0)

        def write() -> None:
            nonlocal size
            size = self.sheet.paste(row, column, text)

        self._anew(write)
        return size

    def clear(self, cells: Iterable[tuple[int, int]]) -> None:
        """Empty some cells."""
        for row, column in cells:
            self.sheet.write(row, column, "")
        self._all_changed()

    def _anew(self, change: Callable[[], None]) -> None:
        self.beginResetModel()
        try:
            change()
        finally:
            self.endResetModel()
        self.edited.emit()

    def _all_changed(self) -> None:
        if self.sheet.rows:
            last = self.index(self.sheet.rows - 1, len(self.sheet.columns) - 1)
            self.dataChanged.emit(self.index(0, 0), last)
        self.edited.emit()


def _shown(column: SheetColumn, row: int) -> str:
    """What a cell shows: of a number a few digits, while typing all of them."""
    if column.numbers is None or row in column.strays:
        return name_text(column.text(row))
    value = float(column.numbers[row])
    return "" if np.isnan(value) else f"{value:.{_DIGITS}g}".replace("-", MINUS)


def _alignment(column: SheetColumn) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignLeft if column.numbers is None else Qt.AlignmentFlag.AlignRight
    return side | Qt.AlignmentFlag.AlignVCenter
