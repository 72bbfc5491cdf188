"""Files are whole or not there, and failures are sentences."""

from __future__ import annotations

import os
import stat
import tempfile
from pathlib import Path
from typing import IO

import pytest

from bpviz.errors import FileError
from bpviz.files.safe import make_folder, read_file, write_atomically


def test_bytes_and_writers_arrive(tmp_path: Path) -> None:
    write_atomically(tmp_path / "a", b"one")
    write_atomically(tmp_path / "b", lambda file: file.writelines([b"t", b"wo"]))
    assert (tmp_path / "a").read_bytes() == b"one"
    assert (tmp_path / "b").read_bytes() == b"two"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "b"]


def test_a_writer_that_fails_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"old")

    def fail(file: IO[bytes]) -> None:
        file.write(b"half of the n")
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
    def refuse(*_arguments: object, **_keywords: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(tempfile, "mkstemp", refuse)
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


def test_a_link_that_leads_back_to_itself_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "ring").symlink_to(tmp_path / "ring")
    with pytest.raises(FileError, match="a link that leads back to itself"):
        write_atomically(tmp_path / "ring", b"")


def test_reading_says_what_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "big").write_bytes(b"x" * 11)
    assert read_file(tmp_path / "big", 11) == b"x" * 11
    with pytest.raises(FileError, match="larger than 0 MB"):
        read_file(tmp_path / "big", 10)
    with pytest.raises(FileError, match="there is no such file; check the name"):
        read_file(tmp_path / "none", 10)
    with pytest.raises(FileError, match="it is a folder"):
        read_file(tmp_path, 10)
