"""The list of all keys: to look them up, and to change them."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QKeyCombination, QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialogButtonBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from bpviz.ui.canvas.tools import TOOLS
from bpviz.ui.commands.table import COMMANDS
from bpviz.ui.keys import Keys, shown
from bpviz.ui.panels.dialogs import FittingDialog
from bpviz.ui.texts import wanted_words
from bpviz.ui.theme import scaled

_WANTED_PX: Final = QSize(620, 520)
_NAME_PX: Final = 300
_ROW_PX: Final = 26
_KEPT: Final = {
    Qt.Key.Key_Escape: "Esc leads back to the network and gives up what is under way",
    Qt.Key.Key_Tab: "Tab leads from field to field",
    Qt.Key.Key_Backtab: "Tab leads from field to field",
    Qt.Key.Key_Return: "Return takes what was typed",
    Qt.Key.Key_Enter: "Enter takes what was typed",
}
_HELD: Final = (
    Qt.Key.Key_Shift,
    Qt.Key.Key_Control,
    Qt.Key.Key_Alt,
    Qt.Key.Key_Meta,
    Qt.Key.Key_AltGr,
    Qt.Key.Key_unknown,
)


class KeyField(QLineEdit):
    """Takes the next keys that are struck, whatever they mean otherwise.

    Signals:
        struck: (str), the keys as programs write them.
        refused: (str), a sentence on why these can't be taken.
    """

    struck = Signal(str)
    refused = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setReadOnly(True)
        self.setPlaceholderText("Press keys here")
        self.setAccessibleName("New keys")

    def event(self, event: QEvent) -> bool:
        """Let no shortcut take what is struck here."""
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take the keys, unless they lead on or are none by themselves."""
        key = event.keyCombination().key()
        plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier)
        tool = next((tool for tool in TOOLS if tool.letter == key), None)
        if tool is not None and plain:
            letter = QKeySequence(key).toString()
            self.refused.emit(f"{letter} is held over the network for the {tool.name}; choose other keys.")
        elif key in _KEPT and plain:
            super().keyPressEvent(event)
            if key not in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab, Qt.Key.Key_Escape):
                self.refused.emit(f"{_KEPT[key]}; choose other keys.")
        elif key not in _HELD:
            held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
            self.struck.emit(QKeySequence(QKeyCombination(held, key)).toString())


