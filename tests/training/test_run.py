"""A run gives out any of its steps, and goes on from any of them on a branch."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from bpviz.errors import BpvizError, SettingError, UnknownNameError
from bpviz.training.run import Run
from bpviz.training.session import Session
from bpviz.training.timeline import Timeline
from tests.training.projects import circle, equal, retrained


@pytest.fixture
def run() -> Run:
    """Of 30 steps, with an edit after 12."""
    run = Run(Timeline(Session(circle())))
    run.timeline.advance(12)
    run.timeline.follow(retrained(run.session.project, learning_rate=0.1))
    run.timeline.advance(18)
    return run


def straight(steps: int) -> Session:
    """The same run, straight to a step."""
    session = Session(circle())
    session.advance(min(steps, 12))
    if steps >= 12:
        session.follow(retrained(session.project, learning_rate=0.1))
        session.advance(steps - 12)
    return session


@pytest.mark.parametrize("step", [0, 5, 12, 13, 29, 30])
def test_a_session_at_a_step_is_the_run_as_it_was(run: Run, step: int) -> None:
    found = run.at(step)
    assert equal(found.state(), straight(step).state())
    assert (run.timeline.step, run.timeline.at_end, len(run.timeline.lines)) == (30, True, 1)


def test_a_session_at_a_step_goes_on_by_itself(run: Run) -> None:
    before = run.session.state()
    for step in (30, 7):
        found = run.at(step)
        found.advance(40)
        assert found.step == step + 40
    assert equal(run.session.state(), before)


def test_a_step_can_be_had_while_the_run_is_looked_at_elsewhere(run: Run) -> None:
    run.timeline.seek(3)
    assert equal(run.at(20).state(), straight(20).state())
    assert (run.timeline.step, run.timeline.at_end) == (3, False)


@pytest.mark.parametrize("step", [31, -1, 2.5, "7", None, True, float("nan")])
def test_a_step_that_there_is_not_is_a_sentence(run: Run, step: Any) -> None:
    for ask in (run.at, run.branch):
        with pytest.raises(SettingError, match=r"the steps 0 to 30|has no step"):
            ask(step)
    assert (run.timeline.step, run.timeline.at_end, len(run.timeline.lines)) == (30, True, 1)


def test_whole_numbers_of_any_kind_are_steps(run: Run) -> None:
    assert run.at(np.int64(4)).step == run.at(4.0).step == 4  # type: ignore[arg-type]


def test_a_branch_goes_on_with_other_settings_and_the_old_future_stays(run: Run) -> None:
    before = run.session.state()
    number = run.branch(20, learning_rate=0.5)
    assert (number, run.timeline.step, run.timeline.at_end) == (2, 20, True)
    assert run.session.project.training.learning_rate == 0.5
    run.timeline.advance(10)
    other = straight(20)
    other.follow(retrained(other.project, learning_rate=0.5))
    other.advance(10)
    assert np.array_equal(run.session.parameters, other.parameters)
    run.switch(1)
    assert equal(run.session.state(), before)


def test_a_branch_at_the_end_leaves_the_line_as_it_is(run: Run) -> None:
    before = run.session.state()
    numbers = [run.branch(30, learning_rate=rate) for rate in (0.2, 0.3)]
    assert numbers == [2, 3]
    assert [line.parent for line in run.timeline.lines.values()] == [None, 1, 2]
    run.switch(1)
    assert equal(run.session.state(), before)
    run.switch(3)
    assert run.session.project.training.learning_rate == 0.3


def test_a_branch_without_settings_is_the_same_future_again(run: Run) -> None:
    assert run.branch(15) == 2
    run.timeline.advance(15)
    assert np.array_equal(run.session.parameters, straight(30).parameters)
    assert run.session.events == straight(30).events


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"learning_rat": 1.0}, "did you mean 'learning_rate'"),
        ({"optimizer": "adamm"}, "did you mean 'adam'"),
        ({"learning_rate": -1.0}, "above 0"),
        ({"seed": 3}, "A new seed starts the run again; change on a branch what a run can go on with"),
        ({"loss": "categorical_cross_entropy"}, "does not go with Tanh"),
    ],
)
def test_settings_that_can_not_be_leave_the_run_where_it_is(
    run: Run, settings: dict[str, Any], said: str
) -> None:
    for place in (30, 8):
        run.timeline.seek(place)
        with pytest.raises(BpvizError, match=said):
            run.branch(10, **settings)
        assert (run.timeline.step, run.timeline.at_end) == (place, place == 30)
    assert list(run.timeline.lines) == [1]


def test_an_unknown_branch_is_a_sentence(run: Run) -> None:
    with pytest.raises(SettingError, match="no branch 7; choose among 1"):
        run.switch(7)
    with pytest.raises(UnknownNameError):
        run.branch(3, rate=1.0)


def test_switching_stands_at_the_end_also_of_the_line_that_is_looked_at(run: Run) -> None:
    run.timeline.seek(4)
    run.switch(1)
    assert (run.timeline.step, run.timeline.at_end) == (30, True)


def winded() -> Run:
    """A run of nine steps that is looked at in its past, inside a step."""
    run = Run(Timeline(Session(circle())))
    run.timeline.advance(9)
    run.timeline.seek(4)
    run.walk.move("phase")
    run.exact = False
    return run


def test_leaving_the_past_it_stands_at_its_end_and_inside_no_step() -> None:
    run = winded()
    run.leave_past()
    assert (run.session.step, run.timeline.at_end, run.walk.cursor, run.exact) == (9, True, None, True)


def test_it_is_shown_with_the_step_somebody_walks_in_and_the_curves_of_all_of_it() -> None:
    run = winded()
    seen = run.session.snapshot(frozenset({"trace", "batch_loss"}), look=run.look)
    assert seen.cursor is run.walk.cursor
    assert seen.trace is run.walk.trace
    assert (seen.step, seen.series["batch_loss"].last_step[-1]) == (4, 8)


def test_a_report_tells_its_end_and_leaves_it_where_it_is_looked_at() -> None:
    run = winded()
    report = run.report(run.session.snapshot(look=run.look))
    assert report.state is not None
    assert (report.state.step, report.snapshot.step, run.timeline.step) == (9, 4, 4)
    assert run.walk.cursor is not None


def test_what_is_played_is_the_run_itself() -> None:
    run = Run(Timeline(Session(circle())))
    assert run.course.advance(3) == 3
    assert run.session.step == 3
