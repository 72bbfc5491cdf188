"""A screen of its own with a window manager, and what this machine lacks for one."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from bpviz import display
from bpviz.display import Library

_PROGRAMS: Final = {"Xvfb": "xvfb", "openbox": "openbox"}
_TESTING: Final = Library("libXtst.so.6", "libxtst6 libXtst libxtst libXtst6")
_SETTINGS: Final = "/etc/xdg/openbox/rc.xml"
_READY_S: Final = 30.0
_LOOK_AGAIN_S: Final = 0.01


def missing_packages() -> list[str]:
    """List the Debian packages without which no window can be tried here."""
    programs = [package for program, package in _PROGRAMS.items() if shutil.which(program) is None]
    needed = (*display.DRAWING, *display.X11, _TESTING)
    libraries = [library for library in needed if not display.can_load(library.file)]
    return programs + display.packages(libraries, "Debian")


def advice() -> str:
    """Say why no window can be tried here and what would help; empty if one can."""
    packages = missing_packages()
    if not packages:
        return ""
    return f"The tests in a real window were left out; on Debian: apt-get install {' '.join(packages)}"


def until(done: Callable[[], bool], what: str, within_s: float = _READY_S) -> None:
    """Wait for something that another process brings about.

    Raises:
        AssertionError: If it does not come in time.
    """
    deadline = time.monotonic() + within_s
    while not done():
        assert time.monotonic() < deadline, f"{what} did not come within {within_s:g} s"
        time.sleep(_LOOK_AGAIN_S)


@contextmanager
def screen(width: int, height: int, folder: Path) -> Iterator[str]:
    """Show a screen of this size with openbox on it; yields what belongs into ``DISPLAY``.

    Args:
        width: In pixels.
        height: In pixels.
        folder: An empty folder, where openbox finds no settings of anybody's.
    """
    reader, writer = os.pipe()
    size = f"{width}x{height}x24"
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writer), "-screen", "0", size, "-nolisten", "tcp", "-noreset"],
        pass_fds=(writer,),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(writer)
    try:
        with os.fdopen(reader) as answers:
            number = answers.readline().strip()
        assert number, "Xvfb did not start"
        with _window_manager(f":{number}", folder):
            yield f":{number}"
    finally:
        _end(server)


@contextmanager
def _window_manager(display: str, folder: Path) -> Iterator[None]:
    ready, settings = folder / "openbox-is-there", folder / "rc.xml"
    settings.write_text(_patient(Path(_SETTINGS).read_text(encoding="utf-8")), encoding="utf-8")
    manager = subprocess.Popen(
        ["openbox", "--config-file", str(settings), "--startup", f"touch {ready}"],
        env={"PATH": os.environ["PATH"], "HOME": str(folder), "DISPLAY": display},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        until(ready.exists, "openbox")
        yield
    finally:
        _end(manager)


def _patient(settings: str) -> str:
    """Let windows have the keys where the pointer is, not where it clicks; all else is as Debian brings it.

    To see clicks first openbox takes the pointer and gives it back, and at clicks that come within a few
    milliseconds of each other it forgets to: then nobody gets events of the pointer any more.
    """
    without_clicks = re.sub(r'<context name="Client">.*?</context>', "", settings, flags=re.DOTALL)
    return without_clicks.replace("<followMouse>no</followMouse>", "<followMouse>yes</followMouse>")


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    process.wait(_READY_S)


if __name__ == "__main__":
    print(*missing_packages())
