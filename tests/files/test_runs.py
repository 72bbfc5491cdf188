"""A run and its file: what was kept comes back, and room is a number of MB."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from bpviz.errors import SettingError
from bpviz.files.project import Saved, save_project
from bpviz.files.runs import reopen, room_of, saved_run, session_of
from bpviz.model.spec import Layer, Node, Project
from bpviz.training.run import Run
from bpviz.training.session import Session
from tests.files.films import film
from tests.training.projects import circle, equal


def test_a_run_comes_back_with_as_much_as_was_kept(tmp_path: Path) -> None:
    run = Run(film(circle()))
    path = tmp_path / "a.bpviz"
    for keep, lines in ((16.0, 3), (0.0, 1)):
        save_project(path, saved_run(run, keep))
        found, saved = reopen(path)
        assert (len(found.timeline.lines), saved.lost) == (lines, ())
        assert equal(found.session.state(), run.session.state())
        assert equal(found.at(13).state(), run.at(13).state())


def test_a_run_that_is_looked_at_in_its_past_is_saved_as_it_ends(tmp_path: Path) -> None:
    run = Run(film(circle()))
    end = run.session.state()
    run.timeline.seek(4)
    save_project(tmp_path / "a.bpviz", saved_run(run))
    assert run.timeline.step == 4
    found, _ = reopen(tmp_path / "a.bpviz")
    assert equal(found.session.state(), end)


def test_a_run_keeps_its_engine_unless_another_is_asked_for(hard_run: Session) -> None:
    saved = Saved(hard_run.project, hard_run.state())
    assert session_of(saved).path == "reference"
    assert session_of(saved, "kernel").path == "kernel"
    assert session_of(Saved(hard_run.project), "reference").step == 0


def test_a_run_whose_drawing_can_not_run_is_opened_by_itself(hard_run: Session) -> None:
    project: Project = hard_run.project
    lonely = Layer("l900", "Second output", "output", (Node("n901"),))
    broken = replace(project.network, layers=(*project.network.layers, lonely))
    saved = Saved(replace(project, network=broken), hard_run.state(), 902, project.network)
    assert equal(session_of(saved).state(), hard_run.state())


@pytest.mark.parametrize(("megabytes", "room_bytes"), [(0, 0), (1, 1_000_000), (Decimal("0.5"), 500_000)])
def test_room_is_a_number_of_mb(megabytes: Any, room_bytes: int) -> None:
    assert room_of(megabytes) == room_bytes


@pytest.mark.parametrize("wrong", [-1, 401, float("nan"), float("inf"), "1", None, True])
def test_other_room_is_a_sentence(wrong: Any) -> None:
    with pytest.raises(SettingError, match=r"Moments can't take .* MB; choose a number from 0 to 400"):
        room_of(wrong)
