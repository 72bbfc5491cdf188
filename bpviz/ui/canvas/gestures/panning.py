"""Moving the sheet under the window."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF

from bpviz.ui.canvas.gestures.gesture import Motion


class Pan:
    """Moves the sheet under the window."""

    def __init__(self, scroll: Callable[[QPointF], None], begin: QPointF) -> None:
        """Begin.

        Args:
            scroll: Moves the view so that the scene's point that was at ``begin`` is under the pointer again.
            begin: A point of the scene.
        """
        self._scroll, self._begin = scroll, begin

    def drag(self, motion: Motion) -> None:
        self._scroll(self._begin - motion.point)

    def drop(self, motion: Motion) -> None:
        """Stay where it is."""

    def cancel(self) -> None:
        """Stay where it is."""
