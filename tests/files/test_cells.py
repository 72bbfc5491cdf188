"""A table of names and numbers can be opened in a spreadsheet without harm and read back."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpviz.data.rows import Rows
from bpviz.files.cells import export_bytes, held_bytes, table_bytes

FORMULAS = ("=1+1", "+cmd", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "-", "--1", "+", "-1_0")


def rows_of(content: bytes, delimiter: str = ",") -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode(), newline=""), delimiter=delimiter))


@pytest.mark.parametrize("name", FORMULAS)
def test_a_name_that_a_spreadsheet_would_run_is_made_harmless(name: str) -> None:
    assert rows_of(export_bytes([(name, "b"), ("c", name)])) == [[f"'{name}", "b"], ["c", f"'{name}"]]


@pytest.mark.parametrize("name", ["-1", "+2.5", "-1e-3", "-inf", "a=b", "a-b", " =1", "größe", ""])
def test_numbers_and_other_names_stay(name: str) -> None:
    assert rows_of(export_bytes([(name, "b")])) == [[name, "b"]]


def test_a_name_with_a_formula_behind_another_delimiter_stays_one_cell() -> None:
    content = export_bytes([("a;=1+1", 0.5), ("b\t@x", -1)])
    assert rows_of(content, ";") == [["a;=1+1,0.5"], ["b\t@x,-1"]]


@given(st.lists(st.floats(), min_size=1))
def test_numbers_read_back_as_the_same_bits_and_missing_ones_as_nothing(numbers: list[float]) -> None:
    (row,) = rows_of(export_bytes([(*numbers, "end")]))
    assert [float(cell) for cell in row[:-1] if cell] == [number for number in numbers if number == number]


@given(st.lists(st.lists(st.text(st.characters()), min_size=2, max_size=2), min_size=1))
def test_any_names_come_back_in_their_cells(rows: list[list[str]]) -> None:
    found = rows_of(export_bytes(rows))
    assert [len(row) for row in found] == [2] * len(rows)
    for texts, row in zip(rows, found, strict=True):
        for text, cell in zip(texts, row, strict=True):
            assert cell.removeprefix("'") == text.encode("utf-8", "xmlcharrefreplace").decode().removeprefix(
                "'"
            )


def test_the_same_half_letters_are_written_in_every_part() -> None:
    assert export_bytes([("a\ud800", 1)]) == b"a&#55296;,1\n"


@given(
    st.integers(1, 3).flatmap(
        lambda width: st.lists(
            st.lists(
                st.one_of(st.text(alphabet=',;"\n\r\t| a1.é\0', max_size=3), st.integers().map(str)),
                min_size=width,
                max_size=width,
            ),
            min_size=1,
            max_size=8,
        )
    )
)
def test_a_table_held_by_columns_is_written_as_its_rows_are(rows: list[list[str]]) -> None:
    assert held_bytes(rows[0], Rows.of(rows[1:], len(rows[0]))) == table_bytes(rows)
