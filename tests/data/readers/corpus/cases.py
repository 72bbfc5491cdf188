"""Small files as people have them: what is read of each and said of it, or the sentence that refuses it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

AB: Final = (("a", "b"), (("1", "2"), ("3", "4")))
KINDS: Final = (("x", "kind"), (("1.5", "u"), ("2", "v"), ("3", "u")))


@dataclass(frozen=True, slots=True)
class Case:
    """A file.

    Attributes:
        kind: What it is an example of.
        name: Of the file.
        content: Its bytes; a text is written in UTF-8.
        columns: Names that are read.
        rows: Cells that are read.
        said: Parts of the message, all that is out of the ordinary; "" must be all of it.
        refused: Part of the sentence that refuses it, from behind its name on; then nothing is read.
        choices: What the user says.
        beside: Other files in its folder.
    """

    kind: str
    name: str
    content: bytes
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    said: tuple[str, ...] = ()
    refused: str = ""
    choices: Mapping[str, Any] = field(default_factory=dict)
    beside: Mapping[str, bytes] = field(default_factory=dict)


def _bytes(content: str | bytes) -> bytes:
    return content.encode() if isinstance(content, str) else content


def right(
    kind: str,
    content: str | bytes,
    read: tuple[Sequence[str], Sequence[Sequence[str]]],
    *said: str,
    name: str = "t.csv",
    beside: Mapping[str, bytes] | None = None,
    **choices: Any,
) -> Case:
    """A file that is read so."""
    rows = tuple(map(tuple, read[1]))
    return Case(kind, name, _bytes(content), tuple(read[0]), rows, said, "", choices, beside or {})


def wrong(kind: str, content: str | bytes, refused: str, name: str = "t.csv", **choices: Any) -> Case:
    """A file that is refused so."""
    return Case(kind, name, _bytes(content), refused=refused, choices=choices)
