"""What a step computes at one node or connection, as rows of figures that line up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from bpviz.ui.listing import Group, Line
from bpviz.ui.numbers import signed
from bpviz.ui.theme import Theme, scaled

_DECIMALS: Final = 9  # textbooks print worked examples to nine digits, to be compared with these
_ABOVE_PX: Final = 8  # between groups


class Numbers(QWidget):
    """Two columns, what it is and its value, under captions; what is not computed yet has an empty place."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._layout = QGridLayout(self)
        self._layout.setContentsMargins(0, 4, 0, 0)
        self._layout.setVerticalSpacing(6)
        self._layout.setColumnStretch(0, 1)
        self._rows: list[tuple[QLabel, QLabel]] = []

    def show_groups(self, groups: Sequence[Group]) -> None:
        """Show numbers; none hides everything."""
        shown = [row for group in groups for row in self._rows_of(group)]
        # Else Qt lays out all that is around with each row that comes to be seen.
        self._layout.setEnabled(False)
        while len(self._rows) < len(shown):
            self._append()
        for at, (label, number) in enumerate(self._rows):
            used = at < len(shown)
            label.setVisible(used)
            number.setVisible(used)
            if used:
                self._lead(at, alone=shown[at][1] is None)
                _write(label, number, *shown[at], first=at == 0)
        self._layout.setEnabled(True)
        self._layout.activate()  # what asked for it meanwhile was not heard

    @property
    def texts(self) -> dict[str, str]:
        """What is shown, by label; captions have no number."""
        return {label.text(): number.text() for label, number in self._rows if label.isVisibleTo(self)}

    @staticmethod
    def _rows_of(group: Group) -> Iterator[tuple[str, Line | None]]:
        if group.title:
            yield group.title, None
        for line in group.lines:
            yield line.label(group.whose), line

    def _lead(self, at: int, *, alone: bool) -> None:
        """Let a caption have the whole width, so that none makes the panel wider than its numbers do."""
        label, _ = self._rows[at]
        if (label.property("look") == "section") != alone:
            self._layout.removeWidget(label)
            self._layout.addWidget(label, at, 0, 1, 2 if alone else 1)

    def _append(self) -> None:
        label, number = QLabel(), QLabel()
        number.setFont(self._theme.font())
        number.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        number.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        at = len(self._rows)
        self._layout.addWidget(label, at, 0)
        self._layout.addWidget(number, at, 1)
        self._rows.append((label, number))


def _write(label: QLabel, number: QLabel, text: str, line: Line | None, *, first: bool) -> None:
    """Write a number, or a caption where there is none."""
    look = "section" if line is None else "field"
    if label.property("look") != look:
        label.setProperty("look", look)
        label.style().polish(label)
    label.setContentsMargins(0, scaled(_ABOVE_PX) if line is None and not first else 0, 0, 0)
    value = None if line is None else line.value
    label.setText(text)
    number.setText("" if value is None else signed(value, _DECIMALS))
    for widget in (label, number):
        widget.setToolTip("" if line is None else line.about)
