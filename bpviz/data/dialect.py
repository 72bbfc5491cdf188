"""How a table was written: its delimiter, its decimal sign and whether it starts with a header, told from its
text.

The standard library's sniffer looks for regular characters; here every candidate is tried, and the one wins
whose rows are alike in width and whose cells look whole.  ``1,5;2,5`` has two cells by semicolons, three
broken ones by commas.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from io import StringIO
from typing import Final

from bpviz.data.readers.fixed import fits

FIXED: Final = "fixed"
"""The delimiter of a table that has none: every column has its places in the line."""

DELIMITERS: Final = {
    ",": "commas",
    ";": "semicolons",
    "\t": "tabs",
    "|": "bars",
    " ": "spaces",
    FIXED: "fixed width",
}
"""Those that are looked for, and what sentences call them; the first wins a tie."""

DECIMALS: Final = {".": "points", ",": "commas"}

MISSING: Final = frozenset({"", "na", "n/a", "nan", "null", "?", "-"})
"""What stands for a missing value, in lower case."""

_SURE = 0.95  # a score of rows that are alike
_DOUBTFUL = 0.3  # of commas in a few cells
_STRONG = ";\t|"  # which hardly stand in a table unless they separate
_SAMPLE_CHARACTERS = 100_000  # less than csv.reader takes as one cell, so a sample is never refused
_SAMPLE_ROWS = 500
_SAMPLE_CELLS = 100_000
# A number of any length is read in one pass: no two parts of a form may share the same digits.
# Digits in groups of three, with either sign between the groups and the other before the decimals.
_GROUPED = re.compile(r"[+-]?[1-9]\d{0,2}(?:(?:,\d{3})+(?:\.\d+)?|(?:\.\d{3})+(?:,\d+)?)")
_POINT = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?")
_COMMA = re.compile(r"[+-]?(?:\d+(?:,\d*)?|,\d+)(?:[eE][+-]?\d+)?")
# A delimiter inside a cell, or two numbers with a space between them.
_QUOTED_OR_TAB = re.compile(r'"[^"]*"|\t')
_BROKEN = re.compile(r"[;\t|]|\d +[+-]?\d")


def guess_delimiter(text: str) -> str:
    """Find the delimiter of a table; a comma where there is none at all."""
    sample = text[:_SAMPLE_CHARACTERS]
    if len(text) > len(sample) and "\n" in sample:
        sample = sample[: sample.rindex("\n")]  # the last line may be cut
    scores = {delimiter: _score(sample, delimiter) for delimiter in DELIMITERS if delimiter != FIXED}
    best = max(scores, key=lambda delimiter: scores[delimiter])
    # Texts with blanks in them, or empty cells, make rows of words that differ in length.
    unsure = scores[best] < (_SURE if best == " " else _DOUBTFUL) and not any(map(scores.get, _STRONG))
    return FIXED if unsure and fits(sample) else best


def guess_decimal(rows: Sequence[Sequence[str]]) -> str:
    """Find the decimal sign of a table's cells; a point where nothing tells.

    Cells such as ``1,234`` may be one or the other, so they count only where no other cell tells.
    """
    cells = [cell.strip() for row in _sample(rows) for cell in row if "," in cell or "." in cell]
    for judge in (_decimal_sign, _last_sign):
        votes = Counter(map(judge, cells))
        if votes[","] != votes["."]:
            return "," if votes[","] > votes["."] else "."
    return "."


def guess_header(rows: Sequence[Sequence[str]]) -> bool:
    """Tell whether the first row holds names: it has no number, and is unlike the rows below it."""
    first, below = rows[0], _sample(rows[1 : _SAMPLE_ROWS + 1])
    if any(is_number(cell) for cell in first):
        return False
    if not below or any(is_number(cell) for row in below for cell in row):
        return True
    columns = [set(column) for column in zip(*below, strict=False)]
    return not any(cell in column for cell, column in zip(first, columns, strict=False))


def is_number(cell: str) -> bool:
    """Whether a cell holds a number, with either decimal sign."""
    text = cell.strip()
    return any(form.fullmatch(text) for form in (_POINT, _COMMA, _GROUPED))


def plain_number(cell: str, decimal: str) -> str:
    """Rewrite a number with a decimal point and without groups of digits; other cells stay as they are."""
    if decimal == "." and "," not in cell:  # nothing to rewrite, as in most cells
        return cell
    other = "." if decimal == "," else ","
    if other in cell and _GROUPED.fullmatch(cell) and decimal not in cell[: cell.index(other)]:
        cell = cell.replace(other, "")
    if decimal == "," and _COMMA.fullmatch(cell):
        cell = cell.replace(",", ".")
    return cell


def lines_of(text: str, delimiter: str) -> Iterable[str]:
    """Divide a text into lines for `csv.reader`; spaces around a line separate nothing, tabs are spaces."""
    lines = StringIO(text, newline="")
    return (_spaced(line.strip()) for line in lines) if delimiter == " " else lines


def _spaced(line: str) -> str:
    """Write tabs as spaces, except between quotation marks."""
    if "\t" not in line:
        return line
    if '"' not in line:
        return line.replace("\t", " ")
    return _QUOTED_OR_TAB.sub(lambda found: " " if found[0] == "\t" else found[0], line)


def _sample(rows: Sequence[Sequence[str]]) -> Sequence[Sequence[str]]:
    """The first rows, fewer of a wide table: to look at each cell takes its time."""
    most = _SAMPLE_CELLS // max(len(rows[0]), 1) if rows else 0
    return rows[: max(1, min(most, _SAMPLE_ROWS))]


def _decimal_sign(cell: str) -> str | None:
    """The decimal sign of a number that leaves no doubt about it."""
    if _GROUPED.fullmatch(cell):
        signs = [letter for letter in cell if letter in ",."]
        if len(signs) == 1:
            return None  # three digits behind a single sign may be decimals or a group
        if signs[0] != signs[-1]:
            return signs[-1]
        return "." if signs[0] == "," else ","
    return _last_sign(cell)


def _last_sign(cell: str) -> str | None:
    """The decimal sign of a number, if it has no groups of digits."""
    if _COMMA.fullmatch(cell):
        return ","
    return "." if _POINT.fullmatch(cell) else None


def _score(sample: str, delimiter: str) -> float:
    """How well a delimiter fits: the share of rows of one width times the share of whole cells."""
    rows = []
    lines = lines_of(sample, delimiter)
    for row in csv.reader(lines, delimiter=delimiter, skipinitialspace=delimiter == " "):
        if row:
            rows.append(row)
        if len(rows) == _SAMPLE_ROWS:
            break
    if not rows:
        return 0.0
    width, alike = Counter(map(len, rows)).most_common(1)[0]
    if width < 2:
        return 0.0
    cells = [cell for row in rows for cell in row]
    whole = sum(1 for cell in cells if not _is_broken(cell, delimiter))
    return alike / len(rows) * whole / len(cells)


def _is_broken(cell: str, delimiter: str) -> bool:
    if _BROKEN.search(cell):
        return True
    # Text may hold commas ("Smith, John"), but not where spaces would have cut it.
    return delimiter == " " and "," in cell and not is_number(cell)
