"""The small menu at the pointer that asks what begins where something was dropped."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QMenu, QWidget

from bpviz.ui.texts import menu_text


@dataclass(frozen=True, slots=True)
class Offer:
    """One thing that can be chosen.

    Attributes:
        text: What it is called.
        take: Makes it.
    """

    text: str
    take: Callable[[], object]


def offer(parent: QWidget, place: QPoint, offers: Sequence[Offer], closed: Callable[[], None]) -> QMenu:
    """Show a menu whose first entry Enter takes; Esc takes none.

    Args:
        parent: Whose menu it is.
        place: Of the screen.
        offers: What it offers, at least one thing.
        closed: Is called when it is gone, before what was chosen is made.
    """
    menu = QMenu(parent)
    menu.aboutToHide.connect(lambda: closed())  # who asked may be held by nothing else
    menu.aboutToHide.connect(menu.deleteLater)
    for entry in offers:
        action = menu.addAction(menu_text(entry.text))
        action.triggered.connect(lambda _on, take=entry.take: take())
    menu.setActiveAction(menu.actions()[0])
    menu.popup(place)
    return menu
