"""Tables in a text: delimited, aligned by spaces, of fixed width, or drawn with lines as in Markdown."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from bpviz.data.dialect import DELIMITERS, FIXED, guess_delimiter, guess_header, is_number, lines_of
from bpviz.data.readers.blocks import divided
from bpviz.data.readers.encodings import decode
from bpviz.data.readers.fixed import fixed_rows
from bpviz.data.readers.grid import Cell, Choices, Found, Grid, Source
from bpviz.data.readers.memory import COLUMN_BYTES, check_room
from bpviz.data.rows import Rows
from bpviz.errors import DataError, SettingError

if TYPE_CHECKING:
    from _csv import Reader

COMMENTS: Final = ("#", "%", "//")
"""What a line that is no row may begin with."""

LARGE: Final = 2 * 2**20
"""Letters of a text that is worth to be divided into columns at once."""
HEAD_ROWS: Final = 3000
"""So many of its rows are looked at one by one: all that is told by rows is told by the first."""
_TOLD_EVERY: Final = 8192  # lines
_SAID: Final = re.compile(r"\s*sep=(.)[ \t;,]*\r?\n?", re.IGNORECASE)
_RULE: Final = re.compile(r"[\s|+:=─-]*[-=─]{3,}[\s|+:=─-]*")
_SHORT_RULE: Final = re.compile(r"(?=.*[|+-])[\s|+:=─-]*[-=─][\s|+:=─-]*")
_BAR: Final = re.compile(r"(?<!\\)\|")
_MOST_COMMENTS: Final = 0.5  # of all lines: where there are more, they are rows


def read_text(source: Source, choices: Choices) -> Grid:
    """Divide a text into rows of cells.

    Raises:
        DataError: If it is no text, or can't be divided.
    """
    source.tell(0, len(source.content))
    text, encoding = decode(source.content, source.name, choices.encoding)
    source.tell(0, len(text))
    found = Found(encoding=encoding)
    if choices.skip:
        text, found = _without_first(text, choices.skip), replace(found, skipped=choices.skip)
    said = _SAID.match(text)
    if said and said[1] in DELIMITERS:
        text = text[said.end() :]
        found = replace(found, said_delimiter=True, delimiter=said[1])
    delimiter = choices.delimiter or found.delimiter
    if delimiter in ("", "|"):
        drawn = _drawn(text)
        if drawn is not None:
            rows, around = drawn
            return _grid(source, rows, replace(found, delimiter="|", drawn=True, around=around), None)
    source.tell(0, len(text))
    text, found, names_line = _without_comments(text, found, choices)
    source.tell(0, len(text))
    delimiter = delimiter or guess_delimiter(text)
    found = replace(found, delimiter=delimiter)
    if delimiter == FIXED:
        return _grid(source, fixed_rows(text), found, names_line)
    rows, below = _delimited(text, source, delimiter)
    return _grid(source, rows, found, names_line, below)


def _grid(
    source: Source, rows: list[list[str]], found: Found, names_line: str | None, below: Rows | None = None
) -> Grid:
    """Check the size, and take the names out of a comment if no row has them."""
    while below and not any(cell.strip() for cell in below[-1]):
        below = below[:-1]
    while rows and not below and not any(cell.strip() for cell in rows[-1]):
        rows.pop()
    if not rows:
        raise DataError(f"{source.name} is empty; open one that has rows.")
    count = len(rows) + (len(below) if below else 0)
    source.check_size(count - 1, max(map(len, rows[:100])))
    cells: list[list[Cell]] = rows  # type: ignore[assignment]  # handed over, nobody else holds them
    names = _commented_names(rows, found.delimiter, names_line)
    if names is not None:
        return Grid(cells, replace(found, commented_header=True), names, below)
    found = found if names_line is None else replace(found, comments=found.comments + 1)
    return Grid(cells, found, None, below)


def _without_first(text: str, lines: int) -> str:
    at = 0
    for _ in range(lines):
        at = text.find("\n", at) + 1
        if not at:
            return ""
    return text[at:]


def _delimited(text: str, source: Source, delimiter: str) -> tuple[list[list[str]], Rows | None]:
    """Divide a text into rows of cells; most of a large one into columns, if it is as plain as that needs."""
    if "\0" in text:
        raise DataError(f"{source.name} holds no text; open a table saved as CSV.")
    # Any number of spaces is one delimiter.
    if delimiter != " " and not source.row_by_row and len(text) > LARGE:
        found = _by_columns(text, source, delimiter)
        if found is not None:
            return found
    check_room(source.name, text.count(delimiter) + text.count("\n"))
    lines = _told(iter(lines_of(text, delimiter)), source, len(text))
    reader = csv.reader(lines, delimiter=delimiter, skipinitialspace=delimiter == " ", strict=True)
    return _rows_of(reader, source), None


def _rows_of(reader: Reader, source: Source, most: int | None = None) -> list[list[str]]:
    """Take the rows, or the first of them; empty ones are none."""
    rows: list[list[str]] = []
    try:
        for row in reader:
            if row:
                rows.append(row)
            if len(rows) == most:
                break
            if len(rows) > source.limits.rows + 1:
                source.check_size(len(rows) - 1, 1)
    except csv.Error as error:
        raise DataError(
            f"{source.name} can't be divided into cells at line {reader.line_num} ({error}); "
            "look for a quotation mark that is not closed."
        ) from None
    return rows


def _by_columns(text: str, source: Source, delimiter: str) -> tuple[list[list[str]], Rows | None] | None:
    """Divide the first lines into rows and the others into columns; None where that can't be done."""
    if "\r" in text and text.count("\r") != text.count("\r\n"):
        return None  # some lines end otherwise
    taken = 0

    def lines_from_above() -> Iterator[str]:
        nonlocal taken
        while taken < len(text):
            begin, taken = taken, text.find("\n", taken) + 1 or len(text)
            yield text[begin:taken]

    try:
        rows = _rows_of(csv.reader(lines_from_above(), delimiter=delimiter, strict=True), source, HEAD_ROWS)
    except DataError:
        return None  # said by the careful way
    if not rows or taken >= len(text):
        return None
    lines = len(rows) * (len(text) / taken)
    check_room(source.name, int(lines * len(rows[-1])), 2 * len(text) / lines / len(rows[-1]) + COLUMN_BYTES)
    columns = divided(text, taken, delimiter, source.tell)
    if not columns:
        return None
    if len(columns[0]) > source.limits.rows:
        source.check_size(len(rows) + len(columns[0]) - 1, len(columns))
    return rows, Rows(columns)


