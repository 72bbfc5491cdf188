"""Inputs that are the pixels of an image, known by their names: ``pixel_ROW_COLUMN``, counted from 0."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import numpy as np

from bpviz.arrays import Array

_PIXEL: Final = re.compile(r"pixel_(\d{1,4})_(\d{1,4})")
_LARGEST: Final = 2048  # rows or columns


def image_of(names: Sequence[str], values: Array) -> Array | None:
    """Put one value for each input into its place.

    Args:
        names: Of the inputs.
        values: (inputs,).

    Returns:
        (rows, columns), row 0 at the top and NaN where there is no input; None unless every input is a pixel
        of its own, and there are several rows and columns.
    """
    found = [_PIXEL.fullmatch(name) for name in names]
    places = [(int(match[1]), int(match[2])) for match in found if match is not None]
    if not places or len(set(places)) < len(names):
        return None
    rows, columns = (max(ends) + 1 for ends in zip(*places, strict=True))
    if not (1 < rows <= _LARGEST and 1 < columns <= _LARGEST):
        return None
    image = np.full((rows, columns), np.nan)
    image[tuple(np.array(places).T)] = values
    return image
