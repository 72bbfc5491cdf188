"""Ticks, ranges and reductions are plain arithmetic."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpviz.ui.plots.scales import (
    Columns,
    grown_x,
    grown_y,
    linear_ticks,
    log10,
    log_ticks,
    nice_step,
    number,
    power_of_ten,
    spread,
)

SIZES = st.floats(1e-8, 1e8)


@given(span=SIZES, count=st.integers(1, 20))
def test_a_nice_step_makes_at_most_the_parts_asked_for_and_not_many_fewer(span: float, count: int) -> None:
    step = nice_step(span, count)
    assert span / step <= count * (1 + 1e-6)
    assert span / step >= count / 2.6


@given(low=st.floats(-1e6, 1e6), span=SIZES, count=st.integers(2, 12))
def test_linear_ticks_lie_in_the_range_and_differ_in_their_text(low: float, span: float, count: int) -> None:
    if span < abs(low) * 1e-6:
        return  # ticks this close cannot be told apart in few digits
    ticks = linear_ticks(low, low + span, count)
    slack = 1e-6 * span
    assert all(low - slack <= at <= low + span + slack for at, _ in ticks)
    assert len(ticks) <= count + 2


@pytest.mark.parametrize(
    ("value", "step", "text"),
    [
        (0.25, 0.05, "0.25"),
        (-0.5, 0.5, "−0.5"),
        (12000.0, 2000.0, "12k"),
        (2.5e6, 5e5, "2.5M"),
        (0.0, 0.1, "0.0"),
        (2.5, 2.5, "2.5"),
    ],
)
def test_a_ticks_number_has_the_decimals_its_step_needs(value: float, step: float, text: str) -> None:
    assert number(value, step) == text


def test_log_ticks_are_decades_thinned_to_what_fits() -> None:
    assert [text for _, text in log_ticks(-3.0, 0.0, 6)] == ["0.001", "0.010"[:4], "0.1", "1"]
    assert [at for at, _ in log_ticks(-12.0, 0.0, 4)] == [-12.0, -8.0, -4.0, 0.0]
    within_one_decade = log_ticks(-0.5, 0.4, 5)
    assert [text for _, text in within_one_decade] == ["0.5", "1", "2"]


@given(low=st.floats(-1e300, 1e300), span=st.floats(0, 1e300), count=st.integers(2, 30))
def test_log_ticks_are_few_however_far_somebody_zooms_out(low: float, span: float, count: int) -> None:
    ticks = log_ticks(low, low + span, count)
    assert len(ticks) <= max(count + 1, 9)
    assert all(low - 1e-6 <= at <= low + span + 1e-6 for at, _ in ticks)


def test_powers_of_ten_beyond_a_thousand_have_superscripts() -> None:
    assert power_of_ten(-7) == "10⁻⁷"
    assert power_of_ten(3) == "1000"
    assert power_of_ten(-2) == "0.01"


@given(steps=st.lists(st.integers(1, 1000), min_size=1, max_size=60))
def test_the_step_axis_always_holds_the_last_step_and_moves_seldom(steps: list[int]) -> None:
    shown, moves, last = None, 0, 0
    for more in steps:
        last += more
        before, shown = shown, grown_x(shown, last)
        moves += before != shown
        assert shown[0] == 0 <= last <= shown[1]
    assert moves <= 16 * (1 + np.log2(max(last / steps[0], 1)))


@given(low=st.floats(-1e3, 1e3), span=st.floats(0, 1e3), log=st.booleans())
def test_the_value_axis_holds_the_data_and_keeps_a_range_that_fits(
    low: float, span: float, log: bool
) -> None:
    bottom, top = grown_y(None, low, low + span, log=log)
    slack = 1e-6 * max(abs(low), span, 1e-6)
    assert bottom <= low + slack
    assert low + span <= top + slack
    assert top > bottom
    assert grown_y((bottom, top), bottom, top, log=log) == (bottom, top)


def test_the_value_axis_of_nothing_is_kept() -> None:
    assert grown_y((1.0, 2.0), float("nan"), float("nan"), log=True) == (1.0, 2.0)


def test_what_is_not_positive_lies_infinitely_far_down_a_log_axis_and_nothing_else_does() -> None:
    values = np.array([100.0, 0.0, -0.0, -1.0, np.nan, 1e-31, 5e-324])
    np.testing.assert_allclose(
        log10(values), [2.0, -np.inf, -np.inf, -np.inf, np.nan, -31.0, -323.3], rtol=1e-3
    )


def joined(points: int, width: int) -> Columns:
    """Points that stand for one step each."""
    steps = np.arange(points)
    return Columns.of(steps, steps, width)


@given(values=st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=400), width=st.integers(1, 50))
def test_joining_to_columns_keeps_every_extreme(values: list[float], width: int) -> None:
    y = np.array(values)
    columns = joined(y.size, width)
    path = columns.extremes(y[None], y[None])[0]
    assert path.size == columns.extremes_x.size == 2 * min(y.size, width)
    assert (path.min(), path.max()) == (y.min(), y.max())


@given(points=st.integers(1, 400), width=st.integers(1, 50))
def test_columns_join_neighbors_in_about_equal_numbers(points: int, width: int) -> None:
    columns = joined(points, width)
    if points <= width:
        assert columns.sizes is None
        return
    assert columns.sizes is not None
    assert (columns.sizes.size, columns.sizes.sum()) == (width, points)
    assert columns.sizes.max() - columns.sizes.min() <= 1


def test_the_mean_of_columns_keeps_the_mean_and_ends_at_the_newest_value() -> None:
    columns = joined(100, 10)
    y = columns.means(np.tile([0.0, 2.0], (1, 50)))[0]
    np.testing.assert_allclose(y[:-1], 1.0)
    assert (columns.means_x[-1], y[-1]) == (99.0, 2.0)
    assert y.size == columns.means_x.size == 11


def test_few_points_are_drawn_in_the_middle_of_their_steps_as_they_are() -> None:
    columns = Columns.of(np.array([1, 3]), np.array([2, 8]), 10)
    np.testing.assert_array_equal(columns.means_x, [1.5, 5.5])
    np.testing.assert_array_equal(columns.means(np.array([[4.0, 6.0]])), [[4.0, 6.0]])


def test_a_path_of_extremes_visits_low_and_high_of_each_column() -> None:
    columns = Columns.of(np.array([1, 2]), np.array([1, 2]), 10)
    paths = columns.extremes(np.array([[0.0, 5.0], [1.0, 1.0]]), np.array([[3.0, 7.0], [1.0, 2.0]]))
    np.testing.assert_array_equal(columns.extremes_x, [1, 1, 2, 2])
    np.testing.assert_array_equal(paths, [[0, 3, 5, 7], [1, 1, 1, 2]])


def test_a_column_of_nothing_but_gaps_is_a_gap() -> None:
    y = np.array([[np.nan, np.nan, 1.0, np.nan]])
    np.testing.assert_array_equal(joined(4, 2).extremes(y, y), [[np.nan, np.nan, 1.0, 1.0]])


def test_columns_fit_the_same_steps_and_no_others() -> None:
    steps = np.arange(50)
    columns = Columns.of(steps, steps, 10)
    assert columns.fit(steps.copy(), steps.copy(), 10)
    assert not columns.fit(steps, steps, 11)
    assert not columns.fit(steps, np.append(steps[:-1], 60), 10)
    assert not columns.fit(steps[1:], steps[1:], 10)


@given(wanted=st.lists(st.floats(0, 200), max_size=12))
def test_spread_labels_never_overlap_while_there_is_room(wanted: list[float]) -> None:
    places = sorted(spread(wanted, 13.0, 0.0, 200.0))
    assert all(b - a >= 13.0 - 1e-9 for a, b in pairwise(places))
    assert not places or (places[0] >= 0 and places[-1] <= 200 + 1e-9)


def test_labels_with_room_stay_where_they_want_to_be() -> None:
    assert spread([150.0, 20.0, 80.0], 13.0, 0.0, 200.0) == [150.0, 20.0, 80.0]


def test_an_axis_has_two_numbers_where_one_round_step_would_leave_one() -> None:
    assert [text for _, text in linear_ticks(-5.97, 5.97, 2)] == ["−5", "0", "5"]


def test_the_largest_numbers_are_written_with_an_exponent() -> None:
    assert number(2e35, 1e35) == "2.0e+35"


@pytest.mark.parametrize("last", [0.0, 1.0, 5.0])
def test_a_step_axis_counts_in_whole_steps_from_the_first(last: float) -> None:
    _, end = grown_x(None, last)
    assert all(at.is_integer() for at, _ in linear_ticks(0.0, end, 4))
