"""Missing values filled by what the training part has, so that nothing of the test part leaks into it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final, TypeAlias

import numpy as np

from bpviz.arrays import Array, BoolArray, IntArray
from bpviz.data.dataset import Dataset, FilledInputs
from bpviz.errors import DataError

Filling: TypeAlias = tuple[tuple[FilledInputs, Array], ...]
"""For inputs that are filled: what stands for a missing value, (places,)."""


def fit_filling(dataset: Dataset, train: IntArray) -> Filling:
    """Find what stands for missing values.

    Args:
        dataset: Raw examples.
        train: (training examples,) rows of those.

    Raises:
        DataError: If no training example has a value to fill in.
    """
    found = []
    for fill in dataset.fills:
        values = dataset.inputs[train][:, list(fill.places)]
        known = values[~_missing(values)]
        if not len(known):
            raise DataError(
                f"No training example has a value in the column {fill.column!r}, so there is nothing to fill "
                "in; leave that column out."
            )
        found.append((fill, FILLS[fill.how](known)))
    return tuple(found)


def filled(dataset: Dataset, filling: Filling) -> Dataset:
    """Fill the missing values of a data set."""
    if not dataset.fills:
        return dataset
    inputs = dataset.inputs.copy()
    for fill, values in filling:
        places = np.array(fill.places)
        missing = np.flatnonzero(_missing(inputs[:, places]))
        inputs[np.ix_(missing, places)] = values
    return replace(dataset, inputs=inputs, fills=())


def _missing(values: Array) -> BoolArray:
    return np.asarray(np.isnan(values).any(axis=1))


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
