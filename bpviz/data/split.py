"""Which examples train and which test."""

from __future__ import annotations

import numpy as np

from bpviz.arrays import Array, IntArray
from bpviz.data.dataset import Dataset
from bpviz.errors import SettingError
from bpviz.streams import stream

# A share such as 0.29 of 100 must not lose an example to rounding (0.29 * 100 is 28.999...).
_ROUNDING = 1e-9


def split(dataset: Dataset, train_share: float, seed: int) -> tuple[IntArray, IntArray]:
    """Divide the examples into a training and a test part, the same for the same seed.

    The training part has ``floor(examples * train_share)`` examples, and at least one.  Classes keep their
    shares in both parts.  A data set with its own order is cut, as the Playground does.

    Args:
        dataset: The raw examples.
        train_share: Above 0 to 1; 1 leaves no test part.
        seed: The project's.

    Returns:
        Rows of the training part and of the test part, both ascending.

    Raises:
        SettingError: If the share is outside its range.
    """
    if not 0 < train_share <= 1:
        raise SettingError(f"The training share must be above 0 and at most 1, not {train_share}.")
    count = train_count(dataset.size, train_share)
    rows = np.arange(dataset.size)
    if dataset.own_split or count == dataset.size:
        return rows[:count], rows[count:]
    random = stream(seed, "split")
    if dataset.labels is None:
        groups = [rows]
    else:
        groups = [rows[dataset.labels == label] for label in np.unique(dataset.labels)]
    parts = _apportion(np.array([group.size for group in groups]), count)
    chosen = np.zeros(dataset.size, dtype=np.bool_)
    for group, part in zip(groups, parts, strict=True):
        chosen[random.permutation(group)[:part]] = True
    return rows[chosen], rows[~chosen]


def train_count(examples: int, train_share: float) -> int:
    """Of so many examples, how many train."""
    return max(1, int(np.floor(examples * train_share + _ROUNDING)))


def _apportion(sizes: IntArray, count: int) -> IntArray:
    """Share out a count in proportion to sizes, by largest remainders; earlier groups win ties."""
    quotas: Array = sizes * (count / sizes.sum())
    parts: IntArray = np.floor(quotas + _ROUNDING).astype(np.int64)
    largest = np.argsort(parts - quotas, kind="stable")
    parts[largest[: count - parts.sum()]] += 1
    return parts
