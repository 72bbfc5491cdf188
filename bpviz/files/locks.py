"""Locks on small files, by which processes learn who is alive and who has what open.

The system frees a lock when its process ends, however it ends.  So a lock that can be taken belongs to nobody
alive, also after a restart of the machine and where the number of a process is in use again.  Where a file
system knows no locks, nobody seems to hold one.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import Final, Self

_TRIES: Final = 5  # a file that its last holder removes just now is made anew


class Lock:
    """A lock that this process holds; made by `take` or `join`."""

    def __init__(self, path: Path, handle: int) -> None:
        self._path, self._handle = path, handle

    @classmethod
    def take(cls, path: Path) -> Self | None:
        """Lock a file for this process alone, making it if need be; None if somebody else holds it.

        Raises:
            OSError: If the file can't be made or opened.
        """
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        if _try_lock(handle, shared=False) and _is_in_place(handle, path):
            return cls(path, handle)
        os.close(handle)
        return None

    @classmethod
    def join(cls, path: Path) -> Self:
        """Lock a file together with whoever else does so; `alone` says whether somebody does.

        Raises:
            OSError: If the file can't be made or opened.
        """
        for _ in range(_TRIES):
            handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
            _try_lock(handle, shared=True)
            if _is_in_place(handle, path):
                break
            os.close(handle)
        else:
            raise OSError(f"{path} keeps vanishing")
        return cls(path, handle)

    def alone(self) -> bool:
        """Whether nobody else has joined this lock."""
        alone = _try_lock(self._handle, shared=False)
        _try_lock(self._handle, shared=True)
        return alone

    def release(self, *, remove: bool = False) -> None:
        """Free the lock, and remove its file if asked to, unless others still hold it."""
        # An open file can't be removed on Windows, and on other systems must not be free before it is.
        windows = sys.platform == "win32"
        last = remove and _try_lock(self._handle, shared=False)
        if last and not windows:
            _remove(self._path)
        os.close(self._handle)
        if last and windows:
            _remove(self._path)


def _remove(path: Path) -> None:
    with suppress(OSError):  # a lock file too many does no harm
        path.unlink(missing_ok=True)


def _is_in_place(handle: int, path: Path) -> bool:
    """Whether an open file still is the one of that name; its holder may have removed it meanwhile."""
    try:
        return os.path.samestat(os.fstat(handle), path.stat())
    except OSError:
        return False


if sys.platform == "win32":
    import msvcrt

    def _try_lock(handle: int, *, shared: bool) -> bool:
        if shared:  # no such thing there: the first one holds the lock, all others see that
            return True
        try:
            os.lseek(handle, 0, os.SEEK_SET)
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
else:
    import fcntl

    def _try_lock(handle: int, *, shared: bool) -> bool:
        try:
            fcntl.flock(handle, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:  # a file system without locks
            return True
        return True
