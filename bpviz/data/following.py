"""Other examples in the midst of a run: which are the same as before, and on which side each stands.

An example that stays keeps its side of the split.  One that was changed in its place keeps it, too; what is
added goes where the split lacks most.  Nothing is drawn at random, so the same edits give the same sides.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Sequence

import numpy as np

from bpviz.arrays import BoolArray, IntArray
from bpviz.data.dataset import Dataset
from bpviz.data.split import train_count


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
    for old, new in _matched(_keys(before), _keys(after)):
        trains[new], added[new] = sides[old], False
    _place(trains, added, train_count(after.size, train_share))
    rows = np.arange(after.size)
    return rows[trains], rows[~trains]


def _place(trains: BoolArray, added: BoolArray, wanted: int) -> None:
    """Give added examples the side that lacks them; the training part has one in any case."""
    for row in np.flatnonzero(added).tolist():
        trains[row] = int(trains.sum()) < wanted
    if not trains.any():
        trains[0] = True


def _keys(dataset: Dataset) -> list[bytes]:
    """What tells the examples apart, the same for equal ones."""
    inputs = dataset.inputs + 0.0  # a zero has no sign here
    rest = dataset.targets if dataset.labels is None else dataset.labels[:, np.newaxis]
    assert rest is not None
    targets = rest.astype(np.float64) + 0.0
    return [x.tobytes() + y.tobytes() for x, y in zip(inputs, targets, strict=True)]


def _matched(old: list[bytes], new: list[bytes]) -> list[tuple[int, int]]:
    """Pair examples of before with those of now: equal ones in their order, then changed ones."""
    low, high = same_ends(old, new)
    pairs = [(row, row) for row in range(low)]
    pairs += [(len(old) - 1 - k, len(new) - 1 - k) for k in range(high)]
    waiting: defaultdict[bytes, deque[int]] = defaultdict(deque)
    for row in range(low, len(old) - high):
        waiting[old[row]].append(row)
    others = []
    for row in range(low, len(new) - high):
        rows = waiting.get(new[row])
        if rows:
            pairs.append((rows.popleft(), row))
        else:
            others.append(row)
    gone = sorted(row for rows in waiting.values() for row in rows)
    if len(gone) == len(others):  # each was changed; otherwise nobody can tell which
        pairs += zip(gone, others, strict=True)
    return pairs


def same_ends(one: Sequence[object], other: Sequence[object]) -> tuple[int, int]:
    """How many rows at the beginning of two lists are the same, and how many of the rest at the end."""
    first = _alike(one, other)
    return first, _alike(one[first:][::-1], other[first:][::-1])


def _alike(one: Sequence[object], other: Sequence[object]) -> int:
    for k, (left, right) in enumerate(zip(one, other, strict=False)):
        if left is not right and left != right:
            return k
    return min(len(one), len(other))
