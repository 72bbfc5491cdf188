"""The fields in formulas: what is typed into them, and the gestures that hide numbers and show them again."""

from __future__ import annotations

from functools import partial
from typing import Final

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt, Signal, Slot
from PySide6.QtGui import QContextMenuEvent, QKeyEvent
from PySide6.QtWidgets import QMenu

from bpviz.training.quantities import Ref
from bpviz.ui.explanation.view import FormulaView
from bpviz.ui.line_edit import LineEdit
from bpviz.ui.theme import Theme

_BEGINS: Final = "0123456789.,-+−="
"""What begins a number: typed where the keys are at a field, it goes into that."""
_AROUND_PX: Final = 1
_LEAST_PX: Final = 22  # high
_LETTERS: Final = 0.8  # of the height of a field


class Field(LineEdit):
    """Takes a number in place of one that is hidden.

    Signals:
        left: Escape: back to the formula.
        passed: (bool), Tab: on to the next one, or back.
        followed: Into what the number is made of.
    """

    left = Signal()
    passed = Signal(bool)
    followed = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter is a signal of its own; what leads away is not typed."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        elif event.modifiers() & Qt.KeyboardModifier.ControlModifier and event.key() in _ENTERS:
            self.followed.emit()
        else:
            super().keyPressEvent(event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        self.passed.emit(forward)
        return True


_ENTERS: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class Blanks(QObject):
    """Lets numbers of a view be worked out.

    By keys: H hides the number that the keys are at, Shift+H all of the page; in a field Enter judges and
    Escape leads out of it; outside, Escape shows the number again.

    Signals:
        hide_wanted: (int), a number by its leaf; None for all of the page.
        reveal_wanted: (int), likewise.
        typed: (int, str), a number is to be judged.
        drafted: (Ref, str), a field is left; what stands in it stays, judged or not.

    Attributes:
        field: What is typed into; it stands over the number.
    """

    hide_wanted = Signal(object)
    reveal_wanted = Signal(object)
    typed = Signal(int, str)
    drafted = Signal(object, str)

    def __init__(self, view: FormulaView, theme: Theme) -> None:
        super().__init__(view)
        self._view, self._theme = view, theme
        self._leaf: int | None = None
        self._ref: Ref | None = None
        self.field = Field(view)
        self.field.setProperty("look", "gap")
        self.field.setAccessibleName("Your number")
        self.field.hide()
        self.field.returnPressed.connect(self._on_entered)
        self.field.left.connect(self._on_left)
        self.field.passed.connect(self._on_passed)
        self.field.followed.connect(self._on_followed)
        view.asked.connect(self._on_asked)
        view.shown.connect(self._follow_page)
        view.installEventFilter(self)

    @property
    def leaf(self) -> int | None:
        """The number that is typed for; None if none is."""
        return self._leaf

    def open(self, leaf: int) -> None:
        """Let somebody type a number."""
        if leaf not in self._view.gaps.hidden or self._view.field_of(leaf) is None:
            return
        if leaf != self._leaf:
            self._close()
        self._leaf, self._ref = leaf, self._view.gaps.open[leaf]
        self.field.setText(self._view.gaps.hidden[leaf].text)
        self._place()
        self.field.show()
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)
        self.field.selectAll()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take the keys of the view that hide and show, and its menu."""
        if isinstance(event, QKeyEvent) and event.type() != QEvent.Type.KeyRelease:
            takes = self._takes(event)
            if takes and event.type() == QEvent.Type.ShortcutOverride:
                event.accept()
            elif takes:
                self._press(event)
            return takes
        if isinstance(event, QContextMenuEvent):
            self._offer(event.pos(), event.globalPos(), by_keys=event.reason() == event.Reason.Keyboard)
            return True
        return super().eventFilter(watched, event)

    def _takes(self, event: QKeyEvent) -> bool:
        gaps, at = self._view.gaps, self._view.focused
        if event.modifiers() & ~(Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier):
            return False
        if event.key() == Qt.Key.Key_H:
            shifted = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            return bool(gaps.open) and (shifted or at in gaps.open)
        begins = bool(event.text()) and event.text() in _BEGINS
        return at in gaps.hidden and (begins or event.key() == Qt.Key.Key_Escape)

    def _press(self, event: QKeyEvent) -> None:
        at = self._view.focused
        if event.key() == Qt.Key.Key_H and event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            (self.reveal_wanted if self._view.gaps.masked else self.hide_wanted).emit(None)
        elif event.key() == Qt.Key.Key_H:
            (self.reveal_wanted if at in self._view.gaps.hidden else self.hide_wanted).emit(at)
        elif event.key() == Qt.Key.Key_Escape:
            self.reveal_wanted.emit(at)
        elif at is not None:
            self.open(at)
            self.field.setText(event.text())

    def menu_at(self, leaf: int | None) -> QMenu:
        """Make the menu of a number."""
        gaps, menu = self._view.gaps, QMenu(self._view)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if leaf in self._view.links:
            menu.addAction("How it comes about", partial(self._view.followed.emit, leaf))
        if leaf in gaps.hidden:
            menu.addAction("Show this number", partial(self.reveal_wanted.emit, leaf))
        elif leaf in gaps.open:
            menu.addAction("Hide this number and work it out", partial(self.hide_wanted.emit, leaf))
        if len(gaps.hidden) < len(gaps.open):
            menu.addAction("Hide all numbers of this page", partial(self.hide_wanted.emit, None))
        if gaps.masked:
            menu.addAction("Show all numbers", partial(self.reveal_wanted.emit, None))
        return menu

    def _offer(self, place: QPoint, on_screen: QPoint, *, by_keys: bool) -> None:
        leaf = self._view.focused if by_keys else self._view.leaf_at(QPointF(place))[0]
        menu = self.menu_at(leaf)
        if not menu.isEmpty():
            menu.popup(on_screen)

    @Slot(int)
    def _on_asked(self, leaf: int) -> None:
        """What is hidden is typed; what is not yet, and leads nowhere, is hidden first."""
        if leaf in self._view.gaps.hidden:
            self.open(leaf)
        else:
            self.hide_wanted.emit(leaf)

    @Slot()
    def _on_entered(self) -> None:
        if self._leaf is not None and self.field.text().strip():
            self.typed.emit(self._leaf, self.field.text().strip())

    @Slot()
    def _on_left(self) -> None:
        leaf = self._close()
        self._view.setFocus(Qt.FocusReason.OtherFocusReason)
        self._view.focus_on(leaf)

    @Slot(bool)
    def _on_passed(self, forward: bool) -> None:
        self._on_left()
        self._view.focusNextPrevChild(forward)

    @Slot()
    def _on_followed(self) -> None:
        leaf = self._leaf
        self._on_left()
        if leaf in self._view.links:
            self._view.followed.emit(leaf)

    @Slot()
    def _follow_page(self) -> None:
        """Stay over the number while it is hidden; go where it is found out."""
        if self._leaf is None:
            return
        gaps = self._view.gaps
        guess = gaps.hidden.get(self._leaf) if gaps.open.get(self._leaf) == self._ref else None
        if guess is None or guess.accepted or self._view.field_of(self._leaf) is None:
            if self.field.hasFocus():
                self._on_left()
            else:
                self._close()
        else:
            self._place()

    def _close(self) -> int | None:
        leaf, self._leaf = self._leaf, None
        if leaf is not None:
            self.field.hide()
            self.drafted.emit(self._ref, self.field.text().strip())
        return leaf

    def _place(self) -> None:
        rect = self._view.field_of(self._leaf) if self._leaf is not None else None
        if rect is not None:
            font, least = self._theme.font("body"), self._theme.scaled(_LEAST_PX)
            font.setPixelSize(max(round(rect.height() * _LETTERS), font.pixelSize()))
            more = max(least - rect.height(), 0) / 2 + _AROUND_PX  # an index has room for less
            self.field.setFont(font)
            around = rect.adjusted(-_AROUND_PX, -more, _AROUND_PX, more).toAlignedRect()
            around.moveBottom(min(around.bottom(), self._view.height() - 1))
            self.field.setGeometry(around)
