"""Examples of two inputs as points of a plane: added, moved and removed one by one.

Data that were drawn or came along become a table of the user's own by the first such change.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np

from bpviz.data.dataset import Dataset
from bpviz.data.datasets import DATASETS, TABLE, facts, load
from bpviz.data.missing_words import gaps_without
from bpviz.data.settings import DataSettings, Table
from bpviz.data.sheet import sheet_of_dataset
from bpviz.data.sheet_column import written
from bpviz.errors import DataError


@dataclass(frozen=True, slots=True)
class Point:
    """An example in the plane of the two inputs.

    Attributes:
        x: First input, in the unit of the data.
        y: Second input, likewise.
        value: Its class, by name, or the number to learn.
    """

    x: float
    y: float
    value: str | float


def with_points(data: DataSettings, seed: int, points: Sequence[Point]) -> DataSettings:
    """Add examples after all others.

    Args:
        data: Of two inputs and one target.
        seed: The project's, which drawn data depend on.
        points: What to add.

    Raises:
        DataError: If the data have another number of inputs or targets, or no such class.
    """
    own, table = _own(data, seed)
    columns = _columns(own)
    rows = tuple(_row(table, columns, point) for point in points)
    return replace(own, table=replace(table, rows=table.held.followed_by(rows)))


def without_points(data: DataSettings, seed: int, examples: Collection[int]) -> DataSettings:
    """Take examples away.

    Args:
        data: Of two inputs and one target.
        seed: The project's.
        examples: By row of the data set.

    Raises:
        DataError: If none would be left, or the data are of another kind.
    """
    own, table = _own(data, seed)
    _ = _columns(own)
    gone = set(_table_rows(data, seed, examples))
    if len(gone) == len(table.rows):
        raise DataError("This is the last example; add others before it goes.")
    kept = np.delete(np.arange(len(table.rows)), sorted(gone))
    gaps = gaps_without(table.gaps, gone)
    return replace(own, table=replace(table, rows=table.held.take(kept), gaps=gaps))


def moved_point(data: DataSettings, seed: int, example: int, x: float, y: float) -> DataSettings:
    """Put an example elsewhere.

    Args:
        data: Of two inputs and one target.
        seed: The project's.
        example: By row of the data set.
        x: First input.
        y: Second input.

    Raises:
        DataError: If the data are of another kind.
    """
    own, table = _own(data, seed)
    inputs, _target = _columns(own)
    at = _table_rows(data, seed, [example])[0]
    cells = list(table.rows[at])
    for name, value in zip(inputs, (x, y), strict=True):
        cells[table.columns.index(name)] = written(value)
    rows = table.held[:at].followed_by([tuple(cells)]).followed_by(table.held[at + 1 :])
    return replace(own, table=replace(table, rows=rows))


def _own(data: DataSettings, seed: int) -> tuple[DataSettings, Table]:
    """The same examples as a table of the user's own."""
    if data.source == TABLE and data.table is not None:
        return data, data.table
    sheet = sheet_of_dataset(load(data, seed), DATASETS[data.source].label)
    own = sheet.settings(data)
    assert own.table is not None
    return own, own.table


def _columns(data: DataSettings) -> tuple[tuple[str, str], str]:
    """The two inputs and the target, by their columns."""
    known = facts(data)
    if len(known.columns) != 2 or len(known.target_names) != 1:
        raise DataError("Points in the plane need data of two inputs and one target; choose such data first.")
    return (known.columns[0], known.columns[1]), known.target_names[0]


def _row(table: Table, columns: tuple[tuple[str, str], str], point: Point) -> tuple[str, ...]:
    inputs, target = columns
    value = point.value if isinstance(point.value, str) else written(point.value)
    cells = {inputs[0]: written(point.x), inputs[1]: written(point.y), target: value}
    return tuple(cells.get(name, "") for name in table.columns)


def _table_rows(data: DataSettings, seed: int, examples: Collection[int]) -> list[int]:
    """Rows of the table that examples come from; those without a needed value are no examples."""
    dataset: Dataset = load(data, seed)
    left_out = {number - 1 for number in dataset.left_out}
    if not left_out:
        return list(examples)
    rows = [row for row in range(dataset.size + len(left_out)) if row not in left_out]
    return [rows[example] for example in examples]
