"""All weights and biases of a layer, to read and to type in: targets x sources, as books write them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QVBoxLayout, QWidget

from bpviz import typed
from bpviz.errors import SettingError
from bpviz.model.edits import LARGEST_START
from bpviz.model.edits.links import node_places
from bpviz.model.matrices import Cell, LayerMatrix, pasted_values
from bpviz.model.naming import layer_label
from bpviz.model.spec import Network
from bpviz.ui.numbers import exact, short
from bpviz.ui.panels.form import Problem, caption
from bpviz.ui.panels.grid import Grid
from bpviz.ui.panels.line_edits import Bounds
from bpviz.ui.texts import name_text, tip_text
from bpviz.ui.theme import Theme, scaled

_ROOT: Final = QModelIndex()
_BOUNDS: Final = Bounds(-LARGEST_START, LARGEST_START)
_MOST_ROWS_SHOWN: Final = 10
_COLUMN_PX: Final = 56
_WIDE: Final = 16  # more columns than these keep one width, which takes no time to find
_WIDE_COLUMN_PX: Final = 92
_ROW_PX: Final = 26
_HINT: Final = "Type into a cell, or paste a matrix such as [.1\u00a0.8;\u00a0.4\u00a0.6]."

Index = QModelIndex | QPersistentModelIndex


class MatrixModel(QAbstractTableModel):
    """The numbers of a `LayerMatrix`.

    Signals:
        typed: (dict), the number of each cell that is to have another.
        refused: (str), why what was typed can't be; empty once it can.
    """

    typed = Signal(object)
    refused = Signal(str)

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.matrix: LayerMatrix | None = None
        self._network: Network | None = None
        self._rows: tuple[str, ...] = ()
        self._columns: tuple[str, ...] = ()
        self._strays: dict[Cell, str] = {}

    def show_matrix(self, matrix: LayerMatrix | None, network: Network) -> bool:
        """Show the numbers of a layer; returns whether it has other cells than before."""
        same = matrix is not None and self.matrix is not None and matrix.fits(self.matrix)
        known = same and network is self._network
        names = (self._rows, self._columns) if known else _names(matrix, network)
        self._network = network
        if same and names == (self._rows, self._columns):
            self._take(matrix)
            return False
        self.beginResetModel()
        self.matrix, (self._rows, self._columns) = matrix, names
        self._strays = {}
        self.endResetModel()
        return True

    def _take(self, matrix: LayerMatrix | None) -> None:
        """Show other numbers in the same cells."""
        assert matrix is not None
        assert self.matrix is not None
        if not np.array_equal(matrix.values, self.matrix.values):
            self.matrix = matrix
            self._all_changed()

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() or not self._rows else len(self._columns)

    def flags(self, index: Index) -> Qt.ItemFlag:
        if self.matrix is None or not self.matrix.has(index.row(), index.column()):
            return Qt.ItemFlag.NoItemFlags
        return super().flags(index) | Qt.ItemFlag.ItemIsEditable

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        cell = (index.row(), index.column())
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if self.matrix is None or not self.matrix.has(*cell):
            absent = role == Qt.ItemDataRole.ToolTipRole and self.matrix is not None
            return tip_text("These two nodes are not connected") if absent else None
        value = float(self.matrix.values[cell])
        if role == Qt.ItemDataRole.DisplayRole:
            return self._strays.get(cell) or short(value)
        if role == Qt.ItemDataRole.EditRole:
            return self._strays.get(cell) or exact(value)
        if role == Qt.ItemDataRole.ForegroundRole and cell in self._strays:
            return self._theme.color("bad")
        if role == Qt.ItemDataRole.ToolTipRole:
            return tip_text(f"{self._columns[cell[1]]} → {self._rows[cell[0]]}: {exact(value)}")
        return None

    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Ask for another number; what is none stays as it was typed, and says why."""
        cell, text = (index.row(), index.column()), str(value).strip()
        if role != Qt.ItemDataRole.EditRole or text == self.data(index, Qt.ItemDataRole.EditRole):
            return False
        self._strays.pop(cell, None)
        try:
            number = _BOUNDS.check(typed.number(text))
        except SettingError as error:
            if text:
                self._strays[cell] = text
            self.dataChanged.emit(index, index)
            self.refused.emit(str(error) if text else "")
            return False
        self.write({cell: number})
        return True

    def paste(self, text: str, at: Cell) -> None:
        """Ask for all numbers of a matrix, or say why they can't be."""
        if self.matrix is None:
            return
        try:
            values = pasted_values(self.matrix, text, at)
            for value in values.values():
                _BOUNDS.check(value)
        except SettingError as error:
            self.refused.emit(str(error))
            return
        self._strays = {}
        self.write(values)

    def write(self, values: Mapping[Cell, float]) -> None:
        """Show numbers, and ask for them."""
        assert self.matrix is not None, "cells are written where there are some"
        before = self.matrix
        shown = before.values.copy()
        for cell, value in values.items():
            shown[cell] = value
        self.refused.emit("")
        self.typed.emit({cell: value for cell, value in values.items() if value != before.values[cell]})
        if self.matrix is before:  # the run answers later
            self.matrix = LayerMatrix(before.targets, before.sources, before.present, shown)
        self._all_changed()

    def forget(self) -> None:
        """What could not be read is gone."""
        if self._strays:
            self._strays = {}
            self._all_changed()

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        names = self._columns if orientation == Qt.Orientation.Horizontal else self._rows
        if role == Qt.ItemDataRole.DisplayRole and section < len(names):
            return name_text(names[section], 12)
        return None

    def _all_changed(self) -> None:
        if self._rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._rows) - 1, len(self._columns) - 1))


