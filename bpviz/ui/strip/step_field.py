"""The number of the step that is shown; a step that is typed is gone to."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QToolTip, QWidget

from bpviz import typed
from bpviz.errors import SettingError
from bpviz.ui.line_edit import NumberLine
from bpviz.ui.numbers import count
from bpviz.ui.texts import tip_text

_REFUSED_MS = 8000


class StepField(NumberLine):
    """Shows a step, and reads one.

    What is refused stays, to be mended, until it is a step or Escape drops it.

    Signals:
        committed: (int, as an object because Qt's own has 32 bits), the step that was typed.
        refused: (str), why what was typed is none, as a sentence.
    """

    committed = Signal(object)
    refused = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._step = self._first = self._last = 0
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.setAccessibleName("Step that is shown")
        self.setToolTip("Type a step to go there")
        self.editingFinished.connect(self._on_finished)

    def show_step(self, step: int, first: int, last: int) -> None:
        """Show a step of those that there are; what somebody is typing is not overwritten."""
        self._step, self._first, self._last = step, first, last
        if not self.wrong and not (self.hasFocus() and self.isModified()):
            self._settle()

    def blank(self) -> None:
        """Show nothing."""
        self.setText("")
        self.setModified(False)
        self.mark(wrong=False)

    def drop(self) -> None:
        """Show the step again that is shown."""
        self._settle()

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())

    @Slot()
    def _on_finished(self) -> None:
        if not self.isModified():
            return
        self.setModified(False)
        try:
            step = self._read()
        except SettingError as error:
            self.mark(wrong=True)
            below = self.mapToGlobal(QPoint(0, self.height()))
            QToolTip.showText(below, tip_text(str(error)), self, self.rect(), _REFUSED_MS)
            self.refused.emit(str(error))
            return
        self._settle()
        if step != self._step:
            self.committed.emit(step)

    def _read(self) -> int:
        value = typed.number(self.text())
        if not value.is_integer():
            raise SettingError("Steps are whole numbers; type one without decimals.")
        if not self._first <= value <= self._last:
            raise SettingError(
                f"This run has the steps {count(self._first)} to {count(self._last)}; type one of them."
            )
        return int(value)

    def _settle(self) -> None:
        text = count(self._step)
        if text != self.text():
            self.setText(text)
        self.setModified(False)
        self.mark(wrong=False)
