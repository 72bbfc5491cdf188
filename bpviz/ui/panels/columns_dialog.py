"""The columns of the table that is learned from: another target, other inputs, without opening it again."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSize, Slot
from PySide6.QtWidgets import QDialogButtonBox, QVBoxLayout, QWidget

from bpviz.data.missing_words import with_missing
from bpviz.data.settings import DataSettings
from bpviz.ui.panels.column_choices import ColumnChoices
from bpviz.ui.panels.dialogs import FittingDialog

_WANTED_PX: Final = QSize(860, 480)


class ColumnsDialog(FittingDialog):
    """Asks what the columns of the user's own table are taken for."""

    def __init__(self, data: DataSettings, parent: QWidget | None = None) -> None:
        choices = QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        super().__init__("Columns", choices, _WANTED_PX, parent)
        self.choices = ColumnChoices()
        layout = QVBoxLayout(self.content)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.choices)
        self.ok = self.buttons.button(QDialogButtonBox.StandardButton.Ok)
        self.choices.checked.connect(self.ok.setEnabled)
        self.choices.words_chosen.connect(self._on_words)
        self.add_foot(self.choices.problem)
        self.choices.show_settings(data)

    @Slot(str, str)
    def _on_words(self, column: str, words: str) -> None:
        """Let other words count as missing; the table keeps what stood where."""
        table = self.choices.settings.table
        assert table is not None, "columns are a table's"
        self.choices.take_table(with_missing(table, {column: words}))
