"""Compile programs into a cache folder, and print the name of each as soon as it is there.

Usage: python -m bpviz.engine.kernels FOLDER NAME...
"""

from __future__ import annotations

import os
import sys
from pathlib import Path


def main() -> None:
    """Compile, leaving the processor to whoever wants it."""
    if hasattr(os, "nice"):
        os.nice(10)
    from bpviz.engine.kernels.programs import program

    folder, *names = sys.argv[1:]
    for name in names:
        program(name, Path(folder))
        sys.stdout.write(f"{name}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
