"""Tables become examples; what is missing or no number is named by row and column."""

from __future__ import annotations

import numpy as np
import pytest

from bpviz.data.column import columns_of
from bpviz.data.columns import load_table, missing_rows, table_facts, table_features
from bpviz.data.settings import DataSettings, Table
from bpviz.data.tables import read_table
from bpviz.errors import DataError

PEOPLE = Table(
    "people.csv",
    ("name", "age", "height", "smokes", "city"),
    (
        ("Ann", "31", "1.65", "0", "Rome"),
        ("Bob", "", "1.80", "1", "Paris"),
        ("Cem", "54", "", "0", "Rome"),
        ("Dee", "22", "1.71", "1", "Oslo"),
    ),
)


def _settings(target: str, kind: str = "auto", *, drop: bool = False) -> DataSettings:
    return DataSettings("table", targets=(target,), target_kind=kind, drop_missing=drop)  # type: ignore[arg-type]


def _numbers(*cells: str) -> Table:
    """A table whose target ``t`` has these cells."""
    return Table("t.csv", ("x", "t"), tuple((str(row), cell) for row, cell in enumerate(cells)))


def test_the_default_features_are_the_columns_of_numbers_but_the_target() -> None:
    assert table_features(PEOPLE, ["city"]) == ("age", "height", "smokes")
    assert table_features(PEOPLE, ["height"]) == ("age", "smokes")


def test_facts_name_what_a_network_must_fit() -> None:
    facts = table_facts(PEOPLE, ("city",), "auto")
    assert facts.classes == ("Oslo", "Paris", "Rome")
    assert (facts.task, facts.rows, facts.plane, facts.target_names) == ("class", 4, False, ("city",))
    assert table_facts(PEOPLE, ("height",), "auto").plane


@pytest.mark.parametrize(
    ("cells", "task"),
    [
        (["a", "b", "a"], "class"),
        (["0", "1"], "class"),
        (["1", "2", "3", "1", "2", "3"], "class"),
        (["1", "2", "3", "4"], "number"),
        (["0.5", "1.5", "0.5", "1.5"], "number"),
        ([str(value) for value in range(30)] * 3, "number"),
        (["1", "2", "three", "2"], "class"),
        ([*map(str, range(30)), "n.a."], "number"),
    ],
)
def test_the_values_of_a_target_tell_whether_they_are_classes(cells: list[str], task: str) -> None:
    assert table_facts(_numbers(*cells), ("t",), "auto").task == task


def test_a_target_of_numbers_can_be_learned_either_way() -> None:
    table = _numbers("1", "2", "1", "2")
    assert table_facts(table, ("t",), "number").classes is None
    assert table_facts(table, ("t",), "class").classes == ("1", "2")


def test_classes_that_are_numbers_are_sorted_by_size_and_1_is_the_same_as_1_point_0() -> None:
    table = _numbers("10", "9", "9.0", "1e1", "2")
    assert table_facts(table, ("t",), "class").classes == ("2", "9", "10")
    assert np.asarray(load_table(table, _settings("t", "class")).labels).tolist() == [2, 1, 1, 2, 0]


def test_classes_that_are_text_are_sorted_by_alphabet() -> None:
    assert table_facts(_numbers("pear", "fig", "10", "pear"), ("t",), "auto").classes == ("10", "fig", "pear")


def test_a_table_becomes_one_example_a_row() -> None:
    data = load_table(PEOPLE, _settings("city"), ["smokes"])
    assert data.columns == ("age", "height", "smokes")
    assert data.inputs[:, 2].tolist() == [0, 1, 0, 1]
    assert np.isnan(data.inputs[1, 0])  # no feature needs it
    assert np.asarray(data.labels).tolist() == [2, 1, 2, 0]


def test_a_number_as_target_is_a_column_of_targets() -> None:
    data = load_table(_numbers("1.5", "2.5", "4"), _settings("t"))
    assert np.asarray(data.targets).tolist() == [[1.5], [2.5], [4]]


def test_rows_that_lack_a_used_value_are_refused_with_row_column_and_count() -> None:
    with pytest.raises(DataError, match="Row 2 has no value in the column 'age', and 1 more row lacks one;"):
        load_table(PEOPLE, _settings("city"))
    with pytest.raises(DataError, match="Row 3 has no value in the column 'height'; leave"):
        load_table(PEOPLE, _settings("height"), ["smokes"])


def test_rows_that_lack_a_used_value_are_left_out_when_asked() -> None:
    data = load_table(PEOPLE, _settings("city", drop=True))
    assert data.left_out == (2, 3)
    assert data.inputs.tolist() == [[31, 1.65, 0], [22, 1.71, 1]]
    assert np.asarray(data.labels).tolist() == [2, 0]
    assert data.classes == ("Oslo", "Paris", "Rome")


