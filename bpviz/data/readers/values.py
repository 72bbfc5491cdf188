"""Values of typed formats as the texts of a `Table`: numbers that read back the same, dates by ISO 8601."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from bpviz.data.readers.grid import Cell

_WHOLE_BELOW = 1e15  # every whole number up to here is written without an exponent, and exactly


def written(cell: Cell) -> str:
    """Write a value; "" for none."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return _number(cell)
    if isinstance(cell, datetime):
        midnight = cell.tzinfo is None and cell.time() == time()
        return cell.date().isoformat() if midnight else cell.isoformat(sep=" ")
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return _number(cell.total_seconds())
    return str(cell)


def _number(value: float) -> str:
    if value != value:
        return ""
    return str(int(value)) if value.is_integer() and abs(value) < _WHOLE_BELOW else repr(value)
