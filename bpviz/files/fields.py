"""Between the values of bpviz and the structs of its files: fields of the same name are copied.

What is the same on both sides is named once, in the two classes; a caller only spells out what differs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from functools import cache
from inspect import signature
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
    in_order = None if others else _reader(cast("Any", kind))
    if in_order is not None:  # as for every node, of which there are thousands
        return kind(*in_order(source))
    names = _names(cast("Any", kind))
    return kind(**{name: getattr(source, name) for name in names if name not in others}, **others)


@cache
def _reader(kind: type) -> Callable[[object], tuple[Any, ...]] | None:
    """Reads all fields of a class from anything at once, in the order it takes them; None if by name."""
    names, taken = _names(kind), signature(kind).parameters
    by_name = any(one.kind is not one.POSITIONAL_OR_KEYWORD for one in taken.values())
    return attrgetter(*names) if len(names) > 1 and names == tuple(taken) and not by_name else None


@cache
def _names(kind: type) -> tuple[str, ...]:
    """The fields of a class; of hundreds of thousands of weights the class is the same."""
    return tuple(getattr(kind, "__struct_fields__", None) or (field.name for field in fields(kind)))
