"""Every exception that bpviz raises on purpose.

``str(error)`` is the sentence shown to the user, so it names what is wrong and
what to do about it.  Facts that code needs (which layers, which file) are
attributes, never parsed back out of the text.

The tree mirrors the packages, so ``except`` says which part may fail::

    BpvizError
    |-- UnknownNameError      a table has no such entry            (KeyError)
    |-- SettingError          a value outside what it may be       (ValueError)
    |-- ModelError            the drawn network can't be edited so, or can't run
    |   |-- CycleError        links form a loop
    |   `-- ShapeError        sizes don't fit together
    |-- DataError             a data set or table can't be used
    |-- DivergedError         training left the finite numbers
    |-- CancelledError        the user stopped a long task
    `-- FileError             a file can't be read or written
        `-- FileFormatError   it is not what it claims
            `-- VersionError  it was written by a newer bpviz

`listed`, `counted` and `grouped` write parts of such sentences.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Final

GROUP: Final = "\u202f"
"""Between groups of three digits: a narrow no-break space, as comma and point are both decimal signs."""


def listed(names: Sequence[str], most: int = 8) -> str:
    """Write names for a sentence, ``'a', 'b'``; of many only the first, and how many more there are."""
    shown = ", ".join(repr(name) for name in names[:most])
    return f"{shown} and {grouped(len(names) - most)} more" if len(names) > most else shown


def counted(number: int, thing: str) -> str:
    """Write how many of something there are: ``1 row``, ``2 000 rows``."""
    return f"1 {thing}" if number == 1 else f"{grouped(number)} {thing}s"


def grouped(number: float, digits: str = "") -> str:
    """Write a number with its digits in groups, a whole one as ``2 000``.

    Args:
        number: The number.
        digits: How many digits, as in a format: ``.1f``.
    """
    return format(number, f",{digits}").replace(",", GROUP)


class BpvizError(Exception):
    """Base of all expected failures; anything else is a bug."""


class UnknownNameError(BpvizError, KeyError):
    """A table has no entry of this name; a `KeyError`, so that tables are as good as any mapping."""

    def __init__(self, kind: str, name: str, known: Iterable[str]) -> None:
        self.kind, self.name, self.known = kind, name, tuple(known)
        close = get_close_matches(name, self.known, n=1)
        hint = f"did you mean {close[0]!r}?" if close else f"choose one of {', '.join(self.known)}."
        super().__init__(f"There is no {kind} named {name!r}; {hint}")

    def __str__(self) -> str:
        return Exception.__str__(self)  # a KeyError would show it in quotation marks


class SettingError(BpvizError, ValueError):
    """A setting has a value it can't have."""


class ModelError(BpvizError):
    """The network can't be edited in this way, or can't run as it is drawn."""


class CycleError(ModelError):
    """Links form a loop, so there is no order in which to run the layers."""

    def __init__(self, names: tuple[str, ...]) -> None:
        super().__init__(f"The links {' → '.join(names)} form a loop; remove one of them.")
        self.names = names


class ShapeError(ModelError):
    """Two sizes that must agree don't."""


class DataError(BpvizError):
    """A data set or table can't be used as it is."""


class DivergedError(BpvizError):
    """Training left the finite numbers."""


class CancelledError(BpvizError):
    """The user stopped a long task before it was done."""


class FileError(BpvizError):
    """A file can't be read or written."""

    def __init__(self, message: str, path: Path | None = None) -> None:
        super().__init__(message)
        self.path = path


class FileFormatError(FileError):
    """A file is not what it claims to be."""


class VersionError(FileFormatError):
    """A file was written by a newer version of bpviz."""
