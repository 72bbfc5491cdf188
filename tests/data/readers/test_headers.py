"""A row of units below the names is told from the first row of numbers."""

from __future__ import annotations

import pytest

from bpviz.data.readers.headers import find_head


def _has_units(second: str, third: str) -> bool:
    rows = [line.split(";") for line in ("length;mass", second, third, third)]
    return find_head(rows, None, skips=True).units


@pytest.mark.parametrize(
    "units", ["mm;kg", "(mm);[kg]", "[-];(mm)", "(%);1", "[1];kg", "<°C>;-", ";(N m)", "(10^3 t);g"]
)
def test_units_are_known_ones_or_stand_in_brackets(units: str) -> None:
    assert _has_units(units, "5;-3.5")


@pytest.mark.parametrize(
    ("row", "below"),
    [("(5);1", "(6);2"), ("[3];1", "[1];1"), ("(5);(7)", "6;7"), ("(1);-", "2;3"), ("1;1", "2;3")],
)
def test_a_number_in_brackets_is_a_value(row: str, below: str) -> None:
    assert not _has_units(row, below)


@pytest.mark.parametrize(
    "lines",
    [
        ["grade;score", "A;1", "B;2", "A;3"],  # ampere
        ["size;weight;kind", "s;1;a", "l;6;b", "s;2;a"],
        ["kind;value", "g;1", "h;2", "m;3"],
        ["kind;value", "kg;m", "t;5", "kg;6"],
    ],
)
def test_a_letter_that_is_met_again_or_stands_above_no_numbers_is_a_value(lines: list[str]) -> None:
    head = find_head([line.split(";") for line in lines], None, skips=True)
    assert (head.skipped, head.header, head.units) == (0, 1, False)


def test_units_of_dates_stand_beside_those_of_numbers() -> None:
    rows = [line.split(";") for line in ("date;temp;note", "day;°C;-", "2026-01-01;3;ok", "2026-01-02;4;ok")]
    assert find_head(rows, None, skips=True).units
