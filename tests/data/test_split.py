"""Splits are complete, fair to classes, and the same for the same seed."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpviz.data.dataset import Dataset
from bpviz.data.datasets import load
from bpviz.data.settings import DataSettings
from bpviz.data.split import split
from bpviz.errors import SettingError

shares = st.integers(1, 100).map(lambda percent: percent / 100)


def _classes(sizes: list[int]) -> Dataset:
    labels = np.repeat(np.arange(len(sizes)), sizes)
    names = tuple(map(str, range(len(sizes))))
    return Dataset("made", ("x",), np.zeros((labels.size, 1)), ("class",), classes=names, labels=labels)


@given(sizes=st.lists(st.integers(0, 30), min_size=2, max_size=5).filter(any), share=shares)
def test_every_example_is_in_one_part_and_classes_keep_their_shares(sizes: list[int], share: float) -> None:
    data = _classes(sizes)
    train, test = split(data, share, 3)
    np.testing.assert_array_equal(np.sort(np.concatenate([train, test])), np.arange(data.size))
    percent = round(share * 100)
    assert train.size == max(1, data.size * percent // 100)
    counts = np.bincount(np.asarray(data.labels)[train], minlength=len(sizes))
    assert np.all(np.abs(counts - np.array(sizes) * train.size / data.size) < 1)


@given(share=shares, seed=st.integers(0, 2**32))
def test_both_parts_are_in_the_order_of_the_data(share: float, seed: int) -> None:
    for part in split(_classes([20, 21]), share, seed):
        assert np.all(np.diff(part) > 0)


def test_the_seed_decides_the_split() -> None:
    data = load(DataSettings("iris"), 0)
    first, again, other = (split(data, 0.7, seed)[0] for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)


def test_seventy_percent_of_iris_are_35_of_each_species() -> None:
    data = load(DataSettings("iris"), 0)
    train, _ = split(data, 0.7, 1)
    assert np.bincount(np.asarray(data.labels)[train]).tolist() == [35, 35, 35]


def test_numbers_are_split_at_random() -> None:
    data = load(DataSettings("diabetes"), 0)
    train, test = split(data, 0.8, 1)
    assert (train.size, test.size) == (353, 89)
    assert train.max() > 400
    assert test.min() < 40


def test_the_playgrounds_data_are_cut_where_it_cuts_them() -> None:
    train, test = split(load(DataSettings("circle"), 1), 0.3, 9)
    np.testing.assert_array_equal(train, np.arange(150))
    np.testing.assert_array_equal(test, np.arange(150, 500))


def test_a_share_of_1_leaves_no_test_part() -> None:
    train, test = split(load(DataSettings("iris"), 1), 1, 9)
    assert (train.size, test.size) == (150, 0)


def test_one_example_is_always_there_to_train_on() -> None:
    train, test = split(load(DataSettings("mazur"), 1), 0.5, 9)
    assert (train.tolist(), test.tolist()) == ([0], [])


@pytest.mark.parametrize("share", [0.0, -0.5, 1.01, float("nan")])
def test_a_share_outside_its_range_is_refused(share: float) -> None:
    with pytest.raises(SettingError, match="training share must be above 0 and at most 1"):
        split(_classes([3, 3]), share, 0)