class KeysDialog(FittingDialog):
    """Lists every command with its keys.

    Attributes:
        search: Words, or keys.
        list: The commands.
        field: Takes new keys for the one that is chosen.
        told: What became of them, or which command has them already.
        take: Takes them from that command.
        reset: Gives the chosen command its first keys again.
        reset_all: Gives all of them.
    """

    def __init__(self, keys: Keys, parent: QWidget | None = None) -> None:
        super().__init__("Keys", QDialogButtonBox.StandardButton.Close, _WANTED_PX, parent)
        self._keys = keys
        self._wished = ""
        self.search = QLineEdit()
        self.search.setPlaceholderText("Words, or keys such as Ctrl+Z")
        self.search.setAccessibleName("Search commands and keys")
        self.search.setClearButtonEnabled(True)
        self.list = _list()
        self.field = KeyField()
        self.told = QLabel()
        self.told.setProperty("look", "caption")
        self.told.setWordWrap(True)
        self.take, self.clear = QPushButton("Take them"), QPushButton("No keys")
        self.reset, self.reset_all = QPushButton("Reset"), QPushButton("Reset all")
        for button in (self.take, self.clear, self.reset, self.reset_all):
            button.setAutoDefault(False)
        self._lay_out()
        self.search.textChanged.connect(self._fill)
        self.list.currentItemChanged.connect(self._on_chosen)
        self.field.struck.connect(self._on_struck)
        self.field.refused.connect(self.told.setText)
        self.take.clicked.connect(self._on_take)
        self.clear.clicked.connect(self._on_clear)
        self.reset.clicked.connect(self._on_reset)
        self.reset_all.clicked.connect(self._on_reset_all)
        self._fill()

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self.content)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.search)
        layout.addWidget(self.list, 1)
        row = QHBoxLayout()
        row.addWidget(self.field, 1)
        for button in (self.take, self.clear, self.reset, self.reset_all):
            row.addWidget(button)
        layout.addLayout(row)
        layout.addWidget(self.told)
        close = self.buttons.button(QDialogButtonBox.StandardButton.Close)
        close.setAutoDefault(False)

    @property
    def chosen(self) -> str:
        """The name of the command that is chosen."""
        row = self.list.currentItem()
        return "" if row is None else str(row.data(0, Qt.ItemDataRole.UserRole))

    def choose(self, name: str) -> None:
        """Choose a command."""
        for at in range(self.list.topLevelItemCount()):
            row = self.list.topLevelItem(at)
            if row is not None and row.data(0, Qt.ItemDataRole.UserRole) == name:
                self.list.setCurrentItem(row)

    @Slot()
    def _fill(self) -> None:
        chosen, words = self.chosen, wanted_words(self.search.text())
        self.list.clear()
        for command in COMMANDS.values():
            keys = "  or  ".join(map(shown, self._keys.of(command.name)))
            text = f"{command.plain} {command.menu} {command.about} {keys}".casefold()
            if all(word in text for word in words):
                row = QTreeWidgetItem([command.plain, command.menu, keys])
                row.setData(0, Qt.ItemDataRole.UserRole, command.name)
                row.setToolTip(0, command.about)
                font = row.font(2)
                font.setBold(self._keys.is_chosen(command.name))
                row.setFont(2, font)
                row.setSizeHint(0, QSize(0, scaled(_ROW_PX)))
                self.list.addTopLevelItem(row)
        self.choose(chosen)
        first = self.list.topLevelItem(0)
        if first is not None and not self.chosen:
            self.list.setCurrentItem(first)
        self._on_chosen()

    @Slot()
    def _on_chosen(self) -> None:
        name = self.chosen
        self._wish("")
        for widget in (self.field, self.clear, self.reset):
            widget.setEnabled(bool(name))
        if name:
            self.clear.setEnabled(bool(self._keys.of(name)))
            self.reset.setEnabled(self._keys.is_chosen(name))
            self.told.setText(f"{COMMANDS[name].about}. Press new keys in the field below the list.")
        else:
            self.told.setText("No command has all of these words; try fewer.")

    @Slot(str)
    def _on_struck(self, keys: str) -> None:
        owner = self._keys.owner(keys, but=self.chosen)
        if owner:
            self._wish(keys)
            self.told.setText(
                f"{shown(keys)} runs {COMMANDS[owner].plain} already; "
                f"take them from there, or press other keys."
            )
        else:
            self._give(keys)

    @Slot()
    def _on_take(self) -> None:
        self._give(self._wished)

    @Slot()
    def _on_clear(self) -> None:
        self._give("")

    @Slot()
    def _on_reset(self) -> None:
        self._keys.reset(self.chosen)
        self._say_after(f"{COMMANDS[self.chosen].plain} has its first keys again.")

    @Slot()
    def _on_reset_all(self) -> None:
        self._keys.reset()
        self._say_after("All commands have their first keys again.")

    def _give(self, keys: str) -> None:
        self._keys.choose(self.chosen, keys)
        label = COMMANDS[self.chosen].plain
        self._say_after(f"{shown(keys)} runs {label} now." if keys else f"{label} has no keys now.")

    def _say_after(self, sentence: str) -> None:
        self._fill()
        self.told.setText(sentence)

    def _wish(self, keys: str) -> None:
        """Show keys that another command has, to be taken from it."""
        self._wished = keys
        self.field.setText(shown(keys))
        self.take.setEnabled(bool(keys))


def _list() -> QTreeWidget:
    tree = QTreeWidget()
    tree.setAccessibleName("Commands and their keys")
    tree.setHeaderLabels(["Command", "Menu", "Keys"])
    tree.setRootIsDecorated(False)
    tree.setUniformRowHeights(True)
    tree.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    tree.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
    tree.header().setStretchLastSection(True)
    tree.header().resizeSection(0, scaled(_NAME_PX))
    return tree
