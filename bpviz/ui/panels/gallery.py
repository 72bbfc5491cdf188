"""Every example as a card, with a field to find them by name, text or tag."""

from __future__ import annotations

from functools import partial
from typing import Final

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from bpviz.model.examples import EXAMPLES, Example
from bpviz.ui.panels.gradually import Gradually
from bpviz.ui.panels.miniature import miniature
from bpviz.ui.theme import Theme

_MOST_COLUMNS: Final = 3
_CARD_PX: Final = 200  # a card is hardly narrower
_PICTURE_PX: Final = QSize(72, 48)


class Gallery(QWidget):
    """Cards of examples, those that answer to what is typed.

    Signals:
        chosen: (str), an example's name.
    """

    chosen = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.search = QLineEdit()
        self.search.setPlaceholderText("Find by name, author, size or tag: mazur, skip, 2-2-1, playground…")
        self.search.setAccessibleName("Find examples")
        self.search.textChanged.connect(self._on_typed)
        self.search.returnPressed.connect(self._on_return)
        self.nothing = label("", "caption")
        self.nothing.hide()
        self._grid = QGridLayout()
        self._grid.setSpacing(12)
        self._columns = _MOST_COLUMNS
        # Shown without a parent, each would be a window of its own for a moment.
        self.cards = {example.name: Card(example, theme, self) for example in EXAMPLES.values()}
        for name, card in self.cards.items():
            card.clicked.connect(partial(self.chosen.emit, name))
        self._found = tuple(self.cards)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addWidget(self.search)
        layout.addWidget(self.nothing)
        layout.addLayout(self._grid)
        layout.addStretch(1)
        self._arrange()
        self._pictures = Gradually(self.cards, lambda name: self.cards[name].draw(), self)
        theme.changed.connect(self._pictures.again)

    @property
    def found(self) -> tuple[str, ...]:
        """Names of the examples in sight."""
        return self._found

    def minimumSizeHint(self) -> QSize:
        """One card wide: where there is more room, more stand beside each other."""
        return QSize(self._theme.scaled(_CARD_PX), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put as many cards beside each other as can be read."""
        super().resizeEvent(event)
        columns = min(max(self.width() // self._theme.scaled(_CARD_PX), 1), _MOST_COLUMNS)
        if columns != self._columns:
            self._columns = columns
            self._arrange()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Begin to draw pictures with the first look at them."""
        super().paintEvent(event)
        self._pictures.look()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc shows all of them again."""
        if event.key() == Qt.Key.Key_Escape and self.search.text():
            self.search.clear()
        else:
            super().keyPressEvent(event)

    @Slot(str)
    def _on_typed(self, text: str) -> None:
        words = text.split()
        self._found = tuple(
            example.name for example in EXAMPLES.values() if all(example.answers(word) for word in words)
        )
        self.nothing.setText("" if self._found else "No example answers to that; try fewer words.")
        self.nothing.setVisible(not self._found)
        self._arrange()

    @Slot()
    def _on_return(self) -> None:
        if self.search.text().strip() and self._found:
            self.chosen.emit(self._found[0])

    def _arrange(self) -> None:
        for name, card in self.cards.items():
            self._grid.removeWidget(card)
            card.setVisible(name in self._found)
        for at, name in enumerate(self._found):
            self._grid.addWidget(self.cards[name], at // self._columns, at % self._columns)
        for at in range(_MOST_COLUMNS):
            self._grid.setColumnStretch(at, int(at < self._columns))


class Card(QFrame):
    """One example: its network, its title, its tags and what to look at; clicked, or opened by Return.

    Signals:
        clicked: It was chosen.
    """

    clicked = Signal()

    def __init__(self, example: Example, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._example, self._theme = example, theme
        self.setObjectName(f"example-{example.name}")
        self.setProperty("look", "card")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(example.label)
        self.setAccessibleDescription(example.about)
        self.picture = QLabel()
        theme.size(self.picture, _PICTURE_PX.width(), _PICTURE_PX.height())
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(self.picture)
        head.addWidget(label(example.label, "section"), 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 10, 12, 10)
        layout.setSpacing(6)
        layout.addLayout(head)
        layout.addWidget(label(example.about, "caption"))
        layout.addStretch(1)
        layout.addWidget(label(" · ".join(example.tags), "caption"))

    def draw(self) -> None:
        """Draw the network."""
        size = QSize(self._theme.scaled(_PICTURE_PX.width()), self._theme.scaled(_PICTURE_PX.height()))
        self.picture.setPixmap(miniature(self._example.build().network, self._theme, size))

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


def label(text: str, look: str) -> QLabel:
    """A text that breaks into lines."""
    made = QLabel(text)
    made.setProperty("look", look)
    made.setWordWrap(True)
    return made
