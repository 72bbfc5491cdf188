"""A calm form: labels left of their fields, above them where it is narrow, sentences beneath."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Slot
from PySide6.QtGui import QResizeEvent
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
from bpviz.ui.panels.labels import Wrapped
from bpviz.ui.panels.line_edits import NumberEdit
from bpviz.ui.theme import scaled

LABEL_PX: Final = 98
LONGER_LABEL_PX: Final = 124
"""Of forms that stand alone, as in dialogs, whose labels name a unit."""
_GAP_PX: Final = 8
_WIDEST_PX: Final = 2**24 - 1  # Qt's own: no limit
_ROWS_A_LINE: Final = 3  # of the grid: label, field where it stands below its label, sentence
EDGE_PX: Final = 12


class Problem(Wrapped):
    """A sentence about a field; takes no room while there is nothing to say."""

    def __init__(self, look: str = "problem", parent: QWidget | None = None) -> None:
        """Make it.

        Args:
            look: ``problem`` for what is refused, ``warning`` for what is taken but hardly meant.
            parent: Qt's.
        """
        super().__init__(look=look, parent=parent)
        self.hide()

    @Slot(str)
    def say(self, sentence: str) -> None:
        """Show a sentence, or nothing."""
        self.setText(sentence)
        self.setVisible(bool(sentence))


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a form: label, field, and the sentence beneath, which is hidden while empty.

    Attributes:
        label: Beside or above the field.
        field: What is set.
        problem: The sentence.
        place: The line's first row in the grid.
    """

    label: QLabel | None
    field: QWidget
    problem: Problem
    place: int = 0

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
    """Two aligned columns; one, where there is no room for two.

    Args:
        parent: Qt's.
        label_px: Width of the column of labels.
    """

    def __init__(self, parent: QWidget | None = None, label_px: int = LABEL_PX) -> None:
        super().__init__(parent)
        self._label_px = label_px
        self._rows: list[Row] = []
        self._narrow = False
        self._next = 0
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(_GAP_PX)
        self._grid.setVerticalSpacing(3)
        self._grid.setColumnStretch(1, 1)

    def add(self, text: str, field: QWidget, about: str = "") -> Row:
        """Append a line."""
        label = QLabel(text)
        label.setProperty("look", "field")
        label.setWordWrap(True)
        label.setBuddy(field)
        row = Row(label, field, Problem(), self._take_place())
        self._place(row)
        self._grid.addWidget(row.problem, row.place + 2, 0, 1, 2)
        return self._finish(row, about)

    def add_wide(self, field: QWidget, about: str = "") -> Row:
        """Append a field that takes both columns."""
        row = Row(None, field, Problem(), self._take_place())
        self._grid.addWidget(field, row.place, 0, 1, 2)
        self._grid.addWidget(row.problem, row.place + 2, 0, 1, 2)
        return self._finish(row, about)

    def add_section(self, text: str) -> QLabel:
        """Append a small heading."""
        label = QLabel(text)
        label.setProperty("look", "section")
        label.setContentsMargins(0, 10, 0, 2)
        self._grid.addWidget(label, self._take_place(), 0, 1, 2)
        return label

    def changeEvent(self, event: QEvent) -> None:
        """Keep the column of labels as wide as their texts need."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit(anew=True)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put labels above their fields where both don't fit beside each other."""
        super().resizeEvent(event)
        self._fit(anew=False)

    def minimumSizeHint(self) -> QSize:
        """As narrow as the widest field: labels can stand above."""
        widest = self._widest(row.field for row in self._rows)
        return QSize(max(widest, scaled(self._label_px)), super().minimumSizeHint().height())

    @staticmethod
    def _widest(fields: Iterable[QWidget]) -> int:
        return max((field.minimumSizeHint().width() for field in fields if not field.isHidden()), default=0)

    def _take_place(self) -> int:
        self._next += _ROWS_A_LINE
        return self._next

    def _fit(self, *, anew: bool) -> None:
        beside = self._widest(row.field for row in self._rows if row.label is not None)
        narrow = self.width() < scaled(self._label_px) + _GAP_PX + beside
        if anew or narrow != self._narrow:
            self._narrow = narrow
            for row in self._rows:
                self._place(row)

    def _place(self, row: Row) -> None:
        if row.label is None:
            return
        self._grid.removeWidget(row.label)
        self._grid.removeWidget(row.field)
        if self._narrow:
            row.label.setMinimumWidth(0)
            row.label.setMaximumWidth(_WIDEST_PX)
            self._grid.addWidget(row.label, row.place, 0, 1, 2)
            self._grid.addWidget(row.field, row.place + 1, 0, 1, 2)
        else:
            row.label.setFixedWidth(scaled(self._label_px))  # forms above each other keep one edge
            self._grid.addWidget(row.label, row.place, 0, Qt.AlignmentFlag.AlignVCenter)
            self._grid.addWidget(row.field, row.place, 1)

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
    """Let Tab go through a form as one reads it; fields made later would else come last.

    What hands the focus on to its own part moves along with it: left behind, it would lead Tab back to there.
    """
    stops = [
        widget
        for widget in _in_place(form.layout())
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus or widget.focusProxy() is not None
    ]
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
    inner = _Column(content)
    inner.setContentsMargins(EDGE_PX, 4, EDGE_PX, EDGE_PX)
    inner.setSpacing(6)
    inner.setAlignment(Qt.AlignmentFlag.AlignTop)
    return inner


def hidden_px(panel: QWidget) -> int:
    """How much of a panel one has to scroll to."""
    return sum(area.verticalScrollBar().maximum() for area in panel.findChildren(_Area))


class _Column(QVBoxLayout):
    """Lies at the top, as high as its texts need at this width.

    Qt gives a layout that lies at the top no more height than its hint, which is that of a wider one: where
    texts wrap, all the fields would be squeezed.
    """

    def sizeHint(self) -> QSize:
        hint, whole = super().sizeHint(), self.parentWidget()
        if whole is not None and self.hasHeightForWidth():
            hint.setHeight(max(hint.height(), self.heightForWidth(whole.width())))
        return hint


class _Area(QScrollArea):
    """Scrolls, as any does, to where Tab leads within it, and also to where Tab comes in from outside."""

    def __init__(self) -> None:
        super().__init__()
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self._on_focus)

    def minimumSizeHint(self) -> QSize:
        """As wide as what scrolls: it scrolls up and down only."""
        least, content = super().minimumSizeHint(), self.widget()
        if content is not None:
            least.setWidth(content.minimumSizeHint().width() + self.verticalScrollBar().sizeHint().width())
        return least

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Ask for more room when what scrolls needs it."""
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)

    @Slot(QWidget, QWidget)
    def _on_focus(self, _: QWidget | None, now: QWidget | None) -> None:
        if now is not None and self.isAncestorOf(now) and now.visibleRegion().isEmpty():
            self.ensureWidgetVisible(now)


def caption(text: str = "") -> QLabel:
    """A small quiet text that may take several lines."""
    return Wrapped(text, "caption")
