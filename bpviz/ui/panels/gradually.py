"""Pictures that are drawn one by one once somebody looks, so that nobody has to wait for all."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from PySide6.QtCore import QObject, QTimer, Slot


class Gradually(QObject):
    """Draws each of some things in a turn of the event loop of its own.

    A widget calls `look` whenever it is painted: the window opens without pictures.
    """

    def __init__(self, things: Mapping[str, object], draw: Callable[[str], object], parent: QObject) -> None:
        """Draw nothing yet.

        Args:
            things: What is drawn, by its name; it may grow until somebody looks.
            draw: Draws one, from its name.
            parent: Whose pictures they are.
        """
        super().__init__(parent)
        self._things, self._draw = things, draw
        self._seen = False
        self._left: Iterator[str] = iter(())
        self._timer = QTimer(self, interval=0)
        self._timer.timeout.connect(self._draw_next)

    @property
    def busy(self) -> bool:
        """Whether some are still to be drawn."""
        return self._timer.isActive()

    def look(self) -> None:
        """Somebody looks; with the first look it begins."""
        if not self._seen:
            self._seen = True
            self.again()

    @Slot()
    def again(self) -> None:
        """Draw all of them anew, if anybody has looked yet."""
        if self._seen:
            self._left = iter(tuple(self._things))
            self._timer.start()

    @Slot()
    def _draw_next(self) -> None:
        for name in self._left:
            self._draw(name)
            return
        self._timer.stop()
