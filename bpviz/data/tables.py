"""Reading the user's own table: a text with one row a line, into a `Table`.

Nothing is filled in or skipped in silence: a row that is too short, a name that comes twice or a quotation
mark that is never closed is refused by its place.  Rows are counted from 1, the first below the header.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bpviz.data.columns import missing_rows
from bpviz.data.dialect import (
    DELIMITERS,
    MISSING,
    guess_decimal,
    guess_delimiter,
    guess_header,
    lines_of,
    plain_number,
)
from bpviz.data.settings import Table
from bpviz.errors import DataError, SettingError, counted, grouped, named, one_line
from bpviz.reading import MEGABYTE, read_file

MOST_BYTES: Final = 50 * MEGABYTE
MOST_ROWS: Final = 1_000_000
MOST_COLUMNS: Final = 4_096
_MISSING_SHOWN = 3
_TAKE_A_PART = "take a part of its rows"


@dataclass(frozen=True, slots=True)
class TableReading:
    """A table and how it was read.

    Attributes:
        table: What was read; missing values are "".
        delimiter: Between the cells.
        decimal: Before the decimals, ``.`` or ``,``.
        header: Whether the first line held the names.
        encoding: Of the file, such as ``UTF-8``.
        missing: By row number, counted from 1: names of the columns whose value is missing.
        message: All this in a sentence or two.
    """

    table: Table
    delimiter: str
    decimal: str
    header: bool
    encoding: str
    missing: Mapping[int, tuple[str, ...]]
    message: str


def read_table(
    source: Path | str,
    delimiter: str | None = None,
    decimal: str | None = None,
    *,
    header: bool | None = None,
    name: str = "pasted.csv",
) -> TableReading:
    """Read a table of comma-separated values or the like.

    Args:
        source: A file, or the text itself.
        delimiter: One of `DELIMITERS`; None finds it.
        decimal: ``.`` or ``,``; None finds it.
        header: Whether the first line holds names; None finds out.
        name: What a table given as text is called.

    Raises:
        FileError: If the file can't be read.
        DataError: If it is no table, or too large.
        SettingError: If the delimiter or the decimal sign is none that bpviz knows.
    """
    _check(delimiter, DELIMITERS, "delimiter")
    _check(decimal, (".", ","), "decimal sign")
    if isinstance(source, Path):
        content = read_file(source, MOST_BYTES, _TAKE_A_PART)
        name = _readable(source.name)
        text, encoding = _decode(content, name)
    else:
        text, encoding = source, "text"
        if len(text) > MOST_BYTES:
            raise DataError(f"{name} is larger than {MOST_BYTES // MEGABYTE} MB; {_TAKE_A_PART}.")
    delimiter = delimiter or guess_delimiter(text)
    rows = _rows(text, delimiter, name)
    if header is None:
        header = guess_header(rows)
    columns = _names(rows[0], header=header)
    if header:
        rows = rows[1:]
    _check_shape(rows, columns, name, delimiter)
    decimal = decimal or guess_decimal(rows)
    columns, cells = _cleaned(columns, rows, decimal)
    if not columns:
        raise DataError(f"{name} holds no value at all; open one that does.")
    _check_names(columns, name)
    table = Table(name, columns, tuple(zip(*cells, strict=True)))
    missing = missing_rows(table, columns)
    message = _message(table, delimiter, decimal, encoding, missing, header=header)
    return TableReading(table, delimiter, decimal, header, encoding, missing, message)


def _check(value: str | None, known: Sequence[str] | Mapping[str, str], what: str) -> None:
    if value is not None and value not in known:
        choices = ", ".join(repr(choice) for choice in known)
        raise SettingError(f"The {what} can't be {value!r}; choose one of {choices}.")


def _readable(name: str) -> str:
    """A file's name as text, whatever bytes it is made of and whichever letters this system knows."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _decode(content: bytes, name: str) -> tuple[str, str]:
    """Turn bytes into text; returns it with the name of the encoding."""
    if content.startswith(b"PK\x03\x04"):
        raise DataError(f"{name} is a workbook or archive, not a text; save its table as CSV and open that.")
    utf16 = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        if utf16:
            return content.decode("utf-16"), "UTF-16"
        if b"\0" not in content:
            return content.decode("utf-8-sig"), "UTF-8"
    except UnicodeDecodeError:
        if not utf16:
            return content.decode("latin-1"), "Latin-1"
    raise DataError(f"{name} holds no text; open a table saved as CSV.")


