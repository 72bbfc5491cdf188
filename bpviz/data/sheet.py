"""Examples as they are entered: a `Sheet` of columns, which may hold what is not finished yet.

A column of numbers is an array, with NaN where nothing stands and aside the few texts that are no numbers
yet; a column of classes or of notes is a list of texts.  Nothing is refused while it is typed: `first_fault`
says what has to be mended before the sheet can be used, and `settings` makes data of it.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from dataclasses import replace
from typing import Literal

import numpy as np

from bpviz import typed
from bpviz.arrays import IntArray
from bpviz.data.column import columns_of
from bpviz.data.columns import table_facts
from bpviz.data.dataset import Dataset
from bpviz.data.inputs import inputs_of
from bpviz.data.missing_words import kept_gaps
from bpviz.data.rows import Rows
from bpviz.data.settings import Choices, DataSettings, Table
from bpviz.data.sheet_column import Role, SheetColumn, check_pasted, first_empty, is_number
from bpviz.data.tables import MOST_COLUMNS, MOST_ROWS
from bpviz.errors import DataError, SettingError, counted, grouped, listed


class Sheet:
    """Columns of examples, to be changed.

    Attributes:
        name: What the table will be called.
        columns: From left to right.
        declared: All classes in their order; empty for those that stand in the rows.
    """

    def __init__(self, name: str, columns: Iterable[SheetColumn], declared: Sequence[str] = ()) -> None:
        self.name = name
        self.columns = list(columns)
        self.declared = tuple(declared)
        self._first_names: dict[str, str] = {}

    @property
    def rows(self) -> int:
        """How many examples there are."""
        if not self.columns:
            return 0
        first = self.columns[0]
        return len(first.texts) if first.numbers is None else len(first.numbers)

    @property
    def targets(self) -> list[SheetColumn]:
        """The columns to learn."""
        return [column for column in self.columns if column.role == "target"]

    @property
    def has_classes(self) -> bool:
        """Whether a class is learned, not numbers."""
        return any(column.numbers is None for column in self.targets)

    def write(self, row: int, column: int, text: str) -> None:
        """Let a text stand in a cell."""
        self.columns[column].write(row, text)

    def insert_rows(self, at: int, count: int = 1) -> None:
        """Make room for more examples."""
        if self.rows + count > MOST_ROWS:
            raise DataError(f"A table can't have more than {grouped(MOST_ROWS)} rows; leave some out.")
        self._pick(np.insert(np.arange(self.rows), at, np.full(count, -1)))

    def remove_rows(self, rows: Iterable[int]) -> None:
        """Take examples away."""
        self._pick(np.setdiff1d(np.arange(self.rows), np.array([*rows], dtype=np.int64)))

    def add_column(self, role: Role) -> int:
        """Append an input after the inputs, or a target after the targets; returns its place.

        Raises:
            DataError: If there would be too many, or several targets while a class is learned.
        """
        if len(self.columns) >= MOST_COLUMNS:
            raise DataError(f"A table can't have more than {grouped(MOST_COLUMNS)} columns.")
        if role == "target" and self.has_classes:
            raise DataError("A class is one target; let the targets be numbers to learn several.")
        alike = [at for at, column in enumerate(self.columns) if column.role == role]
        last_input = max((at for at, c in enumerate(self.columns) if c.role == "input"), default=-1)
        place = max(alike, default=last_input) + 1
        self.columns.insert(place, SheetColumn(self._free_name(role), role, np.full(self.rows, np.nan)))
        return place

    def remove_column(self, column: int) -> None:
        """Take a column away.

        Raises:
            DataError: If it is the last input or the last target.
        """
        role = self.columns[column].role
        if role != "note" and sum(other.role == role for other in self.columns) == 1:
            raise DataError(f"This is the only {role}; a network needs one.")
        del self.columns[column]

    def rename(self, column: int, name: str) -> None:
        """Give a column another name.

        Raises:
            DataError: If it is empty or another column's.
        """
        name = name.strip()
        if not name:
            raise DataError("A column needs a name.")
        if any(other.name == name for at, other in enumerate(self.columns) if at != column):
            raise DataError(f"Another column is called {name!r}; give each its own name.")
        self._call(self.columns[column], name)

    def _call(self, column: SheetColumn, name: str) -> None:
        """Rename a column; what was chosen for it follows."""
        first = self._first_names.pop(column.name, column.name)
        column.name = name
        self._first_names[name] = first

    def learn_classes(self, *, classes: bool) -> None:
        """Take the target as a class, or as a number.

        Raises:
            DataError: If there are several targets and a class is wanted.
        """
        targets = self.targets
        if classes and len(targets) > 1:
            raise DataError("A class is one target; delete the others first.")
        for at, column in enumerate(self.columns):
            if column.role == "target" and (column.numbers is None) != classes:
                self.columns[at] = SheetColumn.of(column.name, "target", column.cells(), numeric=not classes)
        if not classes:
            self.declared = ()

    def paste(self, row: int, column: int, text: str) -> tuple[int, int]:
        """Write a pasted block, from a cell on to the right and down; all of it or nothing.

        Rows are added as needed.  A first row of names goes into the header, if the block begins at the top.

        Returns:
            How many rows and columns were written.

        Raises:
            BpvizError: If it is ragged, too wide, or a cell that must be a number is none.
        """
        room = len(self.columns) - column
        block = typed.block(text, room)
        width = len(block[0])
        if width > room:
            raise DataError(
                f"What was pasted is {counted(width, 'column')} wide, but from here on there "
                f"{'is' if room == 1 else 'are'} {room}; add columns first, or paste further left."
            )
        into = self.columns[column : column + width]
        names = block.pop(0) if row == 0 and len(block) > 1 and self._is_header(block[0], into) else []
        for at, cells in enumerate(block, start=1):
            for target, cell in zip(into, cells, strict=True):
                check_pasted(target, cell, at + bool(names))
        if row + len(block) > self.rows:
            self.insert_rows(self.rows, row + len(block) - self.rows)
        for at, cells in enumerate(block, start=row):
            for target, cell in zip(self.columns[column : column + width], cells, strict=True):
                target.write(at, cell)
        for at, name in enumerate(names, start=column):
            self._call(self.columns[at], name)
        return len(block), width

    def _is_header(self, cells: Sequence[str], into: Sequence[SheetColumn]) -> bool:
        """Whether the first row of a block names its columns, and could."""
        others = {column.name for column in self.columns} - {column.name for column in into}
        some = any(column.numbers is not None for column in into)
        worded = all(cell and not is_number(cell) for cell in cells)
        return some and worded and len({*cells, *others}) == len(cells) + len(others)

    def first_fault(
        self, *, drop_missing: bool = False, filled: Container[str] = ()
    ) -> tuple[int, int, str] | None:
        """Find what has to be mended first.

        Args:
            drop_missing: Rows that lack a value are left out, so they are no fault.
            filled: Columns, by their names, whose missing values are filled in.

        Returns:
            Row, column and a sentence; row -1 is the header, column -1 the whole sheet; None if all is well.
        """
        if not self.rows:
            return -1, -1, "There is no example yet; add a row."
        for at, column in enumerate(self.columns):
            if column.strays:
                row = min(column.strays)
                return row, at, f"Row {row + 1}, {column.name}: {self.fault(row, at)}"
        for at, column in enumerate(self.columns):
            may_lack = drop_missing or column.role == "note" or column.name in filled
            row = -1 if may_lack else first_empty(column)
            if row >= 0:
                return row, at, f"Row {row + 1}, {column.name}: fill this cell in, or delete the row."
        for at, column in enumerate(self.columns):
            row = self._first_undeclared(column)
            if row >= 0:
                return row, at, f"Row {row + 1}, {column.name}: {self.fault(row, at)}"
        return self._class_fault()

    def fault(self, row: int, column: int) -> str:
        """Say what is wrong with a cell; empty if nothing is."""
        one = self.columns[column]
        if row in one.strays:
            try:
                typed.number(one.strays[row])
            except SettingError as error:
                return str(error)
        if self.declared and one.role == "target" and not self._is_declared(one.text(row)):
            return f"“{one.text(row)}” is none of the classes {listed(self.declared)}; correct or declare it."
        return ""

    def table(self) -> Table:
        """The cells as a table of the user's own."""
        rows = Rows([column.held() for column in self.columns])
        return Table(self.name, tuple(column.name for column in self.columns), rows)

    def settings(self, before: DataSettings) -> DataSettings:
        """Make data of it, with the split and the scaling of other data.

        Raises:
            DataError: If something has to be mended first.
        """
        fills = self.followed(before.fills)
        fault = self.first_fault(drop_missing=before.drop_missing, filled=dict(fills))
        if fault is not None:
            raise DataError(fault[2])
        table = self.table()
        if before.table is not None and before.table.gaps:
            table = replace(table, gaps=kept_gaps(before.table, table, self._were_called))
        return replace(
            before,
            source="table",
            table=table,
            targets=self._target_names,
            target_kind=self._kind(table, before.target_kind),
            classes=self.declared,
            uses=self.followed(before.uses),
            fills=fills,
        )

    def followed(self, choices: Choices) -> Choices:
        """What was chosen for columns, under the names that they have now."""
        chosen = dict(choices)
        return tuple((name, chosen[first]) for name, first in self._were_called.items() if first in chosen)

    @property
    def _were_called(self) -> dict[str, str]:
        """By the name of a column, the one that it had at first."""
        return {column.name: self._first_names.get(column.name, column.name) for column in self.columns}

    @property
    def _target_names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.targets)

    def _kind(
        self, table: Table, before: Literal["auto", "class", "number"]
    ) -> Literal["auto", "class", "number"]:
        """The kind of target that stood there before, if these values still mean the same by it."""
        wanted: Literal["class", "number"] = "class" if self.has_classes else "number"
        if before != "auto":
            return wanted
        try:
            guessed = table_facts(table, self._target_names, before, self.declared).task
        except DataError:
            return wanted
        return before if guessed == wanted else wanted

    def _class_fault(self) -> tuple[int, int, str] | None:
        """Say what is wrong with the classes, if it is no single cell."""
        if not self.has_classes:
            return None
        target = self.targets[0]
        # The different ones alone tell, and are few.
        few = Table(self.name, (target.name,), tuple((text,) for text in sorted(set(target.texts))))
        try:
            table_facts(few, few.columns, "class", self.declared)
        except DataError as error:
            return -1, self.columns.index(target), str(error)
        return None

    def _first_undeclared(self, column: SheetColumn) -> int:
        if not self.declared or column.role != "target" or column.numbers is not None:
            return -1
        wrong = {text for text in set(column.texts) if text and not self._is_declared(text)}
        return next((row for row, text in enumerate(column.texts) if text in wrong), -1) if wrong else -1

    def _is_declared(self, text: str) -> bool:
        """Whether a cell holds a declared class; 1.0 is the class 1."""
        if not text or text in self.declared:
            return True
        return is_number(text) and any(
            is_number(name) and typed.number(name) == typed.number(text) for name in self.declared
        )

    def _pick(self, rows: IntArray) -> None:
        self.columns = [column.pick(rows) for column in self.columns]

    def _free_name(self, role: Role) -> str:
        stem = "x" if role == "input" else "y"
        taken = {column.name for column in self.columns}
        number = sum(column.role == role for column in self.columns) + 1
        while f"{stem}{number}" in taken:
            number += 1
        return f"{stem}{number}"


