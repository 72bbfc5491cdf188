"""How often costly parts of a snapshot are computed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bpviz.model.edits import set_training
from bpviz.model.spec import Project
from bpviz.training.observer import LARGEST_SHARE, Observer
from bpviz.training.run import Run
from bpviz.training.session import Session
from bpviz.training.snapshot import Snapshot
from bpviz.training.timeline import Timeline
from bpviz.training.views import Look
from bpviz.training.wants import MAPS_S, WANTS, Sight, Want, everything
from tests.training.projects import circle

SESSION = Session(circle(3))
COSTLY = [name for name, want in WANTS.items() if want.costly]


class Clock:
    """Seconds that pass when it is told so, and `each_s` whenever somebody looks at it."""

    def __init__(self) -> None:
        self.now_s = 0.0
        self.each_s = 0.0

    def __call__(self) -> float:
        self.now_s += self.each_s
        return self.now_s


class Watched:
    """An observer, its clock and a run that makes a step before each look."""

    def __init__(self, project: Project) -> None:
        self.clock = Clock()
        self.session = Session(project)
        self._observer = Observer(self.clock)

    def look(self, *wants: str, playing: bool = True, run_id: int = 1) -> Snapshot:
        self.session.advance(1)
        return self._observer.look(self.session, run_id, frozenset(wants), Look(), playing=playing)


@pytest.fixture
def watched() -> Watched:
    """A run that classifies points of the plane, so that all views have something to show."""
    return Watched(circle(3))


def test_at_rest_everything_is_of_this_moment(watched: Watched) -> None:
    wants = sorted(everything())
    watched.look(*wants)
    seen = watched.look(*wants, playing=False)
    now = watched.session.snapshot(frozenset(wants))
    for kept, fresh in ((seen.plane, now.plane), (seen.node_planes, now.node_planes)):
        assert kept is not None
        assert fresh is not None
        np.testing.assert_array_equal(kept.values, fresh.values)
    assert seen.trace is not None
    np.testing.assert_array_equal(seen.trace.trace.gradient, watched.session.peek().trace.gradient)


@pytest.mark.parametrize("want", COSTLY)
def test_a_costly_part_takes_a_small_share_of_the_time(watched: Watched, want: str) -> None:
    watched.clock.each_s = 0.05
    first = watched.look(want)
    watched.clock.each_s = 0.0
    field = WANTS[want].field
    watched.clock.now_s = 0.05 + 0.05 / LARGEST_SHARE - 1e-6
    assert getattr(watched.look(want), field) is getattr(first, field)
    watched.clock.now_s += 2e-6
    assert getattr(watched.look(want), field) is not getattr(first, field)


def test_it_says_whether_costly_parts_may_be_of_steps_before(watched: Watched) -> None:
    watched.clock.each_s = 1.0
    watched.look("trace")
    later, at_rest = watched.look("trace"), watched.look("trace", playing=False)
    assert later.trace is not None
    assert (later.playing, later.step, later.trace.before.step) == (True, 2, 1)
    assert at_rest.trace is not None
    assert (at_rest.playing, at_rest.step, at_rest.trace.before.step) == (False, 3, 3)


def test_what_is_quick_comes_with_every_look_but_maps_wait(watched: Watched) -> None:
    first = watched.look("trace", "map", "parameters")
    watched.clock.now_s = 0.9 * MAPS_S
    second = watched.look("trace", "map", "parameters")
    assert second.plane is first.plane
    assert second.trace is not first.trace
    assert second.parameters is not first.parameters


def test_another_run_and_another_network_are_looked_at_anew(watched: Watched) -> None:
    first = watched.look("map")
    assert watched.look("map", run_id=2).plane is not first.plane
    second = watched.look("map", run_id=2)
    project = watched.session.project
    assert watched.session.follow(set_training(project, learning_rate=0.5))
    assert watched.look("map", run_id=2).plane is not second.plane


def test_inside_a_step_every_value_is_that_steps(watched: Watched) -> None:
    watched.clock.each_s = 1.0
    run, observer = Run(Timeline(watched.session)), Observer(watched.clock)
    for _ in range(2):
        run.leave_past()
        run.timeline.advance(1)
        run.walk.move("phase")
        seen = observer.look(run.session, 1, frozenset({"trace"}), run.look, playing=True)
        assert seen.trace is not None
        assert seen.trace is run.walk.trace


def test_nothing_costly_is_computed_that_nobody_wants(watched: Watched) -> None:
    seen = watched.look("batch_loss", "parameters")
    assert all(getattr(seen, WANTS[name].field) is None for name in COSTLY)
    assert set(seen.series) >= {"batch_loss"}


@given(st.lists(st.floats(1e-5, 2.0), min_size=len(COSTLY), max_size=len(COSTLY)), st.floats(0.02, 0.2))
@settings(deadline=None)
def test_all_costly_parts_together_take_a_small_share_of_the_time(costs: list[float], frame_s: float) -> None:
    clock, spent = Clock(), dict.fromkeys(COSTLY, 0.0)

    def made(name: str, cost: float) -> Want:
        def make(_: Sight) -> None:
            clock.now_s += cost
            spent[name] += cost

        return replace(WANTS[name], make=make)

    entries = {name: made(name, cost) for name, cost in zip(COSTLY, costs, strict=True)}
    session, observer = SESSION, Observer(clock)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(WANTS, "_entries", {**WANTS, **entries})
        for _ in range(400):
            clock.now_s += frame_s
            observer.look(session, 1, frozenset(COSTLY), Look(), playing=True)
    first = sum(costs)  # seen at once, whatever it costs
    assert sum(spent.values()) - first <= LARGEST_SHARE * clock.now_s + max(costs)
    assert all(spent[name] > cost for name, cost in entries_that_fit(costs, clock.now_s))


def entries_that_fit(costs: list[float], whole_s: float) -> list[tuple[str, float]]:
    """Parts that have their turn again even where each has the same share only."""
    pairs = zip(COSTLY, costs, strict=True)
    return [(name, cost) for name, cost in pairs if cost * len(COSTLY) / LARGEST_SHARE < 0.4 * whole_s]
