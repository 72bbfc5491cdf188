"""A table turned into a `Dataset`: which columns are inputs, what is learned, and which rows can be used.

What a column is taken for is decided in `bpviz.data.inputs`.  Rows are counted from 1, the first below the
header.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Final

import numpy as np

from bpviz.arrays import BoolArray
from bpviz.data.classes import classes_of, labels_of
from bpviz.data.column import Column, columns_of, refuse_strays
from bpviz.data.dataset import DataFacts, Dataset, FilledInputs, Task, target_range
from bpviz.data.features import parse
from bpviz.data.inputs import Input, input_values, inputs_of, refuse_stray_inputs
from bpviz.data.settings import Choices, DataSettings, Table
from bpviz.errors import DataError, listed, named

FEW_VALUES: Final = 20
"""Whole numbers with at most so many different values are taken as classes."""


def table_features(table: Table, targets: Sequence[str], uses: Choices = ()) -> tuple[str, ...]:
    """List the inputs that a network sees unless the user chooses otherwise.

    Raises:
        DataError: If a column can't be used as it is asked to be.
    """
    return tuple(one.name for one in inputs_of(table, tuple(targets), uses))


class MissingRows(Mapping[int, tuple[str, ...]]):
    """By row number, counted from 1: the columns whose value is missing; looked up when asked for.

    Args:
        columns: Those that count.
    """

    def __init__(self, columns: Sequence[Column]) -> None:
        # A table may lack something in every row; to name it all at once would take long.
        self._columns = [column for column in columns if not column.present.all()]
        absent = [~column.present for column in self._columns]
        self._rows = np.flatnonzero(np.logical_or.reduce(absent)) if absent else np.zeros(0, dtype=np.int64)

    def __getitem__(self, row: int) -> tuple[str, ...]:
        at = int(np.searchsorted(self._rows, row - 1))
        if at == len(self) or self._rows[at] != row - 1:
            raise KeyError(row)
        return tuple(column.name for column in self._columns if not column.present[row - 1])

    def __iter__(self) -> Iterator[int]:
        return (row + 1 for row in self._rows.tolist())

    def __len__(self) -> int:
        return int(self._rows.size)


def missing_rows(table: Table, names: Sequence[str]) -> MissingRows:
    """Find the rows that lack a value in one of some columns.

    Args:
        table: The table.
        names: Of the columns that count.

    Returns:
        By row number, counted from 1: the columns whose value is missing.
    """
    columns = columns_of(table)
    return MissingRows([columns[name] for name in names])


@lru_cache(maxsize=4)
def table_facts(
    table: Table,
    targets: tuple[str, ...],
    target_kind: str,
    classes: tuple[str, ...] = (),
    uses: Choices = (),
) -> DataFacts:
    """Say what a network must fit to learn columns of a table.

    Args:
        table: The table.
        targets: Names of the columns to learn.
        target_kind: ``class``, ``number`` or ``auto``.
        classes: Names of all classes in their order; none takes those that the rows hold.
        uses: What columns are taken for, as in `DataSettings`.

    Raises:
        DataError: If there are no such columns, or they can't be learned as they are.
    """
    columns = _targets(table, targets)
    task = _task(columns, target_kind, classes)
    names = table_features(table, targets, uses)
    facts = DataFacts(
        columns=names,
        classes=classes_of(columns[0], classes) if task == "class" else None,
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
    facts, targets = _facts(table, settings), _targets(table, settings.targets)
    inputs = inputs_of(table, settings.targets, settings.uses)
    used = _used(table, settings, facts, features)
    refuse_stray_inputs(table, used)
    if facts.task == "number":
        for target in targets:
            refuse_strays(target)
    fills = dict(settings.fills)
    needed = _needed(used, fills, settings.targets)
    columns = columns_of(table)
    complete = np.logical_and.reduce([columns[name].present for name in needed])
    if not complete.all():
        _refuse_missing(table, needed, complete, settings.drop_missing)
    kept = np.flatnonzero(complete)
    values = input_values(table, inputs)
    return Dataset(
        name=table.name,
        columns=facts.columns,
        inputs=np.ascontiguousarray(values if kept.size == complete.size else values[kept]),
        target_names=facts.target_names,
        classes=facts.classes,
        labels=None if facts.classes is None else labels_of(targets[0], facts.classes)[kept],
        targets=None if facts.classes else np.column_stack([target.values[kept] for target in targets]),
        left_out=tuple((np.flatnonzero(~complete) + 1).tolist()),
        fills=_fills(inputs, used, fills),
    )


def lacking_count(table: Table, settings: DataSettings, features: Sequence[str]) -> int:
    """Count the rows of a table that lack a value which these features or the targets need.

    Raises:
        DataError: If the table can't be learned from with them.
    """
    used = _used(table, settings, _facts(table, settings), features)
    return len(missing_rows(table, _needed(used, dict(settings.fills), settings.targets)))


def filled_counts(table: Table, settings: DataSettings, features: Sequence[str]) -> dict[str, int]:
    """Count the cells that are filled in, of rows that are learned from and columns that these features need.

    Returns:
        By name of the column; where none is filled it is not named.

    Raises:
        DataError: If the table can't be learned from with them.
    """
    used, fills = _used(table, settings, _facts(table, settings), features), dict(settings.fills)
    columns = columns_of(table)
    lacks = {one.column: ~columns[one.column].present for one in used if one.column in fills}
    needed = _needed(used, fills, settings.targets)
    complete = np.logical_and.reduce([columns[name].present for name in needed])
    counts = {name: int((lacking & complete).sum()) for name, lacking in lacks.items()}
    return {name: count for name, count in counts.items() if count}


def _facts(table: Table, settings: DataSettings) -> DataFacts:
    return table_facts(table, settings.targets, settings.target_kind, settings.classes, settings.uses)


def _needed(used: Sequence[Input], fills: dict[str, str], targets: Sequence[str]) -> list[str]:
    """Name the columns in which a value must stand."""
    return [*dict.fromkeys(one.column for one in used if one.column not in fills), *targets]


def _fills(inputs: Sequence[Input], used: Sequence[Input], fills: dict[str, str]) -> tuple[FilledInputs, ...]:
    """Say which inputs are filled where the cell is missing, all of one column together."""
    places: dict[str, list[int]] = {}
    wanted = {one.column for one in used} & fills.keys()
    for at, one in enumerate(inputs):
        if one.column in wanted:
            places.setdefault(one.column, []).append(at)
    numbers = {one.column for one in inputs if one.level is None}
    # A mean of categories is none of them.
    return tuple(
        FilledInputs(column, tuple(found), fills[column] if column in numbers else "frequent")
        for column, found in places.items()
    )


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
    different = column.cells.word_count()
    if column.strays.size:
        return "number" if column.is_numeric and different > FEW_VALUES else "class"
    values = column.values[column.present]
    if not values.size or values.min() == values.max():
        return "number"  # one value tells no classes apart
    whole = bool(np.all(values == np.round(values)))
    # Ten prices in whole dollars are numbers; ten noughts and ones are classes.
    few = different <= 2 or (different <= FEW_VALUES and 2 * different <= values.size)
    return "class" if whole and few else "number"


def _used(
    table: Table, settings: DataSettings, facts: DataFacts, features: Sequence[str] | None
) -> tuple[Input, ...]:
    """Find the inputs that the features need, in the order of the table."""
    if not facts.columns:
        raise DataError(
            f"The table {table.name} has no column of numbers beside its target; "
            "open one that has, for a network learns from numbers."
        )
    inputs = inputs_of(table, settings.targets, settings.uses)
    if features is None:
        return inputs
    for text in features:
        if text in table.columns and text not in facts.columns:
            why = _why_no_input(text, inputs, settings)
            raise DataError(f"The column {text!r} {why}, so it can't be a feature; choose another column.")
    needed = {index for text in features for index in parse(text, facts.columns).columns}
    return tuple(inputs[index] for index in sorted(needed))


def _why_no_input(name: str, inputs: Sequence[Input], settings: DataSettings) -> str:
    if name in settings.targets:
        return "is the target"
    made = [one.name for one in inputs if one.column == name]
    if made:
        return f"is a category with an input for each value, {listed(made)}"
    return "is left out" if dict(settings.uses).get(name) == "out" else "holds text, not numbers"


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
