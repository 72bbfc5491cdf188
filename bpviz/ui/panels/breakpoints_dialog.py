"""The list of breakpoints: each can be switched off and removed, and more can be added."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QDialogButtonBox,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from bpviz.training.breakpoints import CONDITIONS, LOSS, Breakpoint, words
from bpviz.training.quantities import QUANTITIES
from bpviz.ui.panels.dialogs import FittingDialog
from bpviz.ui.panels.fields import Choice
from bpviz.ui.panels.form import Form, caption
from bpviz.ui.panels.line_edits import Bounds, NumberEdit
from bpviz.ui.preferences import BREAKPOINT_STEPS
from bpviz.ui.theme import scaled

_WANTED_PX: Final = QSize(440, 420)
_LARGEST: Final = 1e300
_ABOUT: Final = (
    "A walk stops where one of these holds: by hand, while phases are played, and on the way to the next "
    "breakpoint. Play goes on past them."
)
_NONE: Final = "No breakpoint yet; choose below what a walk is to stop at."


class Points(QListWidget):
    """Breakpoints with a tick for those that act.

    Signals:
        remove_wanted: Delete was pressed.
    """

    remove_wanted = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete removes the one that is chosen."""
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.remove_wanted.emit()
        else:
            super().keyPressEvent(event)


class BreakpointsDialog(FittingDialog):
    """Shows and changes breakpoints; each change takes effect at once.

    Signals:
        changed: (tuple of `Breakpoint`, int), the breakpoints, and through how many steps the next one is
            looked for at most.
    """

    changed = Signal(object, int)

    def __init__(self, points: Sequence[Breakpoint], most_steps: int, parent: QWidget | None = None) -> None:
        super().__init__("Breakpoints", QDialogButtonBox.StandardButton.Close, _WANTED_PX, parent)
        self._points: list[Breakpoint] = []
        self.list = Points()
        self.list.setAccessibleName("Breakpoints")
        self.list.setMinimumHeight(scaled(110))
        self.empty = caption()
        self.empty.setText(_NONE)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.condition, self.quantity = Choice(), Choice()
        self.condition.fill([(entry.name, entry.label, "") for entry in CONDITIONS.values()])
        self.quantity.fill([(entry.name, entry.label, "") for entry in QUANTITIES.values()])
        self.bound = NumberEdit(Bounds(0.0, _LARGEST))
        self.most_steps = NumberEdit(Bounds(*BREAKPOINT_STEPS, whole=True))
        self.add_button, self.remove_button = QPushButton("Add"), QPushButton("Remove")
        self._lay_out()
        self.quantity.show_value("a")
        self.condition.show_value("zero")
        self.bound.show_value(1.0)
        self.most_steps.show_value(most_steps)
        for point in points:
            self._append(point)
        self.list.setCurrentRow(0)
        self._connect()
        self._follow()

    @property
    def points(self) -> tuple[Breakpoint, ...]:
        """The breakpoints, in order."""
        return tuple(self._points)

    def _lay_out(self) -> None:
        about = caption()
        about.setText(_ABOUT)
        form = Form()
        form.add("Stop where", self.quantity, "Any number of this kind, anywhere")
        form.add("", self.condition, "What it has to be")
        form.add("Bound", self.bound, "Without its sign")
        buttons = QHBoxLayout()
        buttons.addWidget(self.add_button)
        buttons.addWidget(self.remove_button)
        buttons.addStretch(1)
        rest = Form()
        rest.add(
            "Most steps", self.most_steps, "The next breakpoint is looked for through so many steps at most"
        )
        column = QVBoxLayout(self.content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(about)
        column.addWidget(self.list, 1)
        column.addWidget(self.empty, 1)
        column.addWidget(form)
        column.addLayout(buttons)
        column.addWidget(rest)
        for button in self.findChildren(QPushButton):
            button.setAutoDefault(False)  # Return in a field takes its number

    def _connect(self) -> None:
        self.condition.chosen.connect(self._follow)
        self.add_button.clicked.connect(self._on_add)
        self.remove_button.clicked.connect(self._on_remove)
        self.list.remove_wanted.connect(self._on_remove)
        self.list.itemChanged.connect(self._on_ticked)
        self.list.currentRowChanged.connect(self._follow)
        self.most_steps.committed.connect(self._say)

    def _append(self, point: Breakpoint) -> None:
        self._points.append(point)
        with QSignalBlocker(self.list):
            item = QListWidgetItem(words(point), self.list)
            item.setFlags(
                Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
            )
            item.setCheckState(Qt.CheckState.Checked if point.on else Qt.CheckState.Unchecked)

    @Slot()
    def _follow(self) -> None:
        """Offer what makes sense."""
        condition = CONDITIONS[self.condition.value]
        self.quantity.setEnabled(not condition.of_examples)
        self.bound.setEnabled(condition.bounded)
        self.remove_button.setEnabled(self.list.currentRow() >= 0)
        self.list.setVisible(bool(self._points))
        self.empty.setVisible(not self._points)

    @Slot()
    def _on_add(self) -> None:
        condition = CONDITIONS[self.condition.value]
        key = LOSS if condition.of_examples else self.quantity.value
        bound = self.bound.value if condition.bounded else 0.0
        point = Breakpoint(key, condition.name, bound)
        if any(replace(one, on=True) == point for one in self._points):
            at = next(k for k, one in enumerate(self._points) if replace(one, on=True) == point)
            self.list.item(at).setCheckState(Qt.CheckState.Checked)
        else:
            self._append(point)
            at = len(self._points) - 1
        self.list.setCurrentRow(at)
        self._follow()
        self._say()

    @Slot()
    def _on_remove(self) -> None:
        row = self.list.currentRow()
        if row >= 0:
            del self._points[row]
            self.list.takeItem(row)
            self._follow()
            self._say()

    @Slot(object)
    def _on_ticked(self, item: QListWidgetItem) -> None:
        row = self.list.row(item)
        on = item.checkState() == Qt.CheckState.Checked
        if on != self._points[row].on:
            self._points[row] = replace(self._points[row], on=on)
            self._say()

    @Slot()
    def _say(self) -> None:
        self.changed.emit(self.points, int(self.most_steps.value))
