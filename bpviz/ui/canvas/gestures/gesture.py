"""What every gesture is, and what it is told of the pointer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from PySide6.QtCore import QPointF, Qt

from bpviz.ui.canvas.targets import Target


@dataclass(frozen=True, slots=True)
class Motion:
    """Where the pointer is during a gesture.

    Attributes:
        point: In the scene.
        at: What is there.
        keys: Held down now; those of the press may be up again.
        scale: Screen pixels a scene pixel.
    """

    point: QPointF
    at: Target
    keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
    scale: float = 1.0

    @property
    def free(self) -> bool:
        """Whether the key is held that suspends snapping, and going in between."""
        return bool(self.keys & Qt.KeyboardModifier.ControlModifier)

    def within(self, reach_px: float) -> float:
        """So many pixels of the screen, in the scene."""
        return reach_px / self.scale


class Gesture(Protocol):
    """What a drag does."""

    def drag(self, motion: Motion) -> None:
        """The pointer moved, or other keys are held."""

    def drop(self, motion: Motion) -> None:
        """The button was released."""

    def cancel(self) -> None:
        """It was given up; nothing stays behind, and the lifecycle brings the selection back."""
