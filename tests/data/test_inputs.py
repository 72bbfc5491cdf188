"""Columns become inputs: numbers as they are, a category one input each value, yes and no one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpviz.data.columns import load_table, table_facts, table_features
from bpviz.data.inputs import input_values, inputs_of
from bpviz.data.settings import DataSettings, Table
from bpviz.errors import DataError

THINGS = Table(
    "things",
    ("size", "color", "round", "shape", "kind"),
    (
        ("1", "red", "yes", "oval", "a"),
        ("2", "blue", "no", "flat", "b"),
        ("3", "", "yes", "oval", "a"),
        ("4", "red", "no", "flat", "b"),
    ),
)
USES = (("color", "category"), ("round", "switch"), ("shape", "switch"))


def test_a_category_is_an_input_for_each_value() -> None:
    names = table_features(THINGS, ["kind"], USES)
    assert names == ("size", "color=blue", "color=red", "round", "shape=oval")
    values = input_values(THINGS, inputs_of(THINGS, ("kind",), USES))
    nan = np.nan
    np.testing.assert_array_equal(
        values, [[1, 0, 1, 1, 1], [2, 1, 0, 0, 0], [3, nan, nan, 1, 1], [4, 0, 1, 0, 0]]
    )


def test_without_a_choice_text_is_left_out() -> None:
    assert table_features(THINGS, ["kind"]) == ("size",)
    assert table_facts(THINGS, ("kind",), "auto").columns == ("size",)


def test_numbers_may_be_a_category_too_and_equal_ones_are_one() -> None:
    table = Table("codes", ("code", "y"), (("10", "1"), ("9", "2"), ("10.0", "3")))
    assert table_features(table, ["y"], (("code", "category"),)) == ("code=9", "code=10")
    assert table_features(table, ["y"], (("code", "out"),)) == ()


def test_an_input_never_takes_the_name_of_a_column() -> None:
    table = Table("clash", ("c=a", "c", "y"), (("1", "a", "1"), ("2", "b", "2")))
    assert table_features(table, ["y"], (("c", "category"),)) == ("c=a", "c=a'", "c=b")


def test_a_row_is_only_needed_where_the_network_looks() -> None:
    settings = DataSettings("table", THINGS, targets=("kind",), uses=USES)
    assert load_table(THINGS, settings, ["size", "round"]).size == 4
    with pytest.raises(DataError, match="Row 3 has no value in the column 'color'"):
        load_table(THINGS, settings, ["size", "color=red"])
    dropped = DataSettings("table", THINGS, targets=("kind",), uses=USES, drop_missing=True)
    assert load_table(THINGS, dropped).left_out == (3,)


@pytest.mark.parametrize(
    ("uses", "features", "sentence"),
    [
        ({"size": "switch"}, None, "'size' has 4 different values, so it can't be taken as yes or no"),
        ({"color": "number"}, None, "In row 1 of the column 'color' stands 'red' .and 2 more., which is no"),
        (
            USES,
            ["color"],
            "'color' is a category with an input for each value, 'color=blue', 'color=red', so",
        ),
        ({"size": "out", "round": "switch"}, ["size"], "'size' is left out, so it can't be a feature"),
    ],
)
def test_what_a_column_can_not_be_is_refused(uses: object, features: list[str] | None, sentence: str) -> None:
    settings = DataSettings("table", THINGS, targets=("kind",), uses=uses)  # type: ignore[arg-type]
    with pytest.raises(DataError, match=sentence):
        load_table(THINGS, settings, features)


def test_a_category_of_too_many_values_is_refused() -> None:
    table = Table("many", ("name", "y"), tuple((f"n{k}", "1") for k in range(257)))
    with pytest.raises(DataError, match="257 different values, too many for one input each"):
        table_features(table, ["y"], (("name", "category"),))


@given(st.lists(st.sampled_from(["red", "green", "blue", ""]), min_size=1, max_size=30))
def test_the_inputs_of_a_category_sum_to_one_where_a_value_stands(cells: list[str]) -> None:
    table = Table("t", ("c", "y"), tuple((cell, "1") for cell in cells))
    inputs = inputs_of(table, ("y",), (("c", "category"),))
    values = input_values(table, inputs)
    there = np.array([bool(cell) for cell in cells])
    assert len(inputs) == len({*cells} - {""})
    if inputs:
        np.testing.assert_array_equal(values[there].sum(axis=1), 1)
        assert np.isnan(values[~there]).all()
