"""Programs that tests run in processes of their own."""

from __future__ import annotations

import os
import subprocess
import sys


def printed(code: str, *arguments: object, threads: int = 1) -> list[str]:
    """Run a program and return the words it prints.

    Args:
        code: In Python.
        arguments: What it finds in `sys.argv`.
        threads: How many its libraries of linear algebra use if they are let.
    """
    done = subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        env={**os.environ, "OPENBLAS_NUM_THREADS": str(threads), "OMP_NUM_THREADS": str(threads)},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.split()
