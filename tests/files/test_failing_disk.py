"""A share of ``tests/long/saving.py``: the disk fails at each question in turn, and files stay whole."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from bpviz.errors import FileError
from bpviz.files.safe import PART, write_atomically
from tests.long.disk import FailingDisk
from tests.long.saving import TASKS, Task, fail_everywhere

QUICK = ("saved.bpviz", "weights.npz", "weights.csv", "loss.csv", "opened.bpviz", "opened.csv")


@pytest.mark.parametrize("for_ever", [False, True], ids=["once", "for ever"])
@pytest.mark.parametrize("name", QUICK)
def test_a_disk_that_fails_anywhere_is_a_sentence_and_the_old_file_stays(
    tmp_path: Path, name: str, for_ever: bool
) -> None:
    count = fail_everywhere(TASKS[name], errno.EIO, tmp_path, for_ever=for_ever)
    assert count >= (10 if TASKS[name].writes else 5)


def _tear(path: Path) -> None:
    try:
        path.write_bytes(b"new")
    except OSError as error:
        raise FileError("It can't be written; choose another name.") from error


def _let_out(path: Path) -> None:
    list(os.scandir(path.parent))
    write_atomically(path, b"new")


def _leave(path: Path) -> None:
    try:
        write_atomically(path, b"new")
    except FileError:
        path.with_name(f".a{PART}").touch()
        raise


@pytest.mark.parametrize(
    ("run", "said"),
    [(_tear, "the file has changed"), (_let_out, "Input/output error"), (_leave, "is left")],
)
def test_whoever_tears_lets_out_or_leaves_is_caught(
    tmp_path: Path, run: Callable[[Path], None], said: str
) -> None:
    with pytest.raises(AssertionError, match=said):
        fail_everywhere(Task("a", run), errno.EIO, tmp_path, for_ever=False)


def test_a_failing_disk_counts_and_fails_when_it_is_asked_to(tmp_path: Path) -> None:
    path = tmp_path / "a"
    for at, for_ever in ((1, False), (2, False), (1, True)):
        disk = FailingDisk(at, errno.ENOSPC, for_ever=for_ever)
        answers = []
        with disk.at_work():
            for _ in range(3):
                try:
                    path.write_bytes(b"x")
                    answers.append("ok")
                except OSError as error:
                    answers.append(errno.errorcode[error.errno or 0])
        assert answers == (["ENOSPC"] * 3 if for_ever else ["ENOSPC", "ok", "ok"])
        assert disk.failed in ("open", "file.write")
    path.write_bytes(b"the disk is as it was")
