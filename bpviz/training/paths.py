"""The paths that can compute: each one's name and what makes its runner.

A session asks for one by name.  To add a path, write a `Runner` in a module of its own and add it here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from bpviz.errors import SettingError, UnknownNameError
from bpviz.training.kernel_runner import KernelRunner
from bpviz.training.runner import ReferenceRunner, Runner, Setup
from bpviz.training.snapshot import Path

RUNNERS: Final[Mapping[Path, Callable[[Setup], Runner]]] = {
    "reference": ReferenceRunner,
    "kernel": KernelRunner,
}


def make_runner(path: Path, setup: Setup) -> Runner:
    """Make the runner of a path.

    Raises:
        SettingError: If there is no such path.
    """
    if path not in RUNNERS:
        raise SettingError(f"There is no engine named {path!r}; choose one of {', '.join(RUNNERS)}.")
    return RUNNERS[path](setup)


def best_engine() -> Path:
    """Return the name of the fastest path there is."""
    return "kernel" if "kernel" in RUNNERS else "reference"


def engine_named(name: str | None) -> Path:
    """Return a path by its name; without one, the fastest.

    Raises:
        UnknownNameError: If there is none of this name.
    """
    if name is None:
        return best_engine()
    for known in RUNNERS:
        if known == name:
            return known
    raise UnknownNameError("engine", name, RUNNERS)
