"""Examples as points of a plane: added, moved and removed, and nothing else changes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from bpviz.data.datasets import facts, load
from bpviz.data.points import Point, moved_point, with_points, without_points
from bpviz.data.settings import DataSettings, Table
from bpviz.errors import DataError

CIRCLE = DataSettings(source="circle", samples=20)
SINE = DataSettings(source="sine")
GAPS = Table(
    "own.csv", ("a", "note", "b", "kind"), (("1", "n", "2", "x"), ("", "", "3", "y"), ("4", "", "5", "y"))
)
OWN = DataSettings(source="table", table=GAPS, targets=("kind",), drop_missing=True)


@pytest.mark.parametrize("source", ["circle", "plane"])
def test_drawn_data_become_a_table_with_the_same_examples(source: str) -> None:
    data = DataSettings(source=source, samples=20)
    before = load(data, 3)
    value: str | float = before.classes[1] if before.classes else 0.25
    after = load(with_points(data, 3, [Point(0.5, -1.25, value)]), 3)
    assert np.array_equal(after.inputs[:-1], before.inputs)
    assert after.inputs[-1].tolist() == [0.5, -1.25]
    assert (after.columns, after.classes, after.target_names) == (
        before.columns,
        before.classes,
        before.target_names,
    )
    if after.labels is not None and before.labels is not None:
        assert after.labels.tolist() == [*before.labels.tolist(), 1]
    else:
        assert after.targets is not None
        assert after.targets[-1].tolist() == [0.25]


def test_points_are_moved_and_removed_by_their_example_also_where_rows_are_left_out() -> None:
    moved = moved_point(OWN, 0, 1, -4.0, 0.1)
    assert moved.table is not None
    assert moved.table.rows == (GAPS.rows[0], GAPS.rows[1], ("-4", "", "0.1", "y"))
    left = without_points(OWN, 0, [1])
    assert left.table is not None
    assert left.table.rows == GAPS.rows[:2]
    added = with_points(OWN, 0, [Point(7.0, 8.0, "x")])
    assert added.table is not None
    assert added.table.rows[-1] == ("7", "", "8", "x")
    assert replace(added, table=GAPS) == OWN


def test_what_can_not_be_is_refused() -> None:
    with pytest.raises(DataError, match="two inputs and one target"):
        with_points(SINE, 0, [Point(0.0, 0.0, 1.0)])
    with pytest.raises(DataError, match="last example"):
        without_points(CIRCLE, 0, range(facts(CIRCLE).rows))
