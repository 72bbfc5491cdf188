"""The inputs that the columns of a table become: one of a column of numbers, one a value of a category.

To add a use of a column, add an entry to `USES` that says which inputs it makes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal, TypeAlias

import numpy as np

from bpviz.arrays import Array
from bpviz.data.cells import Coded
from bpviz.data.classes import MOST_CLASSES, class_names, class_order
from bpviz.data.column import Column, columns_of, refuse_strays
from bpviz.data.settings import Choices, Table
from bpviz.errors import DataError
from bpviz.registry import Registry

Fill: TypeAlias = Literal["mean", "median", "frequent"]

_SWITCHES: Final = (("no", "yes"), ("false", "true"), ("n", "y"), ("f", "t"), ("off", "on"))
"""Pairs of words in lower case that say no and yes."""

_AT_ONCE: Final = 2048


@dataclass(frozen=True, slots=True)
class Input:
    """One input of a network, made of one column.

    Attributes:
        name: Of the column, or with a value of it: ``color=red``.
        column: Name of the column.
        level: The value for which this input is 1, and 0 for all others; None where it is the number itself.
    """

    name: str
    column: str
    level: str | None = None


@dataclass(frozen=True, slots=True)
class Use:
    """What a column may be taken for.

    Attributes:
        name: Key in files and on the command line.
        label: What menus show.
        about: One sentence for tooltips.
        inputs: Which inputs a column becomes.
    """

    name: str
    label: str
    about: str
    inputs: Callable[[Column], tuple[Input, ...]]


def levels(column: Column) -> tuple[str, ...]:
    """List the different values of a column: numbers by size, then text by alphabet."""
    return tuple(sorted(set(class_names(column).words()) - {""}, key=class_order))


def switch_words(column: Column) -> tuple[str, str] | None:
    """Return how a column writes no and yes; None if it says something else."""
    if column.cells.word_count() != len(_SWITCHES[0]):
        return None
    words = set(column.cells.words()) - {""}
    for pair in _SWITCHES:
        found = {word.lower(): word for word in words}
        if set(found) == set(pair):
            return found[pair[0]], found[pair[1]]
    return None


def _number(column: Column) -> tuple[Input, ...]:
    return (Input(column.name, column.name),)


def _category(column: Column) -> tuple[Input, ...]:
    names = levels(column)
    if len(names) > MOST_CLASSES:
        raise DataError(
            f"The column {column.name!r} has {len(names)} different values, too many for one input each "
            f"(at most {MOST_CLASSES}); leave it out."
        )
    return tuple(Input(f"{column.name}={name}", column.name, name) for name in names)


def _yes_no(column: Column) -> tuple[Input, ...]:
    words = switch_words(column)
    if words is not None:
        return (Input(column.name, column.name, words[1]),)
    names = levels(column)
    if len(names) != 2:
        raise DataError(
            f"The column {column.name!r} has {len(names)} different values, so it can't be taken as yes or "
            "no; take it as a category or leave it out."
        )
    return (Input(f"{column.name}={names[1]}", column.name, names[1]),)


USES: Final = Registry(
    "use of a column",
    Use("number", "Number", "One input: the number", _number),
    Use(
        "category",
        "Category",
        "One input for each of its values: 1 where it is that value, else 0",
        _category,
    ),
    Use(
        "switch",
        "Yes or no",
        "One input: 1 for yes, 0 for no; of two other values, 1 for the second",
        _yes_no,
    ),
    Use("out", "Left out", "The network does not see it", lambda _column: ()),
)


@lru_cache(maxsize=8)
def inputs_of(table: Table, targets: tuple[str, ...], uses: Choices = ()) -> tuple[Input, ...]:
    """List the inputs that a table offers.

    Args:
        table: The table.
        targets: Names of its targets, which are no inputs.
        uses: Entry of `USES` by column; of the others, numbers are inputs and text is left out.

    Raises:
        DataError: If a column can't be used as it is asked to be.
    """
    chosen = dict(uses)
    found: list[Input] = []
    for column in columns_of(table).values():
        if column.name not in targets:
            found += USES[chosen.get(column.name, plain_use(column))].inputs(column)
    taken = {one.name for one in found if one.level is None}
    return tuple(_apart(one, taken) for one in found)


def plain_use(column: Column) -> str:
    """What a column is taken for where nothing is chosen."""
    return "number" if column.is_numeric else "out"


def input_values(table: Table, inputs: Sequence[Input]) -> Array:
    """Return what the inputs are in each row: (rows, inputs), NaN where the cell is missing."""
    columns = columns_of(table)
    result = np.empty((len(table.rows), len(inputs)))
    names: dict[str, Coded] = {}
    for at, one in enumerate(inputs):
        column = columns[one.column]
        if one.level is None:
            continue
        if column.name not in names:
            names[column.name] = class_names(column)
        found = names[column.name]
        at_level = np.array([word == one.level for word in found.words()], dtype=np.bool_)[found.codes()]
        result[:, at] = np.where(column.present, at_level, np.nan)
    numbers = [(at, columns[one.column].values) for at, one in enumerate(inputs) if one.level is None]
    for begin in range(0, len(result), _AT_ONCE):  # rows that the processor holds while columns fill them
        for at, values in numbers:
            result[begin : begin + _AT_ONCE, at] = values[begin : begin + _AT_ONCE]
    return result


def refuse_stray_inputs(table: Table, inputs: Sequence[Input]) -> None:
    """Refuse columns that are to be numbers and hold something else.

    Raises:
        DataError: With the first such cell.
    """
    columns = columns_of(table)
    for one in inputs:
        if one.level is None:
            refuse_strays(columns[one.column])


def _apart(one: Input, taken: set[str]) -> Input:
    """Give an input of a value a name that no other has."""
    name = one.name
    while one.level is not None and name in taken:
        name = f"{name}'"
    taken.add(name)
    return Input(name, one.column, one.level)
