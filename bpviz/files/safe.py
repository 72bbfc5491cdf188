"""Write files so that they are either whole or not there, and say in a sentence why it failed.

A file is written beside its place under a name that ends in `PART`, and locked as long as it is.  The system
gives the lock back when the process ends, however it ends, so `clear_leftovers` knows what nobody writes any
more.
"""

from __future__ import annotations

import errno
import os
import secrets
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Final

from bpviz.errors import FileError
from bpviz.reading import IS_SPECIAL, refuse_other_kinds, told
from bpviz.reading import read_file as read_file

PART: Final = ".bpviz-part"
"""What names of files that are being written end with."""

_WRITE_BITS: Final = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH
_REASONS: Final = {
    errno.EACCES: "you may not write there; choose another folder",
    errno.EPERM: "you may not write there; choose another folder",
    errno.EROFS: "that disk is read-only; choose another folder",
    errno.ENOSPC: "the disk is full; make room or choose another disk",
    errno.EDQUOT: "your share of the disk is full; make room or choose another disk",
    errno.EFBIG: "it would be larger than that disk takes; choose another disk",
    errno.ENOENT: "that folder does not exist; make it first or choose another one",
    errno.ENOTDIR: "a part of its path is a file, not a folder; choose another folder",
    errno.EISDIR: "a folder of that name is there already; choose another name",
    errno.ENAMETOOLONG: "the name is too long; choose a shorter one",
    errno.ELOOP: "it is a link that leads back to itself; remove the link or choose another name",
    errno.ENXIO: IS_SPECIAL,
}


def write_atomically(path: Path, content: bytes | Callable[[], bytes]) -> None:
    """Write a file as a whole: beside its place first, then moved there in one step.

    Whatever was there before stays until the new file is safely on the disk; then its permissions, and its
    owner where that is allowed, are those of the new one.

    Args:
        path: Where to: a new name in a folder that exists, or a file that may be written.
        content: The bytes, or what makes them; it may read other files.

    Raises:
        FileError: If the file can't be written; nothing is left behind then.
    """
    with told(f"Can't write {path}", path, _REASONS):
        old = _existing(path)
        whole = content() if callable(content) else content
        # A link to a file keeps its place, the file behind it is replaced.
        target = Path(os.path.realpath(path))
        clear_leftovers(target.parent)
        _write(target, old, whole)
        _sync_folder(target.parent)


def check_target(path: Path) -> None:
    """Find out before long work whether a file may be written, as far as what is there now says.

    Raises:
        FileError: If not.
    """
    with told(f"Can't write {path}", path, _REASONS):
        _existing(path)


def check_place(path: Path) -> None:
    """Find out before long work whether a file may be written, and whether its folder is there.

    Raises:
        FileError: If not.
    """
    with told(f"Can't write {path}", path, _REASONS):
        _existing(path)
        _ = path.parent.stat()


def make_folder(path: Path) -> None:
    """Make a folder and those above it, if they aren't there.

    Raises:
        FileError: If it can't be made.
    """
    with told(f"Can't make the folder {path}", path, _REASONS):
        try:
            path.mkdir(parents=True, exist_ok=True)
        except FileExistsError as error:
            raise FileError(f"{path} is a file, not a folder; choose another name.", path) from error


def clear_leftovers(folder: Path) -> None:
    """Remove what processes that were ended while they wrote left in a folder; others go on writing."""
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.endswith(PART) and entry.is_file(follow_symlinks=False):
                with suppress(OSError):
                    _clear(Path(entry.path))


def _clear(part: Path) -> None:
    if sys.platform == "win32":  # where files that are open can't be removed
        part.unlink()
        return
    handle = os.open(part, os.O_RDWR | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        _lock(handle)
        part.unlink()
    finally:
        os.close(handle)


def _existing(path: Path) -> os.stat_result | None:
    """What is to be replaced; None if the name is new.

    Raises:
        FileError: If it is not to be written.
        OSError: If it is no regular file, or a link to itself.
    """
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    refuse_other_kinds(found)
    if not found.st_mode & _WRITE_BITS or not os.access(path, os.W_OK):
        raise FileError(
            f"Can't write {path}: it is read-only; choose another name or allow writing it.",
            path,
        )
    return found


def _write(target: Path, old: os.stat_result | None, content: bytes) -> None:
    with _part(target, private=old is not None) as (part, file):
        file.write(content)
        file.flush()
        if old is not None:
            _take_over(file.fileno(), part, old)
        os.fsync(file.fileno())
        if sys.platform == "win32":  # where files that are open can't be moved
            file.close()
        part.replace(target)  # still locked, so that nobody takes it for a leftover


@contextmanager
def _part(target: Path, *, private: bool) -> Iterator[tuple[Path, IO[bytes]]]:
    """Open a new file beside its target, locked; removed if something fails."""
    while True:
        part = target.with_name(f".{target.name[:40]}.{secrets.token_hex(8)}{PART}")
        file = open(part, "xb", opener=_private if private else None)  # noqa: SIM115 - closed below
        try:
            if _is_ours(file.fileno()):
                yield part, file
                return
        except BaseException:
            _close(file)
            with suppress(OSError):
                part.unlink()
            raise
        finally:
            _close(file)


def _close(file: IO[bytes]) -> None:
    with suppress(OSError):  # what it holds is on the disk already, or given up
        file.close()


def _private(name: str, flags: int) -> int:
    return os.open(name, flags, 0o600)


def _is_ours(handle: int) -> bool:
    """Lock a new file; False if another process took it for a leftover in the moment before."""
    try:
        _lock(handle)
    except BlockingIOError:
        return False
    except OSError:  # some network file systems know no locks; nobody clears leftovers there either
        return True
    return os.fstat(handle).st_nlink > 0


def _lock(handle: int) -> None:
    """Lock a file as long as it is open.

    Raises:
        BlockingIOError: If it is locked already.
        OSError: If files can't be locked there.
    """
    if sys.platform != "win32":
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _take_over(handle: int, part: Path, old: os.stat_result) -> None:
    """Give a new file the owner, where that is allowed, and the permissions of the old one."""
    mode = stat.S_IMODE(old.st_mode)
    if sys.platform == "win32":
        part.chmod(mode)
        return
    for owner, group in ((old.st_uid, old.st_gid), (-1, old.st_gid)):
        with suppress(PermissionError):
            os.fchown(handle, owner, group)
            break
    new = os.fstat(handle)
    if (new.st_uid, new.st_gid) != (old.st_uid, old.st_gid):
        mode &= 0o777  # nobody else's program may begin to run as its new owner
    os.fchmod(handle, mode)


def _sync_folder(folder: Path) -> None:
    """Make the move itself last through a power cut, where the system can; the file is there all the same."""
    if not hasattr(os, "O_DIRECTORY"):  # Windows
        return
    with suppress(OSError):  # a folder may be closed to readers, and some network file systems can't
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
