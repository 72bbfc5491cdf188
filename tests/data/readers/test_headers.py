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
