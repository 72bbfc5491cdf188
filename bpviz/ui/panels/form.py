"""A calm form: labels left, fields right in one column, sentences beneath the field they concern."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QGridLayout,
    QLabel,
    QLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from bpviz.errors import BpvizError
from bpviz.ui.panels.line_edits import NumberEdit

LABEL_PX: Final = 98
EDGE_PX: Final = 12


class Problem(QLabel):
    """A sentence about a field; takes no room while there is nothing to say."""

    def __init__(self, look: str = "problem", parent: QWidget | None = None) -> None:
        """Make it.

        Args:
            look: ``problem`` for what is refused, ``warning`` for what is taken but hardly meant.
            parent: Qt's.
        """
        super().__init__(parent)
        self.setProperty("look", look)
        self.setWordWrap(True)
        self.hide()

    @Slot(str)
    def say(self, sentence: str) -> None:
        """Show a sentence, or nothing."""
        self.setText(sentence)
        self.setVisible(bool(sentence))


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a form: label, field, and the sentence beneath, which is hidden while empty."""

    label: QLabel | None
    field: QWidget
    problem: Problem

    @property
    def number(self) -> NumberEdit | None:
        """The line that its number is typed into, if it is a number."""
        return self.field if isinstance(self.field, NumberEdit) else self.field.findChild(NumberEdit)

    def show_problem(self, sentence: str) -> None:
        """Say what is wrong with the field, or nothing."""
        self.problem.say(sentence)

    def forget(self) -> None:
        """What was wrong is over, unless what was typed still stands there to be mended."""
        if self.number is None or not self.number.wrong:
            self.problem.say("")

    def set_visible(self, *, visible: bool) -> None:
        """Show or hide the whole line."""
        self.field.setVisible(visible)
        self.problem.setVisible(visible and bool(self.problem.text()))
        if self.label is not None:
            self.label.setVisible(visible)

    def attempt(self, edit: Callable[[], None]) -> bool:
        """Make an edit; if it is refused, say why here.  Returns whether it was made."""
        try:
            edit()
        except BpvizError as error:
            self.show_problem(str(error))
            if self.number is not None:
                self.number.refuse()
            return False
        self.show_problem("")
        return True


class Form(QWidget):
    """Two aligned columns."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: list[Row] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(3)
        self._grid.setColumnStretch(1, 1)

    def add(self, text: str, field: QWidget, about: str = "") -> Row:
        """Append a line."""
        at = self._grid.rowCount()
        label = QLabel(text)
        label.setProperty("look", "field")
        label.setFixedWidth(LABEL_PX)  # forms above each other keep one edge
        label.setWordWrap(True)
        label.setBuddy(field)
        problem = Problem()
        self._grid.addWidget(label, at, 0, Qt.AlignmentFlag.AlignVCenter)
        self._grid.addWidget(field, at, 1)
        self._grid.addWidget(problem, at + 1, 0, 1, 2)
        return self._finish(Row(label, field, problem), about)

    def add_wide(self, field: QWidget, about: str = "") -> Row:
        """Append a field that takes both columns."""
        at = self._grid.rowCount()
        problem = Problem()
        self._grid.addWidget(field, at, 0, 1, 2)
        self._grid.addWidget(problem, at + 1, 0, 1, 2)
        return self._finish(Row(None, field, problem), about)

    def add_section(self, text: str) -> QLabel:
        """Append a small heading."""
        label = QLabel(text)
        label.setProperty("look", "section")
        label.setContentsMargins(0, 10, 0, 2)
        self._grid.addWidget(label, self._grid.rowCount(), 0, 1, 2)
        return label

    def forget(self) -> None:
        """What was wrong is over: see `Row.forget`."""
        for row in self._rows:
            row.forget()

    def give_up(self) -> None:
        """Drop what still had to be mended, too: the form is about something else from now on."""
        for row in self._rows:
            if row.number is not None and row.number.wrong:
                row.number.drop()
        self.forget()

    def remove(self, row: Row) -> None:
        """Take a line out again."""
        self._rows.remove(row)
        for widget in (row.label, row.field, row.problem):
            if widget is not None:
                self._grid.removeWidget(widget)
                widget.hide()
                widget.deleteLater()

    def _finish(self, row: Row, about: str) -> Row:
        row.field.setToolTip(about)
        if row.label is not None:
            row.label.setToolTip(about)
            _name(row.field, row.label.text(), about)
        if row.number is not None:
            row.number.refused.connect(row.problem.say)
        self._rows.append(row)
        return row


def tab_by_place(form: QWidget) -> None:
    """Let Tab go through a form as one reads it; fields made later would else come last."""
    stops = [widget for widget in _in_place(form.layout()) if widget.focusPolicy() & Qt.FocusPolicy.TabFocus]
    for before, after in pairwise(stops):
        QWidget.setTabOrder(before, after)


def _in_place(layout: QLayout | None) -> Iterator[QWidget]:
    for at in range(layout.count() if layout is not None else 0):
        assert layout is not None
        item = layout.itemAt(at)
        widget = item.widget() if item is not None else None
        if widget is not None:
            yield widget
            yield from _in_place(widget.layout())


def _name(field: QWidget, name: str, about: str) -> None:
    """Tell assistive technology what a field is, and each of its parts that takes the focus."""
    for part in (field, *field.findChildren(QWidget)):
        if part is field or (part.focusPolicy() != Qt.FocusPolicy.NoFocus and not part.accessibleName()):
            part.setAccessibleName(name)
            part.setAccessibleDescription(about)


def panel_layout(panel: QWidget) -> QVBoxLayout:
    """Make a panel scroll when it is too small, and return the layout of what scrolls."""
    panel.setProperty("look", "panel")
    panel.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    content = QWidget()
    content.setProperty("look", "panel")
    content.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    area = _Area()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(content)
    outer = QVBoxLayout(panel)
    outer.setContentsMargins(0, 0, 0, 0)
    outer.addWidget(area)
    inner = QVBoxLayout(content)
    inner.setContentsMargins(EDGE_PX, 4, EDGE_PX, EDGE_PX)
    inner.setSpacing(6)
    inner.setAlignment(Qt.AlignmentFlag.AlignTop)
    return inner


class _Area(QScrollArea):
    """Scrolls, as any does, to where Tab leads within it, and also to where Tab comes in from outside."""

    def __init__(self) -> None:
        super().__init__()
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self._on_focus)

    @Slot(QWidget, QWidget)
    def _on_focus(self, _: QWidget | None, now: QWidget | None) -> None:
        if now is not None and self.isAncestorOf(now) and now.visibleRegion().isEmpty():
            self.ensureWidgetVisible(now)


def caption(text: str = "") -> QLabel:
    """A small quiet text that may take several lines."""
    label = QLabel(text)
    label.setProperty("look", "caption")
    label.setWordWrap(True)
    return label
