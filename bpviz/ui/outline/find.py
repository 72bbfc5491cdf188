"""A small field over the picture that finds layers and nodes by their names, features or places."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget

from bpviz.model.spec import Project
from bpviz.ui.document import Document
from bpviz.ui.line_edit import LineEdit
from bpviz.ui.numbers import count
from bpviz.ui.outline.rows import Item, selection_of
from bpviz.ui.outline.titles import matches
from bpviz.ui.theme import Theme

_MARGIN_PX: Final = 12
_WIDE_PX: Final = 300
_NONE: Final = "none"


class Words(LineEdit):
    """What is searched for.

    Signals:
        walked: (int), to the next match (1) or the one before (-1).
        left: By Escape.
    """

    walked = Signal(int)
    left = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk by Return, with Shift backward, and by arrows; leave by Escape."""
        back = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        steps: dict[int, int] = {
            Qt.Key.Key_Return: -1 if back else 1,
            Qt.Key.Key_Enter: -1 if back else 1,
            Qt.Key.Key_Down: 1,
            Qt.Key.Key_Up: -1,
        }
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        elif event.key() in steps:
            self.walked.emit(steps[event.key()])
        else:
            super().keyPressEvent(event)


class Find(QFrame):
    """The field and how many matches there are; hidden until it is wanted.

    Signals:
        found: (`Selection`), a match was walked to.
        left: The search is over.
    """

    found = Signal(object)
    left = Signal()

    def __init__(self, document: Document, theme: Theme, over: QWidget) -> None:
        """Make it.

        Args:
            document: What is searched.
            theme: For its size.
            over: In whose upper right corner it stands.
        """
        super().__init__(over)
        self._document, self._theme, self._over = document, theme, over
        self._matches: list[Item] = []
        self._at = -1
        self.setProperty("look", "card")
        self.words = Words()
        self.words.setPlaceholderText("Find by name or feature")
        self.words.setAccessibleName("Find a layer or node")
        self.told = QLabel()
        self.told.setProperty("look", "caption")
        self.told.setAccessibleName("Matches")
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 6, 10, 6)
        row.addWidget(self.words, 1)
        row.addWidget(self.told)
        self.words.textChanged.connect(self._search)
        self.words.walked.connect(self._walk)
        self.words.left.connect(self._leave)
        document.changed.connect(self._on_changed)
        over.installEventFilter(self)
        self.hide()

    @Slot()
    def open(self) -> None:
        """Begin a search; what was searched for stands there, to be gone on with or typed over."""
        self.show()
        self.raise_()
        self._place()
        self._search()
        self.words.selectAll()
        self.words.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay in the corner."""
        if event.type() == QEvent.Type.Resize and not self.isHidden():
            self._place()
        return super().eventFilter(watched, event)

    def _place(self) -> None:
        wide = min(self._theme.scaled(_WIDE_PX), self._over.width() - 2 * _MARGIN_PX)
        self.resize(wide, self.sizeHint().height())
        self.move(self._over.width() - _MARGIN_PX - wide, _MARGIN_PX)

    @Slot()
    def _search(self) -> None:
        self._matches = matches(self._document.project.network, self.words.text())
        self._at = -1
        self._tell()

    def _tell(self) -> None:
        found = len(self._matches)
        text = (
            f"{count(self._at + 1)} of {count(found)}" if self._at >= 0 else count(found) if found else _NONE
        )
        self.told.setText(text if self.words.text().strip() else "")

    @Slot(int)
    def _walk(self, by: int) -> None:
        if not self._matches:
            return
        first = 0 if by > 0 else len(self._matches) - 1
        self._at = first if self._at < 0 else (self._at + by) % len(self._matches)
        self._tell()
        self.found.emit(selection_of([self._matches[self._at]]))

    @Slot()
    def _leave(self) -> None:
        self.hide()
        self.left.emit()

    @Slot(object, object)
    def _on_changed(self, before: Project, after: Project) -> None:
        if before.network is not after.network and not self.isHidden():
            self._search()
