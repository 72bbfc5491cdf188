"""Files are whole or not there, and failures are sentences."""

from __future__ import annotations

import errno
import os
import socket
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import IO

import pytest

from bpviz.data.tables import read_table
from bpviz.errors import FileError
from bpviz.files import safe
from bpviz.files.project import open_project
from bpviz.files.safe import PART, clear_leftovers, make_folder, read_file, write_atomically

NAMELESS = ("a\0b", "a\ud800b")
"""What Python can hold and no file can be called."""


def test_bytes_and_what_makes_them_arrive(tmp_path: Path) -> None:
    write_atomically(tmp_path / "a", b"one")
    write_atomically(tmp_path / "b", lambda: b"two")
    assert (tmp_path / "a").read_bytes() == b"one"
    assert (tmp_path / "b").read_bytes() == b"two"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "b"]


def test_a_writer_that_fails_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"old")

    def fail() -> bytes:
        raise RuntimeError("in the middle")

    with pytest.raises(RuntimeError, match="in the middle"):
        write_atomically(path, fail)
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_full_disk_is_a_sentence_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(FileError, match="the disk is full; make room"):
        write_atomically(tmp_path / "a", b"one")
    assert list(tmp_path.iterdir()) == []


def test_a_missing_folder_a_folder_as_file_and_a_file_as_folder_are_sentences(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    for name, reason in (
        ("none/a", "that folder does not exist"),
        ("file/a", "a part of its path is a file"),
        (".", "a folder of that name is there already"),
        ("x" * 300, "the name is too long"),
    ):
        with pytest.raises(FileError, match=reason) as caught:
            write_atomically(tmp_path / name, b"")
        assert caught.value.path == tmp_path / name
    with pytest.raises(FileError, match="is a file, not a folder"):
        make_folder(tmp_path / "file")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_an_unwritable_folder_is_a_sentence(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(FileError, match="you may not write there; choose another folder"):
        write_atomically(tmp_path / "a", b"")


def test_a_folder_that_refuses_is_a_sentence_for_everybody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_arguments: object, **_keywords: object) -> IO[bytes]:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("builtins.open", refuse)
    with pytest.raises(FileError, match="you may not write there; choose another folder"):
        write_atomically(tmp_path / "a", b"")


def test_permissions_are_those_of_a_new_file_and_stay_those_of_an_old_one(tmp_path: Path) -> None:
    path = tmp_path / "a"
    mask = os.umask(0o027)
    try:
        write_atomically(path, b"one")
        assert stat.S_IMODE(path.stat().st_mode) == 0o640
    finally:
        os.umask(mask)
    path.chmod(0o600)
    write_atomically(path, b"two")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_link_keeps_its_place_and_its_file_changes(tmp_path: Path) -> None:
    (tmp_path / "real").write_bytes(b"old")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    write_atomically(tmp_path / "link", b"new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_bytes() == b"new"


@pytest.mark.parametrize("strict", [True, False])
def test_a_link_that_leads_back_to_itself_is_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, strict: bool
) -> None:
    if not strict:  # what pathlib answers from Python 3.13 on
        monkeypatch.setattr(Path, "resolve", Path.absolute)
    (tmp_path / "ring").symlink_to(tmp_path / "ring")
    (tmp_path / "one").symlink_to(tmp_path / "two")
    (tmp_path / "two").symlink_to(tmp_path / "one")
    for name in ("ring", "one", "ring/file"):
        with pytest.raises(FileError, match="a link that leads back to itself"):
            write_atomically(tmp_path / name, b"")
        with pytest.raises(FileError, match="a link that leads back to itself"):
            read_file(tmp_path / name, 10)
    assert (tmp_path / "ring").is_symlink()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one", "ring", "two"]


def test_a_link_to_a_file_that_is_not_there_makes_it(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "new")
    write_atomically(tmp_path / "link", b"new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "new").read_bytes() == b"new"


# What is no file


@contextmanager
def pipe(path: Path) -> Iterator[None]:
    os.mkfifo(path)
    yield


@contextmanager
def listening(path: Path) -> Iterator[None]:
    with socket.socket(socket.AF_UNIX) as plug:
        plug.bind(str(path))
        yield


@contextmanager
def device(path: Path) -> Iterator[None]:
    path.symlink_to("/dev/null")
    yield


@contextmanager
def device_of_its_own(path: Path) -> Iterator[None]:
    try:
        os.mknod(path, stat.S_IFCHR | 0o666, os.makedev(1, 3))
    except PermissionError:
        pytest.skip("only root may make devices")
    yield


KINDS = (pipe, listening, device, device_of_its_own)


@pytest.mark.timeout(20)  # whoever opens a pipe waits for ever
@pytest.mark.parametrize("make", KINDS, ids=lambda make: make.__name__)
def test_devices_pipes_and_sockets_are_neither_written_nor_read(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, make: Callable[[Path], AbstractContextManager[None]]
) -> None:
    monkeypatch.chdir(tmp_path)  # names of sockets are short
    path = Path("special")
    with make(path):
        before = os.lstat(path)
        with pytest.raises(FileError, match="not a file; choose another name"):
            write_atomically(path, b"new")
        for read in (open_project, read_table, lambda path: read_file(path, 10)):
            with pytest.raises(FileError, match="not a file; choose another name"):
                read(path)
        assert os.lstat(path) == before
        assert list(Path().iterdir()) == [path]


@pytest.mark.parametrize("name", NAMELESS, ids=repr)
def test_a_name_that_no_file_can_have_is_a_sentence(tmp_path: Path, name: str) -> None:
    for task in (
        lambda path: write_atomically(path, b""),
        lambda path: read_file(path, 10),
        make_folder,
        open_project,
        read_table,
    ):
        with pytest.raises(FileError, match="no file can have that name") as caught:
            task(tmp_path / name)
        assert str(caught.value).isprintable()


def test_a_fault_of_the_writer_is_not_taken_for_a_bad_name(tmp_path: Path) -> None:
    def fail() -> bytes:
        raise ValueError("a fault in bpviz")

    with pytest.raises(ValueError, match="a fault in bpviz"):
        write_atomically(tmp_path / "a", fail)


# Owners and permissions


def test_a_read_only_file_is_not_replaced(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"old")
    path.chmod(0o444)
    with pytest.raises(FileError, match="it is read-only; choose another name or allow writing it"):
        write_atomically(path, b"new")
    assert (path.read_bytes(), stat.S_IMODE(path.stat().st_mode)) == (b"old", 0o444)
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give files away")
def test_the_owner_stays(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"old")
    os.chown(path, 1234, 4321)
    path.chmod(0o4640)
    write_atomically(path, b"new")
    found = path.stat()
    assert (found.st_uid, found.st_gid, stat.S_IMODE(found.st_mode)) == (1234, 4321, 0o4640)


def test_an_owner_who_can_not_stay_is_no_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"old")
    path.chmod(0o4640)
    asked = []

    def refuse(_handle: int, owner: int, _group: int) -> None:
        asked.append(owner)
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "fchown", refuse)
    monkeypatch.setattr(os, "fstat", lambda handle, real=os.fstat: _of_another(real(handle)))
    write_atomically(path, b"new")
    assert (path.read_bytes(), stat.S_IMODE(path.stat().st_mode)) == (b"new", 0o640)
    assert asked == [os.getuid(), -1]


