"""The page that offers work back which no file holds, because bpviz ended before it could be saved."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from bpviz.files.autosave import KEPT_DAYS, Leftover
from bpviz.ui.numbers import count
from bpviz.ui.panels.form import panel_layout
from bpviz.ui.panels.labels import Elided
from bpviz.ui.texts import name_text

_INTRODUCTION: Final = (
    "bpviz ended before this was saved, but had kept it by itself. What you restore opens as unsaved work; "
    f"what you leave here is offered again at the next start, for {KEPT_DAYS} days."
)


class RecoveryPage(QWidget):
    """A page, never in the way; a card for each piece of work.

    Signals:
        restore_wanted: (Leftover).
        discard_wanted: (Leftover).
    """

    restore_wanted = Signal(object)
    discard_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.cards: dict[str, QFrame] = {}
        self._layout = panel_layout(self)
        self._layout.setContentsMargins(32, 24, 32, 24)
        self._layout.setSpacing(12)
        for text, look in (("Unsaved work", "headline"), (_INTRODUCTION, "body")):
            label = QLabel(text)
            label.setProperty("look", look)
            label.setWordWrap(True)
            self._layout.addWidget(label)
        self._layout.addStretch(1)

    def offer(self, leftovers: Sequence[Leftover], now: datetime) -> None:
        """Add a card for each, with the title, the moment and the file in words."""
        for leftover in leftovers:
            card = self._card(leftover, now)
            self.cards[leftover.seat] = card
            self._layout.insertWidget(self._layout.count() - 1, card)

    def remove(self, leftover: Leftover) -> bool:
        """Take a card away; whether there are others."""
        card = self.cards.pop(leftover.seat)
        self._layout.removeWidget(card)
        card.deleteLater()
        return bool(self.cards)

    def _card(self, leftover: Leftover, now: datetime) -> QFrame:
        card = QFrame()
        card.setProperty("look", "card")
        row = QHBoxLayout(card)
        row.setContentsMargins(12, 10, 12, 10)
        row.setSpacing(8)
        texts = QVBoxLayout()
        texts.setSpacing(4)
        title, kept, belongs = described(leftover, now)
        name, moment, place = Elided(), QLabel(kept), Elided()  # names may be longer than any card
        name.show_sentence(title)
        moment.setWordWrap(True)
        place.show_sentence(belongs)
        for label, look in ((name, "title"), (moment, "caption"), (place, "caption")):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setProperty("look", look)
            texts.addWidget(label)
        row.addLayout(texts, 1)
        for text, signal in (("Restore", self.restore_wanted), ("Discard", self.discard_wanted)):
            button = QPushButton(text)
            button.setAccessibleName(f"{text} {name_text(leftover.owner.title)}")
            button.clicked.connect(partial(signal.emit, leftover))
            row.addWidget(button)
        return card


def described(leftover: Leftover, now: datetime) -> tuple[str, str, str]:
    """Say what it is, from when, and which file it belongs to."""
    moment = datetime.fromtimestamp(leftover.at).astimezone()
    step = "" if leftover.step is None else f", step {count(leftover.step)}"
    path = leftover.owner.path
    belongs = "Never saved to a file" if path is None else f"Not yet in {_short(path)}"
    return leftover.owner.title, f"Kept {when(moment, now)}{step}", belongs


def when(moment: datetime, now: datetime) -> str:
    """Say when something was, as people do: ``today at 14:05``, ``on 3 November at 14:05``."""
    days = (now.date() - moment.date()).days
    if days in (0, 1):
        day = ("today", "yesterday")[days]
    else:
        # Qt sets the language of the process, and with it what strftime calls a month.
        month = QLocale.c().monthName(moment.month)
        day = f"on {moment.day} {month}" + ("" if moment.year == now.year else f" {moment.year}")
    return f"{day} at {moment:%H:%M}"


def _short(path: Path) -> str:
    """A path with the home folder as people write it."""
    home = Path.home()
    return f"~/{path.relative_to(home)}" if path.is_relative_to(home) else str(path)
