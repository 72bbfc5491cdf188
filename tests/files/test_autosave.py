"""Kept work: always whole, never that of a living window, cleared away when it is of no use."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from zipfile import ZipFile

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpviz.data.settings import DataSettings, Table
from bpviz.errors import FileError
from bpviz.files import autosave, project
from bpviz.files.autosave import KEPT_DAYS, Leftover, Owner, Seat, find, look
from bpviz.files.binding import Stamp
from bpviz.files.project import Saved, open_project
from bpviz.model.examples import EXAMPLES
from bpviz.model.fitting import suited
from bpviz.model.templates import fitted_project
from bpviz.training.session import Session

NOW = 1_795_000_000.0
DAY_S = 86_400


def _saved(steps: int) -> Saved:
    session = Session(EXAMPLES["xor"].build())
    session.advance(steps)
    return Saved(session.project, session.state(), 99)


def _with_table(steps: int, rows: int = 20) -> Saved:
    cells = tuple((str(k), str(k % 3), str(k % 2)) for k in range(rows))
    data = suited(DataSettings(source="table", table=Table("own", ("a", "b", "c"), cells), targets=("c",)))
    session = Session(fitted_project(data))
    session.advance(steps)
    return Saved(session.project, session.state(), 99)


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """A few cells are a large table."""
    monkeypatch.setattr(project, "_LARGE_TABLE", 10)


@pytest.fixture
def seat(tmp_path: Path) -> Iterator[Seat]:
    yield (seat := Seat.make(tmp_path / "autosave"))
    seat.leave()


def _die(seat: Seat) -> None:
    seat.leave()  # all that is left of a killed process: its lock is free


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def _only(folder: Path, now: float = NOW) -> Leftover:
    (leftover,) = look(folder, now).leftovers
    return leftover


def test_work_of_a_dead_window_is_found_as_it_was_kept(tmp_path: Path) -> None:
    owner = Owner("Spiral", tmp_path / "a b.bpviz", Stamp(1, 2, 3, "4"))
    seat = Seat.make(tmp_path)
    kept = seat.keep(_saved(7), owner, NOW)
    _die(seat)
    assert _only(tmp_path) == kept
    assert (kept.owner, kept.step, kept.at) == (owner, 7, NOW)
    found = open_project(kept.file).state
    expected = _saved(7).state
    assert found is not None
    assert expected is not None
    assert np.array_equal(found.parameters, expected.parameters)


@given(name=st.binary(min_size=1, max_size=40).filter(lambda name: not set(name) & set(b"/\0")))
def test_every_name_of_a_file_comes_back(tmp_path_factory: pytest.TempPathFactory, name: bytes) -> None:
    folder = tmp_path_factory.mktemp("kept")
    path = Path("/home") / os.fsdecode(name)
    seat = Seat.make(folder)
    seat.keep(_saved(0), Owner(path.stem, path), NOW)
    _die(seat)
    assert _only(folder).owner.path == path


def test_work_of_a_living_window_is_not_offered(seat: Seat, tmp_path: Path) -> None:
    seat.keep(_saved(1), Owner("Xor"), NOW)
    before = _names(tmp_path / "autosave")
    assert look(tmp_path / "autosave", NOW).leftovers == ()
    assert _names(tmp_path / "autosave") == before


def test_only_the_last_state_takes_room(seat: Seat, tmp_path: Path) -> None:
    for step in range(3):
        kept = seat.keep(_saved(step), Owner("Xor"), NOW + step)
    assert len(_names(tmp_path / "autosave")) == 3  # the lock, the note, the project
    assert kept.file.exists()


def test_every_dead_window_is_found_the_latest_first(tmp_path: Path) -> None:
    for at in (2, 3, 1):
        seat = Seat.make(tmp_path)
        seat.keep(_saved(at), Owner(f"number {at}"), NOW + at)
        _die(seat)
    assert [leftover.step for leftover in look(tmp_path, NOW).leftovers] == [3, 2, 1]


@pytest.mark.usefixtures("large")
@pytest.mark.parametrize(("make", "files"), [(_saved, 3), (_with_table, 4)])
@pytest.mark.parametrize("call", ["replace", "fsync", "open"])
def test_whatever_call_fails_what_was_kept_before_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str, make: Callable[[int], Saved], files: int
) -> None:
    real: Callable[..., object] = getattr(os, call)
    failed = 0
    for nth in range(1, 12):
        folder = tmp_path / str(nth)
        seat = Seat.make(folder)
        seat.keep(make(1), Owner("Xor"), NOW)
        count = 0

        def fail(*args: object, nth: int = nth, **options: object) -> object:
            nonlocal count
            count += 1
            if count == nth:
                raise OSError(28, "No space left on device")
            return real(*args, **options)

        with monkeypatch.context() as patch:
            patch.setattr(os, call, fail)
            try:
                seat.keep(make(2), Owner("Xor"), NOW + 1)
            except FileError:
                failed += 1
        _die(seat)
        leftover = _only(folder)
        state = open_project(leftover.file, leftover.table).state
        assert state is not None
        assert state.step == leftover.step
        assert len(_names(folder)) == files
    assert failed


@pytest.mark.usefixtures("large")
def test_a_large_table_is_written_once_and_comes_back(tmp_path: Path) -> None:
    seat = Seat.make(tmp_path)
    first = _with_table(1)
    table = seat.keep(first, Owner("Own"), NOW).table
    assert table is not None
    written = table.stat().st_mtime_ns
    again = seat.keep(replace(first, next_id=100), Owner("Own"), NOW + 1)
    assert (again.table, table.stat().st_mtime_ns) == (table, written)
    assert len(_names(tmp_path)) == 4
    assert "data.csv" not in ZipFile(again.file).namelist()
    _die(seat)
    assert _only(tmp_path) == again
    back = open_project(again.file, again.table)
    assert (back.project, back.next_id) == (first.project, 100)
    taken = Seat.take(again)
    assert taken is not None
    other = taken.keep(_with_table(1, rows=30), Owner("Own"), NOW + 2)
    assert other.table not in (None, table)
    assert len(_names(tmp_path)) == 4
    assert taken.keep(_saved(1), Owner("Xor"), NOW + 3).table is None
    assert len(_names(tmp_path)) == 3
    taken.clear()
    assert _names(tmp_path) == []


@pytest.mark.usefixtures("large")
def test_a_large_table_is_found_without_a_note(tmp_path: Path) -> None:
    seat = Seat.make(tmp_path)
    saved = _with_table(1)
    kept = seat.keep(saved, Owner("Own"), NOW)
    _die(seat)
    (tmp_path / f"{seat.name}.json").unlink()
    leftover = _only(tmp_path, kept.file.stat().st_mtime)
    assert open_project(leftover.file, leftover.table).project == saved.project


def test_what_a_killed_process_had_not_written_to_its_end_is_cleared(tmp_path: Path) -> None:
    seat = Seat.make(tmp_path)
    kept = seat.keep(_saved(1), Owner("Xor"), NOW)
    before = _names(tmp_path)
    (tmp_path / f".{seat.name}-2.bpviz.abc.part").write_bytes(b"half")
    (tmp_path / f"{seat.name}-2.bpviz").write_bytes(kept.file.read_bytes())
    _die(seat)
    dead = "20200101-000000-abcdef"
    (tmp_path / f".{dead}-1.bpviz.x.part").write_bytes(b"half")
    (tmp_path / f"{dead}.lock").touch()
    (tmp_path / "somebody else's.txt").touch()
    assert _only(tmp_path) == kept
    assert _names(tmp_path) == sorted([*before, "somebody else's.txt"])


def test_a_half_written_file_of_a_living_window_is_left_alone(seat: Seat, tmp_path: Path) -> None:
    part = tmp_path / "autosave" / f".{seat.name}-1.bpviz.abc.part"
    part.touch()
    look(tmp_path / "autosave", NOW)
    assert part.exists()


def test_whoever_takes_it_goes_on_in_its_seat_and_nobody_else_does(tmp_path: Path) -> None:
    seat = Seat.make(tmp_path)
    kept = seat.keep(_saved(1), Owner("Xor"), NOW)
    _die(seat)
    taken = Seat.take(kept)
    assert taken is not None
    assert Seat.take(kept) is None
    assert look(tmp_path, NOW).leftovers == ()
    again = taken.keep(_saved(2), Owner("Xor"), NOW + 1)
    assert again.file != kept.file
    _die(taken)
    assert _only(tmp_path) == again
    taken = Seat.take(again)
    assert taken is not None
    taken.clear()
    assert _names(tmp_path) == []
    assert Seat.take(again) is None
    assert _names(tmp_path) == []


def test_a_window_that_ended_in_order_leaves_nothing(tmp_path: Path) -> None:
    seat = Seat.make(tmp_path)
    seat.keep(_saved(1), Owner("Xor"), NOW)
    seat.clear()
    assert _names(tmp_path) == []


@pytest.mark.parametrize(("days", "there"), [(KEPT_DAYS - 1, True), (KEPT_DAYS + 1, False)])
def test_old_work_expires_and_is_named(tmp_path: Path, days: int, there: bool) -> None:
    seat = Seat.make(tmp_path)
    kept = seat.keep(_saved(1), Owner("Xor"), NOW)
    _die(seat)
    found = look(tmp_path, NOW + days * DAY_S)
    assert found.leftovers == ((kept,) if there else ())
    assert found.expired == (() if there else (kept,))
    assert bool(_names(tmp_path)) is there


@given(note=st.binary(max_size=60) | st.sampled_from([b"{}", b'{"file": 3}', b"[" * 5000]))
def test_a_damaged_note_does_not_hide_the_work(tmp_path_factory: pytest.TempPathFactory, note: bytes) -> None:
    folder = tmp_path_factory.mktemp("kept")
    seat = Seat.make(folder)
    kept = seat.keep(_saved(1), Owner("Xor"), NOW)
    _die(seat)
    (folder / f"{seat.name}.json").write_bytes(note)
    leftover = _only(folder, kept.file.stat().st_mtime)
    assert leftover.file == kept.file
    assert leftover.step is None


def test_a_note_does_not_lead_out_of_the_folder(tmp_path: Path) -> None:
    folder = tmp_path / "autosave"
    seat = Seat.make(folder)
    kept = seat.keep(_saved(1), Owner("Xor"), NOW)
    _die(seat)
    outside = tmp_path / f"{seat.name}-9.bpviz"
    outside.write_bytes(b"mine")
    note = folder / f"{seat.name}.json"
    note.write_text(note.read_text().replace(kept.file.name, f"../{outside.name}"))
    look(folder, NOW + 2 * KEPT_DAYS * DAY_S)
    assert outside.exists()


@pytest.mark.parametrize("name", ["", "nothing", "../x", "20200101-000000-abcdef"])
def test_a_name_of_nothing_finds_nothing(tmp_path: Path, name: str) -> None:
    assert find(tmp_path, name) is None
    assert find(tmp_path / "nowhere", name) is None


def test_a_folder_that_is_not_there_or_none_holds_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert look(tmp_path / "nowhere", NOW) == look(tmp_path / "file", NOW) == autosave.Found()
    with pytest.raises(FileError):
        Seat.make(tmp_path / "file")
