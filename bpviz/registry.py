"""`Registry`: a read-only table of named entries.

Activations, losses, data sets, plots, exporters, ...: every kind of thing in
bpviz is one such table.  To add a thing is to add an entry; menus, files, the
command line, the help and the tests follow from the table.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Protocol, TypeVar

from bpviz.errors import UnknownNameError


class Named(Protocol):
    """What an entry needs: its key in files, and what menus show."""

    @property
    def name(self) -> str: ...
    @property
    def label(self) -> str: ...


E = TypeVar("E", bound=Named)


class Registry(Mapping[str, E]):
    """Entries by name, in the order menus show them.

    Raises:
        UnknownNameError: On subscription with a name that is not there; the
            sentence suggests the nearest one.
        ValueError: If two entries share a name (a fault of ours, not the user's).
    """

    def __init__(self, kind: str, *entries: E) -> None:
        self.kind = kind
        self._entries = {entry.name: entry for entry in entries}
        if len(self._entries) != len(entries):
            raise ValueError(f"two entries of the table of {kind}s share a name")

    def __getitem__(self, name: str) -> E:
        try:
            return self._entries[name]
        except (KeyError, TypeError):
            raise UnknownNameError(self.kind, str(name), self._entries) from None

    def __contains__(self, name: object) -> bool:
        return name in self._entries

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def __repr__(self) -> str:
        return f"Registry({self.kind!r}: {', '.join(self._entries)})"
