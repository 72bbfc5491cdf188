"""One column of a table: its cells, and the numbers that they are.

A column counts as numbers when more than half of its values are numbers; a text among them is then an error
of the file, named by row and column as soon as the column is used.  Rows are counted from 1, the first below
the header.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from bpviz.arrays import Array, BoolArray, IntArray, read_only
from bpviz.data.cells import Cells
from bpviz.data.settings import Table
from bpviz.errors import DataError


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """One column of a table.

    Attributes:
        name: From the header.
        cells: (rows,) as in the table; "" is missing.
        values: (rows,) the numbers; NaN where a cell is missing or no number.
        strays: Rows, from 0, whose cell is neither missing nor a number.
        present: (rows,), False where the cell is missing.
    """

    name: str
    cells: Cells
    values: Array
    strays: IntArray
    present: BoolArray

    @property
    def is_numeric(self) -> bool:
        """Whether more than half of the values are numbers."""
        return bool(2 * self.strays.size < np.count_nonzero(self.present))


@lru_cache(maxsize=2)  # large tables stay in memory as long as they are here
def columns_of(table: Table) -> dict[str, Column]:
    """Look into every column of a table; the answer is kept, for large tables take a while."""
    return {name: _column(name, column) for name, column in zip(table.columns, table.cells, strict=True)}


def refuse_strays(column: Column) -> None:
    """Refuse a column of numbers in which something else stands.

    Raises:
        DataError: With the first such cell.
    """
    if column.strays.size:
        row = int(column.strays[0])
        more = f" (and {column.strays.size - 1} more)" if column.strays.size > 1 else ""
        raise DataError(
            f"In row {row + 1} of the column {column.name!r} stands {column.cells[row]!r}{more}, "
            "which is no finite number; correct it or choose other columns."
        )


def _column(name: str, cells: Cells) -> Column:
    values, strays = cells.values()
    present = ~np.isnan(values)
    present[strays] = True
    return Column(name, cells, read_only(values), strays, read_only(present))
