"""Products of matrices are numpy's, whichever way and of whatever sizes."""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

import numpy as np
import pytest
from numba import njit

from bpviz.arrays import Array
from bpviz.engine.kernels.calls import number
from bpviz.engine.kernels.layout import TURNED
from bpviz.engine.kernels.memory import bare
from bpviz.engine.kernels.products import multiply, multiply_by_blas, multiply_turned
from bpviz.engine.kernels.registers import NEAR


class Factors(NamedTuple):
    """a, b, c = a b or a b^T, and room for what is turned."""

    a: Any
    b: Any
    c: Any
    turned: Any
    sums: Any


def ours(factors: Any, rows: int, columns: int, count: int, keep: int) -> None:
    f = bare(factors)
    multiply(rows, columns, count, f.a, count, number(1), f.b, columns, keep, f.c, columns)


def turned(factors: Any, rows: int, columns: int, count: int, keep: int) -> None:
    f = bare(factors)
    multiply_turned(rows, columns, count, f.a, f.b, keep, f.c, f.turned, f.sums)


def blas(factors: Any, rows: int, columns: int, count: int, keep: int) -> None:
    f = bare(factors)
    multiply_by_blas("", columns, rows, count, f.b, columns, f.a, count, keep, f.c, columns)


compiled = cache(njit)


@pytest.mark.parametrize("keep", [0, 1], ids=["alone", "added"])
@pytest.mark.parametrize("count", [1, 40, NEAR, 2 * NEAR + 3])
@pytest.mark.parametrize("columns", [1, 23, TURNED + 5])
@pytest.mark.parametrize("rows", [1, 16, 37, 218])
@pytest.mark.parametrize("precision", ["float64", "float32"])
@pytest.mark.parametrize("way", [ours, turned, blas])
def test_a_product_is_that_of_numpy(
    way: Any, precision: str, rows: int, columns: int, count: int, keep: int
) -> None:
    rng = np.random.default_rng(0)

    def some(*shape: int) -> Array:
        numbers: Array = rng.uniform(-1, 1, shape).astype(precision)
        return numbers

    a, b, c = some(rows, count), some(count, columns), some(rows, columns)
    expected = a.astype(np.float64) @ b.astype(np.float64) + keep * c.astype(np.float64)
    if way is turned:
        b = np.ascontiguousarray(b.T)
    room = Factors(a.ravel(), b.ravel(), c.ravel(), some(rows * count), some(rows * TURNED))
    compiled(way)(room, rows, columns, count, keep)
    error = np.abs(room.c.reshape(rows, columns) - expected).max()
    assert error <= 4 * count * float(np.finfo(precision).eps)
