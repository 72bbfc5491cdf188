"""Array types, and arrays that nobody can change any more."""

from __future__ import annotations

from typing import Any, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[np.floating[Any]]
"""Floating-point numbers; float64 unless a run chose float32."""

BoolArray: TypeAlias = NDArray[np.bool_]
IntArray: TypeAlias = NDArray[np.int64]

D = TypeVar("D", bound=np.generic)


def read_only(array: NDArray[D]) -> NDArray[D]:
    """Return a view of an array through which it can't be changed."""
    view = array.view()
    view.flags.writeable = False
    return view


def frozen_copy(array: NDArray[D]) -> NDArray[D]:
    """Return a contiguous copy that can't be changed, safe to hand to another thread."""
    copy = np.array(array, order="C")
    copy.flags.writeable = False
    return copy
