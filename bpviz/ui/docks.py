"""Panels that dock, float, share tabs and hide, each under a slim title of its own."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final, Protocol

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QEnterEvent, QFontMetricsF, QMouseEvent
from PySide6.QtWidgets import (
    QApplication,
    QDockWidget,
    QHBoxLayout,
    QLabel,
    QMainWindow,
    QTabBar,
    QWidget,
)
from shiboken6 import getCppPointer

from bpviz.ui.quiet import QuietButton
from bpviz.ui.theme import Theme, scaled

_TITLE_PX: Final = 28
_BUTTON_PX: Final = 22
_BUTTON_ICON_PX: Final = 14
_PULL_PX: Final = 20  # beyond the bar until a tab leaves it
_ASIDE_PX: Final = 28
_FOOT_PX: Final = 16
_CLEAR_PX: Final = (12, 12, 6)  # from a pill to what stands at its left, at its right, and below
_LONGEST_PX: Final = 680


class Heading(Protocol):
    """A widget that can stand for a dock's title bar."""

    def show_title(self, *, shown: bool) -> None: ...


class Dock(QDockWidget):
    """A panel with a slim title; in tabs the tab is its title.

    Signals:
        moved: It may stand elsewhere, alone or among others.
    """

    moved = Signal()

    def __init__(
        self,
        name: str,
        title: str,
        content: QWidget,
        theme: Theme,
        parent: QMainWindow,
        heading: Heading | None = None,
    ) -> None:
        """Make the dock.

        Args:
            name: The saved layout finds it by this.
            title: On its tab, in the Window menu, and on its title bar.
            content: What it holds.
            theme: For the buttons of its title.
            parent: The window it docks to.
            heading: The content's own title bar, to be used in place of a slim one.
        """
        super().__init__(title, parent)
        self.setObjectName(name)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)  # its border shows where it floats
        self.setWidget(content)
        self._window = parent
        self._heading = heading or DockTitle(title, theme, self)
        assert isinstance(self._heading, QWidget)
        self.setTitleBarWidget(self._heading)
        self.toggleViewAction().setToolTip(f"Show or hide {title.lower()}")
        for signal in (self.visibilityChanged, self.topLevelChanged, self.dockLocationChanged):
            signal.connect(self.moved)

    def fit_title(self) -> None:
        """Say the title once: on the tab if there is one."""
        tabbed = not self.isFloating() and bool(self._window.tabifiedDockWidgets(self))
        self._heading.show_title(shown=not tabbed)

    def toggle_floating(self) -> None:
        """Float, or dock again.

        Where it would float over its own place it goes a little aside: it looked as if it had not moved, and
        lay over what took its place.
        """
        before = self.mapToGlobal(QPoint())
        self.setFloating(not self.isFloating())
        if self.isFloating() and (self.pos() - before).manhattanLength() < _ASIDE_PX:
            self.move(before + QPoint(_ASIDE_PX, _ASIDE_PX))

    def event(self, event: QEvent) -> bool:
        """A double click on the title does what its button does."""
        if isinstance(event, QMouseEvent) and event.type() == QEvent.Type.MouseButtonDblClick:
            left, place = event.button() == Qt.MouseButton.LeftButton, event.position().toPoint()
            if left and self.titleBarWidget().geometry().contains(place):
                self.toggle_floating()
                return True
        return super().event(event)

    def lead_out(self, place: QPoint) -> None:
        """Begin to drag it out of its tabs, as if by its title.

        Args:
            place: Where the pointer is, with the left button down, on the screen.
        """
        self._heading.show_title(shown=True)
        layout, title = self.layout(), self.titleBarWidget()
        assert layout is not None
        layout.activate()
        grip = title.geometry().center()
        self._feel(QEvent.Type.MouseButtonPress, grip, place)
        self._feel(QEvent.Type.MouseMove, grip + QPoint(0, 2 * QApplication.startDragDistance()), place)

    def _feel(self, kind: QEvent.Type, at: QPoint, place: QPoint) -> None:
        left = Qt.MouseButton.LeftButton
        event = QMouseEvent(kind, QPointF(at), QPointF(place), left, left, Qt.KeyboardModifier.NoModifier)
        QApplication.sendEvent(self, event)


