"""A hand on mouse and keyboard, and fingers for it that make events of the X server itself.

What it does is written down as small values, so that it can be done again.
"""

from __future__ import annotations

import ctypes
import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal, Protocol, TypeAlias

Point: TypeAlias = tuple[int, int]
Event: TypeAlias = (
    tuple[Literal["travel"], int, int] | tuple[Literal["down", "up"], int] | tuple[Literal["key"], str]
)
"""``("travel", x, y)``, ``("down", button)``, ``("up", button)`` or ``("key", "Ctrl+Shift+Z")``."""

LEFT: Final = 1
RIGHT: Final = 3
WHEEL_UP: Final = 4
WHEEL_DOWN: Final = 5
_STEP_PX: Final = 24
"""From one place of the pointer to the next, where it sets out and where it arrives."""
_FAST_PX: Final = 72
"""The same in the middle of a long way: a hand hurries there."""
_SLOW_PX: Final = 72
"""Of a way at each of its ends."""
_MOST_RINGS: Final = 1_000  # a window can't be moved further than 32,767 pixels
_MODIFIERS: Final = {"Ctrl": "Control_L", "Shift": "Shift_L", "Alt": "Alt_L", "Meta": "Super_L"}
_KEYS: Final = {
    "Del": "Delete",
    "Backspace": "BackSpace",
    "Space": "space",
    "Esc": "Escape",
    "PgUp": "Page_Up",
    "PgDown": "Page_Down",
    ",": "comma",
    ".": "period",
    "+": "plus",
    "-": "minus",
    "=": "equal",
    "[": "bracketleft",
    "]": "bracketright",
    "?": "question",
    "/": "slash",
    "<": "less",
    ">": "greater",
    "Ins": "Insert",
}


class Fingers(Protocol):
    """What makes events, and knows no gestures."""

    def move(self, place: Point) -> None:
        """Put the pointer somewhere."""

    def button(self, button: int, *, down: bool) -> None:
        """Press or release a button."""

    def strike(self, keys: str) -> None:
        """Strike a key, with others held down: ``Ctrl+Shift+Z``."""

    def ring(self, ear: int, place: int) -> None:
        """Tell the program that all events so far have been made, see `tests.window.inside`."""

    def close(self) -> None:
        """Let go."""


class Hand:
    """Moves the pointer in small steps, presses buttons and keys.

    Attributes:
        place: Where the pointer is.
        done: Every event so far.
        held: The buttons that are pressed.
    """

    def __init__(self, fingers: Fingers, after_each: Callable[[], None]) -> None:
        """Lay the hand on mouse and keyboard.

        Args:
            fingers: What makes its events.
            after_each: Called after each event; waits until the program has seen it.
        """
        self._fingers, self._after_each = fingers, after_each
        self.place: Point = (0, 0)
        self.done: list[Event] = []
        self.held: set[int] = set()
        self._rung = 0

    def close(self) -> None:
        """Let go of mouse and keyboard."""
        self._fingers.close()

    def do(self, event: Event) -> None:
        """Make one event."""
        self.done.append(event)
        match event:
            case ("travel", x, y):
                self._travel(x, y)
                return
            case ("down", button):
                self._fingers.button(button, down=True)
                self.held.add(button)
            case ("up", button):
                self._fingers.button(button, down=False)
                self.held.discard(button)
            case ("key", keys):
                self._fingers.strike(keys)
        self._after_each()

    def let_go(self) -> None:
        """Release what is still pressed."""
        for button in tuple(self.held):
            self.release(button)

    def travel(self, to: Point) -> None:
        """Go to a place on a straight line, as a hand does: through everything between."""
        self.do(("travel", *to))

    def press(self, button: int = LEFT) -> None:
        """Press a button where the pointer is."""
        self.do(("down", button))

    def release(self, button: int = LEFT) -> None:
        """Release a button where the pointer is."""
        self.do(("up", button))

    def click(self, at: Point, button: int = LEFT, times: int = 1) -> None:
        """Travel there and click."""
        self.travel(at)
        for _ in range(times):
            self.press(button)
            self.release(button)

    def drag(self, begin: Point, *stops: Point, button: int = LEFT) -> None:
        """Press at one place, travel by others, release at the last."""
        self.travel(begin)
        self.press(button)
        for stop in stops:
            self.travel(stop)
        self.release(button)

    def key(self, keys: str) -> None:
        """Strike a key, with others held down: ``Ctrl+Shift+Z``."""
        self.do(("key", keys))

    def ring(self, ear: int) -> int:
        """Tell the program that all events so far have been made; returns with which number.

        Args:
            ear: A window of the program's, see `tests.window.inside`.
        """
        self._rung = self._rung % _MOST_RINGS + 1
        self._fingers.ring(ear, self._rung)
        return self._rung

    def _travel(self, to_x: int, to_y: int) -> None:
        x, y = self.place
        length = math.hypot(to_x - x, to_y - y)
        for at in _strides(length):
            share = at / length if length else 1.0
            self.place = (round(x + (to_x - x) * share), round(y + (to_y - y) * share))
            self._fingers.move(self.place)
            self._after_each()


