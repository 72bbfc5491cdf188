"""Presentation: the whole screen for the network, large texts, no panels, and a ring around the pointer."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QByteArray, QEvent, QObject, QPoint, QRectF, Qt, QTimer
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QMainWindow, QWidget

from bpviz.ui.docks import Dock
from bpviz.ui.theme import Theme

_LEAST_TEXT_PERCENT: Final = 150  # read from the last row of a class room
_RING_PX: Final = 44
_CLICK_PX: Final = 68
_PEN_PX: Final = 3
_CLICK_PEN_PX: Final = 5
_OPACITY: Final = 0.85
_FILLED: Final = 0.16
_SETTLES_MS: Final = 500  # a desktop that gives another size does so by then
_LINGERS_MS: Final = 250  # a click is shorter than one sees


class Ring(QWidget):
    """A ring around the pointer, a larger and filled one while a button is down; clicks go through it."""

    def __init__(self, theme: Theme, over: QWidget) -> None:
        super().__init__(over)
        self._theme = theme
        self.pressed = False
        self._lingering = QTimer(self, singleShot=True, interval=_LINGERS_MS)
        self._lingering.timeout.connect(self._let_go)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.hide()

    def follow(self, place: QPoint) -> None:
        """Stand around a place of the window."""
        side = self._theme.scaled(_CLICK_PX) + 2 * _CLICK_PEN_PX
        self.setGeometry(place.x() - side // 2, place.y() - side // 2, side, side)
        self.show()
        self.raise_()

    def press(self) -> None:
        """A button went down."""
        self._lingering.stop()
        self.pressed = True
        self.update()

    def release(self) -> None:
        """The button came up; what one saw of it stays for a moment."""
        self._lingering.start()

    def _let_go(self) -> None:
        self.pressed = False
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        width = _CLICK_PEN_PX if self.pressed else _PEN_PX
        painter.setPen(QPen(self._theme.color("accent", _OPACITY), width))
        painter.setBrush(self._theme.color("accent", _FILLED if self.pressed else 0.0))
        side = self._theme.scaled(_CLICK_PX if self.pressed else _RING_PX)
        ring = QRectF(0, 0, side, side)
        ring.moveCenter(QRectF(self.rect()).center())
        painter.drawEllipse(ring)
        painter.end()


class Presenting(QObject):
    """Puts panels away, makes texts large, and brings both back as they were."""

    def __init__(self, window: QMainWindow, theme: Theme) -> None:
        super().__init__(window)
        self._window, self._theme = window, theme
        self.ring = Ring(theme, window)
        self._before: tuple[QByteArray, Qt.WindowState, int] | None = None
        self._layout: QByteArray | None = None
        self._settling = QTimer(self, singleShot=True, interval=_SETTLES_MS)
        self._settling.timeout.connect(self._settle)

    @property
    def active(self) -> bool:
        """Whether it is on."""
        return self._before is not None

    @property
    def settled(self) -> bool:
        """Whether the window has its layout, and won't be given it once more."""
        return not self._settling.isActive()

    def toggle(self) -> None:
        """Begin or end it."""
        if self.active:
            self.end()
        else:
            self._begin()

    def end(self) -> None:
        """Let the window be as it was, if it is not."""
        if self._before is None:
            return
        (layout, state, text_percent), self._before = self._before, None
        self._window.windowHandle().removeEventFilter(self)
        self.ring.hide()
        if self._theme.text_percent == max(text_percent, _LEAST_TEXT_PERCENT):  # else it was chosen meanwhile
            self._theme.set_text_percent(text_percent)
        self._window.setWindowState(state)
        self._window.restoreState(layout)
        # Once more when the desktop has given it its size again: these shares were those of a smaller window.
        self._layout = layout
        self._settling.start()
        self._window.installEventFilter(self)

    def _settle(self) -> None:
        self._window.removeEventFilter(self)
        if self._layout is not None:
            self._window.restoreState(self._layout)
            self._layout = None

    def _begin(self) -> None:
        window = self._window
        self._settle()
        percent = self._theme.text_percent
        self._before = (window.saveState(), window.windowState(), percent)
        for dock in window.findChildren(Dock):
            dock.hide()
        self._theme.set_text_percent(max(percent, _LEAST_TEXT_PERCENT))
        window.setWindowState(window.windowState() | Qt.WindowState.WindowFullScreen)
        window.windowHandle().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the pointer, before whatever is under it hears of it."""
        if watched is self._window:
            if event.type() == QEvent.Type.Resize:
                self._settling.start(0)  # when all in it has been laid out
        elif isinstance(event, QMouseEvent):
            self.ring.follow(event.position().toPoint())
            if event.type() in (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick):
                self.ring.press()
            elif event.type() == QEvent.Type.MouseButtonRelease:
                self.ring.release()
        elif event.type() == QEvent.Type.Leave:
            self.ring.hide()
        return super().eventFilter(watched, event)
