"""The strip itself: phases back and next, the run or the walk, the step's number, the branch."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedLayout, QToolButton, QWidget

from bpviz.training.naming_lines import line_words
from bpviz.training.snapshot import Snapshot
from bpviz.ui.numbers import count
from bpviz.ui.strip.branches import BranchesPopup
from bpviz.ui.strip.run_line import RunLine
from bpviz.ui.strip.step_field import StepField
from bpviz.ui.strip.stops import PhaseStops
from bpviz.ui.texts import name_text, tip_text
from bpviz.ui.theme import Theme

_HEIGHT_PX: Final = 36
_BUTTON_PX: Final = 28
_ICON_PX: Final = 18
_BRANCH_PX: Final = 140
_BRANCH_LEAST_PX: Final = 32
_BRANCH_ICON_PX: Final = 16
_AROUND_TEXT_PX: Final = 18  # of a field: padding and frame
_AROUND_ICON_PX: Final = 14  # of the branch's button
_DIGITS: Final = 7  # room for so many before the strip has to move its parts
_NAMED_FROM_PX: Final = 600  # narrower, the branch is an icon
_COUNTED_FROM_PX: Final = 400  # narrower, the field stands without "of ..."
_NUMBERED_FROM_PX: Final = 270  # narrower, there is no field
_STEPPED_FROM_PX: Final = 200  # narrower, phases have their keys only
_LEAST_PX: Final = 120


class TimelineStrip(QWidget):
    """One line of fixed height that shows where a run stands and asks to move about in it.

    Steps are emitted as objects, because Qt's whole numbers have 32 bits and runs get longer.

    Signals:
        glanced: (int) a step to show about, at once: the hand is on its way.
        sought: (int) a step to show exactly.
        end_wanted: The run is to stand where it goes on.
        phase_next: To the next phase.
        phase_back: To the phase before.
        phase_wanted: (int), to a phase of the present step, by its index.
        refused: (str), why what was typed or asked for can't be, as a sentence.

    Attributes:
        back_button: Its tooltip is for whoever gives the command a key.
        next_button: Likewise.
        line: The run.
        stops: The phases of the present step, in its place while somebody walks.
        field: The step's number.
        branch_button: Opens `branches`.
        branches: All lines and what stands behind; its tree asks for what is to be done to them.
    """

    glanced = Signal(object)
    sought = Signal(object)
    end_wanted = Signal()
    phase_next = Signal()
    phase_back = Signal()
    phase_wanted = Signal(int)
    refused = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._snapshot: Snapshot | None = None
        self._name = ""
        self._digits = _DIGITS
        self.setProperty("look", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.back_button = self._button("phase-back", "One phase back")
        self.next_button = self._button("phase-next", "To the next phase")
        self.line = RunLine(theme)
        self.stops = PhaseStops(theme)
        self.field = StepField()
        self.total = QLabel()
        self.total.setProperty("look", "field")
        self.branch_button = self._button("branch", "Branches and earlier runs")
        self.branches = BranchesPopup(theme, self)
        self._lay_out()
        self._connect()
        theme.size(self, height=_HEIGHT_PX)
        theme.changed.connect(self._dress)
        self._dress()
        self.begin_anew()

    def _button(self, icon: str, tip: str) -> QToolButton:
        button = QToolButton()
        button.setProperty("look", "quiet")
        button.setToolTip(tip)
        button.setAccessibleName(tip)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._theme.show_icon(button, icon, "secondary")
        return button

    def _lay_out(self) -> None:
        self._place = QWidget()
        self._pages = QStackedLayout(self._place)
        self._pages.addWidget(self.line)
        self._pages.addWidget(self.stops)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 0, 8, 0)
        row.setSpacing(4)
        parts = (self.back_button, self.next_button, self._place, self.field, self.total, self.branch_button)
        for part in parts:
            row.addWidget(part, 1 if part is self._place else 0)
        for button in (self.back_button, self.next_button):
            self._theme.size(button, _BUTTON_PX, _BUTTON_PX, icon=_ICON_PX)

    def _connect(self) -> None:
        self.back_button.clicked.connect(self.phase_back)
        self.next_button.clicked.connect(self.phase_next)
        self.line.glanced.connect(self.glanced)
        self.line.sought.connect(self.sought)
        self.line.end_wanted.connect(self.end_wanted)
        self.line.moved.connect(self._on_head_moved)
        self.stops.wanted.connect(self.phase_wanted)
        self.stops.left.connect(self._on_stops_left)
        self.field.committed.connect(self._on_typed)
        self.field.refused.connect(self.refused)
        self.branch_button.clicked.connect(self.open_branches)
        self.branches.tree.refused.connect(self.refused)

    @Slot()
    def begin_anew(self) -> None:
        """Another project comes, and it may be one that can't run yet."""
        self._snapshot = None
        self.line.show_view(None, 0)
        self._pages.setCurrentWidget(self.line)
        self._digits = _DIGITS
        self._show_numbers()
        self._show_name("main")
        self._enable(on=False)
        self.branches.begin_anew()

    @Slot(object)
    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show where the run stands, and where somebody walks in it."""
        self._snapshot, view = snapshot, snapshot.timeline
        self.line.show_view(view, snapshot.step)
        if snapshot.cursor is not None:
            self.stops.show_cursor(snapshot.cursor)
        self._show_page(self.line if snapshot.cursor is None else self.stops)
        self._enable(on=view is not None)
        self._show_numbers()
        if view is not None:
            present = next((line for line in view.lines if line.number == view.line), None)
            self._show_name("main" if present is None else line_words(present))
        self.branches.show_snapshot(snapshot)

    @Slot()
    def open_branches(self) -> None:
        """Open the tree of branches beside its button."""
        if self.branch_button.isEnabled():
            self.branches.open_at(self.branch_button)

    def sizeHint(self) -> QSize:
        """As high as it is, whatever it shows."""
        return QSize(super().sizeHint().width(), self._theme.scaled(_HEIGHT_PX))

    def minimumSizeHint(self) -> QSize:
        """Never the reason why a window can't be narrower: parts are left out instead."""
        return QSize(self._theme.scaled(_LEAST_PX), self._theme.scaled(_HEIGHT_PX))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show as many parts as there is room for now."""
        super().resizeEvent(event)
        self._fit()

    def _show_page(self, page: QWidget) -> None:
        shown = self._pages.currentWidget()
        if page is not shown:
            had_focus = shown is not None and shown.hasFocus()
            self._pages.setCurrentWidget(page)
            if had_focus:
                page.setFocus(Qt.FocusReason.OtherFocusReason)

    def _enable(self, *, on: bool) -> None:
        for part in (self.back_button, self.next_button, self.line, self.field, self.branch_button):
            part.setEnabled(on)

    def _show_numbers(self) -> None:
        """Write the step and how many there are, in fields of a width that seldom has to grow."""
        view = None if self._snapshot is None else self._snapshot.timeline
        if view is None:
            self.field.blank()
            self.total.clear()
        else:
            self.field.show_step(self.line.step, view.first_step, view.last_step)
            self.total.setText(f"of {count(view.last_step)}")
            digits = len(str(view.last_step))
            if digits > self._digits:
                self._digits = digits
                self._make_room()

    def _show_name(self, name: str) -> None:
        if name != self._name:
            self._name = name
            self.branch_button.setAccessibleName(f"Branch {name_text(name)}")
            self.branch_button.setToolTip(tip_text(f"Branch “{name_text(name)}”: branches and earlier runs"))
            self._fit()

    def _fit(self) -> None:
        wide = self.width() * 100 / self._theme.text_percent
        named = wide >= _NAMED_FROM_PX
        width = self._theme.scaled(_BRANCH_PX if named else _BRANCH_LEAST_PX)
        around = self._theme.scaled(_AROUND_ICON_PX + _BRANCH_ICON_PX)
        metrics = self._theme.metrics()
        text = metrics.elidedText(name_text(self._name), Qt.TextElideMode.ElideRight, width - around)
        self.branch_button.setText(text.replace("&", "&&") if named else "")
        style = (
            Qt.ToolButtonStyle.ToolButtonTextBesideIcon if named else Qt.ToolButtonStyle.ToolButtonIconOnly
        )
        self.branch_button.setToolButtonStyle(style)
        self._theme.size(
            self.branch_button, _BRANCH_PX if named else _BRANCH_LEAST_PX, _BUTTON_PX, _BRANCH_ICON_PX
        )
        self.total.setVisible(wide >= _COUNTED_FROM_PX)
        self.field.setVisible(wide >= _NUMBERED_FROM_PX)
        for button in (self.back_button, self.next_button):
            button.setVisible(wide >= _STEPPED_FROM_PX)

    def _make_room(self) -> None:
        """Give the numbers a fixed width: else each digit would move what stands beside them."""
        metrics = self._theme.metrics()
        widest = count(10**self._digits - 1)
        self.field.setFixedWidth(metrics.horizontalAdvance(widest) + self._theme.scaled(_AROUND_TEXT_PX))
        self.total.setFixedWidth(metrics.horizontalAdvance(f"of {widest}") + 4)

    @Slot()
    def _dress(self) -> None:
        self._make_room()
        self._fit()

    @Slot(object)
    def _on_head_moved(self, step: int) -> None:
        """The hand is on its way: the number goes along."""
        view = None if self._snapshot is None else self._snapshot.timeline
        if view is not None:
            self.field.show_step(step, view.first_step, view.last_step)

    @Slot(object)
    def _on_typed(self, step: int) -> None:
        self.line.go_to(step)

    @Slot(int)
    def _on_stops_left(self, direction: int) -> None:
        (self.phase_next if direction > 0 else self.phase_back).emit()
