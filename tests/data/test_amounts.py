"""Decorated numbers are read by the whole column, or not at all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpviz.data.amounts import read_amounts


def read(*cells: str, decimal: str = ".") -> list[str] | None:
    found = read_amounts(cells, decimal)
    return None if found is None else [found.numbers[cell] for cell in cells]


@pytest.mark.parametrize(
    ("cells", "numbers"),
    [
        (("$1.50", "$20", "-$3.25", "$-4"), ["1.50", "20", "-3.25", "-4"]),
        (("1,234.50", "12", "1,234,567"), ["1234.50", "12", "1234567"]),
        (("12,34,567", "1,00,000", "999"), ["1234567", "100000", "999"]),
        (("1'234.5", "12\u2019345", "7"), ["1234.5", "12345", "7"]),
        (("1\u202f234", "1\u00a0234\u2009567", "5.5"), ["1234", "1234567", "5.5"]),
        (("\u22125", "3.5", "\u22120.25"), ["-5", "3.5", "-0.25"]),
        (("45%", "12.5 %", "-3 %"), ["45", "12.5", "-3"]),
        (("(3.20)", "4", "$(1,000)"), None),
        (("(3.20)", "4", "($1,000)"), ["-3.20", "4", "-1000"]),
        (("1.234,50 €", "12 €", "0,5 €"), ["1234.50", "12", "0.5"]),
        (("EUR 5", "7.25 EUR"), ["5", "7.25"]),
        (("CHF 1'000.00", "CHF 2.50"), ["1000.00", "2.50"]),
        (("R$ 5", "R$ 7"), ["5", "7"]),
    ],
)
def test_a_column_of_amounts_is_read(cells: tuple[str, ...], numbers: list[str] | None) -> None:
    assert read(*cells) == numbers


@pytest.mark.parametrize(
    "cells",
    [
        ("1", "2.5", "-3e5"),
        ("12345678901234567890", "12345678901234567891"),
        ("$5", "€6"),
        ("5%", "6"),
        ("%5", "%6"),
        ("(1)", "(2)"),
        ("a", "$5"),
        ("red", "blue"),
        ("1,5", "2,5", "x"),
        ("1,2", "3,44"),
        ("1-2", "3-4"),
        ("2020-01-31", "2021-02-01"),
        ("1.2.3", "4.5.6"),
        ("12:30", "$5"),
        ("5 km", "6 km"),
        ("", "$5"),
        ("1,234.5", "1.234,5"),
        ("01,234", "5"),
    ],
)
def test_what_has_no_single_reading_stays_as_it_is(cells: tuple[str, ...]) -> None:
    assert read(*cells) is None


def test_with_decimal_commas_points_group() -> None:
    assert read("1.234,5", "7,25", "1.000", decimal=",") == ["1234.5", "7.25", "1000"]
    assert read("1,5", "2", "3,25", decimal=",") is None
    assert read("1,234.50 $", "12.5 $", decimal=",") == ["1234.50", "12.5"]


def test_the_sample_is_a_cell_that_is_decorated() -> None:
    found = read_amounts(["7", "1,234", "5"], ".")
    assert found is not None
    assert (found.sample, found.read) == ("1,234", "1234")


@given(st.lists(st.integers(-(10**20), 10**20), min_size=1, max_size=9, unique=True), st.sampled_from("$€₹"))
def test_written_amounts_come_back_digit_for_digit(numbers: list[int], mark: str) -> None:
    cells = [f"{mark}{number:,}" for number in numbers]
    assert read(*cells) == [str(number) for number in numbers]


@given(st.lists(st.text(alphabet="0123456789.,'%$()- e", max_size=8), min_size=1, max_size=5))
def test_what_is_read_is_a_number(cells: list[str]) -> None:
    found = read_amounts(cells, ".")
    for number in (found.numbers if found is not None else {}).values():
        float(number)
