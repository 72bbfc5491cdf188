"""Files are read by name, and questions about names never fail."""

from __future__ import annotations

import errno
import io
import os
from pathlib import Path

import pytest

from bpviz.errors import FileError
from bpviz.reading import is_file, is_folder, is_there, read_file

NAMES = ("x" * 300, "a\0b", "a\ud800b", "none/a", "file/a")


@pytest.mark.parametrize("name", NAMES, ids=lambda name: repr(name)[:9])
def test_what_can_not_be_is_not_there(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_bytes(b"")
    for ask in (is_there, is_file, is_folder):
        assert ask(tmp_path / name) is False


def test_what_is_there_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    assert [ask(tmp_path / "file") for ask in (is_there, is_file, is_folder)] == [True, True, False]
    assert [ask(tmp_path) for ask in (is_there, is_file, is_folder)] == [True, False, True]


def test_a_file_that_becomes_a_pipe_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    plain = tmp_path / "file"
    plain.write_bytes(b"")
    monkeypatch.setattr(Path, "stat", lambda path, real=Path.stat: real(plain))
    with pytest.raises(FileError, match="a device, a pipe or a socket"):
        read_file(pipe, 10)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(errno.EIO, "Input/output error"), "input/output error"),
        (PermissionError(errno.EACCES, "Permission denied"), "you may not read it; ask its owner"),
        (MemoryError(), "there is not enough memory; close other programs"),
    ],
)
def test_a_failure_of_the_system_is_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, said: str
) -> None:
    def fail(*_arguments: object, **_keywords: object) -> io.BufferedReader:
        raise error

    (tmp_path / "a").write_bytes(b"x")
    monkeypatch.setattr("builtins.open", fail)
    with pytest.raises(FileError, match=said) as caught:
        read_file(tmp_path / "a", 10)
    assert caught.value.path == tmp_path / "a"
