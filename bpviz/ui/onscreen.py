"""Windows come back onto the screen: one that was left on a larger one, or at another scale, still fits."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QMargins, QRect
from PySide6.QtGui import QGuiApplication, QScreen
from PySide6.QtWidgets import QWidget

_FRAME: Final = QMargins(0, 40, 0, 0)
"""What the system draws around a window, about: how much it is is known only once it is shown."""


def bring_back(window: QWidget, *, framed: bool = True) -> bool:
    """Move a window to where all of it can be seen; returns whether it had to be made smaller, too.

    Args:
        window: It may be shown or not yet; one that fills the screen is left alone.
        framed: Whether the system draws a frame around it.
    """
    place = window.geometry()
    room = _most_seen(place).availableGeometry()
    free = room.marginsRemoved(_FRAME) if framed else room
    too_large = place.width() > free.width() or place.height() > free.height()
    if window.isMaximized() or window.isFullScreen() or (room.contains(place) and not too_large):
        return False
    window.setGeometry(fit_into(free, place))
    return too_large


def fit_into(room: QRect, place: QRect) -> QRect:
    """Move a place into a room, by as little as possible; what is larger than the room is made as large."""
    fitted = QRect(place.topLeft(), place.size().boundedTo(room.size()))
    fitted.moveLeft(min(max(fitted.left(), room.left()), room.right() - fitted.width() + 1))
    fitted.moveTop(min(max(fitted.top(), room.top()), room.bottom() - fitted.height() + 1))
    return fitted


def _most_seen(place: QRect) -> QScreen:
    """The screen that shows most of a place; the first if none does."""

    def shown(screen: QScreen) -> int:
        seen = screen.geometry() & place
        return seen.width() * seen.height()

    return max((QGuiApplication.primaryScreen(), *QGuiApplication.screens()), key=shown)
