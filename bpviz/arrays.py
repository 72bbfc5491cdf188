"""Array types, arrays that nobody can change any more, and arrays that vectors fit into."""

from __future__ import annotations

from itertools import pairwise
from typing import Any, Final, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[np.floating[Any]]
"""Floating-point numbers; float64 unless a run chose float32."""

BoolArray: TypeAlias = NDArray[np.bool_]
IntArray: TypeAlias = NDArray[np.int64]

CACHE_LINE: Final = 64
"""Bytes that a processor moves at a time, and that its widest vectors have."""

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


def stretches(first: IntArray, second: IntArray) -> list[tuple[slice, slice]]:
    """Split two lists of places, side by side, into parts in which both go on place by place.

    To copy slices takes a fraction of the time that indices take, where there are few of them.

    Args:
        first: (places,).
        second: Likewise.
    """
    ends = np.flatnonzero((np.diff(first) != 1) | (np.diff(second) != 1)) + 1
    bounds = [0, *ends.tolist(), len(first)] if len(first) else [0]
    return [(_stretch(first, *part), _stretch(second, *part)) for part in pairwise(bounds)]


def _stretch(places: IntArray, begin: int, end: int) -> slice:
    return slice(int(places[begin]), int(places[begin]) + end - begin)


def aligned_zeros(count: int, dtype: np.dtype[D]) -> NDArray[D]:
    """Return zeros that begin with a line of the cache, so that no vector among them lies across two."""
    return _from_a_line(np.zeros(count + CACHE_LINE // dtype.itemsize, dtype), count)


def aligned_copy(array: NDArray[D]) -> NDArray[D]:
    """Return a flat copy that begins with a line of the cache."""
    copy = _from_a_line(np.empty(array.size + CACHE_LINE // array.dtype.itemsize, array.dtype), array.size)
    copy.reshape(array.shape)[...] = array
    return copy


def _from_a_line(room: NDArray[D], count: int) -> NDArray[D]:
    """The part of an array that begins with the first whole line of the cache in it."""
    skip = -room.ctypes.data % CACHE_LINE // room.dtype.itemsize
    return room[skip : skip + count]
