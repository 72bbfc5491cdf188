"""How a table was written is told from its text."""

from __future__ import annotations

import csv
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpviz.data.dialect import guess_decimal, guess_delimiter, guess_header, is_number, plain_number


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("a,b,c\n1,2,3\n", ","),
        ("a;b\n1,5;2,5\n3,4;1,1\n", ";"),
        ("1;2,5\n3;4,5\n", ";"),
        ("a\tb\n1,5\t2,5\n", "\t"),
        ("a|b\n1|2\n", "|"),
        ("x y\n1,5 2,5\n3 4\n", " "),
        ("x    y\n 1    2\n10   20\n", " "),
        ("name;age\nSmith, John;5\nDoe, Jane;6\n", ";"),
        ("name,age\nJohn Smith,5\nJane Doe,6\n", ","),
        ("when,v\n2021-01-01 12:00:00,5\n2021-01-02 12:00:00,6\n", ","),
        ('text,v\n"one; two; three",5\n"four; five; six",6\n', ","),
        ("only\n1\n2\n", ","),
        ("", ","),
    ],
)
def test_the_delimiter_is_the_one_that_makes_whole_cells(text: str, delimiter: str) -> None:
    assert guess_delimiter(text) == delimiter


@given(
    numbers=st.lists(st.lists(st.floats(-1e6, 1e6), min_size=3, max_size=3), min_size=2, max_size=20),
    delimiter=st.sampled_from(",;\t|"),
)
def test_a_table_of_numbers_gives_away_its_delimiter(numbers: list[list[float]], delimiter: str) -> None:
    text = StringIO()
    csv.writer(text, delimiter=delimiter).writerows(numbers)
    assert guess_delimiter(text.getvalue()) == delimiter


def test_a_large_table_is_judged_by_its_beginning() -> None:
    text = "a;b\n" + "1,5;2,5\n" * 200_000
    assert guess_delimiter(text) == ";"


@pytest.mark.parametrize(
    ("cells", "decimal"),
    [
        (["1.5", "2"], "."),
        (["1,5", "2"], ","),
        (["1", "2"], "."),
        (["1.234,5"], ","),
        (["1,234.5"], "."),
        (["1.234.567"], ","),
        (["1,234,567"], "."),
        (["1,234"], ","),
        (["1.234"], "."),
        (["1.234", "0,5"], ","),
        (["1,234", "0.5"], "."),
        (["Smith, John", "v1.2.3"], "."),
    ],
)
def test_the_decimal_sign_is_the_one_that_numbers_leave_no_doubt_about(
    cells: list[str], decimal: str
) -> None:
    assert guess_decimal([cells]) == decimal


@pytest.mark.parametrize(
    ("cell", "decimal", "number"),
    [
        ("1,5", ",", "1.5"),
        ("-1,5e-3", ",", "-1.5e-3"),
        ("1.234,5", ",", "1234.5"),
        ("1.234.567", ",", "1234567"),
        ("1,234.5", ".", "1234.5"),
        ("1,234", ".", "1234"),
        ("1.5", ",", "1.5"),
        ("0.125", ",", "0.125"),
        ("1,2,3", ",", "1,2,3"),
        ("12,34", ".", "12,34"),
        ("Smith, John", ",", "Smith, John"),
        ("1.2.2021", ",", "1.2.2021"),
    ],
)
def test_numbers_are_rewritten_with_a_point_and_other_cells_stay(
    cell: str, decimal: str, number: str
) -> None:
    assert plain_number(cell, decimal) == number


@given(value=st.floats(allow_nan=False, allow_infinity=False), grouped=st.booleans())
def test_any_number_survives_a_decimal_comma(value: float, grouped: bool) -> None:
    text = f"{value:,.4f}" if grouped and abs(value) < 1e15 else repr(value)
    german = text.translate(str.maketrans(",.", ".,"))
    assert is_number(german)
    assert float(plain_number(german, ",")) == float(text.replace(",", ""))


@pytest.mark.parametrize(
    ("rows", "header"),
    [
        ([["a", "b"], ["1", "2"]], True),
        ([["1", "2"], ["3", "4"]], False),
        ([["name", "city"], ["Bob", "Rome"]], True),
        ([["Bob", "Rome"], ["Ann", "Rome"]], False),
        ([["", "b"], ["1", "2"]], True),
        ([["alone", "here"]], True),
        ([["1", "2"]], False),
        ([["a", "1,5"], ["b", "2,5"]], False),
    ],
)
def test_a_header_has_no_number_and_is_unlike_its_rows(rows: list[list[str]], header: bool) -> None:
    assert guess_header(rows) is header
