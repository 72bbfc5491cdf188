"""Drawing in pieces: whoever clicks waits for one of them at most, whatever else the window has to draw."""

from __future__ import annotations

from collections.abc import Hashable, Iterator

from PySide6.QtCore import QObject, QTimer, Slot


class Turns(QObject):
    """Does what is asked for piece by piece, each in a turn of the event loop of its own.

    Two timers would be due in the same turn, and what both drew would be painted in it, too; so all that is
    costly and comes again and again goes through one of these.  What was asked for first is done first.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._waiting: dict[Hashable, Iterator[object]] = {}
        self._timer = QTimer(self, singleShot=True, interval=0)
        self._timer.timeout.connect(self._take_one)

    def ask(self, key: Hashable, pieces: Iterator[object]) -> None:
        """Take pieces one a turn, from the coming turn on.

        Args:
            key: Whose they are; they take the place of those of the same key that were not done yet.
            pieces: Each is done when it is asked for the next one.
        """
        self._waiting[key] = pieces
        self._timer.start()

    def withdraw(self, key: Hashable) -> None:
        """Leave out what was not done yet."""
        self._waiting.pop(key, None)

    def waits(self, key: Hashable) -> bool:
        """Whether something is left to be done."""
        return key in self._waiting

    @Slot()
    def _take_one(self) -> None:
        """Do the next piece; the timer fires again after what Qt was asked for meanwhile, as to paint."""
        for key, pieces in list(self._waiting.items())[:1]:
            self._timer.start()  # also if this piece fails: then there are no more of these
            if next(pieces, self) is self and self._waiting.get(key) is pieces:
                del self._waiting[key]
