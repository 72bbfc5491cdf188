"""How scripts and the command line say how a table is to be read: words, checked before it is opened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

from bpviz.data.dialect import DECIMALS
from bpviz.data.missing_words import check_named, words_said
from bpviz.data.readers.encodings import encoding_named
from bpviz.data.readers.grid import Choices, Tell, tell_nobody
from bpviz.data.readers.headers import MOST_HEADERS
from bpviz.data.readers.texts import delimiter_named
from bpviz.data.tables import TableReading, read_chosen
from bpviz.errors import SettingError
from bpviz.plain import as_whole, is_whole

Gaps: TypeAlias = str | Mapping[str, str | Sequence[str]]
"""Words that count as missing: for all columns, or by column."""

_MOST_SKIPPED = 1_000_000


def read_table(
    path: str | Path,
    *,
    delimiter: str | None = None,
    decimal: str | None = None,
    encoding: str | None = None,
    header: int | str | None = None,
    skip: int | None = None,
    sheet: int | str | None = None,
    comment: str | None = None,
    gaps: Gaps | None = None,
) -> TableReading:
    """Read a table of your own; what is not said is found out, and the answer's `message` says what it was.

    Args:
        path: Text such as CSV, a workbook, Parquet, Arrow, ARFF, JSON, LIBSVM, arrays of NumPy or IDX; each
            also packed by gzip.
        delimiter: What stands between the cells of a text: ``,``, ``;``, ``|``, ``tab``, ``space``,
            ``fixed``.
        decimal: ``.`` or ``,``.
        encoding: Such as ``utf-8``, ``cp1252`` or ``utf-16``.
        header: How many rows of names there are, or ``none``.
        skip: How many lines stand above the table.
        sheet: Of a workbook, or what is like a sheet elsewhere: its name, or its number from 1.
        comment: What lines that are no rows begin with, or ``none``.
        gaps: Words that count as missing, by commas; or ``none``, so that empty cells alone do.  Or a mapping
            from names of columns to the words of each, such as ``{"region": "none"}``; ``""`` for all others.

    Raises:
        SettingError: If a choice is none that there is.
        BpvizError: If the file can't be read, or is no table.
    """
    choices = choices_of(
        delimiter=delimiter,
        decimal=decimal,
        encoding=encoding,
        header=header,
        skip=skip,
        sheet=sheet,
        comment=comment,
        gaps=gaps,
    )
    return read_named(Path(path), choices)


def read_named(path: Path, choices: Choices, tell: Tell = tell_nobody) -> TableReading:
    """Read a table as `read_chosen` does, and refuse choices for columns that it does not have.

    Raises:
        BpvizError: If it can't be read, is no table, or has no such column.
    """
    read = read_chosen(path, choices, tell=tell)
    check_named([name for name, _ in choices.gaps_by], read.table.name, read.table.columns)
    return read


def choices_of(
    *,
    delimiter: str | None = None,
    decimal: str | None = None,
    encoding: str | None = None,
    header: int | str | None = None,
    skip: int | None = None,
    sheet: int | str | None = None,
    comment: str | None = None,
    gaps: Gaps | None = None,
) -> Choices:
    """Make choices of words, as `read_table` takes them.

    Raises:
        SettingError: If one is none that there is.
    """
    if decimal is not None and decimal not in DECIMALS:
        raise SettingError(f"The decimal sign can't be {decimal!r}; choose one of '.', ','.")
    said = _said(gaps)
    everywhere = said.pop("", None)
    return Choices(
        delimiter=None if delimiter is None else delimiter_named(delimiter),
        decimal=decimal,
        encoding=None if encoding is None else encoding_named(encoding),
        header=_rows(header, "header", MOST_HEADERS, "rows of names"),
        skip=_rows(skip, "skip", _MOST_SKIPPED, "lines to leave out"),
        sheet=None if sheet is None else str(sheet),
        comment="" if comment == "none" else comment,
        gaps=None if everywhere is None else words_said(everywhere),
        gaps_by=tuple((name, words_said(words)) for name, words in said.items()),
    )


def _said(gaps: Gaps | None) -> dict[str, str]:
    """Words by the name of their column; "" for all others."""
    if gaps is None or isinstance(gaps, str):
        return {} if gaps is None else {"": gaps}
    return {str(name): words if isinstance(words, str) else ",".join(words) for name, words in gaps.items()}


def _rows(given: int | str | None, name: str, most: int, what: str) -> int | None:
    if given is None:
        return None
    if given == "none":
        return 0
    if isinstance(given, str) and given.isascii() and given.isdigit():
        given = int(given[:9])
    whole = None if isinstance(given, str) else as_whole(given)
    if whole is None or not is_whole(whole, 0) or whole > most:
        raise SettingError(f"{name} can't be {given}; write how many {what} there are, 0 to {most}, or none.")
    return whole
