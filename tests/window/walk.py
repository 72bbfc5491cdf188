"""A hand that does anything: a random walk, the same for the same seed as long as the window is the same."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from bpviz.ui.commands import COMMANDS
from tests.window.hand import LEFT, RIGHT, WHEEL_DOWN, WHEEL_UP, Point
from tests.window.program import Ended
from tests.window.stage import Session, middle

EVENTS: Final = 3000
_LOOK_EVERY: Final = 6  # gestures; what the window shows changes little from one to the next
_CHECK_EVERY: Final = 100
_WHILE_DRAGGING: Final = ("Esc", "Del", "Space", "Ctrl+Z", "Ctrl+N", "F", "Ctrl+R")
_PLAIN_KEYS: Final[Mapping[str, int]] = {
    "Tab": 6,
    "Shift+Tab": 3,
    "Esc": 6,
    "Return": 3,
    "Space": 6,
    "Left": 3,
    "Right": 3,
    "Up": 3,
    "Down": 3,
    "Home": 1,
    "End": 1,
    "PgUp": 1,
    "PgDown": 1,
    "Backspace": 1,
    **dict.fromkeys("0123456789", 1),
    ",": 1,
    ".": 1,
    "-": 1,
    "=": 1,
    "E": 1,
    "Ctrl+A": 2,
    "F2": 1,
    "F10": 1,
    "Ctrl+Tab": 1,
}
_LEFT_OUT: Final = ("quit",)
_TAKEN: Final = ("Ctrl+Alt+", "Alt+Shift+")  # window managers have these


def _shortcuts() -> dict[str, int]:
    keys = [key for entry in COMMANDS.values() if entry.name not in _LEFT_OUT for key in entry.keys.split()]
    return {key: 2 for key in keys if key and not key.startswith(_TAKEN)}


class Walker:
    """Chooses gestures by their weights and makes them."""

    def __init__(self, opened: Session, seed: int, only: Iterable[str] = ()) -> None:
        """Take the hand of a session.

        Args:
            opened: Whose window it works.
            seed: What all that is random follows from.
            only: The names of the gestures to choose from; all if there are none.
        """
        self._opened, self._hand = opened, opened.hand
        self._random = random.Random(seed)
        self._keys = {**_PLAIN_KEYS, **_shortcuts()}
        self._controls: list[Any] = []
        table: dict[str, tuple[Callable[[], None], int]] = {
            "visit": (self._visit, 26),
            "click": (self._click, 20),
            "click twice": (self._click_twice, 3),
            "click right": (self._click_right, 4),
            "strike": (self._strike, 22),
            "turn wheel": (self._turn_wheel, 7),
            "drag control": (self._drag_control, 6),
            "drag anywhere": (self._drag_anywhere, 4),
            "drag node": (self._drag_node, 6),
            "draw wire": (self._draw_wire, 4),
            "draw band": (self._draw_band, 5),
            "drag dock": (self._drag_dock, 5),
            "drag edge": (self._drag_edge, 3),
            "leave": (self._leave, 5),
        }
        chosen = [table[name] for name in only or table]
        self._gestures = [gesture for gesture, _ in chosen]
        self._weights = [weight for _, weight in chosen]

    def walk(self, events: int) -> None:
        """Make so many events.

        Raises:
            Fault: As soon as there is one.
        """
        begun, gestures, checked = len(self._hand.done), 0, 0
        while len(self._hand.done) - begun < events:
            try:
                if gestures % _LOOK_EVERY == 0 or not self._controls:
                    self._controls = self._opened.ask("controls")
                self._gesture()
                if len(self._hand.done) - checked > _CHECK_EVERY:
                    checked = len(self._hand.done)
                    self._opened.program.check()
            except Ended:
                self._opened.start_again()
            gestures += 1

    def _gesture(self) -> None:
        if self._opened.front["files"]:
            # In there are the files of the whole machine: look, and leave.
            self._visit()
            self._hand.key("Esc")
            self._controls = []
            return
        before = (self._opened.front["modal"], self._opened.front["popup"])
        self._random.choices(self._gestures, self._weights)[0]()
        self._hand.let_go()
        if before != (self._opened.front["modal"], self._opened.front["popup"]):
            self._controls = []

    # ---- gestures

    def _visit(self) -> None:
        self._hand.travel(self._somewhere())

    def _click(self) -> None:
        self._hand.click(self._somewhere())

    def _click_twice(self) -> None:
        self._hand.click(self._somewhere(), times=2)

    def _click_right(self) -> None:
        self._hand.click(self._somewhere(), RIGHT)

    def _strike(self) -> None:
        for _ in range(self._random.randint(1, 3)):
            if not self._opened.front["files"]:
                self._hand.key(self._random.choices(list(self._keys), list(self._keys.values()))[0])

    def _turn_wheel(self) -> None:
        self._hand.travel(self._somewhere())
        button = self._random.choice((WHEEL_UP, WHEEL_DOWN))
        for _ in range(self._random.randint(1, 4)):
            self._hand.press(button)
            self._hand.release(button)

    def _drag_control(self) -> None:
        at = self._somewhere()
        self._hand.drag(at, self._beside(at))

    def _drag_anywhere(self) -> None:
        self._drag(self._somewhere(), self._somewhere())

    def _drag_node(self) -> None:
        at = self._node("nodes")
        self._drag(at, self._beside(at))

    def _draw_wire(self) -> None:
        self._drag(self._node("ports"), self._node("nodes"))

    def _draw_band(self) -> None:
        x, y = self._node("nodes")
        self._drag((x - 45, y - 45), self._node("nodes"))

    def _drag_dock(self) -> None:
        docks = self._opened.ask("docks")
        grips = [dock["tab"] or dock["title"] for dock in docks.values() if dock["shown"]]
        if grips:
            x, y, _, high = self._random.choice(grips)
            onto = self._random.choice((self._somewhere(), self._inside(self._random.choice(grips))))
            self._drag((x + 12, y + high // 2), onto)
            self._controls = []

    def _drag_edge(self) -> None:
        docks = [dock["rect"] for dock in self._opened.ask("docks").values() if dock["shown"]]
        if docks:
            x, y, wide, high = self._random.choice(docks)
            at = self._random.choice(((x + wide + 1, y + high // 2), (x + wide // 2, y - 2)))
            self._drag(at, self._beside(at))

    def _leave(self) -> None:
        self._hand.key("Esc")

    # ---- places

    def _drag(self, begin: Point, end: Point) -> None:
        """Drag, sometimes with a key struck on the way."""
        self._hand.travel(begin)
        self._hand.press(LEFT)
        self._hand.travel(((begin[0] + end[0]) // 2, (begin[1] + end[1]) // 2))
        if self._random.random() < 0.2:
            self._hand.key(self._random.choice(_WHILE_DRAGGING))
        self._hand.travel(end)
        self._hand.release(LEFT)

    def _somewhere(self) -> Point:
        """A point in a control that can be seen."""
        if not self._controls:
            self._controls = self._opened.ask("controls")
        if not self._controls:
            return middle(self._window())
        return self._inside(self._random.choice(self._controls)["rect"])

    def _inside(self, rect: list[int]) -> Point:
        x, y, wide, high = rect
        return x + self._random.randrange(max(wide, 1)), y + self._random.randrange(max(high, 1))

    def _window(self) -> list[int]:
        """Where the main window is; nowhere while the last one is being closed."""
        windows = self._opened.ask("windows")
        inner: list[int] = windows[0]["inner"] if windows else [0, 0, 3, 3]
        return inner

    def _beside(self, at: Point) -> Point:
        """A point not far away, within the window."""
        x, y, wide, high = self._window()
        far_x, far_y = at[0] + self._random.randint(-120, 120), at[1] + self._random.randint(-120, 120)
        return min(max(far_x, x + 1), x + wide - 2), min(max(far_y, y + 1), y + high - 2)

    def _node(self, kind: str) -> Point:
        """A node or a port within the window."""
        places = [place for column in self._opened.ask("network")["columns"] for place in column[kind]]
        x, y, wide, high = self._window()
        seen = [at for at in places if x < at[0] < x + wide and y < at[1] < y + high]
        return tuple(self._random.choice(seen)) if seen else self._somewhere()


def walk(opened: Session, seed: int = 7, events: int = EVENTS) -> None:
    """Do anything at random; dialogs that are open at the end are left by who plays this."""
    Walker(opened, seed).walk(events)


def move_docks(opened: Session, seed: int = 7, events: int = 300) -> None:
    """Drag docks onto each other, out and about, at random."""
    Walker(opened, seed, only=("drag dock", "drag edge", "visit")).walk(events)
