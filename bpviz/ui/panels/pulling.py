"""Numbers that are pulled: by a drag to a side, in fine steps with Shift, in coarse ones with Ctrl."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

FINE: Final = 0.1
COARSE: Final = 10.0
_STEP_PX: Final = 6


def size_of(keys: Qt.KeyboardModifier) -> float:
    """How large a step is while some keys are held."""
    if keys & Qt.KeyboardModifier.ShiftModifier:
        return FINE
    return COARSE if keys & Qt.KeyboardModifier.ControlModifier else 1.0


@dataclass
class Pull:
    """A number under a pressed button.

    Attributes:
        x: Where the last step was made, in pixels.
        value: After it.
        begun: The pointer has gone so far that it is no click.
        over: Escape gave it up; the button is still down.
    """

    x: float
    value: float
    begun: bool = False
    over: bool = False

    def drag(self, x: float, step: Callable[[float, int], float]) -> bool:
        """Follow the pointer, and return whether the number may be another one.

        Args:
            x: Where it is.
            step: The next number in a direction.
        """
        if not self.begun and not self.over and abs(x - self.x) >= QApplication.startDragDistance():
            self.begun, self.x = True, x  # the way that told it from a click makes no steps
        if not self.begun or self.over:
            return False
        direction = 1 if x > self.x else -1
        count = int(abs(x - self.x) / _STEP_PX)
        for _ in range(count):
            self.value = step(self.value, direction)
        self.x += count * direction * _STEP_PX
        return count > 0
