"""Runs whose examples were edited on the way: saved and opened they are the same, and cost little."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from bpviz.data.points import Point, moved_point, with_points, without_points
from bpviz.data.settings import DataSettings, Table
from bpviz.errors import FileFormatError
from bpviz.files.archive import DamageError
from bpviz.files.earlier import EarlierData, EarlierDocument, KnownData
from bpviz.files.project import open_project, save_project
from bpviz.model.spec import Project
from bpviz.training.session import Session
from bpviz.training.timeline import Timeline
from bpviz.training.timeline_state import taken_up
from tests.files.films import saved, steady
from tests.training.hands import differences
from tests.training.projects import circle


def added(data: DataSettings, count: int = 1) -> DataSettings:
    return with_points(data, 7, [Point(0.25 * k, 1.5, "disk") for k in range(count)])


def drawn_film() -> Timeline:
    """Points are drawn, moved and removed while it trains, also on a branch."""
    timeline, clock = Timeline(Session(circle())), steady()

    def learn(change: Callable[[DataSettings], DataSettings]) -> None:
        project = timeline.session.project
        assert timeline.follow(replace(project, data=change(project.data)))

    timeline.advance(4, clock)
    learn(added)
    timeline.advance(4, clock)
    learn(lambda data: moved_point(data, 7, 3, 0.5, 0.5))
    timeline.advance(5, clock)
    timeline.seek(6)
    learn(lambda data: without_points(data, 7, [0, 9]))
    timeline.advance(5, clock)
    learn(lambda data: added(data, 3))
    timeline.advance(4, clock)
    return timeline


def reopened(path: Path) -> Timeline:
    file = open_project(path)
    assert file.state is not None
    assert file.lost == ()
    found, lost = taken_up(Session(file.project, state=file.state, path=file.state.path), file.timeline)
    assert lost == ()
    return found


@pytest.mark.parametrize("keep", [True, False])
def test_every_step_of_every_branch_is_what_it_was(tmp_path: Path, keep: bool) -> None:
    timeline, path = drawn_film(), tmp_path / "a.bpviz"
    file = saved(timeline)
    save_project(path, file if keep else replace(file, timeline=None))
    found = reopened(path)
    assert differences(found.session.moment(), timeline.session.moment()) == []
    for number in sorted(timeline.lines) if keep else [timeline.line.number]:
        for film in (timeline, found) if keep else ():
            film.switch(number)
        for step in range(timeline.last_step + 1):
            for film in (timeline, found):
                film.seek(step)
            assert differences(found.session.moment(), timeline.session.moment()) == [], (number, step)
    timeline.to_end()
    found.to_end()
    for film in (timeline, found):
        assert film.advance(30) == 30
    assert differences(found.session.moment(), timeline.session.moment()) == []


def test_a_point_costs_a_row_and_not_a_table(tmp_path: Path) -> None:
    project = circle(samples=2000)
    session = Session(project)
    save_project(tmp_path / "none.bpviz", saved(Timeline(session)))
    for _ in range(50):
        project = replace(project, data=added(project.data))
        assert session.follow(project)
        session.advance(1)
    save_project(tmp_path / "many.bpviz", saved(Timeline(session)))
    with zipfile.ZipFile(tmp_path / "many.bpviz") as archive:
        documents = msgspec.json.decode(archive.read("earlier.json"), type=list[EarlierDocument])
    tables = [document for document in documents if document.data.table is not None]
    assert len(tables) == 49
    assert sum(len(document.rows) for document in tables) <= 49
    again = reopened(tmp_path / "many.bpviz")
    assert [event.project.data for event in again.story.events if event.project] == [
        event.project.data for event in session.events if event.project
    ]


def test_a_file_whose_examples_stayed_has_no_list_of_earlier_ones(tmp_path: Path) -> None:
    save_project(tmp_path / "a.bpviz", saved(Timeline(Session(circle()))))
    with zipfile.ZipFile(tmp_path / "a.bpviz") as archive:
        assert "earlier.json" not in archive.namelist()


OWN = DataSettings(source="table", table=Table("own", ("a", "b"), (("1", "2"), ("3", "4"))), targets=("b",))


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"first": 9}, "rows from where there are none"),
        ({"columns": ["a", "a"], "first": 0, "last": 0}, "no table"),
        ({"rows": [["1"]]}, "no table"),
    ],
)
def test_a_damaged_list_is_refused(change: dict[str, object], reason: str) -> None:
    earlier = EarlierData(OWN)
    assert OWN.table is not None
    other = replace(OWN, table=replace(OWN.table, rows=(("1", "2"), ("5", "6"), ("3", "4"))))
    assert (earlier.place(OWN), earlier.place(other), earlier.place(other)) == (None, 0, 0)
    (document,) = earlier.documents()
    assert (document.first, document.rows, document.last) == (1, [["5", "6"]], 1)
    assert KnownData.read([document], OWN).at(0) == other
    with pytest.raises(DamageError, match=reason):
        KnownData.read([msgspec.structs.replace(document, **change)], OWN)


def test_a_list_that_lacks_what_events_name_is_damage(tmp_path: Path) -> None:
    path = tmp_path / "a.bpviz"
    save_project(path, saved(drawn_film()))
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist() if name != "earlier.json"}
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    with pytest.raises(FileFormatError, match="earlier"):
        open_project(path)


def test_a_project_that_claims_to_have_begun_otherwise_is_judged_by_what_it_is(tmp_path: Path) -> None:
    session = Session(circle())
    session.advance(3)
    lie: Project = replace(circle(), data=added(circle().data))
    again = Session(session.project, state=replace(session.state(), began=lie))
    assert len(again.prepared.train_x) == len(session.prepared.train_x)
