"""Everything that is asked in a dialog of its own: file names, what to do with unsaved changes, bad news.

The window holds one `Questions`; a test puts its own answers in its place.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, Literal, TypeAlias

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QFileDialog, QInputDialog, QMessageBox, QWidget

from bpviz.reading import is_there
from bpviz.ui.texts import breakable, name_text
from bpviz.ui.theme import scaled

Kinds: TypeAlias = Sequence[tuple[str, str]]
"""Kinds of files, each a (label, suffix with its dot), the first one by default."""

Unsaved: TypeAlias = Literal["save", "discard", "cancel"]
_ALL: Final = "All files (*)"
_LINE_PX: Final = 560  # wide enough for a good part of a link


class Questions:
    """Asks the user; every method waits for the answer."""

    def __init__(self, parent: QWidget) -> None:
        self._parent = parent

    def file_to_open(self, title: str, folder: Path, kinds: Kinds) -> Path | None:
        """Ask for a file that exists; None if the user thinks better of it."""
        patterns = " ".join(f"*{suffix}" for _, suffix in kinds)
        filters = f"{kinds[0][0]} ({patterns});;{_ALL}"
        name, _ = QFileDialog.getOpenFileName(self._parent, title, str(folder), filters)
        return Path(name) if name else None

    def file_to_save(self, title: str, suggested: Path, kinds: Kinds) -> Path | None:
        """Ask for a file to write, whose name ends as the kind chosen does, or as it was typed.

        A name that was left as suggested goes with the kind, one that was typed goes before it.
        """
        filters = {f"{label} (*{suffix})": suffix for label, suffix in kinds}
        name, chosen = QFileDialog.getSaveFileName(self._parent, title, str(suggested), ";;".join(filters))
        if not name:
            return None
        path, suffix = Path(name), filters.get(chosen, kinds[0][1])
        if path.name == suggested.name and path.suffix != suffix:
            path = path.with_suffix(suffix)
        elif path.suffix.lower() in filters.values():
            return path
        else:
            path = path.with_name(path.name + suffix)
        # The dialog asked about the name as it was typed, not about this one.
        if is_there(path) and not self.yes(
            title, f"{name_text(path.name)} is there already. Replace it?", "Replace"
        ):
            return None
        return path

    def unsaved(self, title: str) -> Unsaved:
        """Ask what to do with changes that are not saved."""
        box = self._box("Unsaved changes", f"Save the changes to “{name_text(title)}”?")
        box.setInformativeText("Without saving, your edits and the training since are lost.")
        save = box.addButton("Save", QMessageBox.ButtonRole.AcceptRole)
        discard = box.addButton("Don't save", QMessageBox.ButtonRole.DestructiveRole)
        cancel = box.addButton("Cancel", QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(save)
        box.setEscapeButton(cancel)
        box.exec()
        if box.clickedButton() is save:
            return "save"
        return "discard" if box.clickedButton() is discard else "cancel"

    def choose(self, title: str, sentence: str, choices: Mapping[str, str]) -> str | None:
        """Ask which of several things to do; None if the user thinks better of all of them.

        Args:
            title: Of the dialog.
            sentence: What is the matter.
            choices: What is returned for each button, with its text; the first one by default.
        """
        box = self._box(title, sentence)
        buttons = {
            box.addButton(text, QMessageBox.ButtonRole.AcceptRole): key for key, text in choices.items()
        }
        box.setEscapeButton(box.addButton("Cancel", QMessageBox.ButtonRole.RejectRole))
        box.setDefaultButton(next(iter(buttons)))
        box.exec()
        return next((key for button, key in buttons.items() if button is box.clickedButton()), None)

    def yes(self, title: str, question: str, yes: str) -> bool:
        """Ask a question that one button answers with yes."""
        box = self._box(title, question)
        agree = box.addButton(yes, QMessageBox.ButtonRole.AcceptRole)
        box.addButton("Cancel", QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(agree)
        box.exec()
        return box.clickedButton() is agree

    def accepts(self, dialog: QDialog) -> bool:
        """Show a dialog, and return whether what it offers is wanted."""
        accepted = dialog.exec() == QDialog.DialogCode.Accepted
        dialog.deleteLater()
        return accepted

    def write(self, title: str, sentence: str, text: str, button: str) -> str | None:
        """Ask for a line of text; None if the user thinks better of it.

        Args:
            title: Of the dialog.
            sentence: What is to be written, or what was wrong with what was written.
            text: What stands there to begin with.
            button: Takes what is written.
        """
        dialog = QInputDialog(self._parent)
        dialog.setWindowTitle(title)
        dialog.setLabelText(breakable(sentence))
        dialog.setTextValue(text)
        dialog.setOkButtonText(button)
        dialog.resize(scaled(_LINE_PX), dialog.sizeHint().height())
        taken = dialog.exec() == QInputDialog.DialogCode.Accepted
        dialog.deleteLater()
        return dialog.textValue() if taken else None

    def tell(self, title: str, sentence: str) -> None:
        """Say what went wrong, or how something is."""
        self._box(title, sentence).exec()

    def _box(self, title: str, sentence: str) -> QMessageBox:
        """Make a dialog; what it says is plain text, whatever the names in it hold."""
        box = QMessageBox(self._parent)
        box.setIcon(QMessageBox.Icon.NoIcon)
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setWindowTitle(title)
        box.setText(breakable(sentence))
        return box
