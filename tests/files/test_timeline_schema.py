"""Moments and branches come back from a file as they were, and damage to them never touches the run."""

from __future__ import annotations

import io
import json
import random
import zipfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bpviz.errors import BpvizError
from bpviz.files import timeline_schema
from bpviz.files.archive import DamageError, pack_arrays, unpack_arrays
from bpviz.files.earlier import EarlierData, KnownData
from bpviz.files.project import Saved, open_project, save_project
from bpviz.model.edits import set_training
from bpviz.model.spec import Project
from bpviz.training.session import Session
from bpviz.training.timeline import Timeline
from bpviz.training.timeline_state import TimelineState, restored, state_of, taken_up
from tests.files.films import ROOM, film, saved
from tests.training.projects import circle, equal
from tests.training.test_timeline_state import assert_same_film, assert_same_moment

pytestmark = pytest.mark.thorough

MEMBERS = ("timeline.json", "moments.npz")


def reopened(path: Path) -> Timeline:
    found = open_project(path)
    assert found.state is not None
    assert found.timeline is not None
    assert found.lost == ()
    return restored(Session(found.project, state=found.state), found.timeline)


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("good") / "good.bpviz"
    save_project(path, saved(film(circle(optimizer="adam"))))
    return path.read_bytes()


def with_members(content: bytes, **changes: Callable[[bytes], bytes | None]) -> bytes:
    """The file with some members changed, or left out; names have ``_`` for the point."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(file, "w") as new:
        for name in old.namelist():
            member = changes.get(name.replace(".", "_"), bytes)(old.read(name))
            if member is not None:
                new.writestr(name, member)
    return file.getvalue()


# It comes back


def test_every_moment_and_branch_comes_back(tmp_path: Path, hard_project: Project) -> None:
    timeline = film(hard_project)
    save_project(tmp_path / "a.bpviz", saved(timeline))
    assert_same_film(timeline, reopened(tmp_path / "a.bpviz"))


@pytest.mark.parametrize("precision", ["float64", "float32"])
def test_every_value_of_a_timeline_survives(hard_project: Project, precision: str) -> None:
    timeline = film(set_training(hard_project, precision=precision, penalty="playground_l1"))
    told = state_of(timeline, ROOM)
    text = msgspec.json.encode(timeline_schema.to_document(told, EarlierData(timeline.session.project.data)))
    document = msgspec.json.decode(text, type=timeline_schema.TimelineDocument)
    arrays = timeline_schema.to_arrays(told)
    found = timeline_schema.to_state(document, arrays, KnownData(timeline.session.project.data))
    assert (found.line, len(found.attic)) == (told.line, len(told.attic))
    for one, two in zip(told.stands, found.stands, strict=True):
        assert_same_moment(one, two)
    for line, other in zip(told.lines, found.lines, strict=True):
        for name in ("number", "parent", "forked_at", "inherited", "name", "pinned", "spacing_s"):
            assert getattr(line, name) == getattr(other, name)
        assert [it.place for it in line.moments] == [it.place for it in other.moments]
        if line.ending is not None and other.ending is not None:
            assert line.ending.story.events == other.ending.story.events
            assert line.ending.story.began == other.ending.story.began
            for name, array in line.ending.history.items():
                assert array.tobytes() == other.ending.history[name].tobytes()
    assert found.nbytes == told.nbytes  # what they shared is shared again


def test_the_run_is_saved_the_same_with_its_timeline_and_without(tmp_path: Path) -> None:
    timeline = film(circle())
    with_it = saved(timeline)
    save_project(tmp_path / "a.bpviz", with_it)
    save_project(tmp_path / "b.bpviz", replace(with_it, timeline=None))
    one, two = open_project(tmp_path / "a.bpviz"), open_project(tmp_path / "b.bpviz")
    assert one.state is not None
    assert two.state is not None
    assert (two.timeline, two.lost) == (None, ())
    assert equal(one.state, two.state)


def test_the_same_timeline_gives_the_same_bytes_also_after_it_was_opened(tmp_path: Path) -> None:
    save_project(tmp_path / "a.bpviz", saved(film(circle())))
    save_project(tmp_path / "b.bpviz", saved(reopened(tmp_path / "a.bpviz")))
    assert (tmp_path / "a.bpviz").read_bytes() == (tmp_path / "b.bpviz").read_bytes()


def test_it_can_be_read_without_bpviz(good: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(good)) as archive:
        document = json.loads(archive.read("timeline.json"))
        with np.load(io.BytesIO(archive.read("moments.npz")), allow_pickle=False) as arrays:
            parameters, slots = arrays["parameters"], arrays["slots"]
            assert arrays["lines/1/steps/first"].size
    assert [line["name"] for line in document["lines"]] == ["", "faster, ω", ""]
    first = document["moments"][0]
    assert (first["step"], first["slots"]) == (0, 2)
    assert len(parameters) * 2 == len(slots)
    assert document["projects"][0]["training"]["optimizer"] == "adam"


# It is damaged


def lost(tmp_path: Path, good: bytes, content: bytes) -> None:
    """Assert that the run opens as it was, without its timeline, and that the file says so."""
    path = tmp_path / "damaged.bpviz"
    path.write_bytes(content)
    found = open_project(path)
    path.write_bytes(good)
    whole = open_project(path)
    assert found.state is not None
    assert whole.state is not None
    assert equal(found.state, whole.state)
    assert (found.timeline, found.lost) == (None, ("timeline",))


@pytest.mark.parametrize("member", MEMBERS)
@pytest.mark.parametrize(
    "change",
    [
        lambda _: None,
        lambda _: b"",
        lambda content: content[: len(content) // 2],
        lambda _: b"\x00\xff" * 40,
        lambda _: b"[" * 100_000,
        lambda _: b"{}",
    ],
)
def test_a_timeline_that_is_damaged_is_left_out(
    tmp_path: Path, good: bytes, member: str, change: Callable[[bytes], bytes | None]
) -> None:
    lost(tmp_path, good, with_members(good, **{member.replace(".", "_"): change}))


@pytest.mark.parametrize("member", MEMBERS)
def test_damage_that_the_zip_itself_finds_costs_the_timeline_alone(
    tmp_path: Path, good: bytes, member: str
) -> None:
    with zipfile.ZipFile(io.BytesIO(good)) as archive:
        entry = archive.getinfo(member)
    content = bytearray(good)
    for at in range(40, 90):
        content[entry.header_offset + len(member) + at] ^= 0xFF
    lost(tmp_path, good, bytes(content))


def test_a_timeline_that_would_fill_the_memory_is_left_out(tmp_path: Path, good: bytes) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(good)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, bytes(30_000_000) if name == "moments.npz" else old.read(name))
    lost(tmp_path, good, file.getvalue())


def test_a_timeline_without_a_run_is_not_looked_at(tmp_path: Path, good: bytes) -> None:
    gone = dict.fromkeys(("state_safetensors", "events_json", "history_npz"), lambda _: None)
    path = tmp_path / "a.bpviz"
    path.write_bytes(with_members(good, **gone))
    found = open_project(path)
    assert (found.state, found.timeline, found.lost) == (None, None, ())


def with_array(name: str, change: Callable[[Any], Any]) -> Callable[[bytes], bytes]:
    def changed(content: bytes) -> bytes:
        arrays = unpack_arrays(content, 2**26)
        array = change(arrays.pop(name))
        return pack_arrays(arrays if array is None else {**arrays, name: array})

    return changed


def spoiled(array: Any) -> Any:
    array[3] = np.nan
    return array


@pytest.mark.parametrize("name", ["parameters", "slots", "starts", "removed/slots"])
@pytest.mark.parametrize(
    "change",
    [
        spoiled,
        lambda _: None,
        lambda array: array[1:],
        lambda array: np.append(array, 1.0),
        lambda array: array.astype(np.float32),
        lambda array: array.astype(np.int64),
        lambda array: array[:, None],
    ],
)
def test_numbers_that_no_run_had_are_left_out(
    tmp_path: Path, good: bytes, name: str, change: Callable[[Any], Any]
) -> None:
    lost(tmp_path, good, with_members(good, moments_npz=with_array(name, change)))


def test_curves_of_a_branch_that_are_damaged_are_left_out(tmp_path: Path, good: bytes) -> None:
    for change in (lambda _: None, lambda array: array[1:]):
        lost(tmp_path, good, with_members(good, moments_npz=with_array("lines/1/steps/total", change)))
    stray = with_array("slots", lambda array: array)

    def more(content: bytes) -> bytes:
        return pack_arrays({**unpack_arrays(stray(content), 2**26), "lines/7/steps/total": np.zeros(3)})

    lost(tmp_path, good, with_members(good, moments_npz=more))


def test_what_a_file_claims_of_another_run_is_lost_when_it_is_taken_up(tmp_path: Path, good: bytes) -> None:
    other = film(circle(optimizer="adam", learning_rate=0.7))
    other.advance(4)
    path = tmp_path / "other.bpviz"
    save_project(path, saved(other))
    with zipfile.ZipFile(path) as archive:
        parts = {name.replace(".", "_"): archive.read(name) for name in MEMBERS}
    path.write_bytes(with_members(good, **{name: lambda _, it=it: it for name, it in parts.items()}))
    found = open_project(path)
    whole = Session(found.project, state=found.state)
    timeline, told = taken_up(whole, found.timeline)
    timeline.seek(timeline.first_step)
    timeline.to_end()
    assert found.state is not None
    assert equal(timeline.session.state(), found.state)
    assert told == ("timeline",)


def _mutated(document: Any, dice: random.Random) -> None:
    """Change, remove or double something at a random place of a JSON document."""
    place = document
    while True:
        keys = list(place) if isinstance(place, dict) else list(range(len(place)))
        if not keys:
            return
        key = dice.choice(keys)
        if isinstance(place[key], dict | list) and place[key] and dice.random() < 0.85:
            place = place[key]
            continue
        wrong: tuple[Any, ...] = (-1, 0, 1, 3, 10**9, 2**53 - 1, 2**70, 0.5, "", "kernel", None, [], {}, True)
        if isinstance(place, list) and dice.random() < 0.4:
            place.insert(0, place[key]) if dice.random() < 0.5 else place.pop(key)
        elif isinstance(place[key], int) and dice.random() < 0.8:  # else few get far
            place[key] = max(0, place[key] + dice.choice((-3, -1, 1, 2, 10**6)))
        else:
            place[key] = dice.choice(wrong)
        return


@settings(max_examples=150)
@given(seed=st.integers(0, 2**32))
def test_whatever_a_timeline_claims_the_run_opens_and_is_itself(
    tmp_path_factory: pytest.TempPathFactory, good: bytes, seed: int
) -> None:
    dice = random.Random(seed)

    def mutated(content: bytes) -> bytes:
        document = json.loads(content)
        for _ in range(dice.randint(1, 3)):
            _mutated(document, dice)
        return json.dumps(document).encode()

    path = tmp_path_factory.getbasetemp() / "mutated.bpviz"
    path.write_bytes(with_members(good, timeline_json=mutated))
    found = open_project(path)
    assert found.state is not None
    session = Session(found.project, state=found.state)
    timeline, _ = taken_up(session, found.timeline)
    assert equal(session.state(), found.state)
    for number in timeline.lines:
        timeline.switch(number)
        if timeline.last_step < 100:  # others would take as long as they claim
            _seek_about(timeline, dice)


def _seek_about(timeline: Timeline, dice: random.Random) -> None:
    for _ in range(2):
        with suppress(BpvizError):  # where it claims what can't be repeated
            timeline.seek(dice.randint(timeline.first_step, timeline.last_step))


def test_rows_that_name_what_is_not_there_are_damage(good: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(good)) as archive:
        rows = msgspec.json.decode(archive.read("timeline.json"), type=timeline_schema.TimelineDocument)
        arrays = unpack_arrays(archive.read("moments.npz"), 2**26)
    data = KnownData(circle().data)
    assert isinstance(timeline_schema.to_state(rows, arrays, data), TimelineState)
    rows.moments[0].slots = 3
    with pytest.raises(DamageError, match=r"too (short|long)"):
        timeline_schema.to_state(rows, arrays, data)


def test_a_file_without_a_timeline_says_that_nothing_is_lost(tmp_path: Path, hard_run: Session) -> None:
    save_project(tmp_path / "a.bpviz", Saved(hard_run.project, hard_run.state()))
    found = open_project(tmp_path / "a.bpviz")
    assert (found.timeline, found.lost) == (None, ())
