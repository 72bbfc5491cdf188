"""What is a number, what is none, and what is missing, of texts."""

from __future__ import annotations

import numpy as np
import pytest

from bpviz.data.column import columns_of
from bpviz.data.missing_words import with_missing
from bpviz.data.numbers import word_values
from bpviz.data.settings import Table
from bpviz.data.tables import read_table

NAN = np.nan


@pytest.mark.parametrize(
    ("words", "values", "strays"),
    [
        (["1", "2.5", ""], [1.0, 2.5, NAN], [False, False, False]),
        (["1", "nan", "NaN"], [1.0, NAN, NAN], [False, False, False]),  # among numbers it is none
        (["pita", "nan", ""], [NAN, NAN, NAN], [True, True, False]),  # a kind of bread
        (["pita", "nan", "3"], [NAN, NAN, 3.0], [True, True, False]),
        (["1_000", "nan", "2"], [NAN, NAN, 2.0], [True, True, False]),
        (["inf", "1", "-1e400"], [NAN, 1.0, NAN], [True, False, True]),
    ],
)
def test_texts_are_numbers_missing_or_neither(
    words: list[str], values: list[float], strays: list[bool]
) -> None:
    found, others = word_values(words)
    np.testing.assert_array_equal(found, values)
    assert others.tolist() == strays


def test_a_class_called_nan_is_one_where_somebody_says_so() -> None:
    read = read_table("x,bread\n1,nan\n2,pita\n3,nan\n4,\n").table
    assert columns_of(read)["bread"].present.tolist() == [False, True, False, False]
    told = with_missing(read, {"bread": "none"})
    assert columns_of(told)["bread"].present.tolist() == [True, True, True, False]
    by_script = Table("own", ("x", "bread"), (("1", "nan"), ("2", "pita")))
    assert columns_of(by_script)["bread"].present.tolist() == [True, True]
