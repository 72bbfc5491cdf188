"""Open what somebody names: a file as a whole, and never anything that only looks like one.

A pipe makes its reader wait for ever and a device has no end, so only regular files are read.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final, TypeAlias

from bpviz.errors import FileError

IS_SPECIAL: Final = "it is a device, a pipe or a socket, not a file; choose another name"
IS_NO_NAME: Final = "no file can have that name; choose another name"
_REASONS: Final = {
    errno.EACCES: "you may not read it; ask its owner for permission",
    errno.EPERM: "you may not read it; ask its owner for permission",
    errno.ENOENT: "there is no such file; check the name",
    errno.ENOTDIR: "a part of its path is a file, not a folder; check the path",
    errno.EISDIR: "it is a folder; name a file in it",
    errno.ENAMETOOLONG: "the name is too long to be a file; check the name",
    errno.ELOOP: "it is a link that leads back to itself; name the file it was meant for",
    errno.ENXIO: IS_SPECIAL,
}
MEGABYTE: Final = 2**20
_PIECE: Final = 16 * MEGABYTE

Tell: TypeAlias = Callable[[int, int], None]
"""Called now and then with (done, of)."""


def read_file(
    path: Path, limit: int, too_large: str = "choose another file", tell: Tell | None = None
) -> bytes:
    """Read a whole file.

    Args:
        path: The file.
        limit: The most bytes it may have.
        too_large: What to do about a larger one.
        tell: Hears how far it is with a large one, and may end it by raising something.

    Raises:
        FileError: If it can't be read, is larger or is no regular file.
    """
    with told(f"Can't open {path}", path, _REASONS):
        # Looked at before it is opened: opening a device can set it going.
        refuse_other_kinds(path.stat())
        with open(path, "rb", opener=_open_at_once) as file:
            found = os.fstat(file.fileno())
            refuse_other_kinds(found)
            content = b"" if found.st_size > limit else _all_of(file, found.st_size, tell)
    if max(found.st_size, len(content)) > limit:
        raise FileError(
            f"Can't open {path}: it is larger than {max(limit // MEGABYTE, 1)} MB; {too_large}.", path
        )
    return content


def _all_of(file: BinaryIO, size: int, tell: Tell | None) -> bytes:
    if tell is None or size <= _PIECE:
        return file.read()
    pieces: list[bytes] = []
    while piece := file.read(_PIECE):
        pieces.append(piece)
        tell(min(len(pieces) * _PIECE, size), size)
    return b"".join(pieces)


def is_there(path: Path) -> bool:
    """Whether a name leads to anything.

    Also of names that can't be: pathlib raises for one too long, and for a folder closed to the user, until
    Python 3.14.
    """
    return os.path.exists(path)  # noqa: PTH110


def is_file(path: Path) -> bool:
    """Whether a name leads to a regular file; see `is_there`."""
    return os.path.isfile(path)  # noqa: PTH113


def is_folder(path: Path) -> bool:
    """Whether a name leads to a folder; see `is_there`."""
    return os.path.isdir(path)  # noqa: PTH112


@contextmanager
def told(what: str, path: Path, reasons: Mapping[int, str]) -> Iterator[None]:
    """Turn what the system says about a file into a sentence.

    Args:
        what: What can't be done, the beginning of the sentence.
        path: The file.
        reasons: Ends of the sentence by error number; for others the system's own words are taken.

    Raises:
        FileError: For every failure of the system.
    """
    try:
        yield
    except OSError as error:
        reason = reasons.get(error.errno or 0, (error.strerror or str(error)).lower())
        raise FileError(f"{what}: {reason}.", path) from error
    except MemoryError as error:
        raise FileError(f"{what}: there is not enough memory; close other programs.", path) from error
    except ValueError as error:  # the system is never asked about a name with a NUL or half a character
        if not _is_no_name(path):
            raise
        raise FileError(f"{what}: {IS_NO_NAME}.", path) from error


def refuse_other_kinds(found: os.stat_result) -> None:
    """Refuse what is there but no regular file.

    Raises:
        OSError: If it is a folder (EISDIR) or a device, pipe or socket (ENXIO).
    """
    if stat.S_ISDIR(found.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    if not stat.S_ISREG(found.st_mode):
        raise OSError(errno.ENXIO, os.strerror(errno.ENXIO))


def _open_at_once(name: str, flags: int) -> int:
    """Open without waiting for another end; it could have become a pipe since it was looked at."""
    return os.open(name, flags | getattr(os, "O_NONBLOCK", 0))


def _is_no_name(path: Path) -> bool:
    name = str(path)
    try:
        os.fsencode(name)
    except UnicodeEncodeError:
        return True
    return "\0" in name
