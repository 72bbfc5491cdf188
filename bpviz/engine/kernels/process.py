"""The other process, which compiles programs and measures what has to be known before they are used."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path


def compiling(folder: Path, names: Sequence[str]) -> subprocess.Popen[str]:
    """Start a process that compiles programs into a folder and prints the name of each one that is there.

    It ends with this process, however that ends.

    Raises:
        OSError: If it can't be started.
    """
    # What is run is this very program.
    return subprocess.Popen(  # noqa: S603
        [sys.executable, "-m", "bpviz.engine.kernels", str(folder), *names],
        stdin=subprocess.PIPE,  # the end of which tells it that this process is gone
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),  # on Windows it would open a console
    )


def compile_elsewhere(folder: Path, name: str) -> None:
    """Let another process compile a program into a folder, and wait for it, unless it can't be started."""
    with suppress(OSError), compiling(folder, [name]) as process:
        try:
            process.wait()
        finally:
            process.terminate()
