from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpviz.errors import SettingError
from bpviz.model.spec import Project, Stop
from bpviz.training.course import Course
from bpviz.training.session import Session
from bpviz.training.snapshot import Path
from tests.training.hands import PATHS, bits, differences, some_project
from tests.training.projects import circle, retrained, sine

pytestmark = pytest.mark.thorough


def same(first: Session, second: Session) -> bool:
    return not differences(first.moment(), second.moment()) and bits(first.history.arrays()) == bits(
        second.history.arrays()
    )


def test_twins_make_the_same_steps_and_each_goes_as_it_would_alone() -> None:
    projects = circle(), circle(learning_rate=0.3)
    course, alone = Course(*map(Session, projects)), [Session(project) for project in projects]
    assert course.advance(7) + course.advance(5) == 12
    assert course.step == 12
    for twin, other in zip(course.sessions, alone, strict=True):
        other.advance(12)
        assert same(twin, other)


@pytest.mark.parametrize("turned", [False, True])
def test_when_one_stops_all_stand_at_its_step_and_the_other_goes_on_with_it(turned: bool) -> None:
    projects = [circle(), circle(stop=Stop(epochs=2))][:: -1 if turned else 1]
    course = Course(*map(Session, projects))
    assert course.advance(50) == 6
    assert {session.step for session in course.sessions} == {6}
    stopped = course.stopped
    assert stopped is not None
    assert (stopped.project.training.stop.epochs, stopped.stopped_by) == (2, "epochs")
    assert course.advance(50) == 0
    course.go_on()
    assert course.stopped is None
    assert course.advance(10) == 10
    straight = Session(circle())
    straight.advance(16)
    other = next(session for session in course.sessions if session.project.training.stop.epochs is None)
    assert same(other, straight)


def test_a_failure_of_one_ends_the_course_where_it_happened() -> None:
    well, ill = Session(sine(learning_rate=0.01)), Session(sine(learning_rate=30.0))
    course = Course(well, ill)
    made = course.advance(500)
    assert 0 < made < 500
    assert course.stopped is ill
    assert (well.step, ill.step, well.stopped_by, ill.stopped_by) == (made, made, None, "diverged")


def test_a_course_of_one_is_that_session() -> None:
    session, alone = Session(circle(stop=Stop(epochs=3))), Session(circle(stop=Stop(epochs=3)))
    course = Course(session)
    assert course.to_epoch_end() == session.to_epoch_end() == 3
    assert course.advance(100) == alone.advance(100) == 9
    assert same(session, alone)
    assert course.stopped is session


def test_the_epoch_that_ends_first_counts_and_the_slower_path() -> None:
    course = Course(Session(circle(batch_size=1)), Session(circle(batch_size=4), path="kernel"))
    assert course.to_epoch_end() == 6
    assert course.path == "reference"
    assert Course(Session(circle(), path="kernel")).path == "kernel"


def test_runs_at_different_steps_and_no_run_are_refused_in_a_sentence() -> None:
    ahead = Session(circle())
    ahead.advance(1)
    for sessions in ((Session(circle()), ahead), ()):
        with pytest.raises(SettingError, match="begin them together"):
            Course(*sessions)


@st.composite
def twins(draw: st.DrawFn) -> tuple[Project, ...]:
    project = some_project(lambda options: draw(st.sampled_from(options)))
    stops = st.sampled_from((Stop(), Stop(epochs=2), Stop(patience=1), Stop(gradient_norm=0.2)))
    rates = st.sampled_from((0.01, 0.3, 1e9))
    changes = draw(st.lists(st.tuples(stops, rates), min_size=1, max_size=3))
    return project, *(retrained(project, stop=stop, learning_rate=rate) for stop, rate in changes)


@given(twins(), st.lists(st.tuples(st.integers(1, 30), st.booleans()), max_size=6), st.sampled_from(PATHS))
def test_whatever_is_asked_of_them_they_stand_together_and_as_they_would_alone(
    projects: tuple[Project, ...], asked: list[tuple[int, bool]], path: Path
) -> None:
    course = Course(*(Session(project, path=path) for project in projects))
    alone = [Session(project, path=path) for project in projects]
    for steps, past_stops in asked:
        if past_stops:
            course.go_on()
            for session in alone:
                session.go_on()
        before = course.step
        made = course.advance(steps)
        assert {session.step for session in course.sessions} == {before + made}
        assert (made < steps) <= (course.stopped is not None)
        for twin, session in zip(course.sessions, alone, strict=True):
            session.advance(made)
            if twin.stopped_by == "diverged" and session.stopped_by is None:
                assert session.advance(1) == 0
    assert all(map(same, course.sessions, alone))
