"""Arrays that vectors fit into."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpviz.arrays import CACHE_LINE, aligned_copy, aligned_zeros, stretches


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_aligned_zeros_begin_with_a_line_wherever_numpy_puts_them(dtype: Any) -> None:
    # Held at a time, so that they come to stand at different places.
    held = [aligned_zeros(count, np.dtype(dtype)) for count in range(200)]
    assert {array.ctypes.data % CACHE_LINE for array in held[1:]} == {0}
    for count, array in enumerate(held):
        assert array.dtype == dtype
        np.testing.assert_array_equal(array, np.zeros(count))


def test_an_aligned_copy_is_flat_and_its_own() -> None:
    table = np.arange(6.0).reshape(2, 3)
    copy = aligned_copy(table)
    table[:] = -1.0
    assert copy.ctypes.data % CACHE_LINE == 0
    np.testing.assert_array_equal(copy, np.arange(6.0))


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9))))
def test_stretches_are_the_longest_parts_in_which_two_lists_of_places_go_on(
    both: list[tuple[int, int]],
) -> None:
    first, second = np.array(both, dtype=np.int64).reshape(-1, 2).T

    found = stretches(first, second)

    spelled = [list(zip(range(a.start, a.stop), range(b.start, b.stop), strict=True)) for a, b in found]
    assert [pair for part in spelled for pair in part] == both
    assert all(part for part in spelled)
    assert not any((one[-1][0] + 1, one[-1][1] + 1) == other[0] for one, other in pairwise(spelled))
