"""A dialog with a list of things to tick, and a field to find one of many."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

_MANY: Final = 12  # beyond, a field to find an entry is worth its place


class Checklist(QDialog):
    """Tick at least one of several texts."""

    def __init__(
        self,
        title: str,
        about: str,
        offered: Sequence[str],
        ticked: Iterable[str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        chosen = set(ticked)
        self.entries = QListWidget()
        for text in offered:
            item = QListWidgetItem(text, self.entries)
            item.setFlags(Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsEnabled)
            item.setCheckState(Qt.CheckState.Checked if text in chosen else Qt.CheckState.Unchecked)
        self.search = QLineEdit()
        self.search.setPlaceholderText("Find")
        self.search.setClearButtonEnabled(True)
        self.search.setVisible(len(offered) > _MANY)
        self.search.textChanged.connect(self._on_find)
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        self.ok = buttons.button(QDialogButtonBox.StandardButton.Ok)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        self.entries.itemChanged.connect(self._on_ticked)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(8)
        for widget in (QLabel(about), self.search, self.entries, buttons):
            layout.addWidget(widget)
        self.resize(320, 420)

    @property
    def chosen(self) -> list[str]:
        """What is ticked, in the order offered."""
        items = (self.entries.item(at) for at in range(self.entries.count()))
        return [item.text() for item in items if item.checkState() == Qt.CheckState.Checked]

    @Slot(str)
    def _on_find(self, text: str) -> None:
        for at in range(self.entries.count()):
            item = self.entries.item(at)
            item.setHidden(text.casefold() not in item.text().casefold())

    @Slot()
    def _on_ticked(self) -> None:
        self.ok.setEnabled(bool(self.chosen))
