"""Features are read from their texts and computed from raw columns."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpviz.data.features import FORMS, available, parse
from bpviz.errors import DataError

INPUTS = np.array([[1.0, 2.0], [-3.0, 0.5]])


@pytest.mark.parametrize(
    ("text", "values", "label"),
    [
        ("x", [1, -3], "x"),
        ("y", [2, 0.5], "y"),
        ("x^2", [1, 9], "x²"),
        ("x*y", [2, -1.5], "x · y"),
        ("sin(y)", [np.sin(2), np.sin(0.5)], "sin(y)"),
        ("cos(x)", [np.cos(1), np.cos(-3)], "cos(x)"),
    ],
)
def test_a_text_is_computed_from_its_columns(text: str, values: list[float], label: str) -> None:
    feature = parse(text, ("x", "y"))
    np.testing.assert_array_equal(feature.compute(INPUTS), values)
    assert (feature.text, feature.label) == (text, label)


def test_a_feature_names_the_columns_it_needs() -> None:
    columns = ("a", "b", "c")
    assert [parse(text, columns).columns for text in ("c", "a*c", "sin(b)")] == [(2,), (0, 2), (1,)]


def test_a_plain_column_is_a_copy_that_can_be_scaled_without_harm() -> None:
    feature = parse("x", ("x", "y"))
    values = feature.compute(INPUTS)
    values += 1
    assert INPUTS[0, 0] == 1


def test_a_column_whose_name_looks_like_a_form_is_taken_by_its_name() -> None:
    inputs = np.array([[3.0, 7.0]])
    assert parse("x^2", ("x", "x^2")).compute(inputs) == [7]
    assert parse("x*y", ("x*y", "y")).compute(inputs) == [3]


def test_names_may_hold_the_signs_of_the_forms() -> None:
    columns = ("a*b", "c", "width (cm)")
    inputs = np.array([[2.0, 5.0, 3.0]])
    assert parse("a*b*c", columns).compute(inputs) == [10]
    assert parse("c*a*b", columns).compute(inputs) == [10]
    assert parse("width (cm)^2", columns).compute(inputs) == [9]
    assert parse("sin(width (cm))", columns).compute(inputs) == [np.sin(3)]


def test_spaces_within_a_form_do_not_matter() -> None:
    assert parse("x * y", ("x", "y")).columns == (0, 1)


def test_the_playgrounds_seven_features_come_in_its_order() -> None:
    expected = ("x", "y", "x^2", "y^2", "x*y", "sin(x)", "sin(y)")
    assert available(("x", "y"))[:7] == expected


def test_wide_tables_offer_their_columns_alone() -> None:
    columns = tuple(f"c{i}" for i in range(9))
    assert available(columns) == columns
    assert parse("c0*c8", columns).columns == (0, 8)


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("sni(x)", "did you mean 'sin\\(x\\)'"),
        ("z^2", "did you mean 'y\\^2'"),
        ("temperature", "choose one of 'x', 'y'"),
        ("x^3", "did you mean 'x\\^2'"),
        ("", "choose one of"),
    ],
)
def test_an_unknown_feature_is_refused_with_advice(text: str, advice: str) -> None:
    with pytest.raises(DataError, match=f"no feature .*; {advice}"):
        parse(text, ("x", "y"))


names = st.text("ab*^2()sinco ", min_size=1, max_size=6).map(str.strip).filter(bool)


@given(columns=st.lists(names, min_size=2, max_size=4, unique=True))
def test_every_feature_on_offer_can_be_read(columns: list[str]) -> None:
    inputs = np.arange(1.0, 2 * len(columns) + 1).reshape(2, -1)
    for text in available(columns):
        assert parse(text, columns).compute(inputs).shape == (2,)


def test_every_form_is_on_offer() -> None:
    for form in FORMS.values():
        text = form.text.format("u", "v")
        assert text in available(("u", "v"))
        assert parse(text, ("u", "v")).label == form.title.format("u", "v")


@pytest.mark.timeout(20)
def test_a_text_of_any_length_is_read_or_refused_at_once() -> None:
    long = "a*" * 50_000 + "b"
    with pytest.raises(DataError, match="These data have no feature"):
        parse("*" * 1_000_000, ("a", "b"))
    with pytest.raises(DataError, match="These data have no feature"):
        parse(long, ("a", "b"))
    assert parse(long, ("a", "b", long[2:])).columns == (0, 2)


def test_the_shortest_first_name_wins_where_a_text_can_be_read_in_two_ways() -> None:
    assert parse("a*b*c", ("a*b", "c", "b*c", "a")).columns == (3, 2)
    assert parse(" a * b ", ("b", "a")).columns == (1, 0)