def _strides(length: float) -> Iterator[float]:
    """How far the pointer is after each of its steps on a way, in pixels; at last at the end."""
    at = 0.0
    while at < length:
        to_slow = length - at - _SLOW_PX
        at += max(min(_FAST_PX, to_slow), _STEP_PX) if at >= _SLOW_PX else _STEP_PX
        yield min(at, length)
    if not length:
        yield 0.0


@dataclass(frozen=True, slots=True)
class _Libraries:
    x11: ctypes.CDLL
    xtst: ctypes.CDLL


# A program that has ended has no windows any more; without this, an error of the X server ends the tests.
_OVERLOOK: Final = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)(lambda *_: 0)


@cache
def _libraries() -> _Libraries:
    x11, xtst = ctypes.CDLL("libX11.so.6"), ctypes.CDLL("libXtst.so.6")
    x11.XInitThreads()  # two stages may run at once, each with a connection of its own
    x11.XOpenDisplay.restype = ctypes.c_void_p
    x11.XStringToKeysym.restype = ctypes.c_ulong
    x11.XStringToKeysym.argtypes = [ctypes.c_char_p]
    x11.XKeysymToKeycode.argtypes = [ctypes.c_void_p, ctypes.c_ulong]
    x11.XKeysymToKeycode.restype = ctypes.c_ubyte
    x11.XkbKeycodeToKeysym.argtypes = [ctypes.c_void_p, ctypes.c_ubyte, ctypes.c_uint, ctypes.c_uint]
    x11.XkbKeycodeToKeysym.restype = ctypes.c_ulong
    x11.XSync.argtypes = [ctypes.c_void_p, ctypes.c_int]
    x11.XCloseDisplay.argtypes = [ctypes.c_void_p]
    x11.XMoveWindow.argtypes = [ctypes.c_void_p, ctypes.c_ulong, ctypes.c_int, ctypes.c_int]
    x11.XSetErrorHandler(_OVERLOOK)
    delay = ctypes.c_ulong
    xtst.XTestFakeMotionEvent.argtypes = [ctypes.c_void_p, ctypes.c_int, ctypes.c_int, ctypes.c_int, delay]
    xtst.XTestFakeButtonEvent.argtypes = [ctypes.c_void_p, ctypes.c_uint, ctypes.c_int, delay]
    xtst.XTestFakeKeyEvent.argtypes = [ctypes.c_void_p, ctypes.c_uint, ctypes.c_int, delay]
    return _Libraries(x11, xtst)


class XTest:
    """Fingers on the mouse and keyboard of an X server."""

    def __init__(self, display: str, scale: int = 1) -> None:
        """Reach out for a screen.

        Args:
            display: As in ``DISPLAY``.
            scale: How many pixels of the screen are one of the program's.
        """
        self._scale = scale
        self._x11, self._xtst = _libraries().x11, _libraries().xtst
        self._display = self._x11.XOpenDisplay(display.encode())
        assert self._display, f"the screen {display} does not answer"

    def close(self) -> None:
        """Let go of the screen."""
        self._x11.XCloseDisplay(self._display)

    def move(self, place: Point) -> None:
        """Put the pointer somewhere."""
        x, y = (self._scale * at for at in place)
        self._xtst.XTestFakeMotionEvent(self._display, -1, x, y, 0)
        self._x11.XSync(self._display, 0)

    def button(self, button: int, *, down: bool) -> None:
        """Press or release a button."""
        self._xtst.XTestFakeButtonEvent(self._display, button, int(down), 0)
        self._x11.XSync(self._display, 0)

    def strike(self, keys: str) -> None:
        """Strike a key of this keyboard."""
        *held, last = _split(keys)
        codes = [self._code(_MODIFIERS[name])[0] for name in held]
        code, shifted = self._code(_KEYS.get(last, last.lower() if len(last) == 1 else last))
        if shifted and "Shift" not in held:
            codes.append(self._code("Shift_L")[0])
        for one in (*codes, code):
            self._xtst.XTestFakeKeyEvent(self._display, one, 1, 0)
        for one in (code, *reversed(codes)):
            self._xtst.XTestFakeKeyEvent(self._display, one, 0, 0)
        self._x11.XSync(self._display, 0)

    def ring(self, ear: int, place: int) -> None:
        """Move a window of the program's: it hears of that after all events so far."""
        self._x11.XMoveWindow(self._display, ear, self._scale * place, 0)
        self._x11.XSync(self._display, 0)

    def _code(self, name: str) -> tuple[int, bool]:
        """The key of this keyboard that bears a name, and whether it does so only with Shift."""
        symbol = self._x11.XStringToKeysym(name.encode())
        code = self._x11.XKeysymToKeycode(self._display, symbol)
        assert code, f"no key for {name}"
        plain = self._x11.XkbKeycodeToKeysym(self._display, code, 0, 0)
        return code, plain != symbol


def _split(keys: str) -> Iterable[str]:
    """``Ctrl++`` is Ctrl and plus, and ``+`` plus alone."""
    return [*filter(None, keys[:-1].split("+")), "+"] if keys.endswith("+") else keys.split("+")