class MatrixTable(QWidget):
    """The table, a hint below it, and what is wrong with what was typed.

    Signals:
        typed: (dict), the number of each cell (row, column) that is to have another.
    """

    typed = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = MatrixModel(theme, self)
        self.grid = Grid()
        self.grid.setAccessibleName("Weights and biases")
        self.grid.setModel(self.model)
        self.grid.setTabKeyNavigation(False)  # Tab leads on to the next field, and within cells while typing
        self.grid.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.problem = Problem()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 4, 0, 0)
        layout.setSpacing(4)
        for widget in (self.grid, self.problem, caption(_HINT)):
            layout.addWidget(widget)
        self._waiting: tuple[LayerMatrix | None, Network] | None = None
        self.model.typed.connect(self.typed)
        self.model.dataChanged.connect(self._widen)
        self.model.refused.connect(self.problem.say)
        self.grid.pasted.connect(self._on_pasted)
        self.grid.itemDelegate().closeEditor.connect(self._on_closed)

    def show_matrix(self, matrix: LayerMatrix | None, network: Network) -> None:
        """Show the numbers of a layer; while one is typed, those of others wait."""
        self.setVisible(matrix is not None)
        if self.grid.state() == QAbstractItemView.State.EditingState:
            self._waiting = (matrix, network)
            if self._same_cells(matrix):
                return
        self._waiting = None
        if self.model.show_matrix(matrix, network):
            self.problem.say("")
            self._fit()
            self._widen()

    def give_up(self) -> None:
        """Something else is shown from now on: forget what had to be mended."""
        self.model.forget()
        self.problem.say("")

    def _same_cells(self, matrix: LayerMatrix | None) -> bool:
        shown = self.model.matrix
        return matrix is not None and shown is not None and matrix.fits(shown)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave room for a scroll bar where it is needed now."""
        super().resizeEvent(event)
        self._stand()

    def _fit(self) -> None:
        """Share out the width among few columns; many have one width, and are scrolled over."""
        few, header = self.model.columnCount() <= _WIDE, self.grid.horizontalHeader()
        mode = QHeaderView.ResizeMode.Stretch if few else QHeaderView.ResizeMode.Interactive
        header.setSectionResizeMode(mode)
        header.setMinimumSectionSize(scaled(_COLUMN_PX if few else _WIDE_COLUMN_PX))
        header.setDefaultSectionSize(header.minimumSectionSize())

    @Slot()
    def _widen(self) -> None:
        """Let every number be read; columns only ever grow, so that none moves for a digit less."""
        columns, header = self.model.columnCount(), self.grid.horizontalHeader()
        if columns <= _WIDE:
            widest = max((self.grid.sizeHintForColumn(column) for column in range(columns)), default=0)
            header.setMinimumSectionSize(max(header.minimumSectionSize(), widest))
        self._stand()

    def _stand(self) -> None:
        """Be as high as the rows, up to a few."""
        header, bar = self.grid.horizontalHeader(), self.grid.horizontalScrollBar()
        rows = min(self.model.rowCount(), _MOST_ROWS_SHOWN)
        least = self.model.columnCount() * header.minimumSectionSize()
        scrolls = least > self.grid.width() - self.grid.verticalHeader().sizeHint().width()
        high = header.sizeHint().height() + rows * scaled(_ROW_PX) + 2
        self.grid.setFixedHeight(high + (bar.sizeHint().height() if scrolls else 0))

    @Slot(int, int, str)
    def _on_pasted(self, row: int, column: int, text: str) -> None:
        self.model.paste(text, (row, column))

    @Slot()
    def _on_closed(self) -> None:
        if self._waiting is not None:
            waiting, self._waiting = self._waiting, None
            self.model.show_matrix(*waiting)


def _names(matrix: LayerMatrix | None, network: Network) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What rows and columns are called: as short as tells them apart."""
    if matrix is None:
        return (), ()
    places, layers = node_places(network), {layer.id: layer for layer in network.layers}
    several = len({places[node][0] for node in matrix.sources if node in places}) > 1

    def name(node_id: str, *, with_layer: bool) -> str:
        if node_id not in places:  # it was just removed
            return ""
        layer, at = layers[places[node_id][0]], places[node_id][1]
        own = layer.nodes[at].name or layer.nodes[at].feature
        return own or (f"{layer_label(layer)}, {at + 1}" if with_layer else str(at + 1))

    rows = tuple(name(node, with_layer=False) for node in matrix.targets)
    return rows, (*(name(node, with_layer=several) for node in matrix.sources), "bias")
