"""Tables as CSV: numbers that read back as the same bits, names that no spreadsheet takes for formulas."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Sequence
from typing import Final, TypeAlias

from bpviz.files.formats import HALF_LETTERS

Cell: TypeAlias = str | int | float

_BEGINS_A_FORMULA: Final = tuple("=+-@\t\r\n＝＋－＠")
_OTHER_DELIMITERS: Final = frozenset(";\t|")


def csv_bytes(rows: Iterable[Sequence[Cell]]) -> bytes:
    """Write a table; of its cells, NaN is a missing one.

    What a spreadsheet would run as a formula gets an apostrophe before it.  A text that another delimiter
    would cut stands in quotation marks.
    """
    file = io.StringIO()
    plain = csv.writer(file, lineterminator="\n")
    quoting = csv.writer(file, lineterminator="\n", quoting=csv.QUOTE_NONNUMERIC)
    for row in rows:
        cells = [_cell(cell) for cell in row]
        cut = any(isinstance(cell, str) and not _OTHER_DELIMITERS.isdisjoint(cell) for cell in cells)
        (quoting if cut else plain).writerow(cells)
    return file.getvalue().encode("utf-8", HALF_LETTERS)


def _cell(cell: Cell) -> Cell:
    if isinstance(cell, str):
        return f"'{cell}" if cell.startswith(_BEGINS_A_FORMULA) and not _is_number(cell) else cell
    return "" if isinstance(cell, float) and math.isnan(cell) else cell


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return "_" not in text
