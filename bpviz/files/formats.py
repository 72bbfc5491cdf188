"""What a format of files is; `bpviz.files.weights` and `bpviz.files.figures` have tables of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Generic, ParamSpec

from bpviz.errors import FileError
from bpviz.files.safe import write_atomically
from bpviz.registry import Registry

HALF_LETTERS: Final = "xmlcharrefreplace"
"""How to encode a text from a script that may hold half a letter, which no file can."""

P = ParamSpec("P")


@dataclass(frozen=True, slots=True)
class FileFormat(Generic[P]):
    """A way to write something.

    Attributes:
        name: Key on the command line, and what names of files end with.
        label: What menus show.
        suffix: Of files, with its dot.
        content: Makes the whole file.
    """

    name: str
    label: str
    suffix: str
    content: Callable[P, bytes]

    def write(self, path: Path, *args: P.args, **kwargs: P.kwargs) -> None:
        """Write a file with what `content` makes of the other arguments.

        Raises:
            FileError: If it can't be written; nothing is left behind then.
        """
        write_atomically(path, lambda: self.content(*args, **kwargs))


def format_for(formats: Registry[FileFormat[P]], path: Path, kind: str | None) -> FileFormat[P]:
    """Choose the format of a file: the one that is named, or else what the file's name ends with.

    Raises:
        UnknownNameError: If there is no such format.
        FileError: If neither says which.
    """
    name = kind or path.suffix.removeprefix(".").lower()
    if not name:
        endings = ", ".join(entry.suffix for entry in formats.values())
        raise FileError(f"{path.name!r} does not say in which format to write; end it in {endings}.", path)
    return formats[name]