class TabGrip(QObject):
    """Lets panels be dragged out of a bar of tabs, each by its tab."""

    def __init__(self, bar: QTabBar, window: QMainWindow) -> None:
        super().__init__(bar)
        self._window = window
        self._held: Dock | None = None
        bar.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take a panel along that is pulled well away from the bar."""
        # The bar is Qt's own: what Python held of it may have ended while it lives, so it is asked for here.
        if isinstance(event, QMouseEvent) and isinstance(watched, QTabBar):
            place = event.position().toPoint()
            match event.type():
                case QEvent.Type.MouseButtonPress:
                    left = event.button() == Qt.MouseButton.LeftButton
                    self._held = self._dock_at(watched, place) if left else None
                case QEvent.Type.MouseButtonRelease:
                    self._held = None
                case QEvent.Type.MouseMove if self._held is not None:
                    away = QApplication.startDragDistance() + _PULL_PX
                    if not watched.rect().adjusted(-away, -away, away, away).contains(place):
                        self._pull(watched, event)
                        return True
        return super().eventFilter(watched, event)

    def _dock_at(self, bar: QTabBar, place: QPoint) -> Dock | None:
        """The panel that a tab shows; Qt keeps its address there."""
        address = bar.tabData(bar.tabAt(place))
        docks = self._window.findChildren(Dock)
        return next((dock for dock in docks if getCppPointer(dock)[0] == address), None)

    def _pull(self, bar: QTabBar, event: QMouseEvent) -> None:
        assert self._held is not None
        dock, self._held = self._held, None
        # The bar's own dragging, which puts tabs in another order, ends first.
        _release(bar, event.position())
        dock.lead_out(event.globalPosition().toPoint())


class EdgeGrip(QObject):
    """Lets go of the edge between panels that is dragged, before Qt goes on with it in a layout that is gone.

    Qt keeps the layout in which a drag of an edge began, and looks panels up there until it hears that the
    button was released.  It does not if a key opened a dialog or a menu meanwhile; and where panels have
    moved since, the process ends.
    """

    def __init__(self, window: QMainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._held: QPointF | None = None
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let go where the release was missed."""
        kind = event.type()
        if kind in (QEvent.Type.WindowBlocked, QEvent.Type.WindowDeactivate):
            self.let_go()
        elif isinstance(event, QMouseEvent):
            left = Qt.MouseButton.LeftButton
            if kind == QEvent.Type.MouseButtonRelease and event.button() == left:
                self._held = None
            elif not event.buttons() & left or kind == QEvent.Type.MouseButtonPress:
                self.let_go()
            if kind == QEvent.Type.MouseButtonPress and event.button() == left:
                self._held = event.position()
        return super().eventFilter(watched, event)

    @Slot()
    def let_go(self) -> None:
        """Leave the edge where it is."""
        if self._held is None:
            return
        at, self._held = self._held, None
        _release(self._window, at)


def _release(widget: QWidget, at: QPointF) -> None:
    """Let a widget hear that the left button was released, so that its own dragging ends."""
    left, none, keys = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
    event = QMouseEvent(QEvent.Type.MouseButtonRelease, at, QPointF(widget.mapToGlobal(at)), left, none, keys)
    QApplication.sendEvent(widget, event)


def fit_tabs(bar: QTabBar, name: str, *, tight: bool = False) -> None:
    """Name a bar of tabs for assistive technology, and let the Tab key meet it only while it offers a choice.

    A bar of a single tab is out of sight; the key would lose its way there, or end.

    Args:
        bar: The bar.
        name: What it is called.
        tight: Whether its titles stand near each other.
    """
    if tight != bool(bar.property("tight")):
        bar.setProperty("tight", tight)
        bar.style().unpolish(bar)
        bar.style().polish(bar)
    bar.setAccessibleName(name)
    bar.setFocusPolicy(Qt.FocusPolicy.TabFocus if bar.count() > 1 else Qt.FocusPolicy.NoFocus)


