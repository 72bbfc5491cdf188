"""The file of a document: is it still what was read or written here, and who else has it open?"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

from bpviz.files.locks import Lock
from bpviz.reading import is_file, is_there

State: TypeAlias = Literal["same", "changed", "gone"]


@dataclass(frozen=True, slots=True)
class Stamp:
    """What tells one content of a file from another.

    Attributes:
        modified_ns: When it was written, in nanoseconds since 1970.
        size: Bytes.
        inode: Its number on the disk; a file put in its place has another.
        digest: Of its content, which alone says whether a file was changed or merely touched.
    """

    modified_ns: int
    size: int
    inode: int
    digest: str


def stamp_of(path: Path) -> Stamp | None:
    """Describe a file as it is now; None if it can't be read, or is a pipe that might be read for ever."""
    if not is_file(path):
        return None
    try:
        with path.open("rb") as file:
            status = os.fstat(file.fileno())
            digest = hashlib.file_digest(file, "blake2b").hexdigest()[:32]
    except OSError:
        return None
    return Stamp(status.st_mtime_ns, status.st_size, status.st_ino, digest)


class Binding:
    """Knows the file of one document; it writes and reads nothing of it.

    Args:
        folder: Holds a small file for each project that is open in any window, which these windows lock
            together.  Where it can't be written nobody knows of the others, and nothing else is amiss.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._path: Path | None = None
        self._stamp: Stamp | None = None
        self._mark: Path | None = None
        self._lock: Lock | None = None

    @property
    def stamp(self) -> Stamp | None:
        """What stood in the file when it was bound last."""
        return self._stamp

    def bind(self, path: Path, stamp: Stamp | None) -> None:
        """Belong to a file from now on, with what was read from it or written to it."""
        self._path, self._stamp = path, stamp
        mark = self._mark_of(path)
        if mark == self._mark:
            return
        self._leave()
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._lock = Lock.join(mark)
            self._mark = mark
        except OSError:
            pass

    def release(self) -> None:
        """Belong to no file."""
        self._path = self._stamp = None
        self._leave()

    def is_of(self, path: Path) -> bool:
        """Whether a path leads to the file of the document."""
        return self._path is not None and os.path.realpath(path) == os.path.realpath(self._path)

    def state(self) -> State:
        """Whether the file still holds what was read or written here; a file merely touched does."""
        if self._path is None:
            return "same"
        if self._stamp is None:  # it was not there; what is there now is not from here
            return "changed" if is_there(self._path) else "same"
        try:
            status = self._path.stat()
        except FileNotFoundError:
            return "gone"
        except OSError:  # writing will say what is the matter
            return "same"
        then = self._stamp
        if (status.st_mtime_ns, status.st_size, status.st_ino) == (then.modified_ns, then.size, then.inode):
            return "same"
        now = stamp_of(self._path)
        return "same" if now is None or now.digest == then.digest else "changed"

    def open_elsewhere(self, path: Path) -> bool:
        """Whether another window has a file open."""
        mark = self._mark_of(path)
        if mark == self._mark and self._lock is not None:
            return not self._lock.alone()
        if not mark.exists():
            return False
        try:
            lock = Lock.join(mark)
        except OSError:
            return False
        alone = lock.alone()
        lock.release(remove=True)
        return not alone

    def _mark_of(self, path: Path) -> Path:
        # The path as it really is: a link and what it leads to are one project.
        name = hashlib.blake2b(os.fsencode(os.path.realpath(path)), digest_size=16).hexdigest()
        return self._folder / f"{name}.lock"

    def _leave(self) -> None:
        if self._lock is not None:
            self._lock.release(remove=True)
        self._lock = self._mark = None
