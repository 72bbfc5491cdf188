"""Tables as CSV: numbers that read back as the same bits, names that no spreadsheet takes for formulas."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterable, Sequence
from typing import Final, TypeAlias

from bpviz.data.rows import Rows
from bpviz.files.formats import HALF_LETTERS

Cell: TypeAlias = str | int | float

_BEGINS_A_FORMULA: Final = tuple("=+-@\t\r\n＝＋－＠")
# Another program may cut at the first three; the library itself leaves a bare carriage return as it is.
_CUTS: Final = re.compile(r"[;\t|\r]")
_NEEDS_CARE: Final = re.compile(r"[;\t|\r\"\0]")
_AT_ONCE: Final = 4096  # rows that are written together


def table_bytes(rows: Iterable[Sequence[Cell]]) -> bytes:
    """Write a table whose cells read back as they are, and stay whole where another delimiter cuts."""
    file = io.StringIO()
    plain = csv.writer(file, lineterminator="\n")
    careful = csv.writer(file, lineterminator="\n", quoting=csv.QUOTE_NONNUMERIC)
    for row in rows:
        cut = any(isinstance(cell, str) and _CUTS.search(cell) for cell in row)
        (careful if cut else plain).writerow(row)
    return file.getvalue().encode("utf-8", HALF_LETTERS)


def held_bytes(columns: Sequence[str], rows: Rows) -> bytes:
    """Write a table that is held by columns, as `table_bytes` does."""
    parts = [table_bytes([columns])]
    for first in range(0, len(rows), _AT_ONCE):
        some = rows[first : first + _AT_ONCE]
        text = "\n".join(map(",".join, some)) + "\n"
        # Where nothing needs a quotation mark, nothing has to be looked at cell by cell.
        commas = text.count(",") == len(some) * (len(columns) - 1)
        plain = commas and text.count("\n") == len(some) and _NEEDS_CARE.search(text) is None
        parts.append(text.encode("utf-8", HALF_LETTERS) if plain and len(columns) > 1 else table_bytes(some))
    return b"".join(parts)


def export_bytes(rows: Iterable[Sequence[Cell]]) -> bytes:
    """Write a table for other programs.

    A text that a spreadsheet would run as a formula gets an apostrophe before it; NaN is a missing cell.
    """
    return table_bytes([_harmless(cell) for cell in row] for row in rows)


def _harmless(cell: Cell) -> Cell:
    if isinstance(cell, str):
        return f"'{cell}" if cell.startswith(_BEGINS_A_FORMULA) and not _is_number(cell) else cell
    return "" if isinstance(cell, float) and math.isnan(cell) else cell


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return "_" not in text
