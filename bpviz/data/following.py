"""Other examples in the midst of a run: which are the same as before, and on which side each stands.

An example that stays keeps its side of the split.  One that was changed in its place keeps it, too; what is
added goes where the split lacks most.  Nothing is drawn at random, so the same edits give the same sides.
"""

from __future__ import annotations

from collections import defaultdict, deque
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from bpviz.arrays import BoolArray, IntArray
from bpviz.data.dataset import Dataset
from bpviz.data.split import train_count

_AT_ONCE: Final = 4096  # examples that are compared together


def followed_sides(
    before: Dataset, train: IntArray, after: Dataset, train_share: float
) -> tuple[IntArray, IntArray]:
    """Divide examples that take the place of others in a run.

    Args:
        before: The examples so far.
        train: Those of them in the training part, by row.
        after: The examples from here on, with the same columns and targets.
        train_share: Above 0 to 1.

    Returns:
        Rows of the training part, of which there is at least one, and of the test part, both ascending.
    """
    sides = np.zeros(before.size, dtype=np.bool_)
    sides[train] = True
    trains = np.zeros(after.size, dtype=np.bool_)
    added = np.ones(after.size, dtype=np.bool_)
    old, new = _matched(before, after)
    trains[new], added[new] = sides[old], False
    _place(trains, added, train_count(after.size, train_share))
    rows = np.arange(after.size)
    return rows[trains], rows[~trains]


def _place(trains: BoolArray, added: BoolArray, wanted: int) -> None:
    """Give added examples the side that lacks them; the training part has one in any case."""
    lacking = max(wanted - np.count_nonzero(trains), 0)
    trains[np.flatnonzero(added)[:lacking]] = True
    if not trains.any():
        trains[0] = True


def _keys(dataset: Dataset, first: int, end: int) -> list[bytes]:
    """What tells some examples apart, the same for equal ones."""
    inputs = dataset.inputs[first:end] + 0.0  # a zero has no sign here
    targets = _targets(dataset)[first:end].astype(np.float64) + 0.0
    return [x.tobytes() + y.tobytes() for x, y in zip(inputs, targets, strict=True)]


def _targets(dataset: Dataset) -> NDArray[Any]:
    rest = dataset.targets if dataset.labels is None else dataset.labels[:, np.newaxis]
    assert rest is not None
    return rest


def _matched(before: Dataset, after: Dataset) -> tuple[IntArray, IntArray]:
    """Pair examples of before with those of now: equal ones in their order, then changed ones."""
    low, high = _same_ends(before, after)
    old, new = (_keys(one, low, one.size - high) for one in (before, after))
    pairs: list[tuple[int, int]] = []
    waiting: defaultdict[bytes, deque[int]] = defaultdict(deque)
    for row, key in enumerate(old, start=low):
        waiting[key].append(row)
    others = []
    for row, key in enumerate(new, start=low):
        rows = waiting.get(key)
        if rows:
            pairs.append((rows.popleft(), row))
        else:
            others.append(row)
    gone = sorted(row for rows in waiting.values() for row in rows)
    if len(gone) == len(others):  # each was changed; otherwise nobody can tell which
        pairs += zip(gone, others, strict=True)
    first, last = np.arange(low), np.arange(-high, 0)
    between = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    return (
        np.concatenate([first, between[:, 0], before.size + last]),
        np.concatenate([first, between[:, 1], after.size + last]),
    )


def _same_ends(before: Dataset, after: Dataset) -> tuple[int, int]:
    """How many examples at the beginning are the same, and how many of the rest at the end."""
    count = min(before.size, after.size)
    differ = np.flatnonzero(~_alike(before, 0, after, 0, count))
    first = int(differ[0]) if differ.size else count
    rest = count - first
    differ = np.flatnonzero(~_alike(before, before.size - rest, after, after.size - rest, rest))
    return first, rest - 1 - int(differ[-1]) if differ.size else rest


def _alike(one: Dataset, first: int, other: Dataset, second: int, count: int) -> BoolArray:
    """(count,) which examples from some row on are those of another data set from another row on."""
    found = np.ones(count, dtype=np.bool_)
    for left, right in ((one.inputs, other.inputs), (_targets(one), _targets(other))):
        for begin in range(0, count, _AT_ONCE):  # a part that the processor holds
            end = min(begin + _AT_ONCE, count)
            a, b = left[first + begin : first + end], right[second + begin : second + end]
            found[begin:end] &= ((a == b) | ((a != a) & (b != b))).all(axis=1)
    return found
