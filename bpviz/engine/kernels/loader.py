"""Getting programs ready beside a window: compiled by another process, loaded by a thread."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from typing import Final

from bpviz.engine.kernels.cache import cache_folder, is_cached, is_kept, prune
from bpviz.engine.kernels.engine import PROGRAMS

_FAILED: Final = "The compiled engine could not be prepared; training goes on with the reference engine."
_NOT_KEPT: Final = (
    "The user's cache folder can't be written, so the compiled engine is prepared anew at every start; "
    "run bpviz doctor."
)
_SWITCH_S: Final = 0.0005
"""How long other threads wait for the interpreter while programs are loaded, which is hundreds of imports."""


class KernelLoader:
    """Makes programs ready to be called, without keeping anybody waiting.

    Whoever wants a program asks `ready` from time to time, from any thread; the first question makes it
    wanted.  Programs that are not in the cache are all compiled there, in another process, once.
    """

    def __init__(self) -> None:
        self._wishes: SimpleQueue[str | None] = SimpleQueue()
        self._wanted: frozenset[str] = frozenset()
        self._ready: frozenset[str] = frozenset()
        self._error: str | None = None
        self._notice: str | None = None
        self._closed = False
        self._process: subprocess.Popen[str] | None = None
        self._thread = Thread(target=self._work, name="kernel loader", daemon=True)

    @property
    def error(self) -> str | None:
        """Why programs that are not ready never will be, as a sentence; None while they may."""
        return self._error

    @property
    def notice(self) -> str | None:
        """What the user should know although all goes well, as a sentence."""
        return self._notice

    def ready(self, name: str) -> bool:
        """Whether a program, named as by `engine.program_for`, can be called at once; it is wanted now."""
        if name not in self._wanted:
            self._wanted |= {name}
            self._wishes.put(name)
        return name in self._ready

    def start(self) -> None:
        """Begin, with the program wanted first."""
        self._thread.start()

    def close(self) -> None:
        """End the other process and the thread.  Safe to call twice."""
        self._closed = True
        self._wishes.put(None)
        if self._process is not None:
            self._process.terminate()
        if self._thread.is_alive():
            self._thread.join()

    def _work(self) -> None:
        over = False
        try:
            folder = cache_folder()
            if not is_kept(folder):
                self._notice = _NOT_KEPT
            first = self._wishes.get()
            names = sorted(PROGRAMS, key=lambda name: name != first)
            cold = [name for name in names if not is_cached(folder, name)]
            self._load_wanted(folder)
            if cold and not self._closed:
                self._compile(folder, cold)
            self._serve(folder)
            over = True
        finally:
            if not over:  # a fault, which is reported; nobody shall wait for what never comes
                self._error = _FAILED

    def _serve(self, folder: Path) -> None:
        """Load what is wanted as long as anything may be."""
        while not self._closed and len(self._ready) < len(PROGRAMS):
            self._load_wanted(folder)
            if self._wishes.get() is None:
                return

    def _compile(self, folder: Path, names: Sequence[str]) -> None:
        """Let another process compile; what is wanted is loaded as soon as it is there."""
        command = [sys.executable, "-m", "bpviz.engine.kernels", str(folder), *names]
        quiet = getattr(subprocess, "CREATE_NO_WINDOW", 0)  # on Windows it would open a console
        try:
            # What is run is this very program.
            process = subprocess.Popen(  # noqa: S603
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
                creationflags=quiet,
            )
        except OSError:
            self._error = _FAILED
            return
        self._process = process
        if self._closed:  # in the meantime
            process.terminate()
        assert process.stdout is not None
        with process.stdout as lines:
            for _ in lines:
                self._load_wanted(folder)
        if process.wait() != 0 and not self._closed:
            self._error = _FAILED
        prune(folder)

    def _load_wanted(self, folder: Path) -> None:
        for name in self._wanted - self._ready:
            if not self._closed and is_cached(folder, name):
                with _others_first():
                    from bpviz.engine.kernels.programs import program

                    program(name, folder)
                self._ready |= {name}


@contextmanager
def _others_first() -> Iterator[None]:
    """Let other threads, such as a window's, have the interpreter more often."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(_SWITCH_S)
    try:
        yield
    finally:
        sys.setswitchinterval(before)
