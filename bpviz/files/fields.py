"""Between the values of bpviz and the structs of its files: fields of the same name are copied.

What is the same on both sides is named once, in the two classes; a caller only spells out what differs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from functools import cache
from operator import attrgetter
from typing import Any, TypeVar, cast

T = TypeVar("T")


def copied(source: object, kind: type[T], **others: Any) -> T:
    """Make a value of another class, with all its fields from the attributes of the same name.

    Args:
        source: A dataclass or a struct.
        kind: The dataclass or struct to make.
        **others: The fields whose values are not those of `source`.
    """
    names = _names(cast("Any", kind))
    if not others and len(names) > 1:  # as for every node, of which there are thousands
        return kind(**dict(zip(names, _reader(names)(source), strict=True)))
    return kind(**{name: getattr(source, name) for name in names if name not in others}, **others)


@cache
def _reader(names: tuple[str, ...]) -> Callable[[object], tuple[Any, ...]]:
    """Reads these attributes of anything at once."""
    return attrgetter(*names)


@cache
def _names(kind: type) -> tuple[str, ...]:
    """The fields of a class; of hundreds of thousands of weights the class is the same."""
    return tuple(getattr(kind, "__struct_fields__", None) or (field.name for field in fields(kind)))
