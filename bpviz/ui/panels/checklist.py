"""A dialog with a list of things to tick, and a field to find one of many."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtWidgets import (
    QDialogButtonBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from bpviz.ui.panels.dialogs import FittingDialog
from bpviz.ui.texts import name_text, tip_text

_WANTED_PX: Final = QSize(320, 420)
_MANY: Final = 12  # beyond, a field to find an entry is worth its place


def add_tick(entries: QListWidget, name: str, *, ticked: bool, behind: str = "") -> None:
    """Append a name that can be ticked, and what is said behind it; `name_of` gives the name back whole."""
    item = QListWidgetItem(name_text(name) + behind, entries)
    item.setData(Qt.ItemDataRole.UserRole, name)
    item.setToolTip(tip_text(name))
    item.setFlags(Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsEnabled)
    item.setCheckState(Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked)


def name_of(item: QListWidgetItem) -> str:
    """The name of an entry of `add_tick`."""
    return str(item.data(Qt.ItemDataRole.UserRole))


class Checklist(FittingDialog):
    """Tick at least one of several texts."""

    def __init__(
        self,
        title: str,
        about: str,
        offered: Sequence[str],
        ticked: Iterable[str],
        parent: QWidget | None = None,
    ) -> None:
        choices = QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        super().__init__(title, choices, _WANTED_PX, parent)
        chosen = set(ticked)
        self.entries = QListWidget()
        self.entries.ensurePolished()  # else its rows would keep the height that they had without the style
        for text in offered:
            add_tick(self.entries, text, ticked=text in chosen)
        self.search = QLineEdit(self.content)  # shown without a parent, it would be a window of its own
        self.search.setPlaceholderText("Find")
        self.search.setClearButtonEnabled(True)
        self.search.setVisible(len(offered) > _MANY)
        self.search.textChanged.connect(self._on_find)
        self.ok = self.buttons.button(QDialogButtonBox.StandardButton.Ok)
        self.entries.itemChanged.connect(self._on_ticked)
        layout = QVBoxLayout(self.content)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        for widget in (QLabel(about), self.search, self.entries):
            layout.addWidget(widget)

    @property
    def chosen(self) -> list[str]:
        """What is ticked, in the order offered."""
        items = (self.entries.item(at) for at in range(self.entries.count()))
        return [name_of(item) for item in items if item.checkState() == Qt.CheckState.Checked]

    @Slot(str)
    def _on_find(self, text: str) -> None:
        for at in range(self.entries.count()):
            item = self.entries.item(at)
            item.setHidden(text.casefold() not in name_of(item).casefold())

    @Slot()
    def _on_ticked(self) -> None:
        self.ok.setEnabled(bool(self.chosen))
