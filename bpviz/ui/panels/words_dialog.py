"""Which words count as missing in one column: those that stand there with their counts, and others."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QDialogButtonBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QVBoxLayout,
    QWidget,
)

from bpviz.data.missing_words import texts_of, words_in
from bpviz.data.settings import Table
from bpviz.errors import grouped
from bpviz.ui.panels.checklist import add_tick, name_of
from bpviz.ui.panels.dialogs import FittingDialog
from bpviz.ui.panels.form import caption
from bpviz.ui.texts import name_text

_WANTED_PX: Final = QSize(360, 420)
_MOST: Final = 100
_SEPARATOR: Final = ", "


class WordsDialog(FittingDialog):
    """Asks which words of a column count as missing."""

    def __init__(self, table: Table, column: str, parent: QWidget | None = None) -> None:
        choices = QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        super().__init__(f"Missing in {name_text(column)}", choices, _WANTED_PX, parent)
        self.entries = QListWidget()
        self.entries.setAccessibleName("Words that count as missing")
        self.entries.ensurePolished()  # else its rows would keep the height that they had without the style
        for word, times, counts in words_in(table, column, _MOST):
            add_tick(self.entries, word, ticked=counts, behind=f"  ({grouped(times)})")
        self.others = QLineEdit()
        self.others.setPlaceholderText("Others, by commas, such as -999")
        self.others.setAccessibleName("Other words that count as missing")
        empty = texts_of(table, column).count("")
        layout = QVBoxLayout(self.content)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(QLabel("What is ticked counts as missing."))
        layout.addWidget(self.entries, 1)
        layout.addWidget(self.others)
        layout.addWidget(
            caption(
                f"Empty cells always do: {grouped(empty)} here."
                if empty
                else "Empty cells always do; there is none here."
            )
        )

    @property
    def words(self) -> str:
        """Those that count, by commas; empty for empty cells alone."""
        items = (self.entries.item(at) for at in range(self.entries.count()))
        ticked = [name_of(item) for item in items if item.checkState() == Qt.CheckState.Checked]
        typed = [word.strip() for word in self.others.text().split(",") if word.strip()]
        return _SEPARATOR.join([*ticked, *typed])
