"""Runs that an edit ended: which are kept, which come back, which go first."""

from __future__ import annotations

from bpviz.model.edits import set_training
from bpviz.model.spec import Project
from bpviz.training.run import Run
from bpviz.training.session import Session
from bpviz.training.shelf import Shelf
from bpviz.training.timeline import Timeline
from tests.training.projects import circle

SMALL = circle()


def _run(project: Project, seed: int, steps: int) -> Run:
    session = Session(set_training(project, seed=seed))
    session.advance(steps)
    return Run(Timeline(session))


def test_a_run_is_handed_out_once_by_its_project() -> None:
    shelf, run = Shelf(), _run(SMALL, 1, 5)
    shelf.keep(run)
    assert shelf.take(SMALL) is None
    assert shelf.take(set_training(SMALL, seed=1)) is run
    assert shelf.take(run.session.project) is None


def test_a_run_without_a_step_is_not_kept_and_does_not_displace_one_with_steps() -> None:
    shelf, run = Shelf(), _run(SMALL, 1, 5)
    shelf.keep(run)
    shelf.keep(_run(SMALL, 1, 0))
    assert shelf.take(run.session.project) is run


def test_a_project_has_one_run_the_last_one() -> None:
    shelf, run = Shelf(), _run(SMALL, 1, 9)
    shelf.keep(_run(SMALL, 1, 5))
    shelf.keep(run)
    assert shelf.take(run.session.project) is run
    assert shelf.take(run.session.project) is None


def test_without_room_for_all_the_least_trained_goes_first_but_one_stays() -> None:
    long, short, middle = _run(SMALL, 1, 60), _run(SMALL, 2, 3), _run(SMALL, 3, 9)
    shelf = Shelf(room_bytes=long.session.nbytes + middle.session.nbytes)
    for run in (long, short, middle):
        shelf.keep(run)
    assert shelf.take(short.session.project) is None
    assert shelf.take(long.session.project) is long
    assert shelf.take(middle.session.project) is middle
    tiny = Shelf(room_bytes=1)
    for run in (long, short):
        tiny.keep(run)
    assert tiny.take(short.session.project) is None
    assert tiny.take(long.session.project) is long


def test_clearing_forgets_all() -> None:
    shelf, run = Shelf(), _run(SMALL, 1, 5)
    shelf.keep(run)
    shelf.clear()
    assert shelf.take(run.session.project) is None


def test_the_memory_of_a_run_counts_what_it_has_laid_out_and_not_only_what_is_used() -> None:
    session = _run(SMALL, 1, 5).session
    assert session.nbytes > 2 * sum(array.nbytes for array in session.state().history.values())
