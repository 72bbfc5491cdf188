"""The whole program as a process of its own, to be killed: what it does, and what a test sees of it.

As a module it is that process: ``python -m tests.ui.program ACT [SECONDS [FILE]]``.  It opens the window as
the command does, does one act in it, and says on stdout what happened, a line of JSON each.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from bpviz.files.autosave import Leftover
from bpviz.model.edits import set_training
from bpviz.model.spec import Stop
from bpviz.training.speed import FLAT_OUT
from bpviz.ui.app import run
from bpviz.ui.autosave import Autosave
from bpviz.ui.main_window import MainWindow
from bpviz.ui.panels.labels import Elided
from bpviz.ui.recovery import Recovery
from tests.ui.conftest import Answers

RATE: Final = 0.02
"""The edit that a working program makes."""


class Program:
    """The program from outside; killed when the block ends, if it has not ended before.

    Args:
        home: Holds its settings and its state.
        act: One of `ACTS`.
        autosave_s: How often it keeps its work.
        path: What it opens.
    """

    def __init__(self, home: Path, act: str, autosave_s: float = 3600, path: Path | None = None) -> None:
        folders = {f"XDG_{name}_HOME": str(home / name.lower()) for name in ("CONFIG", "STATE")}
        words = [
            sys.executable,
            "-m",
            "tests.ui.program",
            act,
            str(autosave_s),
            *([str(path)] if path else []),
        ]
        environment = {**os.environ, **folders, "QT_QPA_PLATFORM": "offscreen"}
        self._process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env=environment)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()

    def read(self) -> dict[str, Any]:
        """Wait for what it says next."""
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, "the program has ended"
        said: dict[str, Any] = json.loads(line)
        return said

    def kill(self) -> list[dict[str, Any]]:
        """Kill it, and read all that it had still said."""
        self._process.kill()
        return self._rest()

    def terminate(self) -> list[dict[str, Any]]:
        """Ask it to end, as the system does, and read all that it still says."""
        self._process.terminate()
        rest = self._rest()
        assert self._process.returncode == 128 + signal.SIGTERM
        return rest

    def end(self) -> list[dict[str, Any]]:
        """Wait until it ends by itself, in order, and read all that it still says."""
        rest = self._rest()
        assert self._process.returncode == 0
        return rest

    def _rest(self) -> list[dict[str, Any]]:
        assert self._process.stdout is not None
        said = "" if self._process.stdout.closed else self._process.stdout.read()
        self._process.stdout.close()
        self._process.wait()
        return [json.loads(line) for line in said.splitlines(keepends=True) if line.endswith("\n")]


def state_folder(home: Path) -> Path:
    """Where a program with this home keeps its work."""
    return home / "state" / "bpviz" / "autosave"


def _say(**facts: object) -> None:
    sys.stdout.write(json.dumps(facts) + "\n")
    sys.stdout.flush()


def _work(window: MainWindow) -> None:
    """Edit, play for ever, and say whenever work is kept."""
    autosave = window.files.findChild(Autosave)
    assert autosave is not None

    def kept(leftover: Leftover) -> None:
        _say(kept=leftover.step)

    autosave.kept.connect(kept)
    window.document.apply("change rate", partial(set_training, learning_rate=RATE, stop=Stop()))
    window.controller.set_speed(FLAT_OUT)
    window.controller.play()
    _say(playing=True)


def _discard(window: MainWindow) -> None:
    """Edit, and once that is kept close without saving."""
    autosave = window.files.findChild(Autosave)
    assert autosave is not None
    window.files.questions = Answers()  # which says "Don't save"

    def kept(leftover: Leftover) -> None:
        _say(kept=leftover.step)
        window.close()

    autosave.kept.connect(kept)
    window.document.apply("change rate", partial(set_training, learning_rate=RATE))


def _look(window: MainWindow) -> None:
    """Say what is offered, and leave."""
    recovery = window.findChild(Recovery)
    assert recovery is not None
    cards = recovery.page.cards.values() if recovery.page is not None else ()
    _say(offered=[[_text(label) for label in card.findChildren(QLabel)] for card in cards])
    window.close()


def _text(label: QLabel) -> str:
    return label.sentence if isinstance(label, Elided) else label.text()


def _restore(window: MainWindow) -> None:
    """Take the first that is offered, save it to its file, and leave."""
    recovery = window.findChild(Recovery)
    assert recovery is not None
    assert recovery.page is not None
    buttons = next(iter(recovery.page.cards.values())).findChildren(QPushButton)
    QTest.mouseClick(
        next(button for button in buttons if button.text() == "Restore"), Qt.MouseButton.LeftButton
    )
    _say(modified=window.document.modified, path=str(window.document.path))
    window.files.save(then=window.abandon)


ACTS: Final[dict[str, Callable[[MainWindow], None]]] = {
    "work": _work,
    "discard": _discard,
    "look": _look,
    "restore": _restore,
}


def main(act: str, autosave_s: str, path: str | None = None) -> int:
    """Be the program."""
    app = QApplication(["bpviz"])

    def begin() -> None:
        window = next(widget for widget in app.topLevelWidgets() if isinstance(widget, MainWindow))
        ACTS[act](window)

    # After the first round of the event loop, in which the window looks for work left over.
    QTimer.singleShot(0, lambda: QTimer.singleShot(0, begin))
    return run(Path(path) if path else None, autosave_s=float(autosave_s))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
