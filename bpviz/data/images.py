"""Inputs that are the pixels of an image, known by their names: ``pixel_ROW_COLUMN``, counted from 0."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from bpviz.arrays import Array, IntArray

_PIXEL: Final = re.compile(r"pixel_(\d{1,4})_(\d{1,4})")
_LARGEST: Final = 2048  # rows or columns


@dataclass(frozen=True, slots=True)
class Places:
    """Where inputs stand in an image whose names don't say it.

    Attributes:
        names: Of all its pixels, row by row.
        width: How many are beside each other.
    """

    names: tuple[str, ...] = ()
    width: int = 0

    @property
    def by_name(self) -> dict[str, tuple[int, int]]:
        """Row and column of each."""
        return {name: divmod(at, self.width) for at, name in enumerate(self.names)}


NO_PLACES: Final = Places()


@dataclass(frozen=True, slots=True, eq=False)
class Pixels:
    """Where each of some inputs stands in an image.

    Attributes:
        rows: Of the image.
        columns: Of the image.
        row: (inputs,), 0 at the top.
        column: (inputs,)
    """

    rows: int
    columns: int
    row: IntArray
    column: IntArray

    @classmethod
    def of(cls, names: Sequence[str], places: Places = NO_PLACES) -> Pixels | None:
        """Find the places of inputs.

        Args:
            names: Of the inputs.
            places: Where inputs stand whose names don't say it.

        Returns:
            None unless every input is a pixel of its own, and there are several rows and columns.
        """
        told = places.by_name
        found = [told.get(name) or _named(name) for name in names]
        known = [place for place in found if place is not None]
        if not known or len(set(known)) < len(names):
            return None
        rows, columns = (max(ends) + 1 for ends in zip(*known, *told.values(), strict=True))
        if not (1 < rows <= _LARGEST and 1 < columns <= _LARGEST):
            return None
        row, column = np.array(known, dtype=np.int64).T
        return cls(rows, columns, row, column)

    def image(self, values: Array) -> Array:
        """Put one value for each input into its place: (rows, columns), NaN where there is no input."""
        image = np.full((self.rows, self.columns), np.nan)
        image[self.row, self.column] = values
        return image


def image_of(names: Sequence[str], values: Array, places: Places = NO_PLACES) -> Array | None:
    """Put one value for each input into its place; None where inputs are no pixels, as in `Pixels`."""
    pixels = Pixels.of(names, places)
    return None if pixels is None else pixels.image(values)


def _named(name: str) -> tuple[int, int] | None:
    match = _PIXEL.fullmatch(name)
    return None if match is None else (int(match[1]), int(match[2]))
