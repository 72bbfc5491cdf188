"""Measuring which way of wide layers is faster on this machine; see `choice` for what comes of it.

It is made right after the programs are compiled, in the process that compiles, and takes some seconds.  The
ways take turns, round by round, on steps of real networks; what counts is processor time of this thread, and
a way counts as faster only if it is so by a margin, in nearly every round.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import astuple, replace
from itertools import pairwise, product
from math import log
from pathlib import Path
from time import perf_counter, thread_time
from typing import Final, NamedTuple, TypeAlias

import numpy as np

from bpviz.arrays import Array
from bpviz.engine.kernels.cache import alone
from bpviz.engine.kernels.choice import NEVER, Choice, is_settled, keep, stood_before
from bpviz.engine.kernels.engine import Kernel, Stream, Tables
from bpviz.engine.kernels.machine import pace_of
from bpviz.engine.plan import LayerPlan, LinkPlan, Plan
from bpviz.engine.update import Rule, initial_state

CLEAR: Final = 1.08
"""A way is clearly faster if it is so many times as fast, in the median of the rounds."""

_FEW: Final = 2
"""One point alone has to be ahead by as much as so many."""

ROUNDS: Final = 7
_AGREE: Final = 6  # of them have the same way ahead; one may be disturbed
_ROUND_S: Final = 0.002
_STEPS: Final = 2
"""Steps a round, at least: also in a run, what a call does only once is shared by a few."""

SECONDS: Final = 5.0
"""Processor time that a measurement may take; where it is not enough, the widest stay as they are."""

_WIDTHS: Final = (64, 128, 256, 512, 1024)
_BATCHES: Final = (1, 8, 32, 64, 256)
_MOST_WORK: Final = 2**26
"""Products a link and step that are measured; more take too long, and differ as these do."""

Clock: TypeAlias = Callable[[], float]
Call: TypeAlias = Callable[[int], object]
"""Makes so many steps."""


class Point(NamedTuple):
    """A network 2-n-n-1 and a batch; the link in the middle is what counts."""

    width: int
    rows: int

    @property
    def pairs(self) -> int:
        """Of the link in the middle; the others have next to none."""
        return self.width**2


POINTS: Final = tuple(
    sorted(
        (Point(width, rows) for width, rows in product(_WIDTHS, _BATCHES) if width**2 * rows <= _MOST_WORK),
        key=lambda point: (point.pairs * point.rows, point),
    )
)
"""What is measured, the quickest first."""

_PAIRS: Final = (_WIDTHS[0] ** 2 // 2, *(2 * width**2 for width in _WIDTHS))
_WEIGHTS: Final = (*(width**2 for width in _WIDTHS), NEVER)
_ROWS: Final = (1, *(rows + 1 for rows in _BATCHES[:-1]))
_WORK: Final = (*(2 * 4**power for power in range(6, 13)), NEVER)
"""What is tried for the numbers of a choice: bounds that lie between two points."""

_BLAS, _OURS, _ONCE_BLAS, _ONCE_OURS = range(4)
"""Places of the ways, as `ways` lists them."""


def ways(point: Point) -> tuple[Choice, ...]:
    """What takes turns: several passes, by BLAS and by us; one pass, by BLAS forward and by us.

    Of several passes, only the link in the middle goes either way, as it does with `Choice.own_pairs`.
    """
    ours = Choice(0, NEVER, turned_rows=0, turned_work=0, turned_most=NEVER, own_pairs=NEVER, own_rows=0)
    several = replace(ours, once_rows=0)
    blas = replace(ours, turned_most=0)
    return replace(several, own_pairs=point.pairs), several, blas, ours


def settle(folder: Path, program: str) -> None:
    """Measure what a program's choice needs and write it down, if that is not done.

    Where there is no room for it, in memory or in the cache, the default stays.
    """
    with alone(folder), suppress(OSError, MemoryError):
        if not is_settled(folder, program):
            precision = program.split()[1]
            before = stood_before(folder, precision)
            times = measure((point, calls(point, precision)) for point in POINTS)
            keep(folder, precision, fitted(times, before))


def measure(
    points: Iterable[tuple[Point, Sequence[Call]]],
    seconds: float = SECONDS,
    clock: Clock = perf_counter if sys.platform == "win32" else thread_time,
) -> Mapping[Point, Array]:
    """Time the ways in turn.

    Args:
        points: What to measure, and for each way who makes the steps.
        seconds: Points that would take longer are left out.
        clock: Seconds that pass; by default only while this thread computes, where the system counts finely.

    Returns:
        By point, (rounds, ways): seconds of the same number of steps.
    """
    times: dict[Point, Array] = {}
    begin = clock()
    for point, contenders in points:
        for call in contenders:
            call(1)  # pages and caches are filled
        step_s = max(_seconds(call, _STEPS, clock) for call in contenders) / _STEPS
        steps = max(_STEPS, int(_ROUND_S / step_s)) if step_s else _STEPS
        if clock() - begin + ROUNDS * len(contenders) * steps * step_s > seconds:
            break
        taken = np.zeros((ROUNDS, len(contenders)))
        for turn in range(ROUNDS):
            # There and back: who comes after whom must not matter.
            for at in sorted(range(len(contenders)), reverse=bool(turn % 2)):
                taken[turn, at] = _seconds(contenders[at], steps, clock)
        times[point] = taken
    return times


def fitted(times: Mapping[Point, Array], before: Choice) -> Choice:
    """Choose what is fastest, departing from what stood before only for what is clearly faster.

    Args:
        times: As `measure` returns them.
        before: What stood before.
    """

    def gains(slow: Callable[[Point], int], fast: Callable[[Point], int]) -> dict[Point, float]:
        return {point: _gain(taken.T[slow(point)], taken.T[fast(point)]) for point, taken in times.items()}

    own = _best(
        before,
        (replace(before, own_pairs=pairs, own_rows=rows) for pairs, rows in product(_PAIRS, _ROWS)),
        gains(lambda _: _BLAS, lambda _: _OURS),
        lambda choice, point: choice.own(point.pairs, point.rows),
    )
    once = _best(
        own,
        (replace(own, once_weights=count, once_rows=rows) for count, rows in product(_WEIGHTS, _BATCHES)),
        gains(
            lambda point: _OURS if own.own(point.pairs, point.rows) else _BLAS,
            lambda point: _ONCE_OURS if own.turned(point.pairs, point.rows) else _ONCE_BLAS,
        ),
        lambda choice, point: choice.once(point.pairs, point.rows),
    )
    forward = gains(lambda _: _ONCE_BLAS, lambda _: _ONCE_OURS)
    return _best(
        once,
        (
            replace(once, turned_rows=rows, turned_work=work, turned_most=most)
            for rows, work, most in product((*_ROWS, NEVER), _WORK, _BATCHES)
        ),
        {point: gain for point, gain in forward.items() if once.once(point.pairs, point.rows)},
        lambda choice, point: choice.turned(point.pairs, point.rows),
    )


def calls(point: Point, precision: str) -> list[Call]:
    """For each way, what makes steps of a network."""
    plan = _plan(point.width)
    rng, dtype = np.random.default_rng(0), np.dtype(precision)
    x = rng.normal(size=(point.rows, plan.layers[0].size)).astype(dtype)
    y = rng.normal(size=(point.rows, plan.layers[-1].size)).astype(dtype)
    rule = Rule(examples=point.rows)
    parameters = rng.normal(scale=point.width**-0.5, size=plan.size).astype(dtype)
    # So slow that nothing ever leaves its place, however many steps are made.
    pace = pace_of("constant", {}, 1e-9, 0.0)
    state = initial_state(plan, rule, parameters)
    stream = Stream(0, point.rows, False, False, 0, 0, 0, np.arange(point.rows))
    program = f"blocks {precision}"
    return [
        Kernel(plan, rule, pace, x, y, program, way).rehearsal(state, stream, _tables(plan))
        for way in ways(point)
    ]


def _seconds(call: Call, steps: int, clock: Clock) -> float:
    begin = clock()
    call(steps)
    return clock() - begin


def _gain(slow: Array, fast: Array) -> float:
    """Logarithm of how many times as fast the second way is, (rounds,) each; 0 if that is not clear."""
    ratios = np.log(slow / fast)
    middle = float(np.median(ratios))
    agree = np.count_nonzero(np.sign(ratios) == np.sign(middle))
    return middle if abs(middle) >= log(CLEAR) and agree >= _AGREE else 0.0


def _best(
    before: Choice,
    others: Iterable[Choice],
    gains: Mapping[Point, float],
    takes: Callable[[Choice, Point], bool],
) -> Choice:
    """The choice that gains most by where it takes the second way; of equals the one that moves least.

    What moves counts at the points measured, and then by the numbers themselves: they go for networks that
    nobody measured, too.
    """
    stood = astuple(before)

    def moved(choice: Choice) -> list[Point]:
        return [point for point in gains if takes(choice, point) != takes(before, point)]

    def gained(choice: Choice) -> float:
        # On the average of what moves: what is won at one point and lost at another is nothing clear.
        moves = moved(choice)
        gain = sum(gains[point] if takes(choice, point) else -gains[point] for point in moves)
        return gain if gain >= max(len(moves), _FEW) * log(CLEAR) else 0.0

    def differing(choice: Choice) -> int:
        return sum(one != other for one, other in zip(astuple(choice), stood, strict=True))

    return min((before, *others), key=lambda choice: (-gained(choice), len(moved(choice)), differing(choice)))


def _plan(width: int) -> Plan:
    sizes = (2, width, width, 1)
    activations = ((), ("relu",) * width, ("relu",) * width, ("linear",))
    layers = [LayerPlan("", size, names) for size, names in zip(sizes, activations, strict=True)]
    masks = [np.ones((to, of), dtype=np.bool_) for of, to in pairwise(sizes)]
    links = [LinkPlan(at, at + 1, mask) for at, mask in enumerate(masks)]
    count = sum(mask.size for mask in masks) + sum(sizes[1:])
    return Plan(tuple(layers), tuple(links), np.ones(count, dtype=np.bool_))


def _tables(plan: Plan) -> Tables:
    """Records of which nothing is ever full."""
    series, nodes = 2 * len(plan.layers), sum(layer.size for layer in plan.layers[1:])
    total, low, high, last = (np.zeros((1, series)) for _ in range(4))
    return Tables(0, NEVER, 0, NEVER, total, low, high, last, np.zeros((1, 2 * nodes)))
