"""Rows of a table that is held by columns."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpviz.data.rows import Rows
from bpviz.data.settings import Table

LINES = st.lists(st.tuples(st.sampled_from(["", "1", "2.50", "a"]), st.sampled_from(["x", "y", "é"])))


def ends(one: Sequence[object], other: Sequence[object]) -> tuple[int, int]:
    count = min(len(one), len(other))
    first = next((at for at in range(count) if one[at] != other[at]), count)
    rest = count - first
    return first, next((at for at in range(rest) if one[-1 - at] != other[-1 - at]), rest)


@given(LINES)
def test_a_table_gives_back_the_rows_it_was_made_of(lines: list[tuple[str, str]]) -> None:
    table = Table("t", ("a", "b"), tuple(lines))
    assert list(table.rows) == lines
    assert table.rows == tuple(lines)
    assert tuple(lines) == table.rows
    assert table == Table("t", ("a", "b"), list(lines))
    assert [table.rows[at] for at in range(len(lines))] == lines
    assert list(table.rows[1:]) == lines[1:]
    assert [list(column) for column in table.cells] == [[row[at] for row in lines] for at in (0, 1)]


@given(LINES, LINES)
def test_rows_come_one_below_the_other(above: list[tuple[str, str]], below: list[tuple[str, str]]) -> None:
    assert Rows.of(above, 2).followed_by(below) == above + below


@given(LINES, LINES, LINES)
def test_ends_are_compared_from_both_sides(
    one: list[tuple[str, str]], other: list[tuple[str, str]], shared: list[tuple[str, str]]
) -> None:
    for left, right in ((one, other), (shared + one, shared + other), (one + shared, other + shared)):
        assert Rows.of(left, 2).same_ends(Rows.of(right, 2)) == ends(left, right)


def test_rows_of_another_width_are_refused() -> None:
    with pytest.raises(ValueError, match="one width"):
        Table("t", ("a", "b"), (("1",),))
    with pytest.raises(ValueError, match="one length"):
        Rows([*Rows.of([("1",)], 1).cells, *Rows.of([], 1).cells])
