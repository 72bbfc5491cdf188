"""All lines of a timeline as a small tree, and earlier runs below, in a window that pops up."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPoint, QRect, Qt, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from bpviz.training.snapshot import Snapshot
from bpviz.ui.onscreen import fit_into
from bpviz.ui.strip.branch_tree import BranchTree
from bpviz.ui.theme import Theme

_WIDTH_PX: Final = 440
_MOST_ROWS: Final = 12
_FEWEST_ROWS: Final = 3
_GAP_PX: Final = 4
_HINT: Final = "Enter switches, F2 renames, Delete removes"


class BranchesPopup(QFrame):
    """The tree, and a line that says what its keys do, or why something can't be.

    Attributes:
        tree: What it holds, and asks for what is wanted.
        note: The line below.
    """

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self._theme = theme
        self._snapshot: Snapshot | None = None
        self.setProperty("look", "popup")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.tree = BranchTree(theme)
        self.note = QLabel(_HINT)
        self.note.setProperty("look", "caption")
        self.note.setContentsMargins(8, 2, 8, 4)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        column.addWidget(self.tree, 1)
        column.addWidget(self.note)
        self.setFocusProxy(self.tree)
        self.tree.switched.connect(self.hide)
        self.tree.refused.connect(self.note.setText)
        self.tree.currentItemChanged.connect(self._hint)

    @Slot()
    def begin_anew(self) -> None:
        """Another project comes."""
        self.hide()
        self._snapshot = None
        self.tree.clear_all()

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show the lines and runs of a snapshot, while it is open; else once it opens."""
        self._snapshot = snapshot
        if self.isVisible():
            self.tree.show_snapshot(snapshot)

    def open_at(self, button: QWidget) -> None:
        """Open above a button, or below where there is no room, with the keys at the present line."""
        if self._snapshot is None:
            return
        self.tree.show_snapshot(self._snapshot)
        self.tree.point_at_present()
        self._hint()
        self.setGeometry(self._place(button))
        self.show()
        self.tree.setFocus(Qt.FocusReason.PopupFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape closes it, wherever the focus is."""
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
        else:
            super().keyPressEvent(event)

    def _place(self, button: QWidget) -> QRect:
        gap = self._theme.scaled(_GAP_PX)
        self.ensurePolished()
        rows = min(max(self.tree.row_count, _FEWEST_ROWS), _MOST_ROWS)
        height = self.tree.height_of(rows) + self.note.sizeHint().height() + 2
        corner = button.mapToGlobal(QPoint(button.width(), 0))
        place = QRect(0, 0, self._theme.scaled(_WIDTH_PX), height)
        place.moveBottomRight(corner - QPoint(0, gap))
        room = button.screen().availableGeometry()
        if place.top() < room.top():
            place.moveTop(corner.y() + button.height() + gap)
        return fit_into(room, place)

    @Slot()
    def _hint(self) -> None:
        self.note.setText(_HINT)
