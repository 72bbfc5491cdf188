"""The strip itself: phases back, next and played, the run or the walk, example, step and branch."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Final

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedLayout, QToolButton, QWidget

from bpviz.training.naming_lines import line_words
from bpviz.training.snapshot import Snapshot
from bpviz.ui.numbers import count
from bpviz.ui.strip.branches import BranchesPopup
from bpviz.ui.strip.example_field import ExampleField
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
_LEAST_PX: Final = 120


@dataclass(frozen=True, slots=True)
class _Room:
    """From which width on the strip has room for its parts; in a narrower one they are left out.

    Attributes:
        named: For the branch's name; else there is its icon alone.
        counted: For "of ..." beside the step.
        numbered: For the step.
        played: For the button that plays phases.
        stepped: For those that step; phases have keys.
        ended: For those that lead to the first and the last phase.
        chosen: For the example; examples have keys.
        spelled: For the example with the whole word.
    """

    named: int
    counted: int
    numbered: int
    played: int = 300
    stepped: int = 200
    ended: int = 0
    chosen: int = 0
    spelled: int = 0


_AT_REST: Final = _Room(named=600, counted=400, numbered=270)
_WALKING: Final = _Room(named=1000, counted=860, numbered=560, ended=480, chosen=400, spelled=680)


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
        end_phase_wanted: (str), to the ``first`` or ``last`` phase of it.
        play_wanted: On phase by phase, or pause.
        example_wanted: (int or None), an example of the batch, or all of them.
        beside_wanted: (int), an example so many places further on.
        refused: (str), why what was typed or asked for can't be, as a sentence.

    Attributes:
        back_button: Its tooltip is for whoever gives the command a key.
        next_button: Likewise.
        play_button: Likewise; plays phases.
        first_button: Likewise; stands beside the phases.
        last_button: Likewise.
        line: The run.
        stops: The phases of the present step, in its place while somebody walks.
        example: Which example is looked at, while somebody walks in a batch of several.
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
    end_phase_wanted = Signal(str)
    play_wanted = Signal()
    example_wanted = Signal(object)
    beside_wanted = Signal(int)
    refused = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._snapshot: Snapshot | None = None
        self._name = ""
        self._fitted = (False, False)  # for whom: one who walks, and one who walks among several examples
        self._digits = _DIGITS
        self.setProperty("look", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.back_button = self._button("phase-back", "One phase back")
        self.next_button = self._button("phase-next", "To the next phase")
        self.play_button = self._button("phase-play", "Play phases")
        self.first_button = self._button("phase-first", "To the first phase")
        self.last_button = self._button("phase-last", "To the last phase, the update")
        self.line = RunLine(theme)
        self.stops = PhaseStops(theme)
        self.example = ExampleField(theme)
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
        # Those that are always there stand first: beginning to walk moves none of them under a hand.
        for button in (*self._steppers, self.first_button):
            row.addWidget(button)
        row.addWidget(self._place, 1)
        for part in (self.last_button, self.example, self.field, self.total, self.branch_button):
            row.addWidget(part)
        for button in (*self._steppers, self.first_button, self.last_button):
            self._theme.size(button, _BUTTON_PX, _BUTTON_PX, icon=_ICON_PX)

    @property
    def _steppers(self) -> tuple[QToolButton, ...]:
        return self.back_button, self.next_button, self.play_button

    def _connect(self) -> None:
        self.back_button.clicked.connect(self.phase_back)
        self.next_button.clicked.connect(self.phase_next)
        self.play_button.clicked.connect(self.play_wanted)
        self.first_button.clicked.connect(partial(self.end_phase_wanted.emit, "first"))
        self.last_button.clicked.connect(partial(self.end_phase_wanted.emit, "last"))
        self.example.wanted.connect(self.example_wanted)
        self.example.beside_wanted.connect(self.beside_wanted)
        self.example.done.connect(self.stops.setFocus)
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
        self._fit()
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
        cursor = snapshot.cursor
        if cursor is not None:
            self.stops.show_cursor(cursor)
            self.example.show_example(cursor.examples, cursor.example)
        self._show_page(self.line if cursor is None else self.stops)
        if (cursor is not None, cursor is not None and cursor.examples > 1) != self._fitted:
            self._fit()
        self._enable(on=view is not None)
        self._show_numbers()
        if view is not None:
            present = next((line for line in view.lines if line.number == view.line), None)
            self._show_name("main" if present is None else line_words(present))
        self.branches.show_snapshot(snapshot)

    def show_playing(self, *, playing: bool) -> None:
        """Let the button that plays phases pause a run that plays."""
        self._theme.show_icon(self.play_button, "pause" if playing else "phase-play", "secondary")

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
        for part in (*self._steppers, self.line, self.field, self.branch_button):
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
        cursor = None if self._snapshot is None else self._snapshot.cursor
        walking, several = cursor is not None, cursor is not None and cursor.examples > 1
        self._fitted = (walking, several)
        room = _WALKING if walking else _AT_REST
        self._fit_branch(named=wide >= room.named)
        self.total.setVisible(wide >= room.counted)
        self.field.setVisible(wide >= room.numbered)
        self.play_button.setVisible(wide >= room.played)
        for button in (self.back_button, self.next_button):
            button.setVisible(wide >= room.stepped)
        for button in (self.first_button, self.last_button):
            button.setVisible(walking and wide >= room.ended)
        self.example.setVisible(several and wide >= room.chosen)
        self.example.be_short(short=wide < room.spelled)

    def _fit_branch(self, *, named: bool) -> None:
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

    def _make_room(self) -> None:
        """Give the numbers a fixed size: else each one would make Qt lay out the whole window anew."""
        metrics = self._theme.metrics()
        widest = count(10**self._digits - 1)
        self.field.setFixedWidth(metrics.horizontalAdvance(widest) + self._theme.scaled(_AROUND_TEXT_PX))
        width = metrics.horizontalAdvance(f"of {widest}") + 4
        self.total.setFixedSize(width, self._theme.scaled(_BUTTON_PX))

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
