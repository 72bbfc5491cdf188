"""Data that are drawn by numpy or given by hand."""

from __future__ import annotations

import numpy as np
import pytest

from bpviz.data.generators import four_layers, linear_case, mazur, moons, sine, xor_points
from bpviz.streams import stream


def test_moons_without_noise_lie_on_their_half_circles() -> None:
    data = moons(stream(1, "data"), 101, 0.0)
    upper = data.inputs[data.labels == 0]
    lower = data.inputs[data.labels == 1]
    assert (len(upper), len(lower)) == (51, 50)
    np.testing.assert_allclose(np.hypot(*upper.T), 1)
    np.testing.assert_allclose(np.hypot(*(lower - [1, 0.5]).T), 1)
    assert (upper[:, 1] >= 0).all()
    assert (lower[:, 1] <= 0.5).all()


def test_noise_moves_the_moons_by_its_standard_deviation() -> None:
    clean, noisy = moons(stream(1, "data"), 2000, 0.0), moons(stream(1, "data"), 2000, 0.2)
    assert np.std(noisy.inputs - clean.inputs) == pytest.approx(0.2, rel=0.08)


def test_a_sine_without_noise_is_the_sine_of_one_period() -> None:
    data = sine(stream(1, "data"), 300, 0.0)
    np.testing.assert_array_equal(data.targets, np.sin(data.inputs))
    assert -np.pi <= data.inputs.min() < -3
    assert 3 < data.inputs.max() <= np.pi


def test_noise_moves_the_sine_up_and_down_only() -> None:
    clean, noisy = sine(stream(1, "data"), 2000, 0.0), sine(stream(1, "data"), 2000, 0.1)
    assert clean.targets is not None
    assert noisy.targets is not None
    np.testing.assert_array_equal(clean.inputs, noisy.inputs)
    assert np.std(noisy.targets - clean.targets) == pytest.approx(0.1, rel=0.08)


def test_the_four_points_are_the_truth_table_of_exclusive_or() -> None:
    data = xor_points()
    assert data.inputs.tolist() == [[0, 0], [0, 1], [1, 0], [1, 1]]
    assert np.asarray(data.labels).tolist() == [0, 1, 1, 0]


def test_single_examples_have_the_numbers_of_their_sources() -> None:
    # Mazur, "A Step by Step Backpropagation Example", 2015; the linear neuron's case is (1, 1) with target 0.
    assert mazur().inputs.tolist() == [[0.05, 0.10]]
    assert np.asarray(mazur().targets).tolist() == [[0.01, 0.99]]
    assert linear_case().inputs.tolist() == [[1, 1]]
    assert np.asarray(linear_case().targets).tolist() == [[0]]
    assert four_layers().inputs.shape == (1, 4)
