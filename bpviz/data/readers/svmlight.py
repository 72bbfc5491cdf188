"""Sparse rows as LIBSVM and SVMlight write them: ``label index:value index:value``."""

from __future__ import annotations

import re
from typing import Final

from bpviz.data.readers.encodings import decode
from bpviz.data.readers.grid import Cell, Choices, Found, Grid, Source
from bpviz.errors import DataError, grouped

LABEL: Final = "label"
_NUMBER: Final = rb"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"
_LINE: Final = re.compile(rb"\s*%s(?:\s+\d{1,9}:%s)+\s*(?:#.*)?" % (_NUMBER, _NUMBER))
_SUFFIXES: Final = (".libsvm", ".svm", ".svmlight")
_LOOKED_AT: Final = 5
_MOST_CELLS: Final = 50_000_000


def is_svmlight(content: bytes, name: str) -> bool:
    """Whether the first lines are such rows."""
    if name.endswith(_SUFFIXES):
        return True
    lines = [line for line in content[:20_000].splitlines()[: _LOOKED_AT + 5] if line.strip()]
    rows = [line for line in lines if not line.lstrip().startswith(b"#")][:_LOOKED_AT]
    return bool(rows) and all(_LINE.fullmatch(line) for line in rows)


def read_svmlight(source: Source, choices: Choices) -> Grid:
    """Read rows; what they leave out is 0, and the label becomes the last column.

    Raises:
        DataError: If a row is none, or there would be too many columns.
    """
    text, _ = decode(source.content, source.name, choices.encoding)
    rows = []
    lines = text.splitlines()
    for number, line in enumerate(lines, start=1):
        if number % 4096 == 0:
            source.tell(number, len(lines))
        bare = line.partition("#")[0].split()
        if bare:
            rows.append(_row(bare, number, source))
    if not rows:
        raise DataError(f"{source.name} is empty; open one that has rows.")
    indices = sorted({index for _, pairs in rows for index in pairs})
    if not indices:
        raise DataError(f"{source.name} has labels but no values; open one that has.")
    columns = range(min(indices[0], 1), indices[-1] + 1)
    source.check_size(len(rows), len(columns) + 1)
    if len(rows) * len(columns) > _MOST_CELLS:
        raise DataError(f"{source.name} has more than {grouped(_MOST_CELLS)} cells; take a part of its rows.")
    cells: list[list[Cell]] = [[*(pairs.get(at, "0") for at in columns), label] for label, pairs in rows]
    return Grid(cells, Found(absent=True), (*(f"feature {at}" for at in columns), LABEL))


def _row(words: list[str], number: int, source: Source) -> tuple[str, dict[int, str]]:
    """The label and the values by index."""
    label, *rest = words
    if "," in label:
        raise DataError(
            f"Line {number} of {source.name} has several labels ({label}); leave one of them, "
            "as one class a row is learned."
        )
    pairs: dict[int, str] = {}
    for word in rest:
        index, colon, value = word.partition(":")
        if index == "qid" and colon:
            raise DataError(
                f"Line {number} of {source.name} belongs to a query (qid), for ranking; leave qid out."
            )
        if not (colon and index.isascii() and index.isdigit() and len(index) < 10 and value):
            raise DataError(
                f"Line {number} of {source.name} has {word!r} where index:value should be; mend it."
            )
        if int(index) in pairs:
            raise DataError(f"Line {number} of {source.name} has the index {index} twice; mend it.")
        pairs[int(index)] = value
    return label, pairs
