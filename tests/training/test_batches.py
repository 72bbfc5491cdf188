from __future__ import annotations

from itertools import chain

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpviz.model.spec import Training
from bpviz.training.batches import Batches, Batching

SIZES = st.integers(1, 12)
COUNTS = st.integers(1, 30)


def epoch_of(batches: Batches) -> list[list[int]]:
    """The batches of the epoch under way, from where it stands."""
    epoch, result = batches.epoch, []
    while batches.epoch == epoch:
        result.append(batches.rows.tolist())
        batches.advance()
    return result


def batching(count: int, size: int, *, shuffled: bool = True, carries: bool = False) -> Batching:
    return Batching(min(size, count), shuffled, carries)


@given(COUNTS, SIZES, st.booleans())
def test_an_epoch_visits_every_example_once(count: int, size: int, shuffled: bool) -> None:
    batches = Batches(3, count, batching(count, size, shuffled=shuffled))
    for _ in range(3):
        cut = epoch_of(batches)
        assert sorted(chain.from_iterable(cut)) == list(range(count))
        assert {len(batch) for batch in cut[:-1]} <= {min(size, count)}


def test_each_epoch_has_its_own_order_and_without_shuffling_the_data_have_theirs() -> None:
    shuffled = Batches(3, 20, batching(20, 20))
    assert epoch_of(shuffled) != epoch_of(shuffled)
    plain = Batches(3, 20, batching(20, 20, shuffled=False))
    assert epoch_of(plain) == epoch_of(plain) == [list(range(20))]


def test_a_short_last_batch_is_kept() -> None:
    batches = Batches(0, 7, batching(7, 3, shuffled=False))
    assert epoch_of(batches) == [[0, 1, 2], [3, 4, 5], [6]]
    assert batches.steps == batches.steps_per_epoch == 3


def test_a_short_last_batch_waits_for_the_next_epochs_first() -> None:
    # As in the Playground: 7 examples by 3 leave one, which the next update is averaged over as well.
    batches = Batches(0, 7, batching(7, 3, shuffled=False, carries=True))
    assert epoch_of(batches) == [[0, 1, 2], [3, 4, 5]]
    assert epoch_of(batches) == [[6, 0, 1, 2], [3, 4, 5]]


@given(COUNTS, SIZES)
def test_what_is_carried_over_is_never_lost(count: int, size: int) -> None:
    batches = Batches(1, count, batching(count, size, carries=True))
    epochs = [epoch_of(batches) for _ in range(4)]
    seen = [row for epoch in epochs for batch in epoch for row in batch]
    assert np.bincount(seen + batches.carried.tolist(), minlength=count).tolist() == [4] * count


def test_a_new_batch_size_holds_from_the_next_epoch() -> None:
    batches = Batches(0, 6, batching(6, 2, shuffled=False))
    batches.advance()
    batches.follow(batching(6, 3, shuffled=False))
    assert epoch_of(batches) == [[2, 3], [4, 5]]
    assert epoch_of(batches) == [[0, 1, 2], [3, 4, 5]]


def test_a_new_batch_size_holds_at_once_where_an_epoch_begins() -> None:
    batches = Batches(0, 6, batching(6, 2, shuffled=False))
    batches.follow(batching(6, 3, shuffled=False))
    assert batches.rows.tolist() == [0, 1, 2]


def test_examples_that_wait_join_also_if_later_epochs_keep_short_batches() -> None:
    batches = Batches(0, 5, batching(5, 2, shuffled=False, carries=True))
    batches.advance()
    batches.follow(batching(5, 2, shuffled=False))
    assert epoch_of(batches) == [[2, 3]]
    assert epoch_of(batches) == [[4, 0, 1], [2, 3], [4]]


@given(COUNTS, SIZES, st.booleans(), st.integers(1, 40))
def test_a_place_is_enough_to_go_on(count: int, size: int, carries: bool, steps: int) -> None:
    batches = Batches(5, count, batching(count, size, carries=carries))
    for _ in range(steps):
        batches.advance()
    twin = Batches(5, count, batching(count, size, carries=carries))
    twin.check(batches.epoch, batches.carried, batches.batching, batches.position)
    twin.begin(batches.epoch, batches.carried, batches.batching, batches.position)
    for _ in range(steps):
        assert np.array_equal(twin.rows, batches.rows)
        twin.advance()
        batches.advance()


@given(COUNTS, SIZES, st.integers(0, 20), st.integers(1, 4))
def test_the_way_to_the_end_of_an_epoch_is_as_long_as_it_says(
    count: int, size: int, steps: int, epochs: int
) -> None:
    batches = Batches(5, count, batching(count, size))
    for _ in range(steps):
        batches.advance()
    goal = batches.epoch + epochs
    for _ in range(batches.steps_until(goal)):
        assert batches.epoch < goal
        batches.advance()
    assert (batches.epoch, batches.position) == (goal, 0)


def test_schedules_count_steps_as_the_run_does() -> None:
    batches = Batches(0, 7, batching(7, 3))
    for step in range(10):
        assert batches.schedule_step == step
        batches.advance()


@pytest.mark.parametrize(("size", "expected"), [(None, 9), (4, 4), (100, 9)])
def test_a_batch_is_at_most_the_whole_training_part(size: int | None, expected: int) -> None:
    assert Batching.of(Training(batch_size=size), 9).size == expected


@pytest.mark.parametrize(
    ("epoch", "carried", "size", "position"),
    [(-1, [], 2, 0), (0, [], 0, 0), (0, [], 6, 0), (0, [], 2, 3), (0, [5], 2, 0), (0, [-1], 2, 0)],
)
def test_a_place_that_is_none_is_refused(epoch: int, carried: list[int], size: int, position: int) -> None:
    batches = Batches(0, 5, batching(5, 2))
    cut = Batching(size, shuffled=True, carries_over=False)
    with pytest.raises(ValueError, match=r"can't be|not there"):
        batches.check(epoch, np.array(carried, dtype=np.int64), cut, position)
