"""The columns of the table that is learned from: another target, other inputs, without opening it again."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QDialogButtonBox, QVBoxLayout, QWidget

from bpviz.data.settings import DataSettings
from bpviz.ui.panels.column_choices import ColumnChoices
from bpviz.ui.panels.dialogs import FittingDialog

_WANTED_PX: Final = QSize(760, 480)


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
        self.add_foot(self.choices.problem)
        self.choices.show_settings(data)
