"""Scales of inputs and targets, fitted to the training part."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from bpviz.arrays import Array, read_only
from bpviz.data.settings import Scaling
from bpviz.errors import DataError

_NOISE: Final = 16 * np.finfo(np.float64).eps


@dataclass(frozen=True, slots=True, eq=False)
class Affine:
    """A shift and a scale for each column: ``x = (value - shift) / scale``.

    Attributes:
        shift: (columns,).
        scale: (columns,), never 0.
    """

    shift: Array
    scale: Array

    def __post_init__(self) -> None:
        object.__setattr__(self, "shift", read_only(self.shift))
        object.__setattr__(self, "scale", read_only(self.scale))

    def apply(self, values: Array) -> Array:
        """Scale values (examples, columns)."""
        return (values - self.shift) / self.scale

    def invert(self, x: Array) -> Array:
        """Undo `apply`."""
        return x * self.scale + self.shift


def fit(scaling: Scaling, values: Array) -> Affine:
    """Fit a scale to the training part.

    ``standardize`` gives each column mean 0 and standard deviation 1 (of the population, divided by the
    number of examples); ``min-max`` takes it to 0..1.  A constant column becomes 0 and keeps its unit,
    also where rounding made its values differ in the last of their digits.

    Args:
        scaling: One of `Scaling`.
        values: (training examples, columns), finite.

    Raises:
        DataError: If values are too far apart for their spread to be a number.
    """
    columns = values.shape[1]
    if scaling == "none":
        return Affine(np.zeros(columns), np.ones(columns))
    low, high = values.min(axis=0), values.max(axis=0)
    with np.errstate(over="ignore", invalid="ignore", under="ignore"):
        if scaling == "standardize":
            shift, scale = values.mean(axis=0), values.std(axis=0)
        else:
            shift, scale = low, high - low
        # Values that differ in their last digits only, differ by rounding; to spread them would show noise.
        # A spread too small to be a number is none either.
        constant = (high - low <= _NOISE * np.maximum(np.abs(low), np.abs(high))) | (scale == 0)
    shift, scale = np.where(constant, low, shift), np.where(constant, 1.0, scale)
    if not (np.isfinite(shift).all() and np.isfinite(scale).all()):
        raise DataError("Some values are too large to be scaled; divide them by a power of ten first.")
    return Affine(shift, scale)