def _rows(text: str, delimiter: str, name: str) -> list[list[str]]:
    """Divide a text into rows, without empty lines and the blank rows that spreadsheets leave at the end."""
    if "\0" in text:
        raise DataError(f"{name} holds no text; open a table saved as CSV.")
    lines = lines_of(text, delimiter)
    # Any number of spaces is one delimiter.
    reader = csv.reader(lines, delimiter=delimiter, skipinitialspace=delimiter == " ", strict=True)
    rows = []
    try:
        for row in reader:
            if row:
                rows.append(row)
            if len(rows) > MOST_ROWS + 1:
                raise DataError(f"{name} has more than {grouped(MOST_ROWS)} rows; take a part of them.")
    except csv.Error as error:
        raise DataError(
            f"{name} can't be divided into cells at line {reader.line_num} ({error}); "
            "look for a quotation mark that is not closed."
        ) from None
    while rows and not any(cell.strip() for cell in rows[-1]):
        rows.pop()
    if not rows:
        raise DataError(f"{name} is empty; open one that has rows.")
    if len(rows[0]) > MOST_COLUMNS:
        raise DataError(f"{name} has more than {grouped(MOST_COLUMNS)} columns; take a part of them.")
    return rows


def _names(first: Sequence[str], *, header: bool) -> tuple[str, ...]:
    """Name the columns; one without a name is called by its number."""
    return tuple(
        (cell.strip() if header else "") or f"column {number}" for number, cell in enumerate(first, start=1)
    )


def _check_shape(rows: Sequence[Sequence[str]], columns: Sequence[str], name: str, delimiter: str) -> None:
    if not rows:
        raise DataError(f"{name} has a header but no rows; open one that has.")
    for number, row in enumerate(rows, start=1):
        if len(row) != len(columns):
            raise DataError(
                f"Row {number} of {name} has {counted(len(row), 'cell')} instead of {len(columns)} "
                f"(separated by {DELIMITERS[delimiter]}); mend that row or choose another delimiter."
            )


def _check_names(columns: Sequence[str], name: str) -> None:
    twice, count = Counter(columns).most_common(1)[0]
    if count > 1:
        places = [str(at) for at, column in enumerate(columns, start=1) if column == twice]
        others = "" if count == 2 else f", and {grouped(count - 2)} more,"
        raise DataError(
            f"Columns {places[0]} and {places[1]}{others} of {name} are called {twice!r}; "
            "give each its own name."
        )


def _cleaned(
    columns: tuple[str, ...], rows: Sequence[Sequence[str]], decimal: str
) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Trim all cells; drop columns without name and value, which a delimiter at line ends leaves."""
    names, kept = [], []
    for number, (name, cells) in enumerate(zip(columns, zip(*rows, strict=True), strict=True), start=1):
        clean = _clean(cells, decimal)
        if any(clean) or name != f"column {number}":
            names.append(name)
            kept.append(clean)
    return tuple(names), kept


def _clean(cells: Sequence[str], decimal: str) -> tuple[str, ...]:
    """Trim the cells of a column, empty those that stand for a missing value, write numbers with a point."""
    texts = list(map(str.strip, cells))
    # Beside a plus, a minus is a label as well.
    missing = MISSING - {"-"} if "+" in texts else MISSING
    # Only these two signs can need rewriting, and most cells have neither or just a decimal point.
    if decimal == ",":
        return tuple("" if text.lower() in missing else plain_number(text, decimal) for text in texts)
    return tuple(
        "" if text.lower() in missing else plain_number(text, decimal) if "," in text else text
        for text in texts
    )


def _message(
    table: Table,
    delimiter: str,
    decimal: str,
    encoding: str,
    missing: Mapping[int, tuple[str, ...]],
    *,
    header: bool,
) -> str:
    """Say how the table was read, and which rows lack a value."""
    signs = f"separated by {DELIMITERS[delimiter]}"
    if decimal == ",":
        signs += ", with decimal commas"
    if not header:
        signs += ", without a header"
    if encoding == "Latin-1":
        signs += "; it is not UTF-8, so it was read as Latin-1"
    text = f"{counted(len(table.rows), 'row')} of {counted(len(table.columns), 'column')}, {signs}."
    if missing:
        shown = [f"row {row}: {named(names)}" for row, names in list(missing.items())[:_MISSING_SHOWN]]
        more = "; ..." if len(missing) > _MISSING_SHOWN else ""
        lack = "1 row lacks" if len(missing) == 1 else f"{grouped(len(missing))} rows lack"
        text += f" {lack} a value ({'; '.join(shown)}{more})."
    return one_line(text)
