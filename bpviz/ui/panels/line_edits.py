"""Fields that numbers are typed into, and numbers that can be switched off.

They show a value through ``show_value``, which emits nothing, and say what the user typed by one
signal.  What can't be read is refused with a sentence beneath the field.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QSizePolicy, QWidget

from bpviz import typed
from bpviz.errors import SettingError
from bpviz.ui import numbers
from bpviz.ui.line_edit import NumberLine
from bpviz.ui.panels.pulling import COARSE, FINE, Pull, size_of
from bpviz.ui.theme import scaled

_LEAST_PX: Final = 56
_LOG_STEPS: Final = (1.0, 3.0)  # a rate is searched for in thirds of a decade: 0.01, 0.03, 0.1, ...
_LOG_FACTORS: Final = {FINE: 10.0**0.05, COARSE: 10.0}


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a number may be, and how the arrow keys change it.

    Attributes:
        low: Smallest value.
        high: Largest value.
        step: What an arrow key adds; None goes through 1, 3, 10, 30, ... instead.
        whole: Only whole numbers.
    """

    low: float = -math.inf
    high: float = math.inf
    step: float | None = None
    whole: bool = False

    def check(self, value: float) -> float:
        """Return a value that fits.

        Raises:
            SettingError: If it does not; the sentence names the bounds.
        """
        if self.whole and not float(value).is_integer():
            raise SettingError("This needs a whole number.")
        if not self.low <= value <= self.high:
            raise SettingError(self._sentence())
        return value

    def next(self, value: float, direction: int, size: float = 1.0) -> float:
        """The value that an arrow key goes to: up for 1, down for -1, by a fine or a coarse step, too."""
        if self.step is None:
            moved = self._log_next(value, direction, size)
        elif self.whole:
            moved = value + direction * max(round(self.step * size), 1)
        else:
            step = self.step * size
            moved = float(f"{round((value + direction * step) / step) * step:.12g}")
        return min(max(moved, self.low), self.high)

    def _log_next(self, value: float, direction: int, size: float) -> float:
        if value <= 0:
            return 10.0**-3 if direction > 0 and not self.whole else max(float(direction > 0), 0.0)
        if size in _LOG_FACTORS:
            found = float(f"{value * _LOG_FACTORS[size] ** direction:.3g}")
            beside = value + direction  # of whole numbers, the next one at least
            return found if not self.whole else direction * max(direction * round(found), direction * beside)
        decade = math.floor(math.log10(value) + 1e-9)
        stops = [factor * 10.0**power for power in range(decade - 1, decade + 2) for factor in _LOG_STEPS]
        near = 1e-9 * value
        if direction > 0:
            found = next(stop for stop in stops if stop > value + near)
        else:
            found = next(stop for stop in reversed(stops) if stop < value - near)
        rounded = float(f"{found:.3g}")
        return max(1.0, round(rounded)) if self.whole else rounded

    def _sentence(self) -> str:
        if math.isinf(self.high):
            return f"This needs a number from {_bound(self.low)} on."
        if math.isinf(self.low):
            return f"This needs a number up to {_bound(self.high)}."
        return f"This needs a number from {_bound(self.low)} to {_bound(self.high)}."


def _bound(value: float) -> str:
    """Write a bound as a person would: 1 000 000 and 1e−12."""
    return numbers.count(int(value)) if float(value).is_integer() else numbers.exact(value)


