"""Work that is kept by itself, so that a crash, a kill or a power cut takes little of it.

A folder holds a *seat* for every window that has something to lose::

    20261126-140512-3f9a1c.lock       locked as long as the window lives, however it ends
    20261126-140512-3f9a1c-7.bpviz    an ordinary project file, with the run
    20261126-140512-3f9a1c-2.table    its table, where that is large: written once, not with every file
    20261126-140512-3f9a1c.json       a note: which of the files count, whose they are and from when

The note is written after its file and before the file from before is removed.  So it always names a whole
one, and what it says is true of that.  A seat whose lock can be taken belongs to nobody alive: what it holds
is left over, and whoever takes it goes on in that seat.
"""

from __future__ import annotations

import os
import re
import secrets
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, Final, Self
from urllib.parse import quote, unquote_to_bytes

import msgspec

from bpviz.data.settings import Table
from bpviz.errors import FileError
from bpviz.files.binding import Stamp
from bpviz.files.locks import Lock
from bpviz.files.project import SUFFIX, Saved, is_large, save_project, write_table
from bpviz.files.safe import make_folder, read_file, write_atomically
from bpviz.reading import is_file, is_there
from bpviz.version import __version__

KEPT_DAYS: Final = 30
"""What nobody took in this time is cleared away."""
LATEST: Final = 2.0**37
"""Seconds since 1970 that a note may name; of what lies thousands of years ahead no date can be written."""
_DAY_S: Final = 86_400
_TABLE: Final = ".table"
_LARGEST_NOTE: Final = 2**16
_LONGEST_TITLE: Final = 200
_SEAT: Final = re.compile(r"\d{8}-\d{6}-[0-9a-f]{6}")


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose work it is.

    Attributes:
        title: Of the project, as the window shows it.
        path: The file it belongs to; None before it was ever saved.
        stamp: What stood in that file when it was read or written last.
    """

    title: str
    path: Path | None = None
    stamp: Stamp | None = None


@dataclass(frozen=True, slots=True)
class Leftover:
    """Work that a window left behind.

    Attributes:
        seat: Names it.
        file: The project file.
        owner: Whose it is.
        step: Steps of its run; None if that can't be told before it is opened.
        at: When it was kept, in seconds since 1970.
        table: Where the project's table stands, if not in its file.
    """

    seat: str
    file: Path
    owner: Owner
    step: int | None
    at: float
    table: Path | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """What stands in the folder.

    Attributes:
        leftovers: The latest first.
        expired: What was too old and has been cleared away.
    """

    leftovers: tuple[Leftover, ...] = ()
    expired: tuple[Leftover, ...] = ()


class _Note(msgspec.Struct):
    """The note of a seat as JSON.  A path is percent-encoded: its bytes need not be text."""

    file: str
    title: str
    step: Annotated[int, msgspec.Meta(ge=0)]
    at: Annotated[float, msgspec.Meta(ge=0, le=LATEST)]
    program: str
    path: str | None = None
    stamp: Stamp | None = None
    table: str | None = None


class Seat:
    """The place of one window; made by `make`, or taken over from a dead one by `take`."""

    def __init__(self, folder: Path, name: str, lock: Lock, count: int = 0) -> None:
        self._folder, self.name, self._lock, self._count = folder, name, lock, count
        self._written: tuple[Table, Path] | None = None  # the large table that stands in a file of its own

    @classmethod
    def make(cls, folder: Path) -> Self:
        """Take a new seat.

        Raises:
            FileError: If the folder can't be written.
        """
        make_folder(folder)
        while True:
            name = f"{datetime.now().astimezone():%Y%m%d-%H%M%S}-{secrets.token_hex(3)}"
            try:
                lock = Lock.take(folder / f"{name}.lock")
            except OSError as error:
                raise FileError(f"Can't write in {folder}: {error.strerror}.", folder) from error
            if lock is not None:
                return cls(folder, name, lock)

    @classmethod
    def take(cls, leftover: Leftover) -> Self | None:
        """Take over the seat of a dead window; None if another one was quicker."""
        folder = leftover.file.parent
        lock = _try_take(folder, leftover.seat)
        if lock is None:
            return None
        if not is_there(leftover.file):  # somebody has taken it and is done with it
            _clear(folder, leftover.seat, lock)
            return None
        return cls(folder, leftover.seat, lock, _count_of(leftover.file))

    def keep(self, saved: Saved, owner: Owner, at: float) -> Leftover:
        """Write the work as it is now; what was kept before stays until that is on the disk.

        Raises:
            FileError: If it can't be written.
        """
        self._count += 1
        file = self._folder / f"{self.name}-{self._count}{SUFFIX}"
        step = 0 if saved.state is None else saved.state.step
        try:
            table = self._table_of(saved)
            save_project(file, saved, without_table=table is not None)
            kept = Leftover(self.name, file, owner, step, at, table)
            write_atomically(_note_path(self._folder, self.name), _encoded(kept))
        finally:
            # A failure may come after the note is in place; which file counts is for the note to say.
            leftover = _leftover(self._folder, self.name)
            if leftover is not None:
                _clear_beside(self._folder, leftover)
        return kept

    def _table_of(self, saved: Saved) -> Path | None:
        """Where the table stands, if it is large; written when it is another one than last time."""
        table = saved.project.data.table
        if table is None or not is_large(table):
            return None
        if self._written is None or self._written[0] is not table or not is_there(self._written[1]):
            path = self._folder / f"{self.name}-{self._count}{_TABLE}"
            write_table(path, table)
            self._written = table, path
        return self._written[1]

    def clear(self) -> None:
        """Throw away what is kept, and the seat."""
        _clear(self._folder, self.name, self._lock)

    def leave(self) -> None:
        """Leave what is kept to whoever takes it."""
        self._lock.release()


def look(folder: Path, now: float) -> Found:
    """Find what dead windows left behind, and clear away what is of no use to anybody.

    That is what is older than `KEPT_DAYS`, and what a killed process had not written to its end.

    Args:
        folder: Where the seats are.
        now: Seconds since 1970.
    """
    leftovers, expired = [], []
    for name in _seats(folder):
        lock = _try_take(folder, name)
        if lock is None:  # its window lives
            continue
        leftover = _leftover(folder, name)
        if leftover is None:
            _clear(folder, name, lock)
        elif now - leftover.at > KEPT_DAYS * _DAY_S:
            expired.append(leftover)
            _clear(folder, name, lock)
        else:
            leftovers.append(leftover)
            _clear_beside(folder, leftover)
            lock.release()
    leftovers.sort(key=lambda leftover: -leftover.at)
    return Found(tuple(leftovers), tuple(expired))


def find(folder: Path, name: str) -> Leftover | None:
    """Find what was left behind under a name, if it is there."""
    return _leftover(folder, name) if _SEAT.fullmatch(name) else None


def _seats(folder: Path) -> list[str]:
    """Every seat of which there is a file, be it one that was not written to its end."""
    try:
        names = [entry.name for entry in os.scandir(folder)]
    except OSError:
        return []
    return sorted({match[0] for name in names if (match := _SEAT.search(name))})


def _try_take(folder: Path, name: str) -> Lock | None:
    try:
        return Lock.take(folder / f"{name}.lock")
    except OSError:
        return None


def _files(folder: Path, name: str) -> list[Path]:
    """Everything of a seat but its lock, also what was not written to its end."""
    try:
        return [path for path in folder.iterdir() if name in path.name and path.suffix != ".lock"]
    except OSError:
        return []


def _remove(path: Path) -> None:
    # What can't be removed is looked at again at the next start; nobody needs to hear of it.
    with suppress(OSError):
        path.unlink(missing_ok=True)


def _clear_beside(folder: Path, leftover: Leftover) -> None:
    """Remove all files of a seat but those that count, and its note."""
    for path in _files(folder, leftover.seat):
        if path not in (leftover.file, leftover.table, _note_path(folder, leftover.seat)):
            _remove(path)


def _clear(folder: Path, name: str, lock: Lock) -> None:
    # The note first: what it names is there as long as it is.
    for path in sorted(_files(folder, name), key=lambda path: path.suffix != ".json"):
        _remove(path)
    lock.release(remove=True)


def _note_path(folder: Path, name: str) -> Path:
    return folder / f"{name}.json"


def _count_of(file: Path) -> int:
    tail = file.stem.rpartition("-")[2]
    return int(tail) if tail.isdecimal() else 0


def _leftover(folder: Path, name: str) -> Leftover | None:
    """Read what a seat holds; the newest file where its note can't be read."""
    try:
        note = msgspec.json.decode(read_file(_note_path(folder, name), _LARGEST_NOTE), type=_Note)
        # A name, not a path: a note from elsewhere must not lead out of the folder.
        file = folder / Path(note.file).name
        table = None if note.table is None else folder / Path(note.table).name
        path = None if note.path is None else Path(os.fsdecode(unquote_to_bytes(note.path)))
        owner = Owner(note.title[:_LONGEST_TITLE], path, note.stamp)
        if is_file(file) and name in file.name:
            return Leftover(name, file, owner, note.step, note.at, table)
    except (FileError, msgspec.MsgspecError, UnicodeDecodeError):
        pass
    files = [path for path in _files(folder, name) if path.name.startswith(name) and path.suffix == SUFFIX]
    if not files:
        return None
    file = max(files, key=_count_of)
    at = min(max(file.stat().st_mtime, 0.0), LATEST)
    tables = [path for path in _files(folder, name) if path.name.startswith(name) and path.suffix == _TABLE]
    return Leftover(name, file, Owner("Untitled"), None, at, max(tables, key=_count_of, default=None))


def _encoded(kept: Leftover) -> bytes:
    owner = kept.owner
    path = None if owner.path is None else quote(os.fsencode(owner.path.absolute()))
    title = owner.title.encode(errors="replace").decode()  # half a surrogate pair is no text
    table = None if kept.table is None else kept.table.name
    program = f"bpviz {__version__}"
    note = _Note(kept.file.name, title, kept.step or 0, kept.at, program, path, owner.stamp, table)
    return msgspec.json.format(msgspec.json.encode(note), indent=1)
