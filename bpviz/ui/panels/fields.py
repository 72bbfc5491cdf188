"""The fields of the forms that are chosen from: entries of a table, and places on a scale.

A field shows a value through ``show_value``, which emits nothing, and says what the user chose by one
signal.  What the project refuses, its `Form` shows beneath it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final, Protocol

from PySide6.QtCore import QEvent, QSignalBlocker, Qt, Signal, Slot
from PySide6.QtGui import QPaintEvent, QWheelEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QSlider,
    QStyle,
    QStyleOptionComboBox,
    QStylePainter,
    QWidget,
)

from bpviz.registry import Named
from bpviz.ui.texts import name_text, tip_text

_LIST_EDGES_PX: Final = 48  # border, padding, and a scroll bar where the list is long


class Choice(QComboBox):
    """One entry of a table.

    Signals:
        chosen: (str), the entry's name.
    """

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._briefly: Mapping[str, str] = {}
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(6)
        self.setMaxVisibleItems(16)
        self.activated.connect(self._on_activated)

    def fill(self, entries: Iterable[tuple[str, str, str]], briefly: Mapping[str, str] | None = None) -> None:
        """Offer entries.

        Args:
            entries: Each a (name, label, tooltip).
            briefly: What to show of an entry, by its name, where the closed field has no room for its label.
        """
        self._briefly = briefly or {}
        with QSignalBlocker(self):
            self.clear()
            for name, label, about in entries:
                self.addItem(name_text(label), name)
                self.setItemData(self.count() - 1, tip_text(about), Qt.ItemDataRole.ToolTipRole)

    def show_value(self, name: str) -> None:
        """Show an entry by its name; says nothing."""
        with QSignalBlocker(self):
            self.setCurrentIndex(self.findData(name))

    @property
    def value(self) -> str:
        """The name of the entry that it shows."""
        return str(self.currentData() or "")

    def shown_in(self, room_px: int) -> str:
        """What the closed field says of its entry: the label, something shorter, or the label's beginning."""
        measured, text = self.fontMetrics(), self.currentText()
        if measured.horizontalAdvance(text) > room_px:
            text = self._briefly.get(self.value, text)
        return measured.elidedText(text, Qt.TextElideMode.ElideRight, room_px)

    def showPopup(self) -> None:
        """Open the list, as wide as its longest entry."""
        measured = self.fontMetrics()
        widths = (measured.horizontalAdvance(self.itemText(at)) for at in range(self.count()))
        self.view().setMinimumWidth(max(widths, default=0) + _LIST_EDGES_PX)
        super().showPopup()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scrolling past a choice must not change it."""
        event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it as ever, but never a text cut off."""
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        painter = QStylePainter(self)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        edit = QStyle.SubControl.SC_ComboBoxEditField
        room = self.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, edit, self)
        option.currentText = self.shown_in(room.width())
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)

    @Slot(int)
    def _on_activated(self, index: int) -> None:
        self.chosen.emit(str(self.itemData(index)))


class Ruler(QWidget):
    """A slider with its value beside it.

    Signals:
        moved: (float), the value the user moved it to.
    """

    moved = Signal(float)

    def __init__(
        self,
        low: float,
        high: float,
        step: float,
        write: Callable[[float], str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._low, self._step, self._write = low, step, write
        self.slider = Slider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, round((high - low) / step))
        self.slider.setMinimumWidth(48)
        self.label = QLabel()
        self.label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._widest = max((write(low), write(high)), key=len)
        self.slider.valueChanged.connect(self._on_value)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.slider, 1)
        layout.addWidget(self.label)
        self.setFocusProxy(self.slider)
        self._make_room()

    def changeEvent(self, event: QEvent) -> None:
        """Keep room for the widest value."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._make_room()

    def _make_room(self) -> None:
        self.label.setFixedWidth(self.fontMetrics().horizontalAdvance(self._widest) + 4)

    def show_value(self, value: float) -> None:
        """Show a value; says nothing."""
        with QSignalBlocker(self.slider):
            self.slider.setValue(round((value - self._low) / self._step))
        self.label.setText(self._write(value))

    @Slot(int)
    def _on_value(self, place: int) -> None:
        value = float(f"{self._low + place * self._step:.12g}")
        self.label.setText(self._write(value))
        self.moved.emit(value)


class Slider(QSlider):
    """A slider that lets the wheel pass: scrolling past it must not move it."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class HasFormula(Named, Protocol):
    """An entry of a table that can explain itself in one line."""

    @property
    def formula(self) -> str: ...


def entries_of(table: Mapping[str, HasFormula]) -> list[tuple[str, str, str]]:
    """The entries of a table for a `Choice`, with their formulas as tooltips."""
    return [(entry.name, entry.label, entry.formula) for entry in table.values()]
