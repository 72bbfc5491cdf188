"""Locks: held while a process lives, however it ends, and by nobody afterwards."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bpviz.files.locks import Lock

Hold = Callable[[str, Path], "subprocess.Popen[str]"]


@pytest.fixture
def hold() -> Iterator[Hold]:
    """Let another process hold a lock until it is killed."""
    started: list[subprocess.Popen[str]] = []

    def start(how: str, path: Path) -> subprocess.Popen[str]:
        code = (
            "import sys\nfrom pathlib import Path\nfrom bpviz.files.locks import Lock\n"
            f"lock = Lock.{how}(Path(sys.argv[1]))\nprint('held', flush=True)\nsys.stdin.read()"
        )
        process = subprocess.Popen(
            [sys.executable, "-c", code, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        started.append(process)
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def test_a_lock_of_a_living_process_can_not_be_taken_and_one_of_a_killed_process_can(
    hold: Hold, tmp_path: Path
) -> None:
    path = tmp_path / "a.lock"
    process = hold("take", path)
    assert Lock.take(path) is None
    process.kill()
    process.wait()
    lock = Lock.take(path)
    assert lock is not None
    lock.release()


def test_those_who_join_know_whether_there_are_others(hold: Hold, tmp_path: Path) -> None:
    path = tmp_path / "a.lock"
    process = hold("join", path)
    lock = Lock.join(path)
    assert not lock.alone()
    assert not lock.alone()  # asking does not lose it
    process.kill()
    process.wait()
    assert lock.alone()
    lock.release(remove=True)
    assert not path.exists()


def test_a_file_that_others_hold_is_not_removed(tmp_path: Path) -> None:
    path = tmp_path / "a.lock"
    first, second = Lock.join(path), Lock.join(path)
    first.release(remove=True)
    assert path.exists()
    assert second.alone()
    second.release(remove=True)
    assert not path.exists()


def test_a_lock_on_a_file_that_was_removed_meanwhile_counts_for_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.lock"
    before = Lock.take(path)
    assert before is not None
    path.unlink()
    # Whoever opened the old file before it went away holds a lock that nobody else can see.
    after = Lock.take(path)
    assert after is not None
    assert Lock.take(path) is None
    after.release()
    before.release()