class NumberEdit(NumberLine):
    """A number that is typed, pulled by a drag, or changed by the arrow keys and the wheel.

    A press where nobody types yet pulls it, or is a click after which somebody types.  Shift makes steps of
    all kinds fine, Ctrl coarse.

    What is refused stays, to be mended, until it is a number or Escape drops it.

    Signals:
        committed: (float), the user's number, within its bounds.
        refused: (str), why what was typed can't be; empty once it can.
    """

    committed = Signal(float)
    refused = Signal(str)

    def __init__(self, bounds: Bounds, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bounds = bounds
        self._value = self._before = 0.0
        self._pull: Pull | None = None
        self._entered = False  # by the press that is to come, or for a pull
        self.setCursor(Qt.CursorShape.SizeHorCursor)
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.editingFinished.connect(self._on_finished)

    def minimumSizeHint(self) -> QSize:
        """Room for a short number."""
        return QSize(scaled(_LEAST_PX), super().minimumSizeHint().height())

    @property
    def value(self) -> float:
        """The number it shows, or showed before something unreadable was typed."""
        return self._value

    def show_value(self, value: float) -> None:
        """Show a number; says nothing.

        What the user is typing is not overwritten, what has to be mended only by another number.
        """
        old, self._value = self._value, value
        if not (self._busy or (self.wrong and value == old)):
            self._settle()
            self.setCursorPosition(0)

    def follow(self, value: float) -> None:
        """Show a number that changes by itself; it overwrites neither."""
        if self.wrong:
            self._value = value
        else:
            self.show_value(value)

    def blank(self) -> None:
        """Show nothing; says nothing."""
        self.clear()
        self.mark(wrong=False)

    def refuse(self) -> None:
        """What was committed last can't be, as is said elsewhere: the number before it is in force."""
        self._value = self._before
        self.mark(wrong=True)

    def drop(self) -> None:
        """Show the number in force."""
        self._settle()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """A press that brings the keys here may pull."""
        self._entered = event.reason() == Qt.FocusReason.MouseFocusReason
        super().focusInEvent(event)
        if not self._entered:
            self.setCursor(Qt.CursorShape.IBeamCursor)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """The next press may pull again."""
        self._give_up()
        self._entered = False
        super().focusOutEvent(event)
        self.setCursor(Qt.CursorShape.SizeHorCursor)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of the number, unless somebody is typing it."""
        left = event.button() == Qt.MouseButton.LeftButton
        if left and self._entered and not self.isReadOnly() and not self.wrong:
            self._pull = Pull(event.position().x(), self._value)
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Pull the number that is held, and select in one that is typed."""
        if self._pull is None:
            super().mouseMoveEvent(event)
            return
        size = size_of(event.modifiers())
        if self._pull.drag(event.position().x(), lambda at, way: self._bounds.next(at, way, size)):
            self.setText(numbers.exact(self._pull.value))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Take a number that was pulled; after a click somebody types."""
        pull, self._pull = self._pull, None
        super().mouseReleaseEvent(event)
        if pull is not None and pull.begun:
            self.deselect()
            if not pull.over:
                self._commit(pull.value)
            return
        self._entered = False
        self.setCursor(Qt.CursorShape.IBeamCursor)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrow keys step; Escape gives a pull up."""
        if event.key() == Qt.Key.Key_Escape and self._pull is not None:
            self._give_up()
        elif event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._step(1 if event.key() == Qt.Key.Key_Up else -1, size_of(event.modifiers()))
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The wheel steps where the user is at work, and scrolls the panel elsewhere."""
        if self.hasFocus() and event.angleDelta().y():
            self._step(1 if event.angleDelta().y() > 0 else -1, size_of(event.modifiers()))
            event.accept()
        else:
            event.ignore()

    @Slot()
    def _on_finished(self) -> None:
        if not self.isModified():
            return
        self.setModified(False)
        try:
            value = self._bounds.check(typed.number(self.text()))
        except SettingError as error:
            self.mark(wrong=True)
            self.refused.emit(str(error))
            return
        self._commit(value)

    @property
    def _busy(self) -> bool:
        """Whether somebody is at it, so that no other number may be shown."""
        return self._pull is not None or (self.hasFocus() and self.isModified())

    def _give_up(self) -> None:
        if self._pull is not None and not self._pull.over:
            self._pull.over = True
            self._settle()

    def _step(self, direction: int, size: float) -> None:
        if not self.isReadOnly():
            self._commit(self._bounds.next(self._value, direction, size))

    def _commit(self, value: float) -> None:
        self._before, self._value = self._value, value
        self._settle()
        if value != self._before:
            self.committed.emit(value)

    def _settle(self) -> None:
        self.setText(numbers.exact(self._value))
        if self.wrong:
            self.mark(wrong=False)
            self.refused.emit("")


class OptionalNumber(QWidget):
    """A number that can be switched off.

    Signals:
        committed: (float or None).
    """

    committed = Signal(object)

    def __init__(self, bounds: Bounds, default: float, off: str = "", parent: QWidget | None = None) -> None:
        """Make the field.

        Args:
            bounds: Of the number.
            default: The number it begins with when it is switched on.
            off: What stands in its place while it is off.
            parent: Qt's.
        """
        super().__init__(parent)
        self._default = default
        self.switch = QCheckBox()
        self.edit = NumberEdit(bounds)
        self.edit.setPlaceholderText(off)
        self.switch.toggled.connect(self._on_toggled)
        self.edit.committed.connect(self._on_number)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.switch)
        layout.addWidget(self.edit, 1)
        self.setFocusProxy(self.switch)
        self.show_value(None)

    def show_value(self, value: float | None) -> None:
        """Show a number, or that there is none; says nothing."""
        with QSignalBlocker(self.switch):
            self.switch.setChecked(value is not None)
        self.edit.setEnabled(value is not None)
        if value is None:
            self.edit.blank()
        else:
            self.edit.show_value(value)

    @Slot(float)
    def _on_number(self, value: float) -> None:
        self.committed.emit(value)

    @Slot(bool)
    def _on_toggled(self, on: bool) -> None:
        value = (self.edit.value or self._default) if on else None
        self.show_value(value)
        self.committed.emit(value)
