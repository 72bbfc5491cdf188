"""Walks stop at breakpoints, whether they are led by hand, played, or sent on to the next one."""

from __future__ import annotations

import math
from functools import partial

import numpy as np
import pytest

from bpviz.model.edits import on_network, set_activation
from bpviz.model.spec import Project, Stop, WeightAddress
from bpviz.training.breakpoints import LOSS, Breakpoint, misclassified
from bpviz.training.passes import Pass
from bpviz.training.phases import Cursor
from bpviz.training.places import WHOLE, NodePlace
from bpviz.training.run import Run
from bpviz.training.session import Session
from bpviz.training.stopping import Guard, Search
from bpviz.training.timeline import Timeline
from tests.training.hands import differences
from tests.training.projects import circle
from tests.training.test_observer import Clock

LOSSES = 4
WRONG = Breakpoint(LOSS, "misclassified")


class Bench:
    """A run that is walked, and what was said."""

    def __init__(self, project: Project, *points: Breakpoint) -> None:
        self.run = Run(Timeline(Session(project)))
        self.said: list[str] = []
        self.guard = Guard(self.said.append)
        self.guard.watch(points)

    @property
    def cursor(self) -> Cursor:
        assert self.run.walk.cursor is not None
        return self.run.walk.cursor

    def search(self, most_steps: int = 50) -> int:
        """Go on to the next breakpoint; returns in how many slices."""
        clock = Clock()
        search = Search(self.guard, clock, most_steps)
        move = self.run.walk.move

        def timed(what: str) -> None:
            move(what)  # type: ignore[arg-type]
            clock.now_s += 0.004

        self.run.walk.move = timed  # type: ignore[method-assign, assignment]
        slices = 1
        while not search.slice(self.run):
            slices += 1
        self.run.walk.move = move  # type: ignore[method-assign]
        self.guard.tell()
        return slices

    def wrong(self) -> list[int]:
        """Which examples of the step that one stands in are misclassified."""
        trace = self.run.walk.trace
        assert trace is not None
        found = misclassified(self.run.session.prepared, Pass(self.run.session.rule, trace))
        assert found is not None
        return [int(k) for k in np.flatnonzero(found)]


def relu(project: Project) -> Project:
    for layer in project.network.layers[1:-1]:
        project = on_network(partial(set_activation, layer_id=layer.id, activation="relu"))(project)
    return project


def test_one_goes_from_one_misclassified_example_to_the_next_over_the_steps() -> None:
    bench = Bench(circle(), WRONG)
    met = []
    while bench.run.timeline.step < 3:
        bench.search()
        assert bench.cursor.index == LOSSES
        assert bench.cursor.stopped_at == WHOLE
        assert bench.cursor.example is not None
        assert bench.said.pop() == f"Breakpoint: example {bench.cursor.example + 1} is misclassified."
        met.append((bench.run.timeline.step, bench.cursor.example))
        expected = bench.wrong()
        assert bench.cursor.example in expected
    for step in range(3):
        alone = Bench(circle(), WRONG)
        alone.run.timeline.advance(step)
        alone.run.walk.move("phase")
        assert [example for at, example in met if at == step] == alone.wrong()


def test_the_search_makes_the_steps_that_play_makes_and_can_be_given_up() -> None:
    bench = Bench(circle(optimizer="adam"), Breakpoint("z", "not_finite"))
    assert bench.search(most_steps=7) > 7, "in slices, between which somebody may change their mind"
    assert bench.said == ["No breakpoint was met in 7 steps."]
    assert bench.run.timeline.step == 7
    played = Session(circle(optimizer="adam"))
    played.advance(7)
    assert differences(bench.run.session.moment(), played.moment()) == []


def test_in_the_past_the_search_only_shows() -> None:
    bench = Bench(circle(), WRONG)
    bench.run.timeline.advance(9)
    bench.run.timeline.seek(2)
    bench.search()
    assert (bench.run.timeline.step, bench.run.timeline.last_step, len(bench.run.timeline.lines)) == (2, 9, 1)


def test_without_a_breakpoint_that_acts_nothing_moves() -> None:
    bench = Bench(circle(), Breakpoint(LOSS, "misclassified", on=False))
    bench.search()
    assert bench.run.walk.cursor is None
    assert bench.said == ["No breakpoint is set; set one by Run > Breakpoints."]


def test_a_run_that_stops_by_itself_ends_the_search() -> None:
    bench = Bench(circle(stop=Stop(epochs=1)), Breakpoint("z", "not_finite"))
    bench.search()
    assert bench.said == ["No breakpoint was met before the run stopped."]
    assert bench.run.session.stopped_by == "epochs"
    assert bench.run.timeline.step == 3


def test_a_step_that_can_not_be_made_ends_the_search() -> None:
    project = circle(learning_rate=1e300)
    for layer in project.network.layers[1:]:
        project = on_network(partial(set_activation, layer_id=layer.id, activation="linear"))(project)
    bench = Bench(project, Breakpoint("z", "zero"))
    bench.search()
    assert bench.run.walk.cursor is None
    assert bench.run.session.stopped_by == "diverged"


def test_a_walk_by_hand_is_stopped_by_any_example_of_a_batch_and_shows_it() -> None:
    bench = Bench(relu(circle()), Breakpoint("a", "zero"))
    bench.run.walk.move("phase")
    assert not bench.guard.stops(bench.run)
    bench.run.walk.move("phase")
    assert bench.guard.stops(bench.run)
    stopped, trace = bench.cursor.stopped_at, bench.run.walk.trace
    assert isinstance(stopped, NodePlace)
    assert trace is not None
    assert bench.cursor.example is not None
    assert trace.trace.a[1][bench.cursor.example, stopped.node] == 0
    bench.run.walk.move("back")
    assert bench.cursor.stopped_at is None


def test_who_looks_at_one_example_is_stopped_by_that_one_alone() -> None:
    bench = Bench(circle(), WRONG)
    bench.run.walk.move("phase")
    wrong = bench.wrong()
    for example in range(10):
        bench.run.walk.look_at(example)
        bench.run.walk.go_to(LOSSES)
        assert bench.guard.stops(bench.run) is (example in wrong)
        bench.run.walk.move("first")


def test_what_is_infinite_on_the_way_is_met_before_it_vanishes_in_a_tanh() -> None:
    project = circle()
    layer = project.network.layers[1]
    bench = Bench(project, Breakpoint("z", "not_finite"))
    for node in project.network.layers[0].nodes:
        bench.run.timeline.set_value(WeightAddress(node.id, layer.nodes[0].id), 1.7e308)
    bench.search(most_steps=2)
    assert bench.cursor.stopped_at == NodePlace(1, 0)
    trace = bench.run.walk.trace
    assert trace is not None
    assert bench.cursor.example is not None
    assert not math.isfinite(trace.trace.z[1][bench.cursor.example, 0])


@pytest.mark.parametrize("most", [1, 3])
def test_the_rest_of_a_step_does_not_count_as_one(most: int) -> None:
    bench = Bench(circle(), Breakpoint("z", "not_finite"))
    bench.run.walk.move("phase")
    bench.search(most_steps=most)
    assert bench.run.timeline.step == most + 1
