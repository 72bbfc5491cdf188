"""The file of a document: changed is told from touched, and other windows are seen."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from bpviz.files.binding import Binding, State, stamp_of


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "a.bpviz"
    path.write_bytes(b"one")
    return path


@pytest.fixture
def binding(tmp_path: Path, path: Path) -> Binding:
    binding = Binding(tmp_path / "open")
    binding.bind(path, stamp_of(path))
    return binding


def _touch(path: Path) -> None:
    os.utime(path, (1, 1))


def _rewrite(path: Path) -> None:
    path.write_bytes(b"two")
    os.utime(path, (2, 2))  # two writes may fall into one tick of the file system's clock


def _replace(path: Path) -> None:
    other = path.with_name("other")
    other.write_bytes(b"two")
    other.replace(path)


def _replace_by_the_same(path: Path) -> None:
    shutil.copy(path, path.with_name("other"))
    path.with_name("other").replace(path)


@pytest.mark.parametrize(
    ("happens", "state"),
    [
        (lambda _path: None, "same"),
        (_touch, "same"),
        (_replace_by_the_same, "same"),
        (_rewrite, "changed"),
        (_replace, "changed"),
        (lambda path: path.write_bytes(b""), "changed"),
        (Path.unlink, "gone"),
    ],
)
def test_what_happened_to_a_file_is_told(
    binding: Binding, path: Path, happens: Callable[[Path], None], state: State
) -> None:
    happens(path)
    assert binding.state() == state
    binding.bind(path, stamp_of(path))
    assert binding.state() == "same"


def test_a_document_without_a_file_has_nothing_to_compare(tmp_path: Path) -> None:
    assert Binding(tmp_path).state() == "same"


def test_what_is_no_file_has_no_stamp(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")  # opening it would wait for ever
    assert [stamp_of(tmp_path / name) for name in ("pipe", "nothing", ".")] == [None] * 3


def test_a_file_open_in_another_window_is_seen_through_a_link_too(
    binding: Binding, path: Path, tmp_path: Path
) -> None:
    link = tmp_path / "link.bpviz"
    link.symlink_to(path)
    other = Binding(tmp_path / "open")
    assert other.open_elsewhere(path)
    assert other.open_elsewhere(link)
    assert not other.open_elsewhere(tmp_path / "b.bpviz")
    assert not binding.open_elsewhere(path)
    other.bind(link, stamp_of(link))
    assert binding.open_elsewhere(path)
    assert other.open_elsewhere(path)
    binding.release()
    assert not other.open_elsewhere(path)


def test_marks_go_with_the_last_window(binding: Binding, path: Path, tmp_path: Path) -> None:
    assert len(list((tmp_path / "open").iterdir())) == 1
    Binding(tmp_path / "open").open_elsewhere(path)
    assert len(list((tmp_path / "open").iterdir())) == 1
    binding.release()
    assert list((tmp_path / "open").iterdir()) == []


def test_a_stale_mark_is_no_window_and_goes(path: Path, tmp_path: Path) -> None:
    first = Binding(tmp_path / "open")
    first.bind(path, None)
    mark = next((tmp_path / "open").iterdir())
    first.release()
    mark.touch()  # as after a kill
    assert not Binding(tmp_path / "open").open_elsewhere(path)
    assert not mark.exists()


def test_without_a_folder_for_marks_nobody_is_seen_and_nothing_fails(path: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    binding = Binding(tmp_path / "file" / "open")
    binding.bind(path, stamp_of(path))
    assert not binding.open_elsewhere(path)
    _rewrite(path)
    assert binding.state() == "changed"
    binding.release()
