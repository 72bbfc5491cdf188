"""A column at a glance."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpviz.data.sheet_column import SheetColumn
from bpviz.data.summary import BARS, summary_of


@given(st.lists(st.floats(allow_nan=True, allow_infinity=False), max_size=40))
def test_every_number_is_in_one_bar(values: list[float]) -> None:
    found = summary_of(SheetColumn("x", "input", np.array(values, dtype=np.float64)))
    known = [value for value in values if not np.isnan(value)]
    assert (found.count, found.missing, sum(found.bars)) == (len(known), len(values) - len(known), len(known))
    if known:
        assert found.ends is not None
        low, mean, high = found.ends
        assert (low, high) == (min(known), max(known))
        slack = 1e-9 * max(abs(low), abs(high))
        assert low - slack <= mean <= high + slack
    else:
        assert found.ends is None


def test_bars_are_equal_parts() -> None:
    found = summary_of(SheetColumn("x", "input", np.array([0.0, 0.0, 1.0, 24.0, np.nan])))
    assert len(found.bars) == BARS
    assert (found.bars[0], found.bars[1], found.bars[-1]) == (2, 1, 1)
    assert found.ends == pytest.approx((0.0, 6.25, 24.0))


def test_texts_are_counted_the_most_frequent_first() -> None:
    found = summary_of(SheetColumn("kind", "target", None, ["b", "a", "b", "", "c"]))
    assert (found.words, found.bars, found.missing, found.others) == (("b", "a", "c"), (2, 1, 1), 1, 0)
    many = summary_of(SheetColumn("id", "note", None, [f"n{k}" for k in range(100)]))
    assert (len(many.words), many.others) == (BARS, 100 - BARS)
