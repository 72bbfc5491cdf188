"""Getting programs ready beside a window: compiled by another process, loaded by a thread."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from typing import Final

from bpviz.engine.kernels.cache import cache_folder, is_kept, is_noted, prune
from bpviz.engine.kernels.choice import is_settled
from bpviz.engine.kernels.engine import PROGRAMS
from bpviz.engine.kernels.process import compile_elsewhere, compiling

_FAILED: Final = "The compiled engine could not be prepared; training goes on with the reference engine."
_WAIT: Final = "Preparing the compiled engine, which may take a minute."
_NOT_KEPT: Final = "The compiled engine can't be kept; run bpviz doctor."  # short enough for a status line
_SWITCH_S: Final = 0.0005
"""How long other threads wait for the interpreter while programs are loaded, which is hundreds of imports."""


class KernelLoader:
    """Makes programs ready to be called, without keeping anybody waiting.

    Whoever wants a program asks `ready` from time to time, from any thread; the first question makes it
    wanted.  Programs that are not in the cache are all compiled there, in another process, once; which way
    they compute fastest is measured there, too, if that isn't known: before they are ready.
    """

    def __init__(self) -> None:
        self._wishes: SimpleQueue[str | None] = SimpleQueue()
        self._wanted: frozenset[str] = frozenset()
        self._ready: frozenset[str] = frozenset()
        self._kept: set[str] = set()
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
            self._kept = {name for name in PROGRAMS if _is_whole(folder, name)}
            self._serve(folder)
            over = True
        finally:
            if not over:  # a fault, which is reported; nobody shall wait for what never comes
                self._error = _FAILED

    def _serve(self, folder: Path) -> None:
        """Load what is wanted as long as anything may be; compile what is not there, once."""
        compiled = False
        while len(self._ready) < len(PROGRAMS):
            wish = self._wishes.get()
            if wish is None:
                return
            self._load_wanted(folder)
            missing = [name for name in PROGRAMS if name not in self._ready | self._kept]
            if missing and not compiled:
                compiled = True
                self._compile(folder, sorted(missing, key=lambda name: name != wish))
                missing = [name for name in missing if name not in self._ready | self._kept]
            if missing and not self._closed:
                self._error = _FAILED

    def _compile(self, folder: Path, names: Sequence[str]) -> None:
        """Let another process compile; what is wanted is loaded as soon as it is there."""
        try:
            self._process = process = compiling(folder, names)
        except OSError:
            return
        if self._closed:  # in the meantime
            process.terminate()
        assert process.stdout is not None
        with process:
            for line in process.stdout:
                self._kept.add(line.strip())
                self._load_wanted(folder)
        prune(folder)

    def _load_wanted(self, folder: Path) -> None:
        """Load what is wanted and should be there."""
        for name in (self._wanted - self._ready) & self._kept:
            if self._closed:
                return
            if _loaded(name, folder):
                self._ready |= {name}
            else:
                self._kept.clear()  # a note was wrong, so nothing is known of the others


def prepare(name: str, tell: Callable[[str], None]) -> None:
    """Make a program ready to be called, for somebody who waits.

    Args:
        name: As `engine.program_for` says it.
        tell: Told in a sentence if it takes long.
    """
    folder = cache_folder()
    if not (_is_whole(folder, name) and _loaded(name, folder)):
        tell(_WAIT if is_kept(folder) else f"{_WAIT} {_NOT_KEPT}")
        compile_elsewhere(folder, name)  # because a compiler doesn't hear Ctrl+C
    from bpviz.engine.kernels.programs import program

    program(name)  # compiled here, if the other process could not


def _is_whole(folder: Path, name: str) -> bool:
    """Whether a program should be in a folder, with all that is measured before it is used."""
    return is_noted(folder, name) and is_settled(folder, name)


def _loaded(name: str, folder: Path) -> bool:
    """Load a program that should be in a folder, beside others who need the interpreter."""
    with _others_first():
        from bpviz.engine.kernels.programs import load

        return load(name, folder) == "ready"


@contextmanager
def _others_first() -> Iterator[None]:
    """Let other threads, such as a window's, have the interpreter more often."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(_SWITCH_S)
    try:
        yield
    finally:
        sys.setswitchinterval(before)
