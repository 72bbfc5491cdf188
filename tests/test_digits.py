"""Numbers that differ read differently."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from bpviz.digits import told_apart


def write(value: float, digits: int) -> str:
    return f"{value:.{digits}g}"


def test_numbers_that_would_read_alike_get_the_digits_they_need() -> None:
    assert told_apart([0.9999, 1.0002], write, 3) == ["0.9999", "1.0002"]
    assert told_apart([0.9996, 1.0], write, 3) == ["0.9996", "1"]
    assert told_apart([-2.0001e-9, -2.0e-9], write, 3) == ["-2.0001e-09", "-2e-09"]


def test_other_numbers_keep_their_few_digits() -> None:
    assert told_apart([0.9999, 1.0002, 0.123456], write, 3) == ["0.9999", "1.0002", "0.123"]
    assert told_apart([0.5, 0.5], write, 3) == ["0.5", "0.5"]
    assert told_apart([], write, 3) == []


def test_numbers_that_agree_in_very_many_digits_read_alike() -> None:
    assert all(len(text) <= 10 for text in told_apart([1.0, 1.0 + 1e-15], write, 3))


@given(st.lists(st.floats(allow_nan=True, allow_infinity=True), max_size=6), st.integers(1, 6))
def test_any_numbers_are_written_each_in_its_place(values: list[float], digits: int) -> None:
    texts = told_apart(values, write, digits)
    assert len(texts) == len(values)
    for value, text in zip(values, texts, strict=True):
        assert math.isnan(value) or math.isclose(float(text), value, rel_tol=10.0 ** (1 - digits))


@given(st.floats(1e-300, 1e300), st.floats(1e-6, 1e-3))
def test_two_numbers_that_differ_visibly_read_differently(value: float, by: float) -> None:
    first, second = told_apart([value, value * (1 + by)], write, 3)
    assert first != second
