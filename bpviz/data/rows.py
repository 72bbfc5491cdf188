"""The rows of a table that is held by columns: made one by one, when somebody asks for them."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import Final, TypeAlias, overload

import numpy as np

from bpviz.arrays import IntArray
from bpviz.data.cells import Cells, cells_of, joined

Row: TypeAlias = tuple[str, ...]
_AT_ONCE: Final = 4096  # rows that are made together when all are asked for
_numbers: Final = itertools.count()


class Rows(Sequence[Row]):
    """The rows of columns, each a tuple of texts; never changed.

    Args:
        cells: Columns of one length, from left to right.
        count: How many rows there are; without it as many as the first column has.
    """

    def __init__(self, cells: Sequence[Cells], count: int | None = None) -> None:
        self.cells = tuple(cells)
        self._count = (len(self.cells[0]) if self.cells else 0) if count is None else count
        if any(len(column) != self._count for column in self.cells):
            raise ValueError("columns of a table are of one length")
        self._alike = next(_numbers)  # the same for all that were found to be equal

    @classmethod
    def of(cls, rows: Sequence[Sequence[str]], width: int) -> Rows:
        """Hold rows by columns.

        Raises:
            ValueError: If a row has another width.
        """
        if any(len(row) != width for row in rows):
            raise ValueError("rows of a table are of one width")
        # Column by column: to turn all rows at once would take as much room again.
        return cls([cells_of(row[at] for row in rows) for at in range(width)], len(rows))

    def take(self, rows: IntArray) -> Rows:
        """These rows, in this order."""
        return Rows([column.take(rows) for column in self.cells], rows.size)

    def followed_by(self, rows: Sequence[Sequence[str]]) -> Rows:
        """These rows, and others of the same width below them."""
        below = rows if isinstance(rows, Rows) else Rows.of(rows, len(self.cells))
        columns = zip(self.cells, below.cells, strict=True)
        return Rows([joined(both) for both in columns], len(self) + len(below))

    def same_ends(self, other: Rows) -> tuple[int, int]:
        """How many rows at the beginning are those of other rows, and how many of the rest at the end."""
        count = min(len(self), len(other))
        first = _alike(self[:count], other[:count])
        rest = count - first
        last = _alike(self[len(self) - rest :], other[len(other) - rest :], backwards=True)
        return first, last

    @overload
    def __getitem__(self, at: int) -> Row: ...
    @overload
    def __getitem__(self, at: slice) -> Rows: ...
    def __getitem__(self, at: int | slice) -> Row | Rows:
        if isinstance(at, slice):
            first, end, step = at.indices(len(self))
            if (first, step) == (0, 1) and end == len(self):
                return self
            return self.take(np.arange(first, end, step))
        row = at + len(self) if at < 0 else at
        if not 0 <= row < len(self):
            raise IndexError(at)
        return tuple(column[row] for column in self.cells)

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Row]:
        for first in range(0, len(self), _AT_ONCE):
            end = min(first + _AT_ONCE, len(self))
            if self.cells:
                yield from zip(*(column.texts(first, end) for column in self.cells), strict=True)
            else:
                yield from [()] * (end - first)

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        if isinstance(other, Rows):
            return self._alike == other._alike or self._found_alike(other)
        if isinstance(other, tuple | list):
            return len(self) == len(other) and all(a == b for a, b in zip(self, other, strict=True))
        return NotImplemented

    def _found_alike(self, other: Rows) -> bool:
        """Compare the cells; where all are equal, never again.

        A file that was opened twice is looked up in what is known of its table, many times at every edit.
        """
        alike = len(self) == len(other) and len(self.cells) == len(other.cells)
        found = alike and all(a == b for a, b in zip(self.cells, other.cells, strict=True))
        if found:
            self._alike = other._alike = min(self._alike, other._alike)
        return found

    def __reduce__(self) -> tuple[type[Rows], tuple[tuple[Cells, ...], int]]:
        """Leave out what is known to be alike: in another process it would mean others."""
        return Rows, (self.cells, self._count)

    __hash__ = None  # type: ignore[assignment]  # a table has its own

    def __repr__(self) -> str:
        shown = ", ".join(map(repr, self[:3]))
        return f"({shown}{', ...' if len(self) > 3 else ''})"


def _alike(one: Rows, other: Rows, *, backwards: bool = False) -> int:
    """How many rows are the same before the first that differs; backwards, behind the last."""
    found = np.ones(len(one), dtype=np.bool_)
    for own, others in zip(one.cells, other.cells, strict=True):
        if own is not others:
            found &= own.same(others)
    differ = np.flatnonzero(~(found[::-1] if backwards else found))
    return int(differ[0]) if differ.size else len(one)
