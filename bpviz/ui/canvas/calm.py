"""When the picture may move by itself: not while a hand is near."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal, Slot

CALM_MS: Final = 1000
"""After the pointer left, so long it may be on its way back."""


class Calm(QObject):
    """Knows whether a hand is near, and keeps for later what would move things under it.

    Signals:
        came: The hand is gone, and something was put off until now.
    """

    came = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._near = self._owed = False
        self._timer = QTimer(self, singleShot=True, interval=CALM_MS)
        self._timer.timeout.connect(self.rest)

    @property
    def near(self) -> bool:
        """Whether a hand is here, or was a moment ago."""
        return self._near

    @Slot()
    def approach(self) -> None:
        """The pointer does something here."""
        self._near = True
        self._timer.stop()

    @Slot()
    def withdraw(self) -> None:
        """The pointer left."""
        if self._near:
            self._timer.start()

    @Slot()
    def rest(self) -> None:
        """No hand is near: do what was put off."""
        self._timer.stop()
        self._near = False
        if self._owed:
            self._owed = False
            self.came.emit()

    def put_off(self) -> None:
        """Something waits until it is calm."""
        self._owed = True

    def forget(self) -> None:
        """What waited was done."""
        self._owed = False
