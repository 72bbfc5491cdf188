"""Contenders take turns, and are compared round by round."""

from __future__ import annotations

import gc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpviz.bench.timing import ROUNDS, Timing, best_rate, measure


class Watch:
    """A clock that only moves when somebody works."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class Worker:
    """A contender whose steps take a known time on a machine that grows slower and slower."""

    def __init__(self, name: str, step_s: float, watch: Watch, diary: list[str], drift: float = 0.0) -> None:
        self.name, self._step_s, self._watch, self._diary, self._drift = name, step_s, watch, diary, drift
        self.since_restart = 0

    def restart(self) -> None:
        self.since_restart = 0
        self._diary.append(f"{self.name} restarts")

    def run(self, steps: int) -> None:
        self._watch.now += steps * self._step_s * (1.0 + self._drift * self._watch.now)
        self.since_restart += steps
        self._diary.append(self.name)


def test_a_step_is_as_long_as_it_was() -> None:
    watch, diary = Watch(), list[str]()
    found = measure([Worker("a", 0.001, watch, diary)], 0.7, rounds=7, clock=watch)
    assert found["a"].steps == 100
    assert found["a"].rounds == pytest.approx((0.001,) * 7)
    assert found["a"].step_s == pytest.approx(0.001)


def test_contenders_take_turns_and_begin_each_round_anew() -> None:
    watch, diary = Watch(), list[str]()
    workers = [Worker(name, 0.01, watch, diary) for name in "abc"]
    measure(workers, 0.1, rounds=2, clock=watch)
    assert diary[-12:] == [word for name in "abc" for word in (f"{name} restarts", name)] * 2
    assert {worker.since_restart for worker in workers} == {5}


def test_more_time_makes_more_turns_and_not_longer_ones() -> None:
    watch, diary = Watch(), list[str]()
    short, long = (
        measure([Worker("a", 0.001, watch, diary)], seconds, clock=watch)["a"] for seconds in (0.5, 5)
    )
    assert len(short.rounds) == ROUNDS
    assert len(long.rounds) == pytest.approx(10 * ROUNDS, abs=1)
    assert long.steps == pytest.approx(short.steps, abs=2)


def test_a_ratio_is_taken_between_neighbors_on_a_machine_that_grows_slow() -> None:
    watch, diary = Watch(), list[str]()
    fast, slow = (Worker(name, step, watch, diary, drift=2.0) for name, step in (("f", 1e-4), ("s", 3e-3)))
    found = measure([fast, slow], 0.5, rounds=5, clock=watch)
    assert found["s"].rounds[-1] > 2 * found["s"].rounds[0]
    assert found["f"].times_faster_than(found["s"]) == pytest.approx(30.0, rel=0.3)


def test_a_contender_slower_than_its_round_makes_one_step() -> None:
    watch, diary = Watch(), list[str]()
    assert measure([Worker("a", 5.0, watch, diary)], 0.1, rounds=3, clock=watch)["a"].steps == 1


@given(st.lists(st.floats(1e-6, 1e3), min_size=1, max_size=9), st.floats(0.01, 100.0))
def test_two_that_differ_by_a_factor_in_every_round_differ_by_it(rounds: list[float], factor: float) -> None:
    one, other = Timing(1, tuple(rounds)), Timing(1, tuple(factor * taken for taken in rounds))
    assert one.times_faster_than(other) == pytest.approx(factor)
    assert other.times_faster_than(one) == pytest.approx(1 / factor)


def test_rounds_are_not_disturbed_by_the_collection_of_garbage() -> None:
    class Curious(Worker):
        def run(self, steps: int) -> None:
            super().run(steps)
            assert not gc.isenabled()

    watch = Watch()
    measure([Curious("a", 0.1, watch, [])], 0.1, clock=watch)
    assert gc.isenabled()


def test_the_best_rate_is_that_of_the_shortest_turn() -> None:
    watch = Watch()
    turns = iter([9.0, 2.0, 0.5, 4.0, 4.0])

    def work() -> None:
        watch.now += next(turns)

    # The first turn only warms up; then three seconds: turns of 2, 0.5 and 4.
    assert best_rate(work, 10.0, 3.0, watch) == pytest.approx(20.0)
