"""Write files so that they are either whole or not there, and say in a sentence why it failed."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO, Final

from bpviz.errors import FileError

_NOT_WRITTEN: Final = {
    errno.EACCES: "you may not write there; choose another folder",
    errno.EPERM: "you may not write there; choose another folder",
    errno.EROFS: "that disk is read-only; choose another folder",
    errno.ENOSPC: "the disk is full; make room or choose another disk",
    errno.EDQUOT: "your share of the disk is full; make room or choose another disk",
    errno.ENOENT: "that folder does not exist; make it first or choose another one",
    errno.ENOTDIR: "a part of its path is a file, not a folder; choose another folder",
    errno.EISDIR: "a folder of that name is there already; choose another name",
    errno.ENAMETOOLONG: "the name is too long; choose a shorter one",
    errno.ELOOP: "it is a link that leads back to itself; remove the link or choose another name",
}
_NOT_READ: Final = {
    errno.EACCES: "you may not read it; ask its owner for permission",
    errno.ENOENT: "there is no such file; check the name",
    errno.ENOTDIR: "a part of its path is a file, not a folder; check the path",
    errno.EISDIR: "it is a folder; name a file in it",
    errno.ENAMETOOLONG: "the name is too long to be a file",
}


def write_atomically(path: Path, content: bytes | Callable[[IO[bytes]], None]) -> None:
    """Write a file as a whole: beside its place first, then moved there in one step.

    Whatever was there before stays until the new file is safely on the disk.

    Args:
        path: Where to; its folder must exist.
        content: The bytes, or a function that writes them into the open file it is given.

    Raises:
        FileError: If the file can't be written; nothing is left behind then.
    """
    try:
        _write(path, content)
    except OSError as error:
        raise FileError(f"Can't write {path}: {_reason(_NOT_WRITTEN, error)}.", path) from error
    except RuntimeError as error:  # what pathlib says until Python 3.13
        if "loop" not in str(error):
            raise
        raise FileError(f"Can't write {path}: {_NOT_WRITTEN[errno.ELOOP]}.", path) from error


def make_folder(path: Path) -> None:
    """Make a folder and those above it, if they aren't there.

    Raises:
        FileError: If it can't be made.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
    except FileExistsError as error:
        raise FileError(f"{path} is a file, not a folder; choose another name.", path) from error
    except OSError as error:
        raise FileError(f"Can't make the folder {path}: {_reason(_NOT_WRITTEN, error)}.", path) from error


def read_file(path: Path, limit: int) -> bytes:
    """Read a whole file of at most `limit` bytes.

    Raises:
        FileError: If it can't be read or is larger.
    """
    try:
        with path.open("rb") as file:
            content = file.read(limit + 1)
    except OSError as error:
        raise FileError(f"Can't open {path}: {_reason(_NOT_READ, error)}.", path) from error
    if len(content) > limit:
        raise FileError(f"Can't open {path}: it is larger than {limit // 2**20} MB.", path)
    return content


def _reason(reasons: Mapping[int, str], error: OSError) -> str:
    return reasons.get(error.errno or 0, (error.strerror or str(error)).lower())


def _write(path: Path, content: bytes | Callable[[IO[bytes]], None]) -> None:
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    target = path.resolve()  # a link to a file keeps its place, the file behind it is replaced
    handle, name = tempfile.mkstemp(prefix=f".{target.name[:40]}.", suffix=".part", dir=target.parent)
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            if callable(content):
                content(file)
            else:
                file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.chmod(_mode(target))
        part.replace(target)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    _sync_folder(target.parent)


def _mode(target: Path) -> int:
    """Permissions of the new file: those of the old one, else what a newly made file gets."""
    try:
        return target.stat().st_mode & 0o777
    except OSError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask


def _sync_folder(folder: Path) -> None:
    """Make the move itself last through a power cut, where the system can."""
    if not hasattr(os, "O_DIRECTORY"):  # Windows
        return
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    except OSError:  # some network file systems can't; the file itself is safe
        pass
    finally:
        os.close(handle)
