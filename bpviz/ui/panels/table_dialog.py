"""Opening a table: a preview, how the text is read, and what its columns are taken for."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QSize, Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QDialogButtonBox,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from bpviz.data.column import columns_of
from bpviz.data.readers.grid import Choices
from bpviz.data.settings import Table
from bpviz.data.tables import TableReading
from bpviz.ui.panels.column_choices import ColumnChoices
from bpviz.ui.panels.dialogs import FittingDialog
from bpviz.ui.panels.form import caption
from bpviz.ui.panels.reading_choices import ReadingChoices
from bpviz.ui.panels.table_source import TableSource
from bpviz.ui.texts import name_text, tip_text
from bpviz.ui.theme import scaled

PREVIEW_ROWS: Final = 100
_ROWS_NAMED: Final = 5
_ROW_PX: Final = 26
_WANTED_PX: Final = QSize(860, 680)
_WIDEST_PX: Final = 240  # of a column where there is no room for more
_UNDIVIDED: Final = "The lines of the file as they stand."


class TableModel(QAbstractTableModel):
    """The first rows of a table."""

    def __init__(self, table: Table) -> None:
        super().__init__()
        self._table = table
        columns = columns_of(table).values()
        self._numeric = frozenset(at for at, column in enumerate(columns) if column.is_numeric)

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own
        return 0 if parent.isValid() else min(len(self._table.rows), PREVIEW_ROWS)

    def columnCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._table.columns)

    def data(
        self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if role == Qt.ItemDataRole.DisplayRole:
            return name_text(self._table.rows[index.row()][index.column()]) or "–"
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._alignment(index.column())
        return None

    def _alignment(self, column: int) -> Qt.AlignmentFlag:
        side = Qt.AlignmentFlag.AlignRight if column in self._numeric else Qt.AlignmentFlag.AlignLeft
        return side | Qt.AlignmentFlag.AlignVCenter

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        across = orientation == Qt.Orientation.Horizontal
        if role == Qt.ItemDataRole.DisplayRole:
            return name_text(self._table.columns[section]) if across else str(section + 1)
        if role == Qt.ItemDataRole.ToolTipRole and across:
            return tip_text(self._table.columns[section])
        if role == Qt.ItemDataRole.TextAlignmentRole and across:
            return self._alignment(section)
        return None


class TableDialog(FittingDialog):
    """Asks how to learn from a table.

    Raises:
        BpvizError: If the file is no table at all.
    """

    def __init__(
        self, source: Path | TableSource, parent: QWidget | None = None, reading: TableReading | None = None
    ) -> None:
        choices = QDialogButtonBox.StandardButton.Open | QDialogButtonBox.StandardButton.Cancel
        source = source if isinstance(source, TableSource) else TableSource(source)
        super().__init__(f"Open data: {name_text(source.name)}", choices, _WANTED_PX, parent)
        self.reading_choices = ReadingChoices(source, reading or source.read(Choices()))
        self.reading_choices.changed.connect(self._show_table)
        self.reading_choices.failed.connect(self._on_failed)
        self.reading_choices.busy_changed.connect(self._on_busy)
        self.message = caption()
        self.preview = QTableView()
        self.preview.setMinimumHeight(scaled(120))
        self.preview.verticalHeader().setDefaultSectionSize(scaled(_ROW_PX))
        header = self.preview.horizontalHeader()
        header.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.choices = ColumnChoices()
        self.open_button = self.buttons.button(QDialogButtonBox.StandardButton.Open)
        self.choices.checked.connect(self._on_checked)
        self.choices.words_chosen.connect(self.reading_choices.choose_words)
        self._arrange()
        self._show_table()

    @property
    def table(self) -> Table:
        """The table as it is read now."""
        return self.reading_choices.reading.table

    def _arrange(self) -> None:
        layout = QVBoxLayout(self.content)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        layout.addWidget(self.message)
        layout.addWidget(self.preview, 2)
        layout.addWidget(self.reading_choices)
        layout.addWidget(self.choices, 3)
        self.add_foot(self.choices.problem)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the columns of the preview what room there is."""
        super().resizeEvent(event)
        self._fit_columns()

    def _fit_columns(self) -> None:
        """Let columns be as wide as their texts, those of long texts only where the others leave room."""
        header, widest = self.preview.horizontalHeader(), scaled(_WIDEST_PX)
        self.preview.resizeColumnsToContents()
        long = [at for at in range(header.count()) if header.sectionSize(at) > widest]
        for at in long:
            header.resizeSection(at, widest)
        room = self.preview.viewport().width() - header.length()
        for at in long if room > 0 else ():
            header.resizeSection(at, widest + room // len(long))

    @Slot(str)
    def _on_failed(self, sentence: str) -> None:
        """Nothing can be opened as it is to be read now."""
        self.choices.problem.say(sentence)
        self.open_button.setEnabled(False)

    @Slot(bool)
    def _on_busy(self, busy: bool) -> None:
        """Nothing can be opened while it is read; if that is ended, what was read before can."""
        if busy:
            self.open_button.setEnabled(False)
        else:
            self.choices.check()

    @Slot(bool)
    def _on_checked(self, fits: bool) -> None:
        """What can't be divided into cells is no table, whatever its columns are taken for."""
        self.open_button.setEnabled(fits)
        if self.reading_choices.reading.fault:
            self._on_failed(self.reading_choices.reading.fault)

    @Slot()
    def _show_table(self) -> None:
        reading = self.reading_choices.reading
        # Why it can't be divided stands at the foot.
        self.message.setText(_UNDIVIDED if reading.fault else reading.message)
        self.choices.setVisible(not reading.fault)
        self.preview.setModel(TableModel(self.table))
        self._fit_columns()
        self.choices.show_table(self.table)
