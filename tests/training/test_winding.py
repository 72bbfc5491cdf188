"""Winding a run a slice at a time, and by steps and epochs."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from bpviz.errors import SettingError
from bpviz.training import winding
from bpviz.training.run import Run
from bpviz.training.session import Session
from bpviz.training.timeline import Timeline
from tests.training.projects import circle, retrained


@pytest.fixture
def run() -> Run:
    """Three epochs and two steps of a run."""
    run = Run(Timeline(Session(circle())))
    run.timeline.advance(3 * run.session.steps_per_epoch + 2)
    return run


def _clock(each_s: float) -> Callable[[], float]:
    now = [0.0]

    def tell() -> float:
        now[0] += each_s
        return now[0]

    return tell


def test_winding_goes_on_a_slice_at_a_time_and_stands_there_in_the_end(run: Run) -> None:
    goal = run.timeline.last_step - 1
    winding.glance(run, goal)
    assert not run.exact
    way = winding.Winding(goal, _clock(1.0))  # each look at the clock ends a slice
    while not way.slice(run):
        assert run.timeline.step < goal
    assert (run.timeline.step, run.exact) == (goal, True)


def test_a_glance_at_a_kept_moment_is_exact(run: Run) -> None:
    winding.glance(run, 0)
    assert (run.timeline.step, run.exact) == (0, True)


def test_a_step_back_is_the_step_before_and_ends_at_the_first(run: Run) -> None:
    last = run.timeline.last_step
    winding.step_back(run)
    assert run.timeline.step == last - 1
    winding.seek(run, 0)
    winding.step_back(run)
    assert run.timeline.step == 0


def test_epochs_back_are_where_they_began(run: Run) -> None:
    each = run.session.steps_per_epoch
    places = []
    for _ in range(5):
        winding.epoch_back(run)
        places.append(run.timeline.step)
    assert places == [3 * each, 2 * each, each, 0, 0]


def test_epochs_on_end_where_the_run_does(run: Run) -> None:
    each, last = run.session.steps_per_epoch, run.timeline.last_step
    winding.seek(run, 1)
    places = []
    for _ in range(4):
        winding.epoch_on(run)
        places.append(run.timeline.step)
    assert places == [each, 2 * each, 3 * each, last]
    assert run.timeline.at_end


def test_a_step_beyond_the_run_is_refused_and_nothing_moves(run: Run) -> None:
    here = run.timeline.step
    with pytest.raises(SettingError, match="choose one of them"):
        winding.seek(run, here + 1)
    assert run.timeline.step == here


def test_a_branch_can_begin_elsewhere_than_where_the_run_is_looked_at(run: Run) -> None:
    winding.seek(run, 2)
    winding.branch_off(run, 7, 5)
    assert (run.timeline.line.number, run.timeline.step, run.timeline.at_end) == (7, 5, True)


@pytest.mark.parametrize("later", [0, 2])
def test_from_an_update_a_branch_goes_on_with_what_made_it(run: Run, later: int) -> None:
    before, step = run.session.project, run.timeline.step
    run.timeline.follow(retrained(before, learning_rate=0.5))
    run.timeline.advance(later)
    winding.seek(run, step)
    run.walk.move("back")
    made = run.session.moment()
    winding.branch_off(run, 2, step)
    assert (set(run.timeline.lines), run.timeline.line.number, run.timeline.at_end) == ({1, 2}, 2, True)
    assert (run.session.project, run.timeline.step) == (before, step)
    assert np.array_equal(run.session.parameters, made.state.parameters)
    run.switch(1)
    assert run.session.project != before, "the old future stays"


def test_a_branch_that_was_asked_for_by_number_comes_also_where_the_run_ends(run: Run) -> None:
    winding.branch_off(run, 2, run.timeline.last_step)
    assert (run.timeline.line.number, run.timeline.at_end) == (2, True)
    run.switch(1)
    assert run.timeline.line.number == 1