def _of_another(found: os.stat_result) -> os.stat_result:
    values = list(found)
    values[stat.ST_UID] += 1
    return os.stat_result(values)


def test_a_folder_that_can_not_be_opened_is_no_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.open

    def closed(name: object, flags: int, *rest: int) -> int:
        if flags & os.O_DIRECTORY:
            raise PermissionError(errno.EACCES, "Permission denied")
        return real(name, flags, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(os, "open", closed)
    write_atomically(tmp_path / "a", b"new")
    assert (tmp_path / "a").read_bytes() == b"new"


# What processes that were ended left

_HALF = """
import os, sys
from pathlib import Path
from bpviz.files.safe import write_atomically

def wait(handle):
    print("writing", flush=True)
    sys.stdin.read()

os.fsync = wait
write_atomically(Path(sys.argv[1]), b"half")
"""


def test_only_what_dead_processes_left_is_cleared(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"old")
    (tmp_path / f"link{PART}").symlink_to(path)
    (tmp_path / f"folder{PART}").mkdir()
    mine = {path, tmp_path / f"link{PART}", tmp_path / f"folder{PART}"}
    words = [sys.executable, "-c", _HALF, str(path)]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == b"writing\n"
        (part,) = set(tmp_path.iterdir()) - mine
        assert part.name.startswith(".a.")
        clear_leftovers(tmp_path)
        assert part.read_bytes() == b"half"
        writer.kill()
    assert part.exists()
    write_atomically(tmp_path / "b", b"new")
    assert set(tmp_path.iterdir()) == mine | {tmp_path / "b"}
    assert path.read_bytes() == b"old"


def test_opening_a_project_clears_what_its_saving_left(tmp_path: Path) -> None:
    (tmp_path / f".a.bpviz.1234{PART}").write_bytes(b"half")
    with pytest.raises(FileError):
        open_project(tmp_path / "a.bpviz")
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_was_taken_for_a_leftover_before_it_was_locked_is_begun_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    moments = iter(["locked", "gone", "ours"])
    real = safe._lock

    def lock(handle: int) -> None:
        moment = next(moments)
        if moment != "ours":
            next(tmp_path.glob(f".*{PART}")).unlink()
        if moment == "locked":
            raise BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable")
        real(handle)

    monkeypatch.setattr(safe, "_lock", lock)
    write_atomically(tmp_path / "a", b"new")
    assert (tmp_path / "a").read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [tmp_path / "a"]


def test_a_disk_without_locks_is_written_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_handle: int) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(safe, "_lock", refuse)
    (tmp_path / f"other{PART}").write_bytes(b"")
    write_atomically(tmp_path / "a", b"new")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", f"other{PART}"]


# Reading


def test_reading_says_what_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "big").write_bytes(b"x" * 11)
    assert read_file(tmp_path / "big", 11) == b"x" * 11
    with pytest.raises(FileError, match="larger than 1 MB; choose another file"):
        read_file(tmp_path / "big", 10)
    with pytest.raises(FileError, match="there is no such file; check the name"):
        read_file(tmp_path / "none", 10)
    with pytest.raises(FileError, match="it is a folder"):
        read_file(tmp_path, 10)
