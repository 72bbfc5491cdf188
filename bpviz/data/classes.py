"""The classes that a column holds: their names in order, and which of them each row is."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

import numpy as np

from bpviz.arrays import IntArray
from bpviz.data.cells import Coded
from bpviz.data.column import Column
from bpviz.data.numbers import number_of
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
    names = sorted(set(class_names(column).words()) - {""}, key=class_order)
    if len(names) < 2:
        raise DataError(
            f"The target {column.name!r} has fewer than two different values, so there is nothing to tell "
            "apart; declare the classes there are or choose another."
        )
    return tuple(names)


def _declared(column: Column, declared: tuple[str, ...]) -> tuple[str, ...]:
    known = _names(column, declared)
    names = tuple(known.get(name, name) for name in declared)
    if len(names) < 2 or len(set(names)) < len(names) or "" in names:
        raise DataError(
            f"The classes of {column.name!r} must be two or more different names; declare them so."
        )
    for word in column.cells.words():
        name = known.get(word, word)
        if name and name not in names:
            row = column.cells.first_row(word)
            raise DataError(
                f"In row {row + 1} of the column {column.name!r} stands {name!r}, which is none of the "
                f"declared classes {listed(list(names))}; correct it or declare it."
            )
    return names


def class_order(name: str) -> tuple[int, float, str]:
    value = number_of(name)
    return (1, 0.0, name) if np.isnan(value) else (0, value, name)


def class_names(column: Column, declared: tuple[str, ...] = ()) -> Coded:
    """One name a row; "" is missing.

    Where all of them, and the declared ones, are numbers, 1 and 1.0 are one class, but no two numbers are,
    however near.
    """
    known = _names(column, declared)
    cells = column.cells if isinstance(column.cells, Coded) else Coded.of(list(column.cells))
    return cells.mapped(lambda word: known.get(word, word)) if known else cells


def _names(column: Column, declared: tuple[str, ...]) -> dict[str, str]:
    """The names of what stands in the declaration and in the cells; nothing if each is its own name."""
    if column.strays.size or any(np.isnan(number_of(name)) for name in declared):
        return {}
    by_number: dict[Decimal, str] = {}
    names = {}
    for cell in dict.fromkeys((*declared, *column.cells.words())):
        number = Decimal(cell) if cell else Decimal("nan")
        names[cell] = "" if number.is_nan() else by_number.setdefault(number, _short(cell, number))
    return names


def _short(cell: str, number: Decimal) -> str:
    """Write a number with as few digits as name it and no other: 1 for 1.0."""
    text = f"{float(cell):.15g}"
    return text if Decimal(text) == number else cell


def labels_of(column: Column, classes: tuple[str, ...]) -> IntArray:
    """(rows,) which of the classes stands there; -1 is missing."""
    index = {name: at for at, name in enumerate(classes)} | {"": -1}
    names = class_names(column, classes)
    return np.array([index[name] for name in names.words()], dtype=np.int64)[names.codes()]
