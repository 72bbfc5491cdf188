"""The shuffle: a permutation, a function of its arguments alone, and fair."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bpviz.engine.order import mix, order

SEEDS = st.integers(0, 2**32 - 1)


@given(seed=SEEDS, epoch=st.integers(0, 10**9), count=st.integers(0, 300))
def test_an_order_is_a_permutation_and_the_same_every_time(seed: int, epoch: int, count: int) -> None:
    first = order(seed, epoch, count)
    assert first.dtype == np.int64
    assert sorted(first.tolist()) == list(range(count))
    np.testing.assert_array_equal(first, order(seed, epoch, count))


@given(seed=SEEDS, epoch=st.integers(0, 1000))
def test_neighboring_epochs_and_seeds_have_different_orders(seed: int, epoch: int) -> None:
    here = order(seed, epoch, 100).tolist()
    assert here != order(seed, epoch + 1, 100).tolist()
    assert here != order((seed + 1) % 2**32, epoch, 100).tolist()


def test_the_scrambler_is_the_published_one() -> None:
    # The first outputs of SplitMix64 started at 0, from the reference implementation of Vigna.
    gamma = 0x9E3779B97F4A7C15
    states = np.array([0, gamma, 2 * gamma % 2**64], dtype=np.uint64)
    published = [0xE220A8397B1DCDAF, 0x6E789E6AA1B965F4, 0x06C45D188009454F]
    assert mix(states).tolist() == published


def test_orders_known_from_before_stay_as_they_are() -> None:
    # Saved runs and compiled code rely on these: a change would be a change of every run.
    assert order(3, 0, 10).tolist() == [1, 6, 2, 9, 7, 3, 4, 5, 8, 0]
    assert order(3, 1, 10).tolist() == [9, 6, 5, 0, 3, 2, 8, 1, 4, 7]


def test_every_example_comes_to_every_place_about_equally_often() -> None:
    epochs, count = 4000, 5
    orders = np.array([order(7, epoch, count) for epoch in range(epochs)])
    counts = np.array([np.bincount(orders[:, place], minlength=count) for place in range(count)])
    expected = epochs / count
    chi_square = ((counts - expected) ** 2 / expected).sum()
    assert chi_square < 32.0  # 99 % quantile of 16 degrees of freedom
