"""Missing values filled by what the training part has, so that nothing of the test part leaks into it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

import numpy as np

from bpviz.arrays import Array, BoolArray, IntArray
from bpviz.data.dataset import Dataset
from bpviz.errors import DataError


def filled(dataset: Dataset, train: IntArray) -> Dataset:
    """Fill the missing values of a data set.

    Args:
        dataset: Raw examples.
        train: (training examples,) rows of those.

    Raises:
        DataError: If no training example has a value to fill in.
    """
    if not dataset.fills:
        return dataset
    inputs = dataset.inputs.copy()
    for fill in dataset.fills:
        places = list(fill.places)
        values = inputs[:, places]
        missing: BoolArray = np.asarray(np.isnan(values).any(axis=1))
        if not missing.any():
            continue
        known = values[train][~missing[train]]
        if not len(known):
            raise DataError(
                f"No training example has a value in the column {fill.column!r}, so there is nothing to fill "
                "in; leave that column out."
            )
        inputs[np.ix_(np.flatnonzero(missing), np.array(places))] = FILLS[fill.how](known)
    return replace(dataset, inputs=inputs, fills=())


def _frequent(known: Array) -> Array:
    """The most frequent row; of several the least."""
    rows, counts = np.unique(known, axis=0, return_counts=True)
    row: Array = rows[np.argmax(counts)]
    return row


FILLS: Final[Mapping[str, Callable[[Array], Array]]] = {
    "mean": lambda known: np.asarray(known.mean(axis=0)),
    "median": lambda known: np.asarray(np.median(known, axis=0)),
    "frequent": _frequent,
}
"""From known values (examples, inputs) to what is filled in, (inputs,)."""
