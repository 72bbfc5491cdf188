"""Tiles compute what numpy and scipy compute, to a few units in the last place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numba import njit
from scipy.special import ndtr

from bpviz.arrays import Array
from bpviz.engine.kernels import functions
from bpviz.engine.kernels.memory import gather, load, load_rows, load_some, store, store_some
from bpviz.engine.kernels.sums import total, totals, totals_of_four
from bpviz.engine.kernels.tiles import LANES

PRECISIONS = (np.float64, np.float32)


def over(function: Any, part: int | None = None) -> Callable[[Array], Array]:
    """Make a function of tiles one of arrays; `part` picks of a pair."""

    def all_of_it(x: Any, out: Any) -> None:
        for at in range(0, x.size, LANES):
            store(out, at, function(load(x, at)))

    def one_of_two(x: Any, out: Any) -> None:
        for at in range(0, x.size, LANES):
            store(out, at, function(load(x, at))[part])

    program = njit(all_of_it if part is None else one_of_two)

    def apply(x: Array) -> Array:
        out = np.empty_like(x)
        program(x, out)
        return out

    return apply


def spaced(low: float, high: float, steps: int = 4096) -> Array:
    """Numbers between two bounds, and close to 0."""
    near = np.sign(high if high > 0 else low) * np.logspace(-12, -1, 64)
    return np.concatenate([np.linspace(low, high, steps), near])


@pytest.mark.parametrize("precision", PRECISIONS)
@pytest.mark.parametrize(
    ("function", "part", "expected", "low", "high"),
    [
        (functions.exponential, None, np.exp, -80, 80),
        (functions.exponential_less_one, None, np.expm1, -80, 0),
        (functions.hyperbolic_tangent, None, np.tanh, -20, 20),
        (functions.logarithm_above_one, None, np.log1p, 0, 1),
        (functions.logarithm, None, np.log, 1, 1000),
        (functions.sine_and_cosine, 0, np.sin, -500, 500),
        (functions.sine_and_cosine, 1, np.cos, -500, 500),
        (functions.normal_distribution, 0, ndtr, -6, 6),
    ],
)
def test_functions_are_within_a_few_units_in_the_last_place(
    precision: Any, function: Any, part: int | None, expected: Any, low: float, high: float
) -> None:
    x = spaced(low, high).astype(precision)
    x = x[x >= 1] if function is functions.logarithm else x
    x = x[: len(x) // LANES * LANES]
    exact = np.asarray(expected(x.astype(np.float64)))
    error = np.abs(over(function, part)(x) - exact)
    # Where a function crosses 0 its absolute error counts.
    size = np.maximum(np.abs(exact), 0.1 if part is not None else 1e-30)
    assert (error / size).max() < 6 * np.finfo(precision).eps


@pytest.mark.parametrize("precision", PRECISIONS)
def test_sine_of_large_numbers_is_right_too(precision: Any) -> None:
    x = np.linspace(-1e7, 1e7, 64).astype(precision)
    np.testing.assert_allclose(over(functions.sine_and_cosine, 0)(x), np.sin(x.astype(np.float64)), atol=1e-6)


@pytest.mark.parametrize("precision", PRECISIONS)
def test_what_is_no_number_comes_through(precision: Any) -> None:
    x = np.full(LANES, np.nan, dtype=precision)
    for function, part in (
        (functions.exponential, None),
        (functions.exponential_less_one, None),
        (functions.hyperbolic_tangent, None),
        (functions.logarithm, None),
        (functions.sine_and_cosine, 1),
        (functions.normal_distribution, 0),
    ):
        assert np.isnan(over(function, part)(x)).all()


@pytest.mark.parametrize("precision", PRECISIONS)
def test_extremes_do_not_overflow(precision: Any) -> None:
    x = np.array([-1e30, -1e4, 0, 1e4, 1e30] + [0.0] * 11, dtype=precision)
    np.testing.assert_array_equal(over(functions.hyperbolic_tangent)(x)[:5], [-1, -1, 0, 1, 1])
    np.testing.assert_allclose(over(functions.exponential)(-np.abs(x))[:3], [0, 0, 1], atol=1e-37)
    np.testing.assert_allclose(
        over(functions.normal_distribution, 0)(x)[:5], [0, 0, 0.5, 1, 1], atol=1e-37, rtol=1e-7
    )


@pytest.mark.parametrize("precision", PRECISIONS)
def test_sums_over_lanes_keep_eight_tiles_apart(precision: Any) -> None:
    def sums(x: Any, out: Any) -> Any:
        tiles = load(x, 0), load(x, 16), load(x, 32), load(x, 48)
        more = load(x, 64), load(x, 80), load(x, 96), load(x, 112)
        store(
            out,
            0,
            totals(tiles[0], tiles[1], tiles[2], tiles[3], more[0], more[1], more[2], more[3]),
        )
        return total(tiles[0])

    x = np.arange(8 * LANES).astype(precision) ** 2
    out = np.zeros(8, dtype=precision)
    assert njit(sums)(x, out) == x[:LANES].sum()
    np.testing.assert_array_equal(out, x.reshape(8, LANES).sum(axis=1))


@pytest.mark.parametrize("precision", PRECISIONS)
def test_sums_of_four_tiles_are_those_of_eight_to_the_last_bit(precision: Any) -> None:
    def sums(x: Any, fours: Any, eights: Any) -> None:
        a, b, c, d = load(x, 0), load(x, 16), load(x, 32), load(x, 48)
        store(fours, 0, totals_of_four(a, b, c, d))
        store(eights, 0, totals(a, b, c, d, d, c, b, a))

    x = np.random.default_rng(4).normal(size=4 * LANES).astype(precision)
    fours, eights = np.ones(8, dtype=precision), np.zeros(8, dtype=precision)
    njit(sums)(x, fours, eights)
    np.testing.assert_array_equal(fours[:4], eights[:4])
    np.testing.assert_array_equal(fours[4:], 0)


@pytest.mark.parametrize("precision", PRECISIONS)
def test_part_of_a_tile_touches_nothing_else(precision: Any) -> None:
    def move(x: Any, out: Any) -> None:
        store_some(out, 2, 5, load_some(x, 1, 3))

    x, out = np.arange(LANES).astype(precision), np.full(LANES, 9, dtype=precision)
    njit(move)(x, out)
    assert out.tolist() == [9, 9, 1, 2, 3, 0, 0] + [9] * 9


@pytest.mark.parametrize("precision", PRECISIONS)
@pytest.mark.parametrize("count", [1, 7, 8, LANES, LANES + 5])
def test_a_column_of_ordered_rows_repeats_the_last_row_and_reads_nothing_behind_it(
    precision: Any, count: int
) -> None:
    def column(x: Any, order: Any, last: int, out: Any) -> None:
        store(out, 0, gather(x, load_rows(order, 2, last), 3, 1))

    rows = np.random.default_rng(count).permutation(40)
    order = np.concatenate([[-1, -1], rows[:count], [2**40] * LANES])  # read, these would end the program
    table = np.arange(120).astype(precision)
    out = np.zeros(LANES, dtype=precision)
    njit(column)(table, order, 1 + count, out)
    expected = table.reshape(40, 3)[rows[np.minimum(np.arange(LANES), count - 1)], 1]
    np.testing.assert_array_equal(out, expected)