def test_missing_rows_are_listed_with_their_columns() -> None:
    assert missing_rows(PEOPLE, PEOPLE.columns) == {2: ("age",), 3: ("height",)}
    assert missing_rows(PEOPLE, ["height"]) == {3: ("height",)}


def test_a_text_among_numbers_is_named_by_row_and_column() -> None:
    table = Table("t.csv", ("x", "t"), (("1", "a"), ("2", "b"), ("tow", "a"), ("4", "b"), ("inf", "a")))
    with pytest.raises(
        DataError, match=r"In row 3 of the column 'x' stands 'tow' \(and 1 more\), which is no"
    ):
        load_table(table, _settings("t"))


def test_a_text_in_a_column_that_is_not_used_does_no_harm() -> None:
    rows = (("1", "5", "a"), ("2", "6", "b"), ("x", "7", "a"))
    data = load_table(Table("t.csv", ("x", "y", "t"), rows), _settings("t"), ["y"])
    assert data.inputs[:, 1].tolist() == [5, 6, 7]


def test_a_text_in_a_target_of_numbers_is_named() -> None:
    with pytest.raises(DataError, match="In row 3 of the column 't' stands 'x'"):
        load_table(_numbers("1.5", "2.5", "x", "4.5"), _settings("t", "number"))


@pytest.mark.parametrize("cell", ["1_000", "inf", "-Infinity", "1e999", "0x10"])
def test_what_only_looks_like_a_number_is_none(cell: str) -> None:
    column = columns_of(Table("t.csv", ("x",), (("1",), ("2",), ("3",), (cell,))))["x"]
    assert column.strays.tolist() == [3]
    assert column.is_numeric


def test_a_column_of_text_is_no_feature() -> None:
    with pytest.raises(DataError, match="'name' holds text, not numbers, so it can't be a feature"):
        load_table(PEOPLE, _settings("city"), ["name"])


def test_the_target_is_no_feature() -> None:
    with pytest.raises(DataError, match="'smokes' is the target, so it can't be a feature"):
        load_table(PEOPLE, _settings("smokes"), ["smokes"])


@pytest.mark.parametrize(
    ("table", "target", "kind", "sentence"),
    [
        (PEOPLE, "", "auto", "people.csv needs a target; choose one of 'name', 'age', .* to be its target"),
        (PEOPLE, "cities", "auto", "people.csv has no column 'cities'; choose one of"),
        (PEOPLE, "city", "number", "'city' holds text, not numbers; learn it as a class"),
        (_numbers("a", "a"), "t", "auto", "'t' has fewer than two different values"),
        (_numbers(*map(str, range(300))), "t", "class", r"300 different values, too many"),
        (Table("t.csv", ("a", "b"), ()), "b", "auto", "t.csv has no rows"),
        (Table("t.csv", ("a", "b"), (("x", "1"), ("y", "0"))), "b", "auto", "no column of numbers beside"),
    ],
)  # fmt: skip
def test_a_table_that_can_not_be_learned_is_refused(
    table: Table, target: str, kind: str, sentence: str
) -> None:
    with pytest.raises(DataError, match=sentence):
        load_table(table, _settings(target, kind, drop=True))


def test_a_table_without_a_complete_row_is_refused() -> None:
    table = Table("t.csv", ("a", "b", "t"), (("1", "", "x"), ("", "2", "y")))
    with pytest.raises(DataError, match=r"Every row of t\.csv lacks a value"):
        load_table(table, _settings("t", drop=True))


def test_equal_tables_are_looked_into_once() -> None:
    twin = Table(PEOPLE.name, PEOPLE.columns, tuple(map(tuple, map(list, PEOPLE.rows))))
    assert hash(twin) == hash(PEOPLE)
    assert columns_of(twin) is columns_of(PEOPLE)


@pytest.mark.parametrize(
    ("cells", "classes"),
    [
        (["1234567890123456", "1234567890123457"], ("1234567890123456", "1234567890123457")),
        # Beyond 2^53, where both are one float.
        (["12345678901234567", "12345678901234568"], ("12345678901234567", "12345678901234568")),
        (["0.1", "0.10000000000000001"], ("0.1", "0.10000000000000001")),
        (["1e-400", "1e-401", "0"], ("0", "1e-400", "1e-401")),
        (["1", "1.0", "1e0", "01", "2"], ("1", "2")),
        (["12345678901234567.0", "12345678901234567", "1"], ("1", "12345678901234567.0")),
        (["nan", "1", "2"], ("1", "2")),
    ],
)
def test_different_numbers_are_different_classes_and_equal_ones_are_one(
    cells: list[str], classes: tuple[str, ...]
) -> None:
    table = _numbers(*cells)
    assert table_facts(table, ("t",), "class").classes == classes
    data = load_table(table, _settings("t", "class", drop=True))
    assert len(set(np.asarray(data.labels).tolist())) == len(classes)


