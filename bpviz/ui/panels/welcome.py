"""The welcome page: three first steps, and every example with what to look at."""

from __future__ import annotations

from functools import partial
from typing import Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QVBoxLayout, QWidget

from bpviz.model.examples import EXAMPLES
from bpviz.ui.keys import write_keys
from bpviz.ui.panels.form import panel_layout
from bpviz.ui.theme import scaled

_STEPS: Final = (
    ("Play", "Press {}. Links grow blue where a weight is positive, orange where it is negative.", ("play",)),
    (
        "Draw",
        "Drag from the right edge of a node to another to connect them. {} removes what is selected.",
        ("delete",),
    ),
    ("Look", "{} walks through one step: forward, loss, backward, update.", ("step_phase",)),
)
_MOST_COLUMNS: Final = 3
_CARD_PX: Final = 200  # a card is hardly narrower


class Welcome(QWidget):
    """A page, never in the way.

    Signals:
        example_chosen: (str), the example's name.
    """

    example_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        layout = panel_layout(self)
        layout.setContentsMargins(32, 24, 32, 24)
        layout.setSpacing(12)
        layout.addWidget(_label("See backpropagation happen", "headline"))
        steps = QGridLayout()
        steps.setHorizontalSpacing(16)
        steps.setColumnStretch(1, 1)
        for at, (word, text, commands) in enumerate(_STEPS):
            steps.addWidget(_label(word, "title"), at, 0, Qt.AlignmentFlag.AlignTop)
            line = _label("", "body")
            write_keys(line, text, *commands)
            steps.addWidget(line, at, 1)
        layout.addLayout(steps)
        layout.addWidget(_label("Examples", "title"))
        self._grid = QGridLayout()
        self._grid.setSpacing(12)
        self._columns = 0
        self._cards: list[Card] = []
        for example in EXAMPLES.values():
            card = Card(example.label, example.about)
            card.setObjectName(f"example-{example.name}")
            card.clicked.connect(partial(self.example_chosen.emit, example.name))
            self._cards.append(card)
        self._arrange(_MOST_COLUMNS)
        layout.addLayout(self._grid)

    def minimumSizeHint(self) -> QSize:
        """One card wide: where there is more room, more stand beside each other."""
        return QSize(scaled(_CARD_PX), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put as many cards beside each other as can be read."""
        super().resizeEvent(event)
        self._arrange(min(max(self.width() // scaled(_CARD_PX), 1), _MOST_COLUMNS))

    def _arrange(self, columns: int) -> None:
        if columns == self._columns:
            return
        self._columns = columns
        for at, card in enumerate(self._cards):
            self._grid.addWidget(card, at // columns, at % columns)
        for at in range(_MOST_COLUMNS):
            self._grid.setColumnStretch(at, int(at < columns))


class Card(QFrame):
    """A title and a few lines that can be clicked, or opened by Return.

    Signals:
        clicked: It was chosen.
    """

    clicked = Signal()

    def __init__(self, title: str, about: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", "card")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(title)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 10, 12, 10)
        layout.setSpacing(4)
        heading = QLabel(title)
        heading.setProperty("look", "section")
        layout.addWidget(heading)
        layout.addWidget(_label(about, "caption"))
        layout.addStretch(1)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click inside chooses it."""
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.clicked.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return chooses it."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.clicked.emit()
        else:
            super().keyPressEvent(event)


def _label(text: str, look: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("look", look)
    label.setWordWrap(True)
    return label
