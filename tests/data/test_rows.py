"""Rows of a table that is held by columns."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpviz.data.cells import Cells
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


def test_what_rows_are_alike_stays_in_its_process() -> None:
    rows = Rows.of([("1",)], 1)
    other = Rows.of([("2",)], 1)
    assert copy.copy(rows) == rows
    again = pickle.loads(pickle.dumps(rows))  # noqa: S301 - our own
    again_other = pickle.loads(pickle.dumps(other))  # noqa: S301 - our own
    assert again == rows
    assert again_other != rows


def test_rows_found_alike_are_not_compared_again(monkeypatch: pytest.MonkeyPatch) -> None:
    # A file opened twice is asked for what is known of its table many times at every edit.
    lines = [("1", "x"), ("2", "y")]
    one, other, third = (Rows.of(lines, 2) for _ in range(3))
    different = Rows.of([("1", "x"), ("3", "y")], 2)
    compared: list[Cells] = []
    compare = Cells.__eq__

    def counted(self: Cells, to: object) -> bool:
        compared.append(self)
        return compare(self, to)

    monkeypatch.setattr(Cells, "__eq__", counted)
    assert one == other
    assert other == third
    assert len(compared) == 4
    assert one == third
    assert other == one
    assert len(compared) == 4
    assert one != different
    assert different != third
    assert one != different
