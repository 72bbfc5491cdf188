"""Numbers as the window writes them."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpviz.errors import GROUP
from bpviz.ui import numbers

FINITE = st.floats(allow_nan=False, allow_infinity=False)


@given(FINITE)
def test_no_number_is_written_with_a_hyphen(value: float) -> None:
    written = (numbers.exact(value), numbers.short(value), numbers.column(value), numbers.signed(value))
    assert not any("-" in text for text in written)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "–"),
        (math.nan, "–"),
        (math.inf, "∞"),
        (0.0, "0"),
        (0.0123, "0.0123"),
        (-12480.0, f"−12{GROUP}480"),
    ],
)
def test_short_numbers(value: float | None, text: str) -> None:
    assert numbers.short(value) == text


def test_a_column_keeps_its_decimals_until_they_would_show_zeros_only() -> None:
    assert numbers.column(0.5) == "0.5000"
    assert numbers.column(0.5, 6) == "0.500000"
    assert numbers.column(0.00001234) == "1.2e−05"
    assert numbers.signed(0.5) == "+0.5000"
    assert numbers.column(12480.5, 1) == f"12{GROUP}480.5"


@pytest.mark.parametrize(("seconds", "text"), [(0, "00:00"), (74.9, "01:14"), (3723, "1:02:03")])
def test_durations(seconds: float, text: str) -> None:
    assert numbers.duration(seconds) == text


def test_digits_stand_in_groups() -> None:
    assert numbers.count(1234567) == f"1{GROUP}234{GROUP}567"
