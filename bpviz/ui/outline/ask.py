"""A line that asks for a node or layer by its name, with what it may be."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import QStringListModel, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCompleter, QHBoxLayout, QLabel, QWidget

from bpviz.ui.line_edit import LineEdit
from bpviz.ui.outline.rows import Item
from bpviz.ui.texts import name_text

_SHOWN: Final = 10


class _Line(LineEdit):
    """A line whose Escape is over with that line.

    Signals:
        dropped: By Escape.
    """

    dropped = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keep Return and Escape from whatever lies around."""
        super().keyPressEvent(event)
        if event.key() == Qt.Key.Key_Escape:
            self.dropped.emit()
        if event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.accept()


class Ask(QWidget):
    """The line and what it asks; hidden until it asks.

    Signals:
        answered: (`Item`).
        refused: (str), why an answer is none, as a sentence.
        done: It asks no more.
    """

    answered = Signal(object)
    refused = Signal(str)
    done = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._choices: Mapping[str, Item] = {}
        self._question = QLabel()
        self._question.setProperty("look", "field")
        self.line = _Line()
        self._names = QStringListModel(self)
        completer = QCompleter(self._names, self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setMaxVisibleItems(_SHOWN)
        popup = completer.popup()
        assert popup is not None
        popup.setAccessibleName("Nodes and layers")
        self.line.setCompleter(completer)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._question)
        row.addWidget(self.line, 1)
        self.line.returnPressed.connect(self._on_return)
        self.line.dropped.connect(self._finish)
        self.hide()

    def ask(self, question: str, choices: Mapping[str, Item]) -> None:
        """Ask for one of some things, by their titles."""
        self._choices = choices
        self._names.setStringList(list(choices))
        self._question.setText(question)
        self.line.setAccessibleName(question)
        self.line.clear()
        self.show()
        self.line.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def give_up(self) -> None:
        """What it asked for is no longer a question."""
        if not self.isHidden():
            self._finish()

    @Slot()
    def _on_return(self) -> None:
        typed = " ".join(self.line.text().split()).casefold()
        alike = [item for title, item in self._choices.items() if typed == title.casefold()]
        within = [item for title, item in self._choices.items() if typed and typed in title.casefold()]
        found = alike or within
        if len(found) == 1:
            self._finish()
            self.answered.emit(found[0])
        elif found:
            self.refused.emit(f"“{name_text(self.line.text())}” may be several; choose one from the list.")
        else:
            self.refused.emit(
                f"Nothing here is called “{name_text(self.line.text())}”; write the name of a node or layer."
            )

    @Slot()
    def _finish(self) -> None:
        self.hide()
        self.refused.emit("")
        self.done.emit()
