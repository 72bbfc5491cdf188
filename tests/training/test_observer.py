"""How often costly parts of a snapshot are computed."""

from __future__ import annotations

import numpy as np
import pytest

from bpviz.model.edits import set_training
from bpviz.model.spec import Project
from bpviz.training.observer import COSTLY, LARGEST_SHARE, MAPS_S, Observer
from bpviz.training.run import Run
from bpviz.training.session import Session
from bpviz.training.snapshot import WANTS, Snapshot
from bpviz.training.timeline import Timeline
from bpviz.training.views import Look
from tests.training.projects import circle


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
    wants = sorted(WANTS)
    watched.look(*wants)
    seen = watched.look(*wants, playing=False)
    now = watched.session.snapshot(frozenset(wants))
    for kept, fresh in ((seen.plane, now.plane), (seen.node_planes, now.node_planes)):
        assert kept is not None
        assert fresh is not None
        np.testing.assert_array_equal(kept.values, fresh.values)
    assert seen.trace is not None
    np.testing.assert_array_equal(seen.trace.trace.gradient, watched.session.peek().trace.gradient)


@pytest.mark.parametrize("want", sorted(COSTLY))
def test_a_costly_part_takes_a_small_share_of_the_time(watched: Watched, want: str) -> None:
    watched.clock.each_s = 0.05
    first = watched.look(want)
    watched.clock.each_s = 0.0
    field = COSTLY[want].field
    watched.clock.now_s = 0.05 + 0.05 / LARGEST_SHARE - 1e-6
    assert getattr(watched.look(want), field) is getattr(first, field)
    watched.clock.now_s += 2e-6
    assert getattr(watched.look(want), field) is not getattr(first, field)


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
    seen = watched.look("loss", "parameters")
    assert all(getattr(seen, part.field) is None for part in COSTLY.values())
    assert set(seen.series) >= {"batch_loss"}
