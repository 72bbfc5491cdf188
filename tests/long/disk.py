"""A disk that fails: the n-th question to the system is answered by an error, in this process.

What Python asks is counted where it leaves for the system: `os` functions, and files that were opened.
"""

from __future__ import annotations

import builtins
import errno
import io
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO, Any, Final
from unittest.mock import patch

ERRORS: Final = (errno.EIO, errno.ENOSPC, errno.EACCES, errno.EROFS)
_ASKED: Final = (
    "open",
    "fsync",
    "replace",
    "stat",
    "lstat",
    "fstat",
    "scandir",
    "unlink",
    "fchmod",
    "fchown",
)
_OF_FILES: Final = ("read", "readinto", "write", "flush", "close", "seek", "tell")


class FailingDisk:
    """Counts what is asked and fails at one question, or at that one and all after it.

    Args:
        at: Which question fails, counted from 1.
        error: Its number.
        for_ever: Whether every later one fails too, as when a disk is pulled out.
    """

    def __init__(self, at: int, error: int, *, for_ever: bool = False) -> None:
        self._at, self._error, self._for_ever = at, error, for_ever
        self.asked: list[str] = []

    @property
    def failed(self) -> str | None:
        """What failed first; None if nothing did."""
        return self.asked[self._at - 1] if len(self.asked) >= self._at else None

    def ask(self, name: str) -> None:
        """Count a question, and fail if it is its turn."""
        self.asked.append(name)
        count = len(self.asked)
        if count == self._at or (self._for_ever and count > self._at):
            raise OSError(self._error, os.strerror(self._error))

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Let everything in this process meet this disk."""
        replaced = [patch.object(os, name, self._counting(name, getattr(os, name))) for name in _ASKED]
        replaced += [patch.object(module, "open", self._opening(open)) for module in (builtins, io)]
        for each in replaced:
            each.start()
        try:
            yield
        finally:
            for each in reversed(replaced):
                each.stop()

    def _counting(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def ask(*arguments: Any, **keywords: Any) -> Any:
            self.ask(name)
            return real(*arguments, **keywords)

        return ask

    def _opening(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def ask(*arguments: Any, **keywords: Any) -> Any:
            self.ask("open")
            return _File(self, real(*arguments, **keywords))

        return ask


class _File:
    """An open file on a failing disk; closing one that fails still closes it."""

    def __init__(self, disk: FailingDisk, file: IO[Any]) -> None:
        self._disk, self._file = disk, file

    def __getattr__(self, name: str) -> Any:
        real = getattr(self._file, name)
        return self._disk._counting(f"file.{name}", real) if name in _OF_FILES else real

    def close(self) -> None:
        """Close, as the system does also where it says that it could not."""
        self._file.close()
        self._disk.ask("file.close")

    def __iter__(self) -> Iterator[Any]:
        return iter(self._file)

    def __enter__(self) -> _File:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()
