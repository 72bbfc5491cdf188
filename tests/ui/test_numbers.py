"""Numbers as the window writes and reads them."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpviz.errors import SettingError
from bpviz.ui import numbers

FINITE = st.floats(allow_nan=False, allow_infinity=False)


@given(FINITE)
def test_an_exact_number_reads_back_as_itself(value: float) -> None:
    assert numbers.read(numbers.exact(value)) == value


@given(FINITE)
def test_no_number_is_written_with_a_hyphen(value: float) -> None:
    written = (numbers.exact(value), numbers.short(value), numbers.column(value), numbers.signed(value))
    assert not any("-" in text for text in written)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0.03", 0.03),
        ("0,03", 0.03),
        (" −1e−4 ", -1e-4),
        ("12,480", 12480.0),
        ("0,125", 0.125),
        ("1,234.5", 1234.5),
        ("3 000", 3000.0),
    ],
)
def test_what_people_type_is_understood(text: str, value: float) -> None:
    assert numbers.read(text) == value


@pytest.mark.parametrize("text", ["", "abc", "1.2.3", "nan", "inf", "1e999"])
def test_what_is_no_finite_number_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(SettingError, match=r"number"):
        numbers.read(text)


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, "–"), (math.nan, "–"), (math.inf, "∞"), (0.0, "0"), (0.0123, "0.0123"), (-12480.0, "−12,480")],
)
def test_short_numbers(value: float | None, text: str) -> None:
    assert numbers.short(value) == text


def test_a_column_keeps_its_decimals_until_they_would_show_zeros_only() -> None:
    assert numbers.column(0.5) == "0.5000"
    assert numbers.column(0.5, 6) == "0.500000"
    assert numbers.column(0.00001234) == "1.2e−05"
    assert numbers.signed(0.5) == "+0.5000"


@pytest.mark.parametrize(("seconds", "text"), [(0, "00:00"), (74.9, "01:14"), (3723, "1:02:03")])
def test_durations(seconds: float, text: str) -> None:
    assert numbers.duration(seconds) == text


def test_counts_have_thousands_separators() -> None:
    assert numbers.count(1234567) == "1,234,567"
