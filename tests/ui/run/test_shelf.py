"""Runs that an edit ended: which are kept, which come back, which go first."""

from __future__ import annotations

from bpviz.model.edits import set_training
from bpviz.model.spec import Project
from bpviz.training.session import Session
from bpviz.ui.run.shelf import Kept, Shelf


def _run(project: Project, seed: int, steps: int) -> Kept:
    session = Session(set_training(project, seed=seed))
    session.advance(steps)
    return Kept(session, 1.0)


def test_a_run_is_handed_out_once_by_its_project(small: Project) -> None:
    shelf, run = Shelf(), _run(small, 1, 5)
    shelf.keep(run)
    assert shelf.take(small) is None
    assert shelf.take(set_training(small, seed=1)) is run
    assert shelf.take(run.session.project) is None


def test_a_run_without_a_step_is_not_kept_and_does_not_displace_one_with_steps(small: Project) -> None:
    shelf, run = Shelf(), _run(small, 1, 5)
    shelf.keep(run)
    shelf.keep(_run(small, 1, 0))
    assert shelf.take(run.session.project) is run


def test_a_project_has_one_run_the_last_one(small: Project) -> None:
    shelf, run = Shelf(), _run(small, 1, 9)
    shelf.keep(_run(small, 1, 5))
    shelf.keep(run)
    assert shelf.take(run.session.project) is run
    assert shelf.take(run.session.project) is None


def test_without_room_for_all_the_least_trained_goes_first_but_one_stays(small: Project) -> None:
    long, short, middle = _run(small, 1, 60), _run(small, 2, 3), _run(small, 3, 9)
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


def test_clearing_forgets_all(small: Project) -> None:
    shelf, run = Shelf(), _run(small, 1, 5)
    shelf.keep(run)
    shelf.clear()
    assert shelf.take(run.session.project) is None


def test_the_memory_of_a_run_counts_what_it_has_laid_out_and_not_only_what_is_used(small: Project) -> None:
    session = _run(small, 1, 5).session
    assert session.nbytes > 2 * sum(array.nbytes for array in session.state().history.values())
