"""The dialog that shows a run as a program before it is copied or saved."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QSize, Signal, Slot
from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import QDialogButtonBox, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from bpviz.errors import BpvizError, counted
from bpviz.files.code.account import MOMENTS, Moment
from bpviz.files.code.files import FRAMEWORKS, Program
from bpviz.ui.numbers import count
from bpviz.ui.panels.dialogs import FittingDialog
from bpviz.ui.panels.fields import Choice
from bpviz.ui.panels.form import Form, caption
from bpviz.ui.theme import scaled

_WANTED_PX: Final = QSize(860, 660)
_LETTERS_PX: Final = 13


class CodeDialog(FittingDialog):
    """Chooses the framework and the weights, and shows the program at once.

    Args:
        write: Writes a program for a framework, with the weights of a moment.
        step: At which the run stands.
        parent: Qt's.

    Signals:
        save_wanted: (str, str), the framework and the moment.
    """

    save_wanted = Signal(str, str)

    def __init__(
        self, write: Callable[[str, Moment], Program], step: int, parent: QWidget | None = None
    ) -> None:
        super().__init__("Export code", QDialogButtonBox.StandardButton.Close, _WANTED_PX, parent)
        self._write = write
        self.framework, self.since = Choice(), Choice()
        self.framework.fill([(entry.name, entry.label, "") for entry in FRAMEWORKS.values()])
        self.since.fill(
            [
                ("now", f"As they are, after step {count(step)}", "And what the optimizer remembers"),
                ("start", "Those of the run's start", "The program begins where the run began"),
            ]
        )
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setAccessibleName("Program")
        font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        font.setPixelSize(scaled(_LETTERS_PX))  # the system's knows nothing of the size that is chosen here
        self.text.setFont(font)
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setMinimumHeight(scaled(160))
        self.about = caption()
        self.copy_button = QPushButton("Copy")
        self.save_button = QPushButton("Save…")
        self.buttons.addButton(self.copy_button, QDialogButtonBox.ButtonRole.ActionRole)
        self.buttons.addButton(self.save_button, QDialogButtonBox.ButtonRole.ActionRole)
        self._lay_out()
        self.framework.chosen.connect(self._show)
        self.since.chosen.connect(self._show)
        self.copy_button.clicked.connect(self._on_copy)
        self.save_button.clicked.connect(self._on_save)
        self._show()

    @property
    def moment(self) -> Moment:
        """With which weights the program begins."""
        return next(moment for moment in MOMENTS if moment == self.since.value)

    def _lay_out(self) -> None:
        form = Form()
        form.add("Framework", self.framework, "What the program is written for")
        form.add("Weights", self.since, "With which weights the program begins")
        column = QVBoxLayout(self.content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(form)
        column.addWidget(self.text, 1)
        column.addWidget(self.about)
        self.save_button.setDefault(True)

    @Slot()
    def _show(self) -> None:
        try:
            made = self._write(self.framework.value, self.moment)
        except BpvizError as error:
            self.text.clear()
            self.about.setText(str(error))
        else:
            self.text.setPlainText(made.text)
            self.about.setText(_about(made))
        for button in (self.copy_button, self.save_button):
            button.setEnabled(bool(self.text.toPlainText()))

    @Slot()
    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text.toPlainText())

    @Slot()
    def _on_save(self) -> None:
        self.save_wanted.emit(self.framework.value, self.moment)


def _about(made: Program) -> str:
    lines = counted(made.text.count("\n"), "line")
    if not made.arrays:
        return f"{lines}; all the program needs is in it."
    return f"{lines}; its long tables go into an .npz file that is saved beside it, not copied."
