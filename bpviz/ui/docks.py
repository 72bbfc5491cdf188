"""Panels that dock, float, share tabs and hide, each under a slim title of its own."""

from __future__ import annotations

from typing import Final, Protocol

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Slot
from PySide6.QtGui import QEnterEvent
from PySide6.QtWidgets import QDockWidget, QHBoxLayout, QLabel, QMainWindow, QToolButton, QWidget

from bpviz.ui.theme import Theme

_TITLE_PX: Final = 28
_BUTTON_ICON_PX: Final = 14
# Where a pill leaves room: the legend stands at the lower left of the network, the zoom buttons at the right.
_LEFT_CORNER_PX: Final = 312
_RIGHT_CORNER_PX: Final = 124
_WIDE_PX: Final = 700
_FOOT_PX: Final = 16
_CORNERS_PX: Final = 62  # as high as what stands in the corners
_LONGEST_PX: Final = 680


class Heading(Protocol):
    """A widget that can stand for a dock's title bar."""

    def show_title(self, *, shown: bool) -> None: ...


class Dock(QDockWidget):
    """A panel with a slim title; in tabs the tab is its title."""

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
        self.setWidget(content)
        self._window = parent
        self._heading = heading or DockTitle(title, theme, self)
        assert isinstance(self._heading, QWidget)
        self.setTitleBarWidget(self._heading)
        self.toggleViewAction().setToolTip(f"Show or hide {title.lower()}")
        self.visibilityChanged.connect(self._on_moved)
        self.topLevelChanged.connect(self._on_moved)
        self.dockLocationChanged.connect(self._on_moved)

    @Slot()
    def _on_moved(self) -> None:
        for dock in self._window.findChildren(Dock):
            dock.fit_title()

    def fit_title(self) -> None:
        """Say the title once: on the tab if there is one."""
        tabbed = not self.isFloating() and bool(self._window.tabifiedDockWidgets(self))
        self._heading.show_title(shown=not tabbed)


class DockTitle(QWidget):
    """The title of a dock, with buttons to float and to hide it that show while the pointer is over it."""

    def __init__(self, text: str, theme: Theme, dock: QDockWidget) -> None:
        super().__init__(dock)
        self._theme, self._dock = theme, dock
        self.setProperty("look", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(_TITLE_PX)
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
        theme.changed.connect(self._paint)
        self._paint()
        self._show_buttons(shown=False)

    def show_title(self, *, shown: bool) -> None:
        """Show the title, or leave only the place to grip."""
        self._label.setVisible(shown)
        self.setFixedHeight(_TITLE_PX if shown else 0)
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

    def _button(self, about: str) -> QToolButton:
        button = QToolButton()
        button.setProperty("look", "quiet")
        button.setIconSize(QSize(_BUTTON_ICON_PX, _BUTTON_ICON_PX))
        button.setFixedSize(22, 22)
        button.setToolTip(about)
        button.setAccessibleName(about)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        policy = button.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        button.setSizePolicy(policy)
        return button

    def _show_buttons(self, *, shown: bool) -> None:
        self._float.setVisible(shown)
        self._close.setVisible(shown)

    @Slot()
    def _paint(self) -> None:
        self._float.setIcon(self._theme.icon("float", "secondary"))
        self._close.setIcon(self._theme.icon("close", "secondary"))

    @Slot()
    def _on_float(self) -> None:
        self._dock.setFloating(not self._dock.isFloating())


class Pill(QLabel):
    """A sentence that floats at the foot of another widget, clear of its corners, and lets clicks through."""

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self._over = over
        self.setProperty("look", "pill")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.hide()
        over.installEventFilter(self)

    def say(self, sentence: str, *, bad: bool = False) -> None:
        """Show a sentence until the next; an empty one hides it."""
        if (sentence, bad) == (self.text(), self.property("bad")):
            return
        self.setProperty("bad", bad)
        self.style().polish(self)
        self.setText(sentence)
        self.setVisible(bool(sentence))
        self._place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay in place when the widget beneath changes its size."""
        if event.type() == QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)

    def _place(self) -> None:
        across = self._over.width()
        left, right = (_LEFT_CORNER_PX, _RIGHT_CORNER_PX) if across > _WIDE_PX else (_FOOT_PX, _FOOT_PX)
        self.setWordWrap(False)
        wide, foot = self.sizeHint().width(), _FOOT_PX
        if wide <= across - left - right:
            x = min(max((across - wide) // 2, left), across - right - wide)
        else:  # few long lines above the corners are read more easily than many short ones between them
            wide = max(min(across - 2 * _FOOT_PX, _LONGEST_PX), 40)
            x, foot = (across - wide) // 2, _CORNERS_PX
            self.setWordWrap(True)
        tall = self.heightForWidth(wide) if self.wordWrap() else self.sizeHint().height()
        self.setGeometry(x, self._over.height() - tall - foot, wide, tall)
        self.raise_()
