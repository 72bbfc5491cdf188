"""Where compiled programs are kept: a folder of the user's cache, for this machine and these versions."""

from __future__ import annotations

import atexit
import contextlib
import errno
import hashlib
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final, TextIO

_PREFIX: Final = "kernels-"
_FOLDERS: Final = 3
"""Folders that stay, such as those of a few versions side by side; the one used longest ago goes first."""

_NOTE: Final = ".whole"
_LOCK: Final = "compiling.lock"

_CHOICE: Final = "choice-"
_CHOICES: Final = 16
"""Files of choices that stay beside the one in use: some hundred bytes each, so more than folders."""

_CPU_FACTS: Final = ("model name", "flags", "Features", "CPU implementer", "CPU part")
_CPU_BYTES: Final = 8192  # of the system's list of processors; the first one is enough


def cache_folder() -> Path:
    """Return a folder that can be written to: the user's, or else one that ends with the program.

    The user's need not be there yet: it is made once there is something to keep.
    """
    parent = _users_cache() / "bpviz"
    folder = parent / f"{_PREFIX}{_key()}"
    return folder if _can_write(folder if folder.exists() else parent) else _temporary_folder()


def is_kept(folder: Path) -> bool:
    """Whether what is put into a folder will be there at the next start."""
    return folder.parent.name == "bpviz"


def emptied(folder: Path) -> Path:
    """Throw away what is in a folder, and return it; a temporary one if that can't be done."""
    shutil.rmtree(folder, ignore_errors=True)
    return folder if _can_write(folder) and not any(folder.iterdir()) else _temporary_folder()


def is_noted(folder: Path, name: str) -> bool:
    """Whether a program was put into a folder.

    It may not be there for everybody: what was compiled from sources elsewhere is of no use, even if they are
    the same, and files can be damaged.  So this only saves looking for it; `programs.load` finds out.
    """
    return _note(folder, name).is_file()


def note_cached(folder: Path, name: str) -> None:
    """Note that a program is in a folder, whole, and used now."""
    # Without the note it is only compiled, or looked for, once more than needed.
    with contextlib.suppress(OSError):
        _note(folder, name).touch()
        os.utime(folder)


def prune(folder: Path) -> None:
    """Throw away the folders beside this one that were used longest ago, and those with nothing in them."""
    if not is_kept(folder):
        return
    with contextlib.suppress(OSError):
        others = [other for other in folder.parent.glob(f"{_PREFIX}*") if other != folder]
        filled = [other for other in others if any(other.iterdir())]
        filled.sort(key=lambda other: other.stat().st_mtime, reverse=True)
        for other in set(others).difference(filled[: _FOLDERS - 1]):
            shutil.rmtree(other, ignore_errors=True)
        for file in older_choice_files(folder)[_CHOICES:]:
            file.unlink(missing_ok=True)


def choice_file(folder: Path) -> Path | None:
    """Return the file beside a folder that says which way its programs compute; see `choice`.

    It need not be there yet.  None where it couldn't be written either.
    """
    if not is_kept(folder):
        return None
    file = folder.parent / f"{_CHOICE}{_processors_key()}-{folder.name.removeprefix(_PREFIX)}.json"
    return file if file.exists() or _can_write(folder.parent) else None


def older_choice_files(folder: Path) -> list[Path]:
    """List those of other programs on this processor, the newest first."""
    own = choice_file(folder)
    if own is None:
        return []
    others = [file for file in own.parent.glob(f"{_CHOICE}{_processors_key()}-*.json") if file != own]
    dated = []
    for file in others:
        with contextlib.suppress(OSError):  # thrown away by another process meanwhile
            dated.append((file.stat().st_mtime, file))
    return [file for _, file in sorted(dated, reverse=True)]


def write_whole(file: Path, data: bytes) -> None:
    """Write a file so that nobody ever sees a part of it.

    Raises:
        OSError: If it can't be written.
    """
    with tempfile.TemporaryDirectory(dir=file.parent) as folder:
        part = Path(folder) / file.name
        part.write_bytes(data)
        part.replace(file)


@contextlib.contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Wait until no other process compiles for this user, and let none begin meanwhile.

    The system takes the lock back from a process that ends, in whatever way.
    """
    with contextlib.ExitStack() as stack:
        # Where there is no lock, as on some network drives, programs are compiled twice; no harm is done.
        with contextlib.suppress(OSError):
            if is_kept(folder):
                _lock(stack.enter_context((folder.parent / _LOCK).open("a")))
        yield


def _note(folder: Path, name: str) -> Path:
    return folder / f"{name.replace(' ', '-')}{_NOTE}"


def _lock(file: TextIO) -> None:
    """Wait until a file can be locked by this process; closing it gives it back.

    Raises:
        OSError: If files can't be locked there.
    """
    if sys.platform == "win32":
        import msvcrt

        while True:
            try:  # which waits for ten seconds
                return msvcrt.locking(file.fileno(), msvcrt.LK_LOCK, 1)
            except OSError as error:
                if error.errno != errno.EDEADLK:
                    raise
    import fcntl

    return fcntl.flock(file, fcntl.LOCK_EX)


def _users_cache() -> Path:
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")


@cache
def _key() -> str:
    """Digest of the kernels' source, of the versions of what compiles them, and of the processor."""
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.read_bytes())
    # Tables that are compiled in: constants of these modules are part of the programs.
    for name in ("activations", "losses", "order", "schedules"):
        digest.update((Path(__file__).parent.parent / f"{name}.py").read_bytes())
    # Here and not above: it takes as long to load as all of this package, and the window opens without it.
    from importlib.metadata import version

    used = [version(name) for name in ("numba", "llvmlite", "numpy", "scipy")]
    digest.update(" ".join([*used, platform.python_version(), *_processor()]).encode())
    return digest.hexdigest()[:16]


@cache
def _processors_key() -> str:
    """Digest of the processor alone."""
    return hashlib.sha256(" ".join(_processor()).encode()).hexdigest()[:8]


def _processor() -> list[str]:
    """What is known of the processor before the compiler is loaded; several machines may share a home."""
    facts = [platform.machine(), platform.processor()]
    listed = Path("/proc/cpuinfo")
    if listed.exists():
        with listed.open("rb") as file:
            lines = file.read(_CPU_BYTES).decode("utf-8", "replace").split("\n\n")[0].splitlines()
        facts += [line for line in lines if line.startswith(_CPU_FACTS)]
    return facts


def _can_write(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


@cache
def _temporary_folder() -> Path:
    folder = tempfile.mkdtemp(prefix="bpviz-kernels-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return Path(folder)
