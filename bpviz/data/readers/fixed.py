"""Tables of fixed width: a column takes the same places in every line, and its cells may hold blanks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

_WORD = re.compile(r"\S+")
_TAB = 8


def fixed_rows(text: str) -> list[list[str]]:
    """Cut every line where all of them have a blank."""
    lines = _lines(text)
    cuts = column_starts(lines)
    ends = [*cuts[1:], None]
    return [[line[a:b].strip() for a, b in zip(cuts, ends, strict=True)] for line in lines]


def column_starts(lines: Iterable[str]) -> list[int]:
    """Find where columns begin: behind a place that is blank in every line."""
    taken = bytearray()
    for line in lines:
        if len(line) > len(taken):
            taken.extend(bytes(len(line) - len(taken)))
        for word in _WORD.finditer(line):
            taken[word.start() : word.end()] = b"\1" * (word.end() - word.start())
    return [at for at, used in enumerate(taken) if used and (at == 0 or not taken[at - 1])] or [0]


def fits(text: str) -> bool:
    """Whether lines are aligned: several columns, each filled in most lines, no two cells run together."""
    lines = _lines(text)
    if len(lines) < 2:
        return False
    starts = column_starts(lines)
    if len(starts) < 2:
        return False
    rows = fixed_rows(text)
    filled = [sum(bool(row[at]) for row in rows) for at in range(len(starts))]
    return min(filled) * 2 > len(rows) and _is_worded(rows)


def _is_worded(rows: Sequence[Sequence[str]]) -> bool:
    """Whether what stands inside cells with blanks are words, not numbers that happen to be aligned."""
    return not any(re.search(r"\d +[+-]?\d", cell) for row in rows for cell in row)


def _lines(text: str) -> list[str]:
    lines = (line.expandtabs(_TAB).rstrip() for line in text.splitlines())
    return [line for line in lines if line]
