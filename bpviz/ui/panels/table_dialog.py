"""Opening a table: a preview, and the choice of features, target and how the text is read."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QSize, Qt, Slot
from PySide6.QtWidgets import (
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from bpviz.data.column import columns_of
from bpviz.data.columns import missing_rows, table_facts, table_features
from bpviz.data.readers.grid import Choices
from bpviz.data.settings import Table
from bpviz.data.tables import TableReading
from bpviz.errors import BpvizError, named, one_line
from bpviz.ui.numbers import count
from bpviz.ui.panels.checklist import add_tick, name_of
from bpviz.ui.panels.dialogs import FittingDialog
from bpviz.ui.panels.fields import Choice
from bpviz.ui.panels.form import Form, Problem, caption
from bpviz.ui.panels.reading_choices import ReadingChoices
from bpviz.ui.panels.table_source import TableSource
from bpviz.ui.texts import name_text, tip_text
from bpviz.ui.theme import scaled

PREVIEW_ROWS: Final = 100
_ROWS_NAMED: Final = 5
_ROW_PX: Final = 26
_WANTED_PX: Final = QSize(760, 600)
_WIDEST_PX: Final = 240  # of a column


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
        self.problem = Problem("warning")
        self.preview = QTableView()
        self.preview.setMinimumHeight(scaled(180))
        self.preview.verticalHeader().setDefaultSectionSize(scaled(_ROW_PX))
        header = self.preview.horizontalHeader()
        header.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        header.setMaximumSectionSize(scaled(_WIDEST_PX))
        self.features = QListWidget()
        self.features.setToolTip("The network sees the ticked columns")
        self._make_choices()
        self.open_button = self.buttons.button(QDialogButtonBox.StandardButton.Open)
        self._arrange()
        self._show_table()

    @property
    def table(self) -> Table:
        """The table as it is read now."""
        return self.reading_choices.reading.table

    @property
    def chosen_features(self) -> list[str]:
        """The ticked columns, without the target."""
        items = (self.features.item(at) for at in range(self.features.count()))
        return [
            name_of(item)
            for item in items
            if item.checkState() == Qt.CheckState.Checked and name_of(item) != self.target.value
        ]

    @property
    def lacking(self) -> dict[int, tuple[str, ...]]:
        """By row number: the chosen columns whose value is missing."""
        return missing_rows(self.table, [*self.chosen_features, self.target.value])

    def _make_choices(self) -> None:
        self.target, self.kind = Choice(), Choice()
        self.kind.fill(
            [
                ("auto", "Decided by its values", "Text and few whole numbers are classes"),
                ("class", "A class", "Which of several it is"),
                ("number", "A number", "How much it is"),
            ]
        )
        self.kind.show_value("auto")
        self.target.chosen.connect(self._on_target)
        self.kind.chosen.connect(self._check)
        self.features.itemChanged.connect(self._check)

    def _arrange(self) -> None:
        left, right = Form(), Form()
        left.add("To learn", self.target, "The column that the network is to tell from the others")
        right.add("It is", self.kind, "Whether a class or a number is learned")
        columns = QHBoxLayout()
        columns.setSpacing(24)
        for form in (left, right):
            columns.addWidget(form, 1, Qt.AlignmentFlag.AlignTop)
        layout = QVBoxLayout(self.content)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        layout.addWidget(self.message)
        layout.addWidget(self.preview, 3)
        layout.addWidget(self.reading_choices)
        layout.addLayout(columns)
        layout.addWidget(QLabel("Features"))
        layout.addWidget(self.features, 2)
        self.add_foot(self.problem)

    @Slot(str)
    def _on_failed(self, sentence: str) -> None:
        """Nothing can be opened as it is to be read now."""
        self.problem.say(sentence)
        self.open_button.setEnabled(False)

    @Slot(bool)
    def _on_busy(self, busy: bool) -> None:
        """Nothing can be opened while it is read; if that is ended, what was read before can."""
        if busy:
            self.open_button.setEnabled(False)
        else:
            self._check()

    @Slot()
    def _show_table(self) -> None:
        kept = self.target.value
        columns = self.table.columns
        self.message.setText(self.reading_choices.reading.message)
        self.preview.setModel(TableModel(self.table))
        self.preview.resizeColumnsToContents()
        self.target.fill([(name, name, "") for name in columns])
        self.target.show_value(kept if kept in columns else columns[-1])
        self._on_target()

    @Slot()
    def _on_target(self) -> None:
        usual = table_features(self.table, [self.target.value])
        self.features.blockSignals(True)
        self.features.clear()
        for name in usual:
            add_tick(self.features, name, ticked=True)
        self.features.blockSignals(False)
        self._check()

    @Slot()
    def _check(self) -> None:
        """Say what is wrong with the choice, or which rows it would leave out."""
        try:
            table_facts(self.table, (self.target.value,), self.kind.value)
        except BpvizError as error:
            self.problem.say(str(error))
            self.open_button.setEnabled(False)
            return
        self.open_button.setEnabled(bool(self.chosen_features))
        if not self.chosen_features:
            self.problem.say("Tick at least one column that the network is to see.")
        else:
            self.problem.say(sentence_about(self.lacking, len(self.table.rows)))


def sentence_about(lacking: Mapping[int, tuple[str, ...]], rows: int) -> str:
    """Name and count the rows with missing values; empty if there are none."""
    if not lacking:
        return ""
    shown = ", ".join(f"{row} ({named(names)})" for row, names in list(lacking.items())[:_ROWS_NAMED])
    more = f" and {count(len(lacking) - _ROWS_NAMED)} more" if len(lacking) > _ROWS_NAMED else ""
    one = len(lacking) == 1
    head = f"{count(len(lacking))} of {count(rows)} rows {'lacks' if one else 'lack'} a value"
    return one_line(f"{head}: row{'' if one else 's'} {shown}{more}.")
