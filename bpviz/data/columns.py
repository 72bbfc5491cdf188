"""What the columns of a table hold: numbers, text or classes; and a table turned into a `Dataset`.

A column counts as numbers when more than half of its values are numbers; a text among them is then an error
of the file, named by row and column as soon as the column is used.  Rows are counted from 1, the first below
the header.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from typing import Final

import numpy as np

from bpviz.arrays import Array, BoolArray, IntArray
from bpviz.data.dataset import DataFacts, Dataset, Task, target_range
from bpviz.data.features import parse
from bpviz.data.settings import DataSettings, Table
from bpviz.errors import DataError, listed, named

MOST_CLASSES: Final = 256
"""An output layer with more nodes than this is a mistaken choice of target."""

FEW_VALUES: Final = 20
"""Whole numbers with at most so many different values are taken as classes."""


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """One column of a table.

    Attributes:
        name: From the header.
        cells: (rows,), as in the table; "" is missing.
        values: (rows,) the numbers; NaN where a cell is missing or no number.
        strays: Rows, from 0, whose cell is neither missing nor a number.
        present: (rows,), False where the cell is missing.
    """

    name: str
    cells: tuple[str, ...]
    values: Array
    strays: IntArray
    present: BoolArray

    @property
    def is_numeric(self) -> bool:
        """Whether more than half of the values are numbers."""
        return 2 * self.strays.size < int(self.present.sum())


@lru_cache(maxsize=2)  # large tables stay in memory as long as they are here
def columns_of(table: Table) -> dict[str, Column]:
    """Look into every column of a table; the answer is kept, for large tables take a while."""
    cells = zip(*table.rows, strict=True) if table.rows else [()] * len(table.columns)
    return {name: _column(name, column) for name, column in zip(table.columns, cells, strict=True)}


def table_features(table: Table, targets: Sequence[str]) -> tuple[str, ...]:
    """List the columns that a network sees unless the user chooses otherwise: all numbers but the targets."""
    return tuple(
        column.name
        for column in columns_of(table).values()
        if column.is_numeric and column.name not in targets
    )


def missing_rows(table: Table, names: Sequence[str]) -> dict[int, tuple[str, ...]]:
    """Find the rows that lack a value in one of some columns.

    Args:
        table: The table.
        names: Of the columns that count.

    Returns:
        By row number, counted from 1: the columns whose value is missing.
    """
    columns = columns_of(table)
    lacking: dict[int, list[str]] = {}
    for name in names:
        for row in np.flatnonzero(~columns[name].present).tolist():
            lacking.setdefault(row + 1, []).append(name)
    return {row: tuple(lacking[row]) for row in sorted(lacking)}


@lru_cache(maxsize=4)
def table_facts(
    table: Table, targets: tuple[str, ...], target_kind: str, classes: tuple[str, ...] = ()
) -> DataFacts:
    """Say what a network must fit to learn columns of a table.

    Args:
        table: The table.
        targets: Names of the columns to learn.
        target_kind: ``class``, ``number`` or ``auto``.
        classes: Names of all classes in their order; none takes those that the rows hold.

    Raises:
        DataError: If there are no such columns, or they can't be learned as they are.
    """
    columns = _targets(table, targets)
    task = _task(columns, target_kind, classes)
    names = table_features(table, targets)
    facts = DataFacts(
        columns=names,
        classes=_classes(columns[0], classes) if task == "class" else None,
        target_names=targets,
        # A single example has no spread, so a map around it would have no frame.
        plane=len(names) == 2 and len(table.rows) > 1,
        task=task,
        rows=len(table.rows),
    )
    if task == "class":
        return facts
    values = np.column_stack([column.values for column in columns])
    known = values[~np.isnan(values).any(axis=1)]
    asked = target_kind == "number" and len(targets) == 1
    switches = not asked and bool(known.size) and bool(np.isin(known, (0.0, 1.0)).all())
    return replace(facts, target_range=target_range(known), switches=switches)


def load_table(table: Table, settings: DataSettings, features: Sequence[str] | None = None) -> Dataset:
    """Turn a table into examples, one a row.

    Args:
        table: The table.
        settings: Its targets, kind of target, classes and what to do about missing values count here.
        features: Those the network sees; the columns they need must be complete.  None means every column of
            numbers.

    Raises:
        DataError: If a value that is needed is missing (unless such rows are to be left out) or is no number.
    """
    facts = table_facts(table, settings.targets, settings.target_kind, settings.classes)
    columns, targets = columns_of(table), _targets(table, settings.targets)
    used = [columns[name] for name in _used(table, facts, features)]
    for column in used if facts.task == "class" else [*used, *targets]:
        _refuse_strays(column)
    needed = (*used, *targets)
    complete = np.logical_and.reduce([column.present for column in needed])
    if not complete.all():
        _refuse_missing(table, [column.name for column in needed], complete, settings.drop_missing)
    kept = np.flatnonzero(complete)
    inputs = np.column_stack([columns[name].values[kept] for name in facts.columns])
    return Dataset(
        name=table.name,
        columns=facts.columns,
        inputs=np.ascontiguousarray(inputs),
        target_names=facts.target_names,
        classes=facts.classes,
        labels=None if facts.classes is None else _labels(targets[0], facts.classes)[kept],
        targets=None if facts.classes else np.column_stack([target.values[kept] for target in targets]),
        left_out=tuple((np.flatnonzero(~complete) + 1).tolist()),
    )


def lacking_count(table: Table, settings: DataSettings, features: Sequence[str]) -> int:
    """Count the rows of a table that lack a value which these features or the targets need.

    Raises:
        DataError: If the table can't be learned from with them.
    """
    known = table_facts(table, settings.targets, settings.target_kind, settings.classes)
    return len(missing_rows(table, [*_used(table, known, features), *settings.targets]))


def _column(name: str, cells: tuple[str, ...]) -> Column:
    try:
        # float() reads 1_000 as a number, which in a table is some kind of name.
        if "_" in "".join(cells):
            raise ValueError
        values = np.array([float(cell) if cell else np.nan for cell in cells])
        strays = np.isinf(values)
    except ValueError:
        values = np.array([_number(cell) for cell in cells])
        strays = np.isnan(values) & np.array([cell.lower() not in ("", "nan") for cell in cells])
    values[strays] = np.nan
    return Column(name, cells, values, np.flatnonzero(strays), strays | ~(np.isnan(values)))


def _number(cell: str) -> float:
    """The number a cell holds; NaN if none or not a finite one."""
    try:
        value = float(cell) if "_" not in cell else np.nan
    except ValueError:
        return np.nan
    return value if np.isfinite(value) else np.nan


def _targets(table: Table, targets: Sequence[str]) -> list[Column]:
    if not table.rows:
        raise DataError(f"The table {table.name} has no rows; open one that has.")
    columns = columns_of(table)
    for target in targets or [""]:
        if target not in columns:
            wanted = f"has no column {target!r}" if target else "needs a target"
            raise DataError(
                f"The table {table.name} {wanted}; choose one of {listed(list(columns))} to be its target."
            )
    return [columns[target] for target in targets]


def _task(columns: Sequence[Column], kind: str, classes: Sequence[str]) -> Task:
    if kind == "class" or classes:
        if len(columns) > 1:
            raise DataError(
                f"The targets {named([column.name for column in columns])} are several, so each must be a "
                "number; choose one target to learn classes."
            )
        return "class"
    if kind == "number" or len(columns) > 1:
        for column in columns:
            _refuse_text(column, alone=len(columns) == 1)
        return "number"
    return _guessed_task(columns[0])


def _refuse_text(column: Column, *, alone: bool) -> None:
    if not column.is_numeric:
        remedy = "learn it as a class or choose another target" if alone else "leave it out of the targets"
        raise DataError(f"The target {column.name!r} holds text, not numbers; {remedy}.")


def _guessed_task(column: Column) -> Task:
    """Take text and few whole numbers for classes, all else for numbers."""
    different = len(set(column.cells) - {""})
    if column.strays.size:
        return "number" if column.is_numeric and different > FEW_VALUES else "class"
    values = column.values[column.present]
    if np.unique(values).size < 2:
        return "number"  # one value tells no classes apart
    whole = bool(np.all(values == np.round(values)))
    # Ten prices in whole dollars are numbers; ten noughts and ones are classes.
    few = different <= 2 or (different <= FEW_VALUES and 2 * different <= values.size)
    return "class" if whole and few else "number"


def _classes(column: Column, declared: tuple[str, ...]) -> tuple[str, ...]:
    """Name the classes: as declared, else numbers by size and text by alphabet."""
    names = _declared(column, declared) if declared else _met(column)
    if len(names) > MOST_CLASSES:
        raise DataError(
            f"The target {column.name!r} has {len(names)} different values, too many classes "
            f"(at most {MOST_CLASSES}); learn it as a number or choose another target."
        )
    return names


def _met(column: Column) -> tuple[str, ...]:
    names = sorted(set(_class_names(column)) - {""}, key=_class_order)
    if len(names) < 2:
        raise DataError(
            f"The target {column.name!r} has fewer than two different values, so there is nothing to tell "
            "apart; declare the classes there are or choose another."
        )
    return tuple(names)


def _declared(column: Column, declared: tuple[str, ...]) -> tuple[str, ...]:
    names = _class_names(column, declared)[: len(declared)]
    if len(names) < 2 or len(set(names)) < len(names) or "" in names:
        raise DataError(
            f"The classes of {column.name!r} must be two or more different names; declare them so."
        )
    for row, name in enumerate(_class_names(column, declared)[len(declared) :], start=1):
        if name and name not in names:
            raise DataError(
                f"In row {row} of the column {column.name!r} stands {name!r}, which is none of the declared "
                f"classes {listed(list(names))}; correct it or declare it."
            )
    return names


def _class_order(name: str) -> tuple[int, float, str]:
    value = _number(name)
    return (1, 0.0, name) if np.isnan(value) else (0, value, name)


def _class_names(column: Column, declared: tuple[str, ...] = ()) -> tuple[str, ...]:
    """One name for each declared class, then one a row; "" is missing.

    Where all of them are numbers, 1 and 1.0 are one class, but no two numbers are, however near.
    """
    cells = (*declared, *column.cells)
    if column.strays.size or any(np.isnan(_number(name)) for name in declared):
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


def _labels(column: Column, classes: tuple[str, ...]) -> IntArray:
    index = {name: at for at, name in enumerate(classes)} | {"": -1}
    names = _class_names(column, classes)[len(classes) :]
    return np.array([index[name] for name in names], dtype=np.int64)


def _used(table: Table, facts: DataFacts, features: Sequence[str] | None) -> tuple[str, ...]:
    """Name the columns that the features need, in the order of the table."""
    if not facts.columns:
        raise DataError(
            f"The table {table.name} has no column of numbers beside its target; "
            "open one that has, for a network learns from numbers."
        )
    if features is None:
        return facts.columns
    for text in features:
        if text in table.columns and text not in facts.columns:
            why = "is the target" if text in facts.target_names else "holds text, not numbers"
            raise DataError(f"The column {text!r} {why}, so it can't be a feature; choose another column.")
    needed = {index for text in features for index in parse(text, facts.columns).columns}
    return tuple(facts.columns[index] for index in sorted(needed))


def _refuse_strays(column: Column) -> None:
    if column.strays.size:
        row = int(column.strays[0])
        more = f" (and {column.strays.size - 1} more)" if column.strays.size > 1 else ""
        raise DataError(
            f"In row {row + 1} of the column {column.name!r} stands {column.cells[row]!r}{more}, "
            "which is no finite number; correct it or choose other columns."
        )


def _refuse_missing(table: Table, names: Sequence[str], complete: BoolArray, drop: bool) -> None:
    """Raise unless rows may be left out and some remain."""
    lacking = int((~complete).sum())
    if lacking == complete.size:
        raise DataError(f"Every row of {table.name} lacks a value; leave out the columns that have none.")
    if not drop:
        row, columns = next(iter(missing_rows(table, names).items()))
        others = "1 more row lacks" if lacking == 2 else f"{lacking - 1} more rows lack"
        more = f", and {others} one" if lacking > 1 else ""
        raise DataError(
            f"Row {row} has no value in the column {columns[0]!r}{more}; leave such rows out or fill them in."
        )
