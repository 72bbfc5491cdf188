"""Fields of the same name are copied, whichever way a class takes them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec
import pytest

from bpviz.files.fields import copied


@dataclass(frozen=True, slots=True)
class _Value:
    first: int
    second: str = "b"
    third: tuple[int, ...] = ()


class _Turned(msgspec.Struct):
    third: tuple[int, ...]
    second: str
    first: int


class _ByName(msgspec.Struct, kw_only=True):
    first: int = 0
    second: str = ""


class _One(msgspec.Struct):
    second: str


@pytest.mark.parametrize("kind", [_Value, _Turned, _ByName, _One])
def test_all_fields_of_a_class_come_from_those_of_the_same_name(kind: type) -> None:
    value = _Value(3, "x", (1, 2))
    made: Any = copied(value, kind)
    assert type(made) is kind
    for name in _names(kind):
        assert getattr(made, name) == getattr(value, name)


@pytest.mark.parametrize("kind", [_Value, _Turned, _ByName, _One])
def test_others_stand_in_place_of_them(kind: type) -> None:
    made: Any = copied(_Value(3, "x", (1, 2)), kind, second="other")
    assert made.second == "other"
    for name in set(_names(kind)) - {"second"}:
        assert getattr(made, name) == {"first": 3, "third": (1, 2)}[name]


def _names(kind: type) -> tuple[str, ...]:
    return tuple(kind.__annotations__)
