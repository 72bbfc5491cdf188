"""Examples that a run learned from before its table was edited: ``earlier.json`` of a project file.

Each table is told by what differs from the one before it in the list, the first by what differs from
``data.csv``: points drawn one by one into a large table cost a row each, not a table each.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Annotated, Final, TypeAlias

import msgspec

from bpviz.arrays import Array
from bpviz.data.rows import Rows
from bpviz.data.settings import DataSettings, Table
from bpviz.files import schema
from bpviz.files.archive import DamageError
from bpviz.files.starts import NO_STARTS, Blocks
from bpviz.model.checks import check_data

_MOST_ROWS: Final = 20_000_000
"""Of all tables together: a row that stands once in the file has a place in the memory for each."""

_Count: TypeAlias = Annotated[int, msgspec.Meta(ge=0)]


class EarlierDocument(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """`DataSettings` of before, with the table of the user's own if they had one.

    Attributes:
        data: The settings, and the table's name.
        columns: Of the table.
        first: So many of its first rows are those of the table before it in the list.
        last: So many of its last rows likewise.
        rows: What stands between them.
    """

    data: schema.DataDocument
    columns: list[str] = []
    first: _Count = 0
    last: _Count = 0
    rows: list[list[str]] = []


class EarlierData:
    """Collects the data of projects that a run followed, while a file is written.

    Attributes:
        blocks: Collects likewise the start values that stand as arrays.

    Args:
        present: What the project learns from now, which stands elsewhere in the file.
    """

    def __init__(self, present: DataSettings) -> None:
        self._present = present
        self.blocks = Blocks()
        self._settings: list[DataSettings] = []
        self._places: dict[tuple[int, DataSettings], int] = {}

    def place(self, data: DataSettings) -> int | None:
        """Where in the list some data stand; None for the present ones."""
        if data.table is self._present.table and _bare(data) == _bare(self._present):
            return None
        # Tables by their identity: to compare rows takes long, and one twice is no harm.
        key = (id(data.table), _bare(data))
        if key not in self._places:
            self._places[key] = len(self._settings)
            self._settings.append(data)
        return self._places[key]

    def documents(self) -> list[EarlierDocument]:
        """The whole list."""
        found, before = [], self._present.table
        for data in self._settings:
            found.append(_document(data, before))
            before = data.table or before
        return found


@dataclass(frozen=True, slots=True)
class KnownData:
    """All data that a file tells of.

    Attributes:
        present: What the project learns from.
        earlier: What its run learned from before, in the order of the file.
        starts: Start values that stand as arrays, by name.
    """

    present: DataSettings
    earlier: tuple[DataSettings, ...] = ()
    starts: Mapping[str, Array] = field(default_factory=dict)

    @classmethod
    def read(
        cls,
        documents: Sequence[EarlierDocument],
        present: DataSettings,
        starts: Mapping[str, Array] = NO_STARTS,
    ) -> KnownData:
        """Read ``earlier.json``.

        Raises:
            DamageError: If a table is none, or takes rows from where there are none.
            BpvizError: If data can't be learned from.
        """
        found: list[DataSettings] = []
        before, rows = present.table, 0
        for document in documents:
            table = None if document.data.table is None else _table(document, before)
            data = schema.to_data(document.data, table)
            check_data(data)
            found.append(data)
            before = table or before
            rows += 0 if table is None else len(table.rows)
            if rows > _MOST_ROWS:
                raise DamageError("its earlier.json tells of more examples than there is room for")
        return cls(present, tuple(found), starts)

    def at(self, place: int | None) -> DataSettings:
        """The data at a place; None is that of the present ones.

        Raises:
            DamageError: If there are none.
        """
        if place is None:
            return self.present
        if place >= len(self.earlier):
            raise DamageError("its events.json names examples that its earlier.json does not hold")
        return self.earlier[place]


def _bare(data: DataSettings) -> DataSettings:
    return replace(data, table=None)


def _document(data: DataSettings, before: Table | None) -> EarlierDocument:
    table = data.table
    if table is None:
        return EarlierDocument(schema.data_document(data))
    known = _known(before, table.columns)
    first, last = known.same_ends(table.held)
    between = table.held[first : len(table.held) - last]
    return EarlierDocument(
        schema.data_document(data), list(table.columns), first, last, [list(row) for row in between]
    )


def _table(document: EarlierDocument, before: Table | None) -> Table:
    columns, first, last = tuple(document.columns), document.first, document.last
    known = _known(before, columns)
    if first + last > len(known):
        raise DamageError("its earlier.json takes rows from where there are none")
    if len(set(columns)) != len(columns) or any(len(row) != len(columns) for row in document.rows):
        raise DamageError("its earlier.json holds what is no table")
    rows = known[:first].followed_by(document.rows).followed_by(known[len(known) - last :])
    return Table(document.data.table or "", columns, rows)


def _known(before: Table | None, columns: Sequence[str]) -> Rows:
    """The rows that others are compared with: none where the columns are others."""
    if before is not None and before.columns == tuple(columns):
        return before.held
    return Rows.of((), len(columns))
