"""Which words of a column stand for a missing value, decided by the whole column unless somebody says it.

A table keeps what stood in the cells that count as missing (`bpviz.data.settings.Gap`), so that a word can be
made a value again after the file is closed: a region called NA, a class called "-".
"""

from __future__ import annotations

from bisect import bisect
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Final

from bpviz.data.amounts import read_amounts
from bpviz.data.cells import cells_of
from bpviz.data.dialect import MISSING, is_number
from bpviz.data.rows import Rows
from bpviz.data.settings import Gap, Table
from bpviz.errors import DataError, listed, suggestion

AMONG_NUMBERS: Final = frozenset({"#n/a", "none", ".", "--", "n.a.", "nil"})
"""What stands for a missing value among numbers alone, in lower case: in a text each may be a value."""

ALL_WORDS: Final = MISSING | AMONG_NUMBERS
"""What stands for a missing value anywhere, in lower case."""

EMPTY_ALONE: Final = "none"
"""Said instead of words: only empty cells are missing."""


def missing_among(texts: Collection[str], decimal: str, words: str | None = None) -> frozenset[str]:
    """Find the words that stand for a missing value.

    Args:
        texts: The different texts of a column, trimmed.
        decimal: The sign before the decimals.
        words: Those that count, by commas, where the user says so.
    """
    if words is not None:
        said = {"", *(word.strip().lower() for word in words.split(","))}
        return frozenset(text for text in texts if text.lower() in said)
    # Beside a plus, a minus is a label as well.
    usual = MISSING - {"-"} if "+" in texts else MISSING
    found = frozenset(text for text in texts if text.lower() in usual)
    more = frozenset(text for text in texts if text.lower() in AMONG_NUMBERS)
    if more:
        others = [text for text in texts if text not in found | more]
        if others and (all(map(is_number, others)) or read_amounts(others, decimal) is not None):
            return found | more
    return found


def gaps_in(column: str, texts: Sequence[str], missing: Collection[str]) -> tuple[Gap, ...]:
    """Note where the words of a column stand that count as missing.

    Args:
        column: Its name.
        texts: (rows,), its cells as written, trimmed.
        missing: Those that count.
    """
    words = sorted(set(missing) - {""})
    if not words:
        return ()
    if len(words) == 1 and "" not in missing:
        return (Gap(column, words[0]),)  # no list of rows, which may be a million
    rows: dict[str, list[int]] = {word: [] for word in words}
    for row, text in enumerate(texts):
        if text in rows:
            rows[text].append(row)
    return tuple(Gap(column, word, tuple(found)) for word, found in rows.items())


def texts_of(table: Table, column: str) -> list[str]:
    """Return the cells of a column with the words that count as missing in their places: (rows,)."""
    at = table.columns.index(column)
    texts = list(table.cells[at])
    for gap in table.gaps_of(column):
        where = range(len(texts)) if gap.rows is None else gap.rows
        for row in where:
            texts[row] = texts[row] or gap.word
    return texts


def with_missing(table: Table, words: Mapping[str, str]) -> Table:
    """Let other words count as missing in columns of a table that is open.

    What counted before and does not any more is a value again, as it stood there.

    Args:
        table: The table.
        words: By column, the words that count, by commas; "" for empty cells alone.

    Raises:
        DataError: If there is no such column.
    """
    check_named(words, table.name, table.columns)
    cells = list(table.cells)
    gaps = [gap for gap in table.gaps if gap.column not in words]
    for name, said in words.items():
        texts = texts_of(table, name)
        missing = missing_among(set(texts), ".", said)
        gaps += gaps_in(name, texts, missing)
        cells[table.columns.index(name)] = cells_of("" if text in missing else text for text in texts)
    gaps.sort(key=lambda gap: (table.columns.index(gap.column), gap.word))
    return replace(table, rows=Rows(cells, len(table.rows)), gaps=tuple(gaps))


def words_in(table: Table, column: str, most: int) -> list[tuple[str, int, bool]]:
    """List what may count as missing in a column: each text, how often it stands there, whether it counts.

    Those that count come first, then such as stand for a missing value elsewhere, then texts among numbers,
    then the most frequent.  What has a comma, which parts words, is left out.

    Args:
        table: The table.
        column: Name of one of its columns.
        most: How many to list.
    """
    counting = {gap.word for gap in table.gaps_of(column)}
    found = Counter(text for text in texts_of(table, column) if text and "," not in text)
    ranked = sorted(
        found.items(),
        key=lambda entry: (
            entry[0] not in counting,
            entry[0].lower() not in ALL_WORDS,
            is_number(entry[0]),
            -entry[1],
        ),
    )
    return [(word, times, word in counting) for word, times in ranked[:most]]


def gaps_without(gaps: Sequence[Gap], gone: Collection[int]) -> tuple[Gap, ...]:
    """Note where words stand after some rows, from 0, were taken away."""
    before, out = sorted(gone), set(gone)
    found = []
    for gap in gaps:
        rows = gap.rows and tuple(row - bisect(before, row) for row in gap.rows if row not in out)
        found += [replace(gap, rows=rows)] if rows is None or rows else []
    return tuple(found)


def kept_gaps(before: Table, after: Table, names: Mapping[str, str]) -> tuple[Gap, ...]:
    """Find which words still stand for a missing value after a table was edited by hand.

    Args:
        before: The table with its words.
        after: The edited one.
        names: By the name of a column, the one it had before.

    Returns:
        The words of columns in which the same cells are missing; rows may have been added below.
    """
    gaps: list[Gap] = []
    for name, first in names.items():
        own = before.gaps_of(first)
        if not own or name not in after.columns:
            continue
        was, now = before.columns.index(first), after.columns.index(name)
        empty = [not text for text in before.cells[was]]
        found = [not text for text in after.cells[now]]
        if found[: len(empty)] == empty:
            every = tuple(row for row, lacks in enumerate(empty) if lacks)
            longer = any(found[len(empty) :])
            gaps += [Gap(name, gap.word, every if gap.rows is None and longer else gap.rows) for gap in own]
    return tuple(gaps)


def words_said(said: str) -> str:
    """Words by commas, of which ``none`` alone means that there are none."""
    return "" if said.strip().lower() == EMPTY_ALONE else said


def check_named(names: Collection[str], table: str, columns: Sequence[str]) -> None:
    """Refuse names that no column has.

    Raises:
        DataError: With the first of them.
    """
    for name in names:
        if name not in columns:
            close = suggestion(name, columns)
            hint = f"did you mean {close!r}?" if close else f"choose among {listed(columns)}."
            raise DataError(f"The table {table} has no column {name!r}; {hint}")
