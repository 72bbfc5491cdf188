"""Other examples in the midst of a run: whoever stays keeps its side."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bpviz.data.dataset import Dataset
from bpviz.data.following import followed_sides
from bpviz.data.split import train_count

ROWS = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 1)), min_size=1, max_size=12)


def examples(rows: list[tuple[int, int]]) -> Dataset:
    inputs = np.array([[float(x)] for x, _ in rows])
    return Dataset("own", ("x",), inputs, ("kind",), ("a", "b"), np.array([kind for _, kind in rows]))


def sides(rows: list[tuple[int, int]], train: set[int]) -> list[tuple[tuple[int, int], bool]]:
    return sorted((row, at in train) for at, row in enumerate(rows))


@given(ROWS, st.data())
def test_an_example_that_is_added_and_taken_away_again_changes_no_side(
    rows: list[tuple[int, int]], data: st.DataObject
) -> None:
    train = np.array(sorted(data.draw(st.sets(st.integers(0, len(rows) - 1), min_size=1))))
    at, new = data.draw(st.integers(0, len(rows))), (9, 0)
    more = [*rows[:at], new, *rows[at:]]
    share = data.draw(st.floats(0.1, 1.0))
    after, test = followed_sides(examples(rows), train, examples(more), share)
    assert sorted([*after, *test]) == list(range(len(more)))
    kept = [more[row] for row in after if row != at]
    assert sorted(kept) == sorted(rows[row] for row in train)
    assert (at in after) == (len(train) < train_count(len(more), share))
    back, _ = followed_sides(examples(more), after, examples(rows), share)
    assert sides(rows, set(back.tolist())) == sides(rows, set(train.tolist()))


@given(ROWS, st.data())
def test_examples_that_stay_keep_their_sides_in_any_order_and_one_trains_in_any_case(
    rows: list[tuple[int, int]], data: st.DataObject
) -> None:
    distinct = list(dict.fromkeys(rows))
    train = np.array(sorted(data.draw(st.sets(st.integers(0, len(distinct) - 1), min_size=1))))
    kept = data.draw(st.permutations(distinct))[: data.draw(st.integers(1, len(distinct)))]
    after, test = followed_sides(examples(distinct), train, examples(kept), 0.5)
    assert len(after) >= 1
    trained = {distinct[row] for row in train}
    if trained & set(kept):
        assert {kept[row] for row in after} == trained & set(kept)
        assert {kept[row] for row in test} == set(kept) - trained


def test_an_example_that_is_changed_in_its_place_keeps_its_side() -> None:
    rows = [(0, 0), (1, 1), (2, 0), (3, 1)]
    train, test = followed_sides(
        examples(rows), np.array([0, 2]), examples([(0, 0), (7, 1), (8, 0), (3, 1)]), 0.5
    )
    assert (train.tolist(), test.tolist()) == ([0, 2], [1, 3])
