"""Texts read as numbers: a column of them at once, or each different one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from bpviz.arrays import Array, BoolArray

Letters: TypeAlias = NDArray[np.bytes_]
"""(rows,) texts in ASCII, each at most as long as the array's letters."""


def letter_values(letters: Letters) -> Array | None:
    """Read texts as numbers, NaN where nothing stands; None if one is no number."""
    # float() reads 1_000 as a number, which in a table is some kind of name.
    if not letters.size or (letters.view(np.uint8) == ord("_")).any():
        return None
    try:
        return np.asarray(np.where(letters == b"", b"nan", letters).astype(np.float64))
    except ValueError:
        return None


def plain_values(letters: Letters) -> Array | None:
    """Read texts as numbers, NaN where nothing stands; None if one is written in any but the plainest way."""
    return letter_values(letters) if _PLAIN[letters.view(np.uint8)].all() else None


_PLAIN: Final = np.zeros(256, dtype=np.bool_)
_PLAIN[list(b"\0.0123456789eE+-")] = True


def word_values(words: Sequence[str]) -> tuple[Array, BoolArray]:
    """Read texts as numbers.

    Returns:
        The numbers, NaN where a text is none; which texts are neither missing nor finite numbers.
    """
    try:
        if "_" in "".join(words):
            raise ValueError
        values = np.array([float(word) if word else np.nan for word in words])
        strays = np.isinf(values)
    except ValueError:
        values = np.array([number_of(word) for word in words])
        # Among numbers "nan" is none; beside words it is one, for who reads a file takes out what is missing.
        nan = np.array([word.lower() == "nan" for word in words])
        strays = np.isnan(values) & np.array([word != "" for word in words])
        strays = strays if (strays & ~nan).any() else strays & ~nan
    values[strays] = np.nan
    return values, np.asarray(strays, dtype=np.bool_)


def number_of(cell: str) -> float:
    """The number a cell holds; NaN if none or not a finite one."""
    try:
        value = float(cell) if "_" not in cell else np.nan
    except ValueError:
        return np.nan
    return value if np.isfinite(value) else np.nan
