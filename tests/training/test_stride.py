from __future__ import annotations

from bpviz.model.spec import Project, Stop
from bpviz.training.course import Course
from bpviz.training.session import Session
from bpviz.training.speed import FLAT_OUT, Speed
from bpviz.training.stride import SLICE_S, Stride
from tests.training.projects import circle
from tests.training.test_observer import Clock


class Paced:
    """A course whose steps take a set time of a clock that does nothing else."""

    def __init__(self, step_s: float, project: Project | None = None) -> None:
        self.clock = Clock()
        self.stride = Stride(self.clock)
        self.calls: list[int] = []
        self.course = Course(Session(project or circle()))
        advance = self.course.advance

        def timed(steps: int) -> int:
            made = advance(steps)
            self.clock.now_s += made * step_s
            self.calls.append(made)
            return made

        self.course.advance = timed  # type: ignore[method-assign]

    def make(self, goal: int | None = None) -> bool:
        return self.stride.make(self.course, goal, lambda: False)


def test_flat_out_a_slice_is_full_and_calls_grow_to_their_length() -> None:
    paced = Paced(0.0005)
    paced.make()
    assert paced.calls[0] == 1
    assert SLICE_S <= paced.clock.now_s <= SLICE_S + 0.004
    paced.make()
    assert max(paced.calls) == 6  # of 3 ms each, as a call of the reference shall last


def test_a_step_that_grew_slow_makes_calls_small_at_once() -> None:
    paced = Paced(0.0005)
    paced.make()
    paced.stride.begin_small()
    paced.calls.clear()
    paced.make()
    assert paced.calls[0] == 1


def test_to_a_goal_it_makes_just_so_many() -> None:
    paced = Paced(1e-6)
    while paced.make(goal=100):
        assert paced.course.step <= 100
    assert paced.course.step == 100


def test_at_a_pace_it_makes_what_is_due() -> None:
    paced = Paced(0.0)
    paced.stride.set_speed(Speed("step", 100))
    for _ in range(51):
        paced.make()
        paced.clock.now_s += 0.01
    assert paced.course.step == 51
    assert abs(paced.stride.steps_per_s - 100) < 1
    paced.stride.rest()
    assert paced.stride.steps_per_s == 0.0


def test_where_a_run_stops_no_more_is_asked_of_it() -> None:
    paced = Paced(1e-6, circle(stop=Stop(epochs=1)))
    assert paced.make()
    assert paced.course.step == 3
    paced.calls.clear()
    assert not paced.make()
    assert paced.calls == [0]


def test_nothing_is_begun_when_all_is_closing() -> None:
    paced = Paced(1e-6)
    assert not paced.stride.make(paced.course, None, lambda: True)
    assert paced.calls == []
    assert paced.stride.speed is FLAT_OUT
