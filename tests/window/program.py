"""bpviz as a process of its own on a screen, asked where things are and watched for faults."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Final

from tests.window.screen import until

ROOT: Final = Path(__file__).resolve().parent.parent.parent
_ANSWERS_WITHIN_S: Final = 20.0  # on a machine that is busy with other things
_ENDS_WITHIN_S: Final = 20.0
_TAIL: Final = 3_000
NONE: Final[Mapping[str, str]] = {}


class Fault(AssertionError):  # noqa: N818 - a finding, not an error of the tests
    """The program died, hung, wrote to stderr, or was at fault."""


class Ended(Fault):
    """The program ended in order, as by its Quit command."""


class Program:
    """The running program.

    Attributes:
        home: The folder that stands for the user's own.
    """

    def __init__(
        self, display: str, home: Path, path: Path | None = None, settings: Mapping[str, str] = NONE
    ) -> None:
        """Start it and wait for its window.

        Args:
            display: As in ``DISPLAY``; empty for no screen, see `tests.window.offscreen`.
            home: A folder of its own.
            path: What to open.
            settings: More of the environment, such as ``QT_SCALE_FACTOR``.
        """
        self.home = home
        self._errors_path = home / "stderr.txt"
        questions, self._asking = os.pipe()
        self._answering, answers = os.pipe()
        words = [str(questions), str(answers), *([str(path)] if path is not None else [])]
        with self._errors_path.open("ab") as errors:
            self._process = subprocess.Popen(
                [sys.executable, "-m", f"tests.window.{'inside' if display else 'offscreen'}", *words],
                env={**_environment(display, home), **settings},
                cwd=home,
                pass_fds=(questions, answers),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=errors,
            )
        os.close(questions)
        os.close(answers)
        self._answers: IO[str] = os.fdopen(self._answering, "r")
        try:
            until(lambda: bool(self.ask("front")["shown"]), "the window")
        except BaseException:
            self.kill()
            raise

    def __enter__(self) -> Program:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self.end()
        else:
            self.kill()

    @property
    def running(self) -> bool:
        """Whether the process is there."""
        return self._process.poll() is None

    def ask(self, question: str) -> Any:
        """Ask something that `tests.window.inside` knows; meanwhile the program sees what came before.

        Raises:
            Fault: If it does not answer.
        """
        self.tell(question)
        ready, _, _ = select.select([self._answers], [], [], _ANSWERS_WITHIN_S)
        if not ready:
            self._process.send_signal(signal.SIGUSR1)
            time.sleep(0.5)  # for the stack to be written; nothing tells when
            raise Fault(f"the window does not answer\n{self.errors()}")
        line = self._answers.readline()
        if not line:
            raise self._died()
        return json.loads(line)

    def tell(self, words: str) -> None:
        """Send a line.

        Raises:
            Fault: If the program is gone.
        """
        try:
            os.write(self._asking, f"{words}\n".encode())
        except BrokenPipeError:
            raise self._died() from None

    def check(self) -> None:
        """Look for faults so far.

        Raises:
            Fault: With what the program wrote.
        """
        self.ask("front")
        if self._errors_path.stat().st_size:
            raise Fault(f"the program wrote to stderr:\n{self.errors()}")

    def errors(self) -> str:
        """What the program wrote to stderr, its beginning and its end."""
        text = self._errors_path.read_text(encoding="utf-8", errors="replace")
        return text if len(text) <= 2 * _TAIL else f"{text[:_TAIL]}\n[...]\n{text[-_TAIL:]}"

    def log(self) -> str:
        """What the program wrote into its log of faults, as about a crash."""
        logs = sorted((self.home / "state").rglob("*.log"))
        return "".join(path.read_text(encoding="utf-8", errors="replace") for path in logs)[-_TAIL:]

    def end(self) -> None:
        """Close as the system asks for it, and look for faults.

        Raises:
            Fault: If it did not end in order.
        """
        self.check()
        self._process.terminate()
        self.wait(128 + signal.SIGTERM)

    def wait(self, code: int) -> None:
        """Wait for the end.

        Raises:
            Fault: If it does not come, or with another exit code, or not silently.
        """
        try:
            ended = self._process.wait(_ENDS_WITHIN_S)
        except subprocess.TimeoutExpired:
            self._process.send_signal(signal.SIGUSR1)
            self.kill()
            raise Fault(f"the program does not end\n{self.errors()}") from None
        self.kill()
        if ended != code or self.errors():
            raise Fault(f"the program ended with {ended}, not {code}\n{self.errors()}")

    def kill(self) -> None:
        """End it at once, if it still runs."""
        self._process.kill()
        self._process.wait()
        self._answers.close()
        if self._asking >= 0:
            os.close(self._asking)
            self._asking = -1

    def _died(self) -> Fault:
        code = self._process.wait(_ENDS_WITHIN_S)
        if code == 0 and not self.errors():
            return Ended("the program was closed")
        return Fault(f"the program ended by itself with {code}\n{self.errors()}\n{self.log()}")


def _environment(display: str, home: Path) -> dict[str, str]:
    folders = {f"XDG_{name}_HOME": str(home / name.lower()) for name in ("CONFIG", "DATA", "STATE")}
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("QT_", "BPVIZ_"))}
    # Compiled programs are looked for where they always are: it takes a minute to make them.
    folders["XDG_CACHE_HOME"] = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return {
        **kept,
        **folders,
        "HOME": str(home),
        "DISPLAY": display,
        "QT_QPA_PLATFORM": "xcb" if display else "offscreen",
        "PYTHONPATH": str(ROOT),
        "PYTHONFAULTHANDLER": "1",
    }
