"""Sizes in which the window is tried, and a session in one of them: screen, program and hand together."""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from bpviz.ui.preferences import Preferences
from tests.window.hand import Event, Hand, Point, XTest
from tests.window.offscreen import Told
from tests.window.program import Ended, Fault, Program
from tests.window.screen import screen

_ESCAPES: Final = 8
_FOCUS_S: Final = 1.0
_TAKEN_OVER_S: Final = 0.2


@dataclass(frozen=True, slots=True)
class Stage:
    """A size of the screen, all of which the window takes.

    Attributes:
        width: In pixels.
        height: In pixels.
        text_percent: How large the text is.
        scale: How many pixels of the screen are one of the program's.
        on_screen: Whether there is a screen; else the program makes events itself, on the offscreen platform.
    """

    width: int
    height: int
    text_percent: int = 100
    scale: int = 1
    on_screen: bool = True

    def __str__(self) -> str:
        text = f", text at {self.text_percent} %" if self.text_percent != 100 else ""
        scale = f", scale {self.scale}" if self.scale != 1 else ""
        return f"{self.width}x{self.height}{text}{scale}{'' if self.on_screen else ', offscreen'}"

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels of the program."""
        return self.width // self.scale, self.height // self.scale


STAGES: Final = (Stage(1024, 700), Stage(1280, 800), Stage(1920, 1080), Stage(1280, 800, text_percent=150))
TWICE: Final = Stage(1920, 1080, scale=2)
OFFSCREEN: Final = Stage(1280, 800, on_screen=False)


class Session:
    """One running program under a hand.

    Attributes:
        stage: In which size.
        home: The folder that stands for the user's own.
        hand: Mouse and keyboard.
        front: What takes events now: the classes of ``modal`` and ``popup``, and whether ``files`` are
            asked for.
    """

    def __init__(self, stage: Stage, display: str, home: Path) -> None:
        self.stage, self.home = stage, home
        self._display = display
        self.front: dict[str, Any] = {}
        self.program = self._start()
        fingers = XTest(display, stage.scale) if display else Told(lambda words: self.program.tell(words))
        self.hand = Hand(fingers, self.settle)
        self.settle()
        self._fill_screen()

    def ask(self, question: str) -> Any:
        """Ask the program something, as in `tests.window.inside`."""
        return self.program.ask(question)

    def start_again(self) -> None:
        """Start the program anew, which was closed."""
        self.program.kill()
        self.program = self._start()
        self.front = self.program.ask("front")
        self.hand.let_go()

    def leave(self) -> None:
        """Leave menus and dialogs, as far as there are some.

        Raises:
            Fault: If Escape doesn't.
        """
        self.settle()
        for _ in range(_ESCAPES):
            if not self.front["modal"] and not self.front["popup"]:
                return
            before = self.front
            self.hand.key("Esc")
            # A dialog just opened has to be given the keys by the window manager before it can feel them.
            deadline = time.monotonic() + _FOCUS_S
            while self.front == before and time.monotonic() < deadline:
                self.settle()
        raise Fault(f"Escape doesn't leave {self.front}")

    def close(self, *, in_order: bool) -> None:
        """End the program and let go of the screen.

        Raises:
            Fault: If it had something to say, or did not end, and that is asked for.
        """
        try:
            if in_order:
                self.program.end()
        finally:
            self.program.kill()
            self.hand.close()

    def _start(self) -> Program:
        settings = {"QT_SCALE_FACTOR": str(self.stage.scale)}
        return Program(self._display, self.home, settings=settings)

    def settle(self) -> None:
        """Wait until the program has seen what was done, and the window manager any new window."""
        before, self.front = self.front, self._look()
        if before.get("managed") != self.front["managed"]:
            # Openbox keeps the pointer for ever if a button is pressed while it takes a window over; nothing
            # tells when it has done so, and no hand is as quick as this one.
            time.sleep(_TAKEN_OVER_S)
            self.front = self._look()

    def _look(self) -> dict[str, Any]:
        """What is in front once the program has taken in all events."""
        ear = self.front.get("ear")
        return dict(self.program.ask(f"front {self.hand.ring(ear)}" if ear else "front"))

    def _fill_screen(self) -> None:
        """Let the window take the whole screen, by a double click on its title, as one does."""
        if not self.stage.on_screen:
            return
        _, _, wide, high = self.ask("windows")[0]["frame"]
        if wide < self.stage.size[0] or high < self.stage.size[1]:
            x, y, wide, _ = self.ask("windows")[0]["frame"]
            self.hand.click((x + wide // 2, y + 6), times=2)


Scenario = Callable[[Session], None]


@contextmanager
def session(stage: Stage) -> Iterator[Session]:
    """Open the program on a screen of its own, or on none; at the end, look for faults."""
    with tempfile.TemporaryDirectory(prefix="bpviz-window-") as name, ExitStack() as screens:
        home = Path(name, "home")
        settings = home / "config" / "bpviz" / "bpviz.ini"
        settings.parent.mkdir(parents=True)
        preferences = Preferences(settings)
        preferences.text_percent = stage.text_percent
        preferences.sync()
        size = stage.width, stage.height
        display = screens.enter_context(screen(*size, Path(name))) if stage.on_screen else ""
        opened = Session(stage, display, home)
        try:
            yield opened
        except BaseException:
            opened.close(in_order=False)
            raise
        opened.close(in_order=True)


def perform(stage: Stage, scenario: Scenario) -> None:
    """Play a scenario.

    Raises:
        Fault: With the file from which the events can be replayed.
    """
    events: Sequence[Event] = ()
    try:
        with session(stage) as opened:
            events = opened.hand.done
            scenario(opened)
            opened.leave()
    except AssertionError as error:
        raise Fault(f"{stage}: {error}\nTo see it again: {note(stage, events)}") from error


def note(stage: Stage, events: Sequence[Event]) -> str:
    """Write events into a file; returns the line that replays and shortens them."""
    folder = Path(tempfile.gettempdir(), "bpviz-window-faults")
    folder.mkdir(exist_ok=True)
    with tempfile.NamedTemporaryFile("w", dir=folder, suffix=".json", delete=False) as file:
        json.dump({"stage": asdict(stage), "events": events}, file)
    return f"python -m tests.window.replay {file.name}"


def noted(path: Path) -> tuple[Stage, list[Event]]:
    """Read what `note` wrote."""
    content = json.loads(path.read_text())
    return Stage(**content["stage"]), [tuple(event) for event in content["events"]]


def play(opened: Session, events: Sequence[Event]) -> None:
    """Do events again; a program that was closed by them is started again."""
    for event in events:
        try:
            opened.hand.do(event)
        except Ended:
            opened.start_again()


def middle(rect: Sequence[int]) -> Point:
    """The middle of left, top, width and height."""
    x, y, wide, high = rect
    return x + wide // 2, y + high // 2
