"""Compile programs into a cache folder, and print the name of each as soon as it is there.

What has to be measured before a program is used (`choice`) is measured here, too, before its name is printed.

Usage: python -m bpviz.engine.kernels FOLDER NAME...

It ends as soon as its input does: who started it, and holds the other end, is gone then.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from threading import Thread


def main() -> None:
    """Compile, leaving the processor to whoever wants it."""
    if hasattr(os, "nice"):
        os.nice(10)
    Thread(target=_end_with_input, daemon=True).start()
    from bpviz.engine.kernels.choosing import settle
    from bpviz.engine.kernels.programs import compiled

    folder, *names = sys.argv[1:]
    for name in names:
        settle(compiled(name, Path(folder)), name)
        sys.stdout.write(f"{name}\n")
        sys.stdout.flush()


def _end_with_input() -> None:
    # Not by way of `sys.stdin`, whose lock a thread that waits for ever would hold at the end.
    while os.read(0, 1):
        pass
    os._exit(1)


if __name__ == "__main__":
    main()