def _told(lines: Iterator[str], source: Source, total: int) -> Iterator[str]:
    """Tell how far the reading is, every now and then."""
    done = 0
    for number, line in enumerate(lines, start=1):
        done += len(line)
        if number % _TOLD_EVERY == 0:
            source.tell(done, total)
        yield line


def _drawn(text: str) -> tuple[list[list[str]], int] | None:
    """Read a table drawn with bars and rules; with how many lines around it, or None if it is none."""
    if "|" not in text or not any(map(_SHORT_RULE.fullmatch, text[:100_000].splitlines())):
        return None
    rows: list[list[str]] = []
    ruled, around = False, 0
    for line in text.splitlines():
        bare = line.strip()
        # Markdown's rule below the names may be short; further down, such a row holds missing values.
        if bare and (_SHORT_RULE if len(rows) == 1 and not ruled else _RULE).fullmatch(bare):
            ruled = True
        elif "|" in bare:
            inner = bare.removeprefix("|")
            inner = inner[:-1] if inner.endswith("|") and not inner.endswith("\\|") else inner
            rows.append([cell.strip().replace("\\|", "|") for cell in _BAR.split(inner)])
        elif bare:
            around += 1
    if not ruled or len(rows) < 2 or len(set(map(len, rows))) != 1 or around >= len(rows):
        return None
    return rows, around


def _without_comments(text: str, found: Found, choices: Choices) -> tuple[str, Found, str | None]:
    """Leave out comment lines; the last one above the table is returned, as it may hold the names."""
    sign = _comment_sign(text) if choices.comment is None else choices.comment
    if not sign:
        return text, found, None
    kept: list[str] = []
    comments, names_line, quoted = 0, None, False
    for line in text.splitlines(keepends=True):
        if not quoted and line.lstrip().startswith(sign):
            comments += 1
            if not any(map(str.strip, kept)):
                names_line = line.strip().lstrip(sign).strip()
            continue
        kept.append(line)
        quoted ^= line.count('"') % 2 == 1
    if not comments:
        return text, found, None
    if names_line is not None:
        comments -= 1  # counted by whoever finds that it holds no names
    return "".join(kept), replace(found, comment=sign, comments=comments), names_line


def _comment_sign(text: str) -> str:
    """What comment lines begin with, if there are any: above the table, or between rows of numbers."""
    for sign in COMMENTS:
        if sign[0] not in text or sign not in text:  # one letter is found much sooner than two
            continue
        lines = [bare for line in text.splitlines() if (bare := line.lstrip())]
        marked = sum(line.startswith(sign) for line in lines)
        others = [line for line in lines[:500] if not line.startswith(sign)]
        if not marked or (marked > _MOST_COMMENTS * len(lines) and len(others) < 2):
            continue
        numeric = sum(is_number(re.split(r"[\s,;|]", line, maxsplit=1)[0]) for line in others)
        head = len(lines[0]) - len(lines[0].lstrip(sign[0]))
        first = head > 0 and lines[0].startswith(sign)
        if (first and marked <= _MOST_COMMENTS * len(lines)) or 2 * numeric > len(others) > 0:
            return sign
    return ""


def _commented_names(rows: list[list[str]], delimiter: str, line: str | None) -> tuple[str, ...] | None:
    """The names in the last comment above the table, if it has one for each column and no row has them."""
    if not line or delimiter == FIXED:
        return None
    names = next(csv.reader(lines_of(line, delimiter), delimiter=delimiter, skipinitialspace=True), [])
    names = [name.strip() for name in names]
    if len(names) != len(rows[0]) or len(names) < 2 or not all(names) or any(map(is_number, names)):
        return None
    return None if guess_header(rows) else tuple(names)


def delimiter_named(word: str) -> str:
    """Find an entry of `DELIMITERS`, also by its name, such as ``tab``.

    Raises:
        SettingError: If it is none of them.
    """
    wanted = word if word in DELIMITERS else word.strip().casefold()
    for sign, name in DELIMITERS.items():
        if wanted in (sign, name, name.removesuffix("s"), name.removesuffix(" width")):
            return sign
    if wanted in ("\\t", "whitespace"):
        return "\t" if wanted == "\\t" else " "
    known = ", ".join(repr(sign) for sign in DELIMITERS)
    raise SettingError(f"The delimiter can't be {word!r}; choose one of {known}.")
