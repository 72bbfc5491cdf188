"""Arrays that vectors fit into."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from bpviz.arrays import CACHE_LINE, aligned_copy, aligned_zeros


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
