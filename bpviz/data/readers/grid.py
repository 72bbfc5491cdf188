"""What every reader is given and returns: source, the user's choices, a grid of cells, what was found."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TypeAlias

from bpviz.data.readers.memory import check_room
from bpviz.data.rows import Rows
from bpviz.errors import DataError, counted, grouped

Cell: TypeAlias = str | bool | int | float | date | datetime | time | timedelta | None
"""Texts may still be numbers, written in whichever way; the others are what a typed format says they are."""

Tell: TypeAlias = Callable[[int, int], None]
"""Called now and then with (done, of); raises `CancelledError` where the reading is to end."""


def tell_nobody(_done: int, _of: int) -> None:
    """Nobody waits to hear how far it is."""


@dataclass(frozen=True, slots=True)
class Choices:
    """How the user wants a file to be read; None leaves it to be found.

    Attributes:
        delimiter: One of `bpviz.data.dialect.DELIMITERS`.
        decimal: ``.`` or ``,``.
        encoding: One of `bpviz.data.readers.encodings.ENCODINGS`.
        header: How many rows of names there are; 0 for none.
        skip: How many lines or rows stand above the table.
        sheet: Of a workbook or the like: its name, or its number from 1.
        comment: What lines that are no rows begin with; "" for none.
        gaps: Words that count as missing, by commas; "" for empty cells alone.
        gaps_by: Pairs of a column's name and the words that count in that one instead; names of other
            columns mean nothing.
    """

    delimiter: str | None = None
    decimal: str | None = None
    encoding: str | None = None
    header: int | None = None
    skip: int | None = None
    sheet: str | None = None
    comment: str | None = None
    gaps: str | None = None
    gaps_by: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a table may be."""

    bytes: int
    rows: int
    columns: int


@dataclass(frozen=True, slots=True)
class Source:
    """What is to be read.

    Attributes:
        name: The file's, without a folder, as sentences call it.
        content: Its bytes, unpacked.
        limits: How large it may be.
        tell: Hears how far the reading is.
        path: Of the file, for formats that keep a part in another one.
        row_by_row: Take no short way, as its rows are not alike.
    """

    name: str
    content: bytes
    limits: Limits
    tell: Tell = tell_nobody
    path: Path | None = None
    row_by_row: bool = False

    def check_size(self, rows: int, columns: int) -> None:
        """Refuse a table that is too large, before its cells are made.

        Raises:
            DataError: If it has too many rows or columns, or no room in memory.
        """
        if rows > self.limits.rows:
            raise DataError(
                f"{self.name} has more than {grouped(self.limits.rows)} rows; take a part of them."
            )
        if columns > self.limits.columns:
            most = grouped(self.limits.columns)
            raise DataError(f"{self.name} has more than {most} columns; take a part of them.")
        check_room(self.name, rows * columns)


@dataclass(frozen=True, slots=True)
class Found:
    """What was decided while reading; what a kind of file does not have stays empty.

    Attributes:
        kind: Entry of `kinds.READERS`.
        packed: It was packed by gzip.
        encoding: Of a text, as `encodings.ENCODINGS` calls it.
        delimiter: Of a text, one of `DELIMITERS`.
        decimal: Before the decimals.
        header: How many rows of names there are.
        skipped: How many lines or rows above the table were left out.
        around: How many lines around a drawn table.
        comment: What comment lines begin with.
        comments: How many of them were left out.
        commented_header: The names stand in a comment line.
        units: Whether the row below the names holds units.
        nameless: The names lack one for the first column.
        said_delimiter: The first line names the delimiter.
        drawn: It is drawn with lines, as in Markdown.
        sheet: Which sheet, or the like, was taken.
        sheets: All that there are.
        errors: Cells that hold an error of a workbook's formula.
        uncomputed: Cells whose formula was never computed.
        blank: How many blank rows between the others were left out.
        beside: Another file that belongs to it and was read, too.
        lacks_labels: Images came without their labels, for want of this file.
        absent: What a sparse format leaves out counts as 0.
        amounts: Columns of decorated numbers: name, a cell, and what it was read as.
        gaps: Words that count as missing: name of the column, the word, and how often it stands there.
    """

    kind: str = "text"
    packed: bool = False
    encoding: str = ""
    delimiter: str = ""
    decimal: str = "."
    header: int = 0
    skipped: int = 0
    around: int = 0
    comment: str = ""
    comments: int = 0
    commented_header: bool = False
    units: bool = False
    nameless: bool = False
    said_delimiter: bool = False
    drawn: bool = False
    sheet: str = ""
    sheets: tuple[str, ...] = ()
    errors: int = 0
    uncomputed: int = 0
    blank: int = 0
    beside: str = ""
    lacks_labels: str = ""
    absent: bool = False
    amounts: tuple[tuple[str, str, str], ...] = ()
    gaps: tuple[tuple[str, str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Grid:
    """Cells as they stand in the file.

    Attributes:
        rows: From top to bottom; not yet sure to be of one length.
        found: What was decided so far.
        names: Of the columns, where the format has them or a comment names them; None if a row may.
        below: What stands below the rows, by columns: of a large file most of it.  Rows enough to tell by
            them what else there is to tell are always `rows`.
    """

    rows: list[list[Cell]]
    found: Found = field(default_factory=Found)
    names: tuple[str, ...] | None = None
    below: Rows | None = None


def chosen_sheet(
    name: str, sheets: Sequence[str], wanted: str | None, usual: str, thing: str = "sheet"
) -> str:
    """Tell which of several tables in one file is meant.

    Args:
        name: Of the file.
        sheets: Names of all.
        wanted: A name, or a number from 1; None takes the usual one.
        usual: The one that is taken where nobody says.
        thing: What they are called.

    Raises:
        DataError: If there is no such one.
    """
    if wanted is None or wanted == "":
        return usual
    if wanted in sheets:
        return wanted
    if wanted.isascii() and wanted.isdigit() and 1 <= int(wanted[:9]) <= len(sheets):
        return sheets[int(wanted) - 1]
    alike = [sheet for sheet in sheets if sheet.casefold() == wanted.casefold()]
    if len(alike) == 1:
        return alike[0]
    raise DataError(
        f"{name} has no {thing} {wanted!r}; it has {counted(len(sheets), thing)}: {', '.join(sheets)}."
    )
