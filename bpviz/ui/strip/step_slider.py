"""Winding a run by keys, by a hand, and by whatever else moves a slider of Qt's, such as a screen reader."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractSlider, QWidget

from bpviz.training.timeline_view import TimelineView
from bpviz.ui.strip.hand import Hand

_PAGES: Final = 10
_MOST_UNITS: Final = 2**30  # Qt counts a slider's steps in 32 bits
_KEYS: Final = {
    Qt.Key.Key_Left.value: (False, -1),
    Qt.Key.Key_Right.value: (False, 1),
    Qt.Key.Key_PageUp.value: (True, -1),
    Qt.Key.Key_PageDown.value: (True, 1),
}
"""By key whether it goes a tenth of the run or a step, and where to."""


class StepSlider(QAbstractSlider):
    """Stands at a step of a run and asks for others; what it looks like, its heirs say.

    To Qt, and so to screen readers, it is a slider; beyond 2**30 steps one in units of several steps.

    Signals:
        glanced: (int, as an object because Qt's own has 32 bits) while the hand is on its way.
        sought: (int, likewise) where it rests or leaves.
        end_wanted: Where the run goes on.

    Attributes:
        hand: Where it is wanted.
    """

    glanced = Signal(object)
    sought = Signal(object)
    end_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view: TimelineView | None = None
        self._step = 0
        self._following = False
        self.hand = Hand(self)
        self.hand.glanced.connect(self.glanced)
        self.hand.sought.connect(self.sought)
        self.hand.end_wanted.connect(self.end_wanted)
        self.setOrientation(Qt.Orientation.Horizontal)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Step of the run")
        self.valueChanged.connect(self._on_value)

    @property
    def step(self) -> int:
        """Where the hand wants the run to be, or the step that is shown."""
        return self._step if self.hand.wanted is None else self.hand.wanted

    def go_to(self, step: int, *, held: bool = False) -> None:
        """Ask for a step; while a key is held down at first only for about there."""
        view = self._view
        if view is None:
            return
        step = min(max(step, view.first_step), view.last_step)
        if step == self.step and (self.hand.wanted is not None or view.exact):
            return
        if held:
            self.hand.move(step)
        else:
            self.hand.drop(step)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        view = self._view
        if view is None or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            event.ignore()
        elif event.key() in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self.go_to(view.first_step if event.key() == Qt.Key.Key_Home else view.last_step)
        elif event.key() in _KEYS:
            page, direction = _KEYS[event.key()]
            far = max((view.last_step - view.first_step) // _PAGES, 1) if page else 1
            self.go_to(self.step + direction * far, held=event.isAutoRepeat())
        else:
            event.ignore()

    def sliderChange(self, change: QAbstractSlider.SliderChange) -> None:
        """Paint nothing anew: an heir knows whether a pixel differs."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        """A wheel that only passes by winds nothing."""
        event.ignore()

    def _stand(self, view: TimelineView | None, step: int) -> None:
        """Stand where the run stands."""
        self._view, self._step = view, step
        if view is None:
            self.hand.forget()
            return
        if not self.hand.holding:
            self.hand.end = view.last_step
        self.hand.follow(step, exact=view.exact, at_end=view.at_end)

    def _tell_qt(self) -> None:
        """Let screen readers know range and value."""
        view = self._view
        first, last = (0, 0) if view is None else (view.first_step, view.last_step)
        self._following = True
        self.setRange(0, (last - first) // self._unit)
        self.setValue((self.step - first) // self._unit)
        self._following = False

    @property
    def _unit(self) -> int:
        """Steps that Qt counts as one."""
        span = 0 if self._view is None else self._view.last_step - self._view.first_step
        return 1 + span // _MOST_UNITS

    @Slot(int)
    def _on_value(self, value: int) -> None:
        """Qt, or a screen reader through it, has moved the slider."""
        if not self._following and self._view is not None:
            self.go_to(self._view.first_step + value * self._unit)
