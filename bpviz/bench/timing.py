"""Fair clocks: what is compared takes turns, and is compared round by round.

A machine that other programs use grows faster and slower by the second.  Rounds of a few hundredths of a
second in turn (A B C A B C ...) give every contender the same share of good and bad times; medians leave out
the odd disturbance; and a ratio is taken between neighbors before the median is.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median
from time import perf_counter
from typing import Final, Protocol, TypeAlias

ROUNDS: Final = 7
"""At least; more time makes more of them, not longer ones."""
_ROUND_S: Final = 0.07
_SHARE_TO_TRUST: Final = 0.25  # a trial this much of a round long tells how many steps make a whole one

Clock: TypeAlias = Callable[[], float]


class Contender(Protocol):
    """Something that makes training steps."""

    @property
    def name(self) -> str:
        """Which column it fills."""

    def restart(self) -> None:
        """Stand at the start of the run again; not timed."""

    def run(self, steps: int) -> None:
        """Make so many steps; timed."""


@dataclass(frozen=True, slots=True)
class Timing:
    """How long one contender's steps took.

    Attributes:
        steps: In each round.
        rounds: Seconds a step, one for each round.
    """

    steps: int
    rounds: tuple[float, ...]

    @property
    def step_s(self) -> float:
        """Seconds a step: the median of the rounds."""
        return median(self.rounds)

    def times_faster_than(self, other: Timing) -> float:
        """How many times the other's steps one makes in the same time: the median over pairs of rounds."""
        return median(theirs / own for own, theirs in zip(self.rounds, other.rounds, strict=True))


def measure(
    contenders: Sequence[Contender],
    seconds: float,
    *,
    rounds: int | None = None,
    clock: Clock = perf_counter,
) -> Mapping[str, Timing]:
    """Time contenders in turn.

    Args:
        contenders: With different names.
        seconds: For each of them, in all rounds together; a contender whose single step takes longer takes
            longer.
        rounds: How often each has its turn; None for as often as rounds of a usual length fit in.
        clock: Seconds that pass.

    Returns:
        By name, in the order given.
    """
    rounds = rounds or max(ROUNDS, round(seconds / _ROUND_S))
    share = seconds / rounds
    with _no_collection():
        steps = {one.name: _steps_in(one, share, clock) for one in contenders}
        times: dict[str, list[float]] = {one.name: [] for one in contenders}
        for _ in range(rounds):
            for one in contenders:
                one.restart()
                times[one.name].append(_seconds(one, steps[one.name], clock) / steps[one.name])
    return {name: Timing(steps[name], tuple(taken)) for name, taken in times.items()}


def best_rate(
    work: Callable[[], object], amount: float, seconds: float, clock: Clock = perf_counter
) -> float:
    """Return the highest rate seen, in `amount` a second, of work that is repeated for some time."""
    work()
    best, begin = 0.0, clock()
    while not best or clock() - begin < seconds:
        start = clock()
        work()
        best = max(best, amount / max(clock() - start, 1e-9))
    return best


def _steps_in(one: Contender, seconds: float, clock: Clock) -> int:
    """Find out how many steps fill a round; whatever is done only once is done by then."""
    one.restart()
    one.run(1)
    steps = 1
    while True:
        one.restart()
        taken = _seconds(one, steps, clock)
        if taken >= _SHARE_TO_TRUST * seconds:
            return max(1, round(steps * seconds / taken))
        steps = max(2 * steps, min(10 * steps, round(steps * seconds / max(taken, 1e-9))))


def _seconds(one: Contender, steps: int, clock: Clock) -> float:
    begin = clock()
    one.run(steps)
    return clock() - begin


@contextmanager
def _no_collection() -> Iterator[None]:
    """A collection of garbage would fall on whoever happens to have the turn."""
    was = gc.isenabled()
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
