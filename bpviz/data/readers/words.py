"""Sentences about how a table was read: whatever was found, left out or taken for something."""

from __future__ import annotations

from collections.abc import Iterator

from bpviz.data.dialect import DELIMITERS, FIXED
from bpviz.data.readers.grid import Found
from bpviz.errors import counted, grouped, named

_SHEETS = {"workbook": "the sheet ", "npz": "the array ", "json": "the list "}


def said(found: Found) -> str:
    """What stands behind the size of a table: ``separated by commas, without a header``."""
    signs = [_told_from(found)] if found.sheet else []
    if found.drawn:
        signs.append("drawn with bars, as in Markdown")
    elif found.delimiter == FIXED:
        signs.append("in columns of fixed width")
    elif found.delimiter:
        own = ", as its first line says" if found.said_delimiter else ""
        signs.append(f"separated by {DELIMITERS[found.delimiter]}{own}")
    if found.decimal == ",":
        signs.append("with decimal commas")
    signs += _names(found)
    text = ", ".join(signs)
    rest = "; ".join(_left_out(found))
    return f"{text}; {rest}" if text and rest else text or rest


def _told_from(found: Found) -> str:
    others = [sheet for sheet in found.sheets if sheet != found.sheet]
    thing = _SHEETS.get(found.kind, "")
    return f"from {thing}{found.sheet}" + (f" (there {_is(others)} also {named(others)})" if others else "")


def _is(others: list[str]) -> str:
    return "is" if len(others) == 1 else "are"


def _names(found: Found) -> Iterator[str]:
    if found.commented_header:
        yield "with the names in a comment line"
    elif found.units and found.header > 2:
        yield f"with {found.header - 1} rows of names and one of units"
    elif found.units:
        yield "with a row of units below the names"
    elif found.header > 1:
        yield f"with {found.header} rows of names"
    elif not found.header:
        yield "without a header"
    if found.nameless:
        yield "with no name for the first column"


def _left_out(found: Found) -> Iterator[str]:
    """What is not among the rows, and why."""
    if found.skipped:
        yield f"{counted(found.skipped, 'line')} above the table {_was(found.skipped)} skipped"
    if found.around:
        yield f"{counted(found.around, 'line')} around the table {_was(found.around)} skipped"
    if found.comments:
        lines = f"{counted(found.comments, 'comment line')} beginning with {found.comment}"
        yield f"{lines} {_was(found.comments)} skipped"
    if found.blank:
        yield f"{counted(found.blank, 'blank row')} {_was(found.blank)} left out"
    if found.errors:
        cells = f"{counted(found.errors, 'cell')} with an error such as #DIV/0!"
        yield f"{cells} {_was(found.errors)} read as missing"
    if found.uncomputed:
        yield (
            f"{counted(found.uncomputed, 'formula')} {_was(found.uncomputed)} never computed and read as "
            "missing: open and save it in a spreadsheet first"
        )
    if found.absent:
        yield "values that are left out count as 0"
    if found.beside:
        yield f"labels from {found.beside}"
    if found.lacks_labels:
        yield f"without labels, as there is no {found.lacks_labels} beside it"
    if found.encoding in ("Latin-1", "Windows-1252"):
        yield f"it is not UTF-8, so it was read as {found.encoding}"
    elif found.encoding not in ("", "UTF-8"):
        yield f"read as {found.encoding}"


def _was(count: int) -> str:
    return "was" if count == 1 else "were"


def size_text(rows: int, columns: int) -> str:
    """How large a table is: ``150 rows of 5 columns``."""
    return f"{counted(rows, 'row')} of {counted(columns, 'column')}"


def lacking_text(lacking: int, shown: str) -> str:
    """Count the rows that lack a value, and name the first."""
    lack = "1 row lacks" if lacking == 1 else f"{grouped(lacking)} rows lack"
    return f"{lack} a value ({shown})."
