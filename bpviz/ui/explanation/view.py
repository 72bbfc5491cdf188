"""A page of formulas whose numbers are links, for the mouse and for the keyboard."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent

from bpviz.ui.explanation.page_view import PageView


class FormulaView(PageView):
    """Leads through a page: Tab and arrows from link to link, Return follows one, Backspace leads back.

    Signals:
        followed: (int), a link was chosen; a number of a leaf.
        asked: (int), a number was chosen that leads nowhere, or is hidden: somebody wants to work it out.
        back_wanted: Back to what led here.
    """

    followed = Signal(int)
    asked = Signal(int)
    back_wanted = Signal()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        leaf, is_number = self.leaf_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and leaf is not None:
            self._choose(leaf, is_number=is_number)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in _STEPS and self._stops:
            self.focus_on(_beside(self._stops, self._focused, _STEPS[key], wraps=True))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._focused is not None:
            goes_in = event.modifiers() & Qt.KeyboardModifier.ControlModifier
            self._choose(self._focused, is_number=not goes_in)
        elif key == Qt.Key.Key_Backspace:
            self.back_wanted.emit()
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Backspace leads back here; in the window it deletes what is selected."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Backspace
        ):
            event.accept()
            return True
        return super().event(event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab leads through the links first; while numbers are hidden, from field to field."""
        stop, step = self._focused, 1 if forward else -1
        while (stop := _beside(self._stops, stop, step, wraps=False)) is not None:
            if not self.gaps.hidden or stop in self.gaps.hidden:
                break
        self.focus_on(stop)
        if stop is None:
            return super().focusNextPrevChild(forward)
        if stop in self.gaps.hidden:
            self.asked.emit(stop)
        return True

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() != Qt.FocusReason.MouseFocusReason and self._stops and self._focused is None:
            backwards = event.reason() == Qt.FocusReason.BacktabFocusReason
            self.focus_on(self._stops[-1 if backwards else 0])

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.focus_on(None)

    def _choose(self, leaf: int, *, is_number: bool) -> None:
        """Go to a number; one that is hidden, or leads nowhere, is to be worked out."""
        if leaf in self._links and not (is_number and leaf in self.gaps.hidden):
            self.followed.emit(leaf)
        else:
            self.asked.emit(leaf)


def _beside(links: list[int], focused: int | None, step: int, *, wraps: bool) -> int | None:
    """The link after the one in focus, or before it."""
    if not links:
        return None
    if focused not in links:
        return links[0 if step > 0 else -1] if wraps else None
    at = links.index(focused) + step
    return links[at % len(links)] if 0 <= at < len(links) or wraps else None


_STEPS: Final[Mapping[int, int]] = {
    Qt.Key.Key_Left: -1,
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_Right: 1,
    Qt.Key.Key_Down: 1,
}
