"""The command palette: everything that can be done, found by words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHeaderView,
    QLabel,
    QLineEdit,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from bpviz.errors import counted
from bpviz.ui.commands.live import LiveCommands, Offer
from bpviz.ui.texts import wanted_words
from bpviz.ui.theme import Theme, scaled

_WANTED_PX: Final = QSize(820, 480)
_NAME_PX: Final = 300
_ROW_PX: Final = 26
_LISTED: Final = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)


def found(offers: Sequence[Offer], words: str) -> list[Offer]:
    """Return what all of some words occur in: best names first, what can't be done after what can."""
    wanted = wanted_words(words)

    def rank(offer: Offer) -> int | None:
        name, rest = offer.label.casefold(), f"{offer.menu} {offer.about}".casefold()
        total = 0
        for word in wanted:
            if word in name:
                begins = f" {name}".find(f" {word}") >= 0
                total += 0 if name.startswith(word) else 1 if begins else 2
            elif word in rest:
                total += 4
            else:
                return None
        return total

    ranked = ((rank(offer), offer) for offer in offers)
    hits = [(place, offer) for place, offer in ranked if place is not None]
    # Stable: of equals those that stand first in the menus, and commands before what they offer.
    hits.sort(key=lambda hit: (bool(hit[1].why_not) and bool(wanted), hit[0], hit[1].part))
    return [offer for _, offer in hits]


class Palette(QDialog):
    """Searches what can be done; Return runs it, once the dialog is closed.

    Attributes:
        search: The words.
        list: What they are found in.
    """

    def __init__(self, live: LiveCommands, others: Sequence[Offer], theme: Theme, parent: QWidget) -> None:
        """Make the palette.

        Args:
            live: All commands.
            others: What else can be done.
            theme: For the colors of what can't be done.
            parent: The window.
        """
        super().__init__(parent)
        self.setWindowTitle("Find a command")
        self._offers, self._theme = [*live.offers(), *others], theme
        self._shown: list[Offer] = []
        self._chosen: Offer | None = None
        self.search = QLineEdit()
        self.search.setPlaceholderText("Words, such as: add layer, spiral, loss")
        self.search.setAccessibleName("Words of a command")
        self.search.setClearButtonEnabled(True)
        self.list = QTreeWidget()
        self.list.setAccessibleName("Commands")
        self.list.setColumnCount(3)
        self.list.setHeaderHidden(True)
        self.list.setRootIsDecorated(False)
        self.list.setUniformRowHeights(True)
        self.list.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        header = self.list.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Interactive)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(2, QHeaderView.ResizeMode.ResizeToContents)
        header.resizeSection(0, scaled(_NAME_PX))
        self.told = QLabel()
        self.told.setProperty("look", "caption")
        self.told.setWordWrap(True)
        layout = QVBoxLayout(self)
        for widget in (self.search, self.list, self.told):
            layout.addWidget(widget)
        self.search.installEventFilter(self)
        self.search.textChanged.connect(self._fill)
        self.search.returnPressed.connect(self._on_return)
        self.list.itemActivated.connect(self._on_return)
        self.list.currentItemChanged.connect(self._tell)
        self._fill()
        self.resize(self.sizeHint())

    def sizeHint(self) -> QSize:
        """Room for a dozen commands, or what the screen has."""
        room = self.screen().availableGeometry().size() * 0.9
        return QSize(scaled(_WANTED_PX.width()), scaled(_WANTED_PX.height())).boundedTo(room)

    @property
    def labels(self) -> list[str]:
        """What is listed."""
        return [offer.label for offer in self._shown]

    def run_chosen(self) -> None:
        """Do what was chosen, if anything was."""
        if self._chosen is not None:
            self._chosen.run()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Lead up and down in the list while words are typed."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() in _LISTED:
            self.list.event(event)
            return True
        return super().eventFilter(watched, event)

    @Slot()
    def _fill(self) -> None:
        self.list.clear()  # first: while rows go, another one may be current, which is looked up
        self._shown = found(self._offers, self.search.text())
        faint = self._theme.color("secondary")
        for offer in self._shown:
            row = QTreeWidgetItem([offer.label, offer.why_not or offer.about, offer.keys])
            row.setForeground(1, faint)
            row.setTextAlignment(2, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            if offer.why_not:
                for column in range(3):
                    row.setForeground(column, self._theme.color("disabled" if column != 1 else "secondary"))
            row.setToolTip(1, offer.why_not or offer.about)
            row.setSizeHint(0, QSize(0, scaled(_ROW_PX)))
            self.list.addTopLevelItem(row)
        first = self.list.topLevelItem(0)
        if first is not None:
            self.list.setCurrentItem(first)
        self._tell()

    @Slot()
    def _tell(self) -> None:
        offer = self._current
        if offer is None:
            self.told.setText("No command has all of these words; try fewer.")
        elif offer.why_not:
            self.told.setText(f"Not now: {offer.why_not}")
        else:
            place = f"{offer.menu} menu. " if offer.menu else ""
            self.told.setText(f"{place}Return runs it. {counted(len(self._shown), 'command')} found.")

    @Slot()
    def _on_return(self) -> None:
        offer = self._current
        if offer is not None and not offer.why_not:
            self._chosen = offer
            self.accept()

    @property
    def _current(self) -> Offer | None:
        row = self.list.currentItem()
        return None if row is None else self._shown[self.list.indexOfTopLevelItem(row)]
