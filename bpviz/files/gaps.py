"""Which words stood in the missing cells of the user's own table, as `bpviz.files.schema` writes them."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeAlias

from bpviz.data.settings import Gap, Table
from bpviz.errors import DataError

GapsDocument: TypeAlias = dict[str, dict[str, list[int] | None]]
"""By column and word, in which rows it stood, from 0; None for all that are missing."""


def gaps_document(table: Table | None) -> GapsDocument:
    """Write which words stood where; what a script left over where a value stands by now is not kept."""
    found: GapsDocument = {}
    for gap in () if table is None else table.gaps:
        if table is None or gap.column not in table.columns:
            continue
        at, count = table.columns.index(gap.column), len(table.rows)
        rows = gap.rows and [row for row in gap.rows if row < count and not table.cells[at][row]]
        found.setdefault(gap.column, {})[gap.word] = rows if rows is None else list(rows)
    return found


def with_gaps(table: Table, document: GapsDocument) -> Table:
    """Read which words stood where.

    Raises:
        DataError: If the table has no such cells, or a value stands there.
    """
    gaps = []
    for column, words in document.items():
        for word, rows in words.items():
            at = table.columns.index(column) if column in table.columns else -1
            cells = (table.cells[at][row] if 0 <= row < len(table.rows) else "?" for row in rows or ())
            if at < 0 or any(cells):
                raise DataError(f"It says that {word!r} counts as missing where no missing value is.")
            gaps.append(Gap(column, word, None if rows is None else tuple(rows)))
    return replace(table, gaps=tuple(gaps)) if gaps else table