class DockTitle(QWidget):
    """The title of a dock, with buttons to float and to hide it that show while the pointer is over it."""

    def __init__(self, text: str, theme: Theme, dock: Dock) -> None:
        super().__init__(dock)
        self._theme, self._dock = theme, dock
        self.setProperty("look", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._label = QLabel(text)
        self._label.setProperty("look", "dock")
        self._float = self._button("Float or dock")
        self._close = self._button("Hide (the Window menu brings it back)")
        self._float.clicked.connect(self._on_float)
        self._close.clicked.connect(dock.close)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 2, 4, 0)
        layout.setSpacing(0)
        layout.addWidget(self._label, 1)
        layout.addWidget(self._float)
        layout.addWidget(self._close)
        self._shown = True
        theme.changed.connect(self._paint)
        self._paint()

    def show_title(self, *, shown: bool) -> None:
        """Show the title, or leave only the place to grip."""
        self._label.setVisible(shown)
        self._shown = shown
        self._fit()

    def _fit(self) -> None:
        self.setFixedHeight(self._theme.scaled(_TITLE_PX) if self._shown else 0)
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """As high as it is: a dock leaves as much room for its title bar as this says, whatever is fixed."""
        return QSize(super().sizeHint().width(), self.maximumHeight())

    def enterEvent(self, event: QEnterEvent) -> None:
        """Offer the buttons."""
        self._show_buttons(shown=True)
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """Step back again."""
        self._show_buttons(shown=False)
        super().leaveEvent(event)

    def _button(self, about: str) -> QuietButton:
        button = QuietButton(self._theme)
        self._theme.size(button, _BUTTON_PX, _BUTTON_PX, icon=_BUTTON_ICON_PX)
        button.setToolTip(about)
        button.setAccessibleName(about)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        return button

    def _show_buttons(self, *, shown: bool) -> None:
        self._float.offer(offered=shown)
        self._close.offer(offered=shown)

    @Slot()
    def _paint(self) -> None:
        self._fit()
        self._float.setIcon(self._theme.icon("float", "secondary"))
        self._close.setIcon(self._theme.icon("close", "secondary"))

    @Slot()
    def _on_float(self) -> None:
        self._dock.toggle_floating()


class Pill(QLabel):
    """A sentence that floats at the foot of another widget, clear of its corners, and lets clicks through."""

    def __init__(self, over: QWidget, corners: Callable[[], tuple[int, int, int]]) -> None:
        """Make the pill, hidden.

        Args:
            over: Where it floats.
            corners: Pixels that are taken there: how far in at the left, at the right, and up from the foot.
        """
        super().__init__(over)
        self._over, self._corners = over, corners
        self._lines = 0
        self.setProperty("look", "pill")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.hide()
        over.installEventFilter(self)

    def say(self, sentence: str, *, bad: bool = False, lines: int = 0) -> None:
        """Show a sentence until the next; an empty one hides it.

        With ``lines`` it has room for so many: one of several in a row that differ in length is always in the
        same place.
        """
        if (sentence, bad, lines) == (self.text(), self.property("bad"), self._lines):
            return
        self._lines = lines
        self.setProperty("bad", bad)
        self.style().polish(self)
        self.setText(sentence)
        self.setVisible(bool(sentence))
        self.place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay in place when the widget beneath changes its size."""
        if event.type() == QEvent.Type.Resize:
            self.place()
        return super().eventFilter(watched, event)

    @Slot()
    def place(self) -> None:
        """Take a place that is free; the corners may have changed."""
        across = self._over.width()
        left, right, up = (taken + clear for taken, clear in zip(self._corners(), _CLEAR_PX, strict=True))
        self.setWordWrap(False)
        wide, foot = self.sizeHint().width(), _FOOT_PX
        more_px = (self._lines - 1) * QFontMetricsF(self.font()).lineSpacing()
        least_px = self.sizeHint().height() + math.ceil(more_px) if self._lines else 0
        if not self._lines and wide <= across - left - right:
            x = min(max((across - wide) // 2, left), across - right - wide)
        else:  # few long lines above the corners are read more easily than many short ones between them
            wide = scaled(_LONGEST_PX) if self._lines else wide
            wide = max(min(wide, across - 2 * _FOOT_PX, scaled(_LONGEST_PX)), 40)
            x, foot = (across - wide) // 2, up
            self.setWordWrap(True)
        tall = self.heightForWidth(wide) if self.wordWrap() else self.sizeHint().height()
        tall = max(tall, least_px)
        self.setGeometry(x, self._over.height() - tall - foot, wide, tall)
