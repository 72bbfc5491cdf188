"""Scales are fitted once and can be undone."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from bpviz.arrays import Array
from bpviz.data.scaling import fit
from bpviz.data.settings import Scaling
from bpviz.errors import DataError

SCALINGS: tuple[Scaling, ...] = ("none", "standardize", "min-max")
tables = arrays(
    np.float64,
    st.tuples(st.integers(1, 12), st.integers(1, 4)),
    elements=st.floats(-1e6, 1e6, allow_subnormal=False),
)


@given(values=tables, scaling=st.sampled_from(SCALINGS))
def test_undoing_a_scale_gives_the_values_back(values: Array, scaling: Scaling) -> None:
    scale = fit(scaling, values)
    np.testing.assert_allclose(scale.invert(scale.apply(values)), values, rtol=1e-9, atol=1e-9)


@given(values=tables)
def test_min_max_reaches_from_0_to_1_unless_a_column_is_constant(values: Array) -> None:
    x = fit("min-max", values).apply(values)
    constant = np.ptp(values, axis=0) <= 4e-15 * np.abs(values).max(axis=0)
    np.testing.assert_array_equal(x.min(axis=0), 0)
    np.testing.assert_array_equal(x.max(axis=0)[~constant], 1)
    np.testing.assert_allclose(x.max(axis=0)[constant], 0, atol=1e-8)


def test_standardized_columns_have_mean_0_and_deviation_1() -> None:
    values = np.random.default_rng(1).normal([5, -100], [0.01, 300], size=(50, 2))
    x = fit("standardize", values).apply(values)
    np.testing.assert_allclose(x.mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(x.std(axis=0), 1, rtol=1e-12)


def test_the_deviation_is_that_of_the_population() -> None:
    # Of 1 and 3 the mean is 2 and the deviation, divided by n and not n - 1, is 1.
    scale = fit("standardize", np.array([[1.0], [3.0]]))
    assert (scale.shift.tolist(), scale.scale.tolist()) == ([2], [1])


@pytest.mark.parametrize("scaling", ["standardize", "min-max"])
def test_a_constant_column_becomes_exactly_0(scaling: Scaling) -> None:
    # The mean of three times 0.1 is not 0.1 after rounding, and the deviation is not 0.
    values = np.full((3, 1), 0.1)
    assert fit(scaling, values).apply(values).tolist() == [[0], [0], [0]]


@pytest.mark.parametrize("scaling", ["standardize", "min-max"])
@pytest.mark.parametrize("value", [0.3, -1234.5, 1e300, 1e-300, 2.0**60])
def test_what_rounding_made_different_is_constant(scaling: Scaling, value: float) -> None:
    other = np.nextafter(np.nextafter(value, np.inf), np.inf)
    values = np.array([[value], [other], [value], [np.nextafter(value, 0)]])
    x = fit(scaling, values).apply(values)
    assert np.abs(x).max() <= np.ptp(values)  # not blown up


@pytest.mark.parametrize("scaling", ["standardize", "min-max"])
@pytest.mark.parametrize("middle", [0.0, 1.0, 1.7e18])
def test_a_small_spread_that_is_no_rounding_is_scaled(scaling: Scaling, middle: float) -> None:
    # As times in nanoseconds have: their fourteenth digit says something.
    values = middle + max(middle, 1.0) * 1e-13 * np.array([[-1.0], [0.0], [1.0]])
    assert np.ptp(fit(scaling, values).apply(values)) >= 0.99


def test_no_scaling_changes_no_bit() -> None:
    values = np.array([[0.1, 1e300], [-0.0, 3.3]])
    np.testing.assert_array_equal(fit("none", values).apply(values), values)


def test_nobody_can_change_a_scale() -> None:
    with pytest.raises(ValueError, match="read-only"):
        fit("none", np.zeros((2, 2))).shift[0] = 1.0


@pytest.mark.parametrize("scaling", ["standardize", "min-max"])
def test_values_beyond_what_can_be_scaled_are_refused_in_a_sentence(scaling: Scaling) -> None:
    with pytest.raises(DataError, match="too large to be scaled; divide them"):
        fit(scaling, np.array([[1e308], [-1e308]]))
