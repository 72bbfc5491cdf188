"""One column of a `bpviz.data.sheet.Sheet`: an array of numbers, or a list of texts."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Literal, TypeAlias

import numpy as np

from bpviz import typed
from bpviz.arrays import Array, IntArray
from bpviz.data.cells import Cells, Counted, cells_of, joined
from bpviz.errors import DataError, SettingError

Role: TypeAlias = Literal["input", "target", "note"]
"""What a column is for; a note is a text that nothing is learned from."""


@dataclass(slots=True, eq=False)
class SheetColumn:
    """One column.

    Attributes:
        name: In its header.
        role: What it is for.
        numbers: (rows,), NaN where nothing stands; None for a column of texts.
        texts: One a row; empty for a column of numbers.
        strays: By row: what stands in a column of numbers and is none.
        source: The cells of the table that it was laid out from, picked as the rows were.
        edits: By row: what was written there since.
    """

    name: str
    role: Role
    numbers: Array | None = None
    texts: list[str] = field(default_factory=list)
    strays: dict[int, str] = field(default_factory=dict)
    source: Cells | None = None
    edits: dict[int, str] = field(default_factory=dict)

    @classmethod
    def of(cls, name: str, role: Role, texts: Iterable[str], *, numeric: bool) -> SheetColumn:
        """Make a column of what stands in its cells."""
        cells = list(texts)
        column = cls(name, role, np.full(len(cells), np.nan)) if numeric else cls(name, role, None, cells)
        if numeric:
            for row, text in enumerate(cells):
                column.write(row, text)
        return column

    def text(self, row: int) -> str:
        """What stands in a cell."""
        if self.numbers is None:
            return self.texts[row]
        return self.strays[row] if row in self.strays else written(float(self.numbers[row]))

    def cells(self) -> list[str]:
        """What stands in all cells."""
        if self.numbers is None:
            return list(self.texts)
        cells = [written(value) for value in self.numbers.tolist()]
        for row, text in self.strays.items():
            cells[row] = text
        return cells

    def held(self) -> Cells:
        """The same, to be kept in a table; what nobody edited is written as it was."""
        if self.source is not None:
            self.source, self.edits = self.source.replaced(self.edits), {}
            return self.source
        if self.numbers is None or self.strays or np.isinf(self.numbers).any():
            return cells_of(self.cells())
        return Counted(self.numbers.copy(), written)

    def write(self, row: int, text: str) -> None:
        """Let a text stand in a cell, as the number that it means where it means one."""
        text = text.strip()
        if self.numbers is None:
            self.texts[row] = text
        else:
            self._write_number(row, text)
        if self.source is not None:
            self.edits[row] = self.text(row)

    def _write_number(self, row: int, text: str) -> None:
        assert self.numbers is not None
        self.strays.pop(row, None)
        self.numbers[row] = np.nan
        if text:
            try:
                self.numbers[row] = typed.number(text)
            except SettingError:
                self.strays[row] = text

    def pick(self, rows: IntArray) -> SheetColumn:
        """The column with these rows alone, in this order; -1 is an empty one."""
        source = None
        if self.source is not None:
            whole = joined([self.held(), cells_of([""])])
            source = whole.take(np.where(rows < 0, len(whole) - 1, rows))
        if self.numbers is None:
            texts = [*self.texts, ""]  # -1 takes the last
            return replace(self, texts=[texts[row] for row in rows.tolist()], source=source, edits={})
        numbers = np.append(self.numbers, np.nan)[rows]
        old = enumerate(rows.tolist()) if self.strays else ()
        strays = {at: self.strays[row] for at, row in old if row in self.strays}
        return replace(self, numbers=numbers, strays=strays, source=source, edits={})


def written(value: float) -> str:
    """Write a number so that it reads back as the same; nothing for NaN."""
    if math.isnan(value):
        return ""
    return repr(value).removesuffix(".0")


def first_empty(column: SheetColumn) -> int:
    """The first row in which nothing stands; -1 if there is none."""
    if column.numbers is None:
        return column.texts.index("") if "" in column.texts else -1
    empty = np.flatnonzero(np.isnan(column.numbers))
    return next((row for row in empty.tolist() if row not in column.strays), -1)


def check_pasted(column: SheetColumn, cell: str, row: int) -> None:
    """Refuse what can't stand in a column.

    Raises:
        DataError: With the row of what was pasted.
    """
    if column.numbers is None or not cell:
        return
    try:
        typed.number(cell)
    except SettingError as error:
        raise DataError(f"Row {row} of what was pasted, for {column.name}: {error}") from None


def is_number(text: str) -> bool:
    """Whether a text is a number as people type it."""
    try:
        typed.number(text)
    except SettingError:
        return False
    return True
