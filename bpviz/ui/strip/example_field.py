"""Which example of the batch is looked at while somebody walks: arrows, or a number that is typed."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QSpinBox, QWidget

from bpviz.errors import grouped
from bpviz.ui.theme import Theme

_TEXT_PX: Final = 6
_AROUND_PX: Final = 34  # arrows, padding and frame
_LONG, _SHORT = "Example ", "Ex. "


class ExampleField(QSpinBox):
    """Shows the example, counted from 1; 0 is the whole batch.

    Its arrows ask for a place further on, not for a number: what they lead to is shown when it is there, and
    until then somebody may have pressed them again.

    Signals:
        wanted: (int or None), an example that was typed, from 0; None for the whole batch.
        beside_wanted: (int), an example so many places further on.
        done: Return was pressed: the keys may go back to the phases.
    """

    wanted = Signal(object)
    beside_wanted = Signal(int)
    done = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._short = False
        self.setKeyboardTracking(False)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Example that is looked at")
        self.lineEdit().setTextMargins(_TEXT_PX, 0, _TEXT_PX, 0)
        self.lineEdit().returnPressed.connect(self.done)
        self.valueChanged.connect(self._on_value)
        self.show_example(1, None)

    def show_example(self, count: int, example: int | None) -> None:
        """Show which of so many examples is looked at; None for all."""
        with QSignalBlocker(self):
            if count != self.maximum() or not self.specialValueText():
                self.setRange(0, count)
                self.setSuffix(f" of {grouped(count)}")
                self.setSpecialValueText(f"Batch of {grouped(count)}")
                self.be_short(short=self._short)
            self.setValue(0 if example is None else example + 1)

    def be_short(self, *, short: bool) -> None:
        """Take less room, or as much as is good to read."""
        self._short = short
        with QSignalBlocker(self):
            self.setPrefix(_SHORT if short else _LONG)
        self.setFixedWidth(self.sizeHint().width())

    def sizeHint(self) -> QSize:
        """Have room for the longest text that there may be: else examples would move what is beside."""
        metrics = self._theme.metrics()
        texts = (f"{self.prefix()}{grouped(self.maximum())}{self.suffix()}", self.specialValueText())
        wide = max(metrics.horizontalAdvance(text) for text in texts)
        return QSize(wide + self._theme.scaled(_AROUND_PX + 2 * _TEXT_PX), super().sizeHint().height())

    def stepBy(self, steps: int) -> None:
        """Ask for another one, from wherever one is by then."""
        self.beside_wanted.emit(steps)

    @Slot(int)
    def _on_value(self, value: int) -> None:
        self.wanted.emit(value - 1 if value else None)