def test_plus_and_minus_are_two_classes_and_a_minus_alone_is_missing() -> None:
    reading = read_table("x,t\n1,+\n2,-\n3,+\n-,-\n")
    assert reading.table.rows == (("1", "+"), ("2", "-"), ("3", "+"), ("", "-"))
    assert table_facts(reading.table, ("t",), "auto").classes == ("+", "-")
    assert reading.missing == {4: ("x",)}


PAIRS = Table(
    "pairs.csv",
    ("x", "a", "b", "c"),
    (("1", "0", "1", "0.5"), ("2", "1", "1", "0.25"), ("3", "0", "0", "1")),
)


def _several(*targets: str, classes: tuple[str, ...] = (), table: Table = PAIRS) -> DataSettings:
    return DataSettings("table", table=table, targets=targets, classes=classes)


def test_several_targets_are_numbers_in_the_order_they_are_named() -> None:
    data = load_table(PAIRS, _several("c", "a"))

    assert (data.task, data.columns, data.target_names) == ("number", ("x", "b"), ("c", "a"))
    assert np.asarray(data.targets).tolist() == [[0.5, 0], [0.25, 1], [1, 0]]


@pytest.mark.parametrize(
    ("targets", "numbers", "switches"),
    [(("a", "b"), "shares", True), (("a", "c"), "shares", False), (("x", "a"), "any", False)],
)
def test_facts_say_what_numbers_several_targets_are(
    targets: tuple[str, ...], numbers: str, switches: bool
) -> None:
    known = table_facts(PAIRS, targets, "auto")

    assert (known.target_range, known.switches) == (numbers, switches)


def test_shares_that_sum_to_1_are_a_distribution_whatever_rounding_does() -> None:
    rows = (("1", "0.1", "0.2", "0.7"), ("2", "0", "1", "0"))
    table = Table("t", ("x", "a", "b", "c"), rows)

    assert table_facts(table, ("a", "b", "c"), "auto").target_range == "distribution"
    assert table_facts(table, ("a", "b"), "auto").target_range == "shares"


def test_a_single_row_is_enough_for_a_number() -> None:
    known = table_facts(_numbers("1"), ("t",), "auto")

    assert (known.classes, known.plane, known.switches) == (None, False, True)
    assert not table_facts(_numbers("1"), ("t",), "number").switches
    assert np.asarray(load_table(_numbers("1"), _several("t", table=_numbers("1"))).targets).tolist() == [[1]]


def test_declared_classes_keep_their_order_and_need_not_occur() -> None:
    data = load_table(_numbers("4", "2.0", "3"), _several("t", classes=("4", "3", "2", "1")))

    assert data.classes == ("4", "3", "2", "1")
    assert np.asarray(data.labels).tolist() == [0, 2, 1]


def test_a_single_row_is_enough_for_declared_classes() -> None:
    data = load_table(_numbers("cat"), _several("t", classes=("dog", "cat")))

    assert np.asarray(data.labels).tolist() == [1]


@pytest.mark.parametrize(
    ("targets", "kind", "classes", "fault"),
    [
        (("a", "b"), "class", (), "targets a, b are several, so each must be a number"),
        (("a", "b"), "auto", ("0", "1"), "targets a, b are several, so each must be a number"),
        (("a",), "auto", ("1", "2"), "In row 1 of the column 'a' stands '0', which is none of the declared"),
        (("a",), "auto", ("0",), "must be two or more different names"),
        (("a",), "auto", ("0", "0.0", "1"), "must be two or more different names"),
        ((), "auto", (), "needs a target"),
        (("a", "z"), "auto", (), "has no column 'z'"),
    ],
)
def test_targets_and_classes_that_do_not_go_are_refused(
    targets: tuple[str, ...], kind: str, classes: tuple[str, ...], fault: str
) -> None:
    with pytest.raises(DataError, match=fault):
        table_facts(PAIRS, targets, kind, classes)


def test_a_text_among_several_targets_is_named() -> None:
    table = Table("t", ("x", "a", "b"), (("1", "0", "no"), ("2", "1", "yes")))

    with pytest.raises(DataError, match="'b' holds text, not numbers; leave it out of the targets"):
        table_facts(table, ("a", "b"), "auto")


def test_missing_rows_are_looked_up_by_their_numbers() -> None:
    table = Table("t", ("a", "b"), (("1", ""), ("2", "3"), ("", ""), ("4", "5")))
    missing = missing_rows(table, table.columns)
    assert missing == {1: ("b",), 3: ("a", "b")}
    assert list(missing) == [1, 3]
    for row in (-1, 0, 2, 4, 5):
        assert row not in missing
    assert not missing_rows(table, ())
