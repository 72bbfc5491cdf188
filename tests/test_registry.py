"""The table that every kind of thing stands in."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from bpviz.errors import BpvizError, UnknownNameError
from bpviz.registry import Registry


@dataclass(frozen=True)
class Fruit:
    name: str
    label: str


APPLE, PEAR = Fruit("apple", "Apple"), Fruit("pear", "Pear")
FRUITS = Registry("fruit", APPLE, PEAR)


def test_entries_are_found_by_name_in_their_order() -> None:
    assert list(FRUITS) == ["apple", "pear"]
    assert FRUITS["pear"] is PEAR
    assert FRUITS.get("pear") is PEAR


def test_an_unknown_name_is_a_sentence_with_the_nearest_one() -> None:
    with pytest.raises(BpvizError) as caught:
        _ = FRUITS["aple"]
    assert str(caught.value) == "There is no fruit named 'aple'; did you mean 'apple'?"
    with pytest.raises(UnknownNameError, match=r"choose one of apple, pear\.$"):
        _ = FRUITS["x"]


def test_a_table_answers_like_any_mapping_where_nothing_is() -> None:
    assert FRUITS.get("plum") is None
    assert "plum" not in FRUITS


def test_two_entries_of_one_name_are_a_fault_of_ours() -> None:
    with pytest.raises(ValueError, match="share a name"):
        Registry("fruit", APPLE, APPLE)
