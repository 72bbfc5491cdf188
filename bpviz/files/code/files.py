"""Write programs: the table of frameworks, and the files that belong together."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bpviz.arrays import Array
from bpviz.errors import FileError
from bpviz.files.archive import pack_arrays
from bpviz.files.code.account import Account
from bpviz.files.code.keras_code import keras_text
from bpviz.files.code.numpy_code import numpy_text
from bpviz.files.code.text import Beside
from bpviz.files.code.torch_code import torch_text
from bpviz.files.safe import check_target, write_atomically
from bpviz.registry import Registry


@dataclass(frozen=True, slots=True)
class Framework:
    """Something a program can be written for.

    Attributes:
        name: Key on the command line.
        label: What menus show.
        text: Writes the program; arrays too long for it are put beside.
    """

    name: str
    label: str
    text: Callable[[Account, Beside], str]


FRAMEWORKS: Final = Registry(
    "framework",
    Framework("numpy", "NumPy", numpy_text),
    Framework("torch", "PyTorch", torch_text),
    Framework("keras", "Keras", keras_text),
)


@dataclass(frozen=True, slots=True, eq=False)
class Program:
    """A program and what belongs beside it.

    Attributes:
        text: Python.
        beside: Name of the file of arrays.
        arrays: What that file holds; empty where there is none.
    """

    text: str
    beside: str
    arrays: Mapping[str, Array]


def program(account: Account, framework: str, name: str = "network.py") -> Program:
    """Write a run as a program.

    Args:
        account: Of the run.
        framework: Entry of `FRAMEWORKS`.
        name: Of its file, after which that of its arrays is called.

    Raises:
        UnknownNameError: If there is no such framework.
    """
    beside = Beside(f"{Path(name).stem}-data.npz")
    # Written twice: the head tells whether there are arrays beside it.
    FRAMEWORKS[framework].text(account, beside)
    return Program(FRAMEWORKS[framework].text(account, beside), beside.name, beside.arrays)


def write_program(account: Account, framework: str, path: Path) -> tuple[Path, ...]:
    """Write a program and, where it has one, the file of its arrays beside it: both or none.

    Returns:
        The files that were written.

    Raises:
        UnknownNameError: If there is no such framework.
        FileError: If they can't be written; everything is then as it was.
    """
    made = program(account, framework, path.name)
    if not made.arrays:
        write_atomically(path, made.text.encode())
        return (path,)
    data = path.with_name(made.beside)
    check_target(path)
    before = data.read_bytes() if data.is_file() else None
    write_atomically(data, pack_arrays(made.arrays))
    try:
        write_atomically(path, made.text.encode())
    except FileError:
        with suppress(OSError, FileError):
            data.unlink() if before is None else write_atomically(data, before)
        raise
    return path, data
