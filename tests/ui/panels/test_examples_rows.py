"""Rows of a table and examples of its data set lead to each other, also where rows are left out."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bpviz.data.datasets import load
from bpviz.data.settings import DataSettings, Table
from bpviz.model.builder import layered_network
from bpviz.model.examples import EXAMPLES
from bpviz.model.spec import Project
from bpviz.ui.panels.examples_rows import ExampleRows

ROWS = (("1", "2", "0"), ("", "3", "1"), ("4", "5", "0"), ("6", "", "1"), ("7", "8", "1"))


def project(*, drop_missing: bool) -> Project:
    table = Table("mine", ("a", "b", "t"), ROWS)
    data = DataSettings(
        source="table", table=table, targets=("t",), drop_missing=drop_missing, train_share=1.0
    )
    return Project(layered_network(("a", "b"), (2,), 1), data)


def test_a_row_that_is_left_out_is_no_example() -> None:
    rows = ExampleRows.of(project(drop_missing=True))
    assert [rows.example(row) for row in range(5)] == [0, None, 1, None, 2]
    assert [rows.row(example) for example in range(3)] == [0, 2, 4]
    dataset = load(project(drop_missing=True).data, 0, ("a", "b"))
    assert [dataset.inputs[example].tolist() for example in range(3)] == [[1, 2], [4, 5], [7, 8]]


def test_where_nothing_is_left_out_rows_are_examples() -> None:
    for one in (project(drop_missing=False), EXAMPLES["spiral"].build()):
        rows = ExampleRows.of(one)
        assert (rows.example(3), rows.row(3)) == (3, 3)


@given(left_out=st.sets(st.integers(0, 60)), example=st.integers(0, 60))
def test_from_an_example_to_its_row_and_back(left_out: set[int], example: int) -> None:
    rows = ExampleRows(tuple(sorted(left_out)))
    assert rows.row(example) not in left_out
    assert rows.example(rows.row(example)) == example