def sheet_of_table(settings: DataSettings) -> Sheet:
    """Lay out the user's own table.

    Raises:
        DataError: If it can't be learned from as it is.
    """
    table = settings.table
    if table is None:
        raise DataError("There is no table yet; open a file of data or choose a data set.")
    known = table_facts(table, settings.targets, settings.target_kind, settings.classes, settings.uses)
    uses = dict(settings.uses)
    learned_from = {one.column for one in inputs_of(table, settings.targets, settings.uses)}
    columns = []
    for column in columns_of(table).values():
        target = column.name in settings.targets
        out = not target and uses.get(column.name) == "out"
        numeric = known.classes is None if target else column.is_numeric and not out
        learned = numeric or column.name in learned_from
        role: Role = "target" if target else "input" if learned else "note"
        if numeric:
            strays = {row: column.cells[row] for row in column.strays.tolist()}
            columns.append(
                SheetColumn(column.name, role, column.values.copy(), strays=strays, source=column.cells)
            )
        else:
            columns.append(SheetColumn(column.name, role, None, list(column.cells), source=column.cells))
    return Sheet(table.name, columns, settings.classes)


def sheet_of_dataset(dataset: Dataset, name: str) -> Sheet:
    """Lay out examples that were drawn or came along."""
    columns = [
        SheetColumn(column, "input", dataset.inputs[:, at].copy())
        for at, column in enumerate(dataset.columns)
    ]
    if dataset.labels is not None and dataset.classes is not None:
        names = [dataset.classes[label] for label in dataset.labels.tolist()]
        target = _apart(dataset.target_names[0], dataset.columns)
        return Sheet(name, [*columns, SheetColumn(target, "target", None, names)], dataset.classes)
    assert dataset.targets is not None, "data are classes or numbers"
    for at, target in enumerate(dataset.target_names):
        columns.append(SheetColumn(_apart(target, dataset.columns), "target", dataset.targets[:, at].copy()))
    return Sheet(name, columns)


def empty_sheet(name: str, inputs: Sequence[str], targets: Sequence[str]) -> Sheet:
    """Lay out one example with nothing in it yet."""
    columns = [SheetColumn(column, "input", np.full(1, np.nan)) for column in inputs]
    for target in targets:
        taken = [column.name for column in columns]
        columns.append(SheetColumn(_apart(target, taken), "target", np.full(1, np.nan)))
    return Sheet(name, columns)


def _apart(name: str, taken: Sequence[str]) -> str:
    """A target's name, which no input may have."""
    while name in taken:
        name = f"{name}'"
    return name
