"""The classes that a column holds: their names in order, and which of them each row is."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

import numpy as np

from bpviz.arrays import IntArray
from bpviz.data.column import Column, number_of
from bpviz.errors import DataError, listed

MOST_CLASSES: Final = 256
"""An output layer with more nodes than this is a mistaken choice of target."""


def classes_of(column: Column, declared: tuple[str, ...]) -> tuple[str, ...]:
    """Name the classes: as declared, else numbers by size and text by alphabet."""
    names = _declared(column, declared) if declared else _met(column)
    if len(names) > MOST_CLASSES:
        raise DataError(
            f"The target {column.name!r} has {len(names)} different values, too many classes "
            f"(at most {MOST_CLASSES}); learn it as a number or choose another target."
        )
    return names


def _met(column: Column) -> tuple[str, ...]:
    names = sorted(set(class_names(column)) - {""}, key=class_order)
    if len(names) < 2:
        raise DataError(
            f"The target {column.name!r} has fewer than two different values, so there is nothing to tell "
            "apart; declare the classes there are or choose another."
        )
    return tuple(names)


def _declared(column: Column, declared: tuple[str, ...]) -> tuple[str, ...]:
    names = class_names(column, declared)[: len(declared)]
    if len(names) < 2 or len(set(names)) < len(names) or "" in names:
        raise DataError(
            f"The classes of {column.name!r} must be two or more different names; declare them so."
        )
    for row, name in enumerate(class_names(column, declared)[len(declared) :], start=1):
        if name and name not in names:
            raise DataError(
                f"In row {row} of the column {column.name!r} stands {name!r}, which is none of the declared "
                f"classes {listed(list(names))}; correct it or declare it."
            )
    return names


def class_order(name: str) -> tuple[int, float, str]:
    value = number_of(name)
    return (1, 0.0, name) if np.isnan(value) else (0, value, name)


def class_names(column: Column, declared: tuple[str, ...] = ()) -> tuple[str, ...]:
    """One name for each declared class, then one a row; "" is missing.

    Where all of them are numbers, 1 and 1.0 are one class, but no two numbers are, however near.
    """
    cells = (*declared, *column.cells)
    if column.strays.size or any(np.isnan(number_of(name)) for name in declared):
        return cells
    by_number: dict[Decimal, str] = {}
    names = {}
    for cell in dict.fromkeys(cells):
        number = Decimal(cell) if cell else Decimal("nan")
        names[cell] = "" if number.is_nan() else by_number.setdefault(number, _short(cell, number))
    return tuple(names[cell] for cell in cells)


def _short(cell: str, number: Decimal) -> str:
    """Write a number with as few digits as name it and no other: 1 for 1.0."""
    text = f"{float(cell):.15g}"
    return text if Decimal(text) == number else cell


def labels_of(column: Column, classes: tuple[str, ...]) -> IntArray:
    index = {name: at for at, name in enumerate(classes)} | {"": -1}
    names = class_names(column, classes)[len(classes) :]
    return np.array([index[name] for name in names], dtype=np.int64)
