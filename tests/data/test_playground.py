"""The Playground's data sets, against points that its own engine drew."""

from __future__ import annotations

import numpy as np
import pytest

from bpviz.arrays import Array
from bpviz.data.dataset import Dataset
from bpviz.data.datasets import DATASETS, load
from bpviz.data.playground import GAUSSIANS
from bpviz.data.settings import DataSettings
from bpviz.streams import SeedRandom, playground_key

SEED = 59704  # the Playground's 0.59704
NAMES = ("circle", "xor", "gauss", "spiral", "plane", "multi_gauss")


@pytest.mark.parametrize(
    ("name", "point"),
    [
        ("circle", (0.240145, 0.460359, 1)),
        ("xor", (-3.223079, -4.534759, 1)),
        ("plane", (-0.067609, 2.497958, 0.243035)),
    ],
)
def test_the_first_point_is_the_playgrounds(name: str, point: tuple[float, float, float]) -> None:
    data = load(DataSettings(name), SEED)
    assert [round(float(value), 6) for value in (*data.inputs[0], _targets(data)[0])] == list(point)


@pytest.mark.parametrize(
    ("name", "weights"),
    [("circle", (0.013961, 0.433026)), ("xor", (0.013961, 0.433026)), ("plane", (0.364244, -0.235081))],
)
def test_its_generator_goes_on_to_the_playgrounds_first_weights(
    name: str, weights: tuple[float, float]
) -> None:
    random = load(DataSettings(name), SEED).stream
    assert random is not None
    assert [round(random.random() - 0.5, 6) for _ in range(2)] == list(weights)


def test_the_generator_after_the_data_is_a_fresh_one_each_time() -> None:
    data = load(DataSettings("circle", samples=10), SEED)
    first, second = data.stream, data.stream
    assert first is not None
    assert second is not None
    assert first.random() == second.random()


@pytest.mark.parametrize("name", NAMES)
def test_there_are_as_many_examples_as_the_playground_draws(name: str) -> None:
    assert load(DataSettings(name), 1).size == (500 if DATASETS[name].task == "class" else 1200)


@pytest.mark.parametrize("name", NAMES)
def test_noise_changes_what_is_drawn_but_not_how_often(name: str) -> None:
    settings = DataSettings(name, samples=40)
    clean, noisy = load(settings, 5), load(DataSettings(name, samples=40, noise=0.3), 5)
    assert clean.stream is not None
    assert noisy.stream is not None
    assert clean.stream.random() == noisy.stream.random()
    before, after = (np.column_stack([data.inputs, _targets(data)]) for data in (clean, noisy))
    assert not np.array_equal(before, after)


def test_the_disk_of_the_circle_has_its_label_and_the_gap_is_empty() -> None:
    data = load(DataSettings("circle"), 8)
    distance = np.hypot(*data.inputs.T)
    assert not ((distance > 2.5) & (distance < 3.5)).any()
    np.testing.assert_array_equal(data.labels, distance < 2.5)
    assert data.classes == ("ring", "disk")


def test_exclusive_or_keeps_its_points_off_the_axes() -> None:
    data = load(DataSettings("xor"), 8)
    assert np.abs(data.inputs).min() >= 0.3
    assert np.abs(data.inputs).max() <= 5.3
    np.testing.assert_array_equal(data.labels, data.inputs.prod(axis=1) >= 0)


@pytest.mark.parametrize(("noise", "variance"), [(0.0, 0.5), (0.5, 4.0)])
def test_the_clouds_have_the_variance_that_their_noise_says(noise: float, variance: float) -> None:
    data = load(DataSettings("gauss", noise=noise, samples=4000), 8)
    for label, center in ((1, 2.0), (-1, -2.0)):
        cloud = data.inputs[_targets(data) == label]
        np.testing.assert_allclose(cloud.mean(axis=0), center, atol=5 * np.sqrt(variance / 2000))
        np.testing.assert_allclose(cloud.var(axis=0), variance, rtol=0.16)  # five standard errors


def test_the_two_arms_of_the_spiral_mirror_each_other() -> None:
    data = load(DataSettings("spiral"), 8)
    arms = [data.inputs[_targets(data) == label] for label in (-1, 1)]
    one, other = (arm[np.argsort(np.hypot(*arm.T))] for arm in arms)
    np.testing.assert_allclose(one, -other, atol=1e-12)


def test_a_hill_has_height_1_at_its_center_and_0_beyond_its_radius() -> None:
    data = load(DataSettings("multi_gauss"), 8)
    assert data.targets is not None
    for (x, y), height in zip(data.inputs, data.targets[:, 0], strict=True):
        cones = [
            sign * max(1 - np.hypot(x - center_x, y - center_y) / 2, 0)
            for center_x, center_y, sign in GAUSSIANS
        ]
        assert height == pytest.approx(max(cones, key=abs), abs=1e-12)


@pytest.mark.parametrize("name", ["circle", "gauss", "spiral"])
def test_an_odd_number_of_examples_is_rounded_up_to_two_equal_halves(name: str) -> None:
    settings = DataSettings(name, samples=5)
    assert load(settings, 1).size == 6
    assert DATASETS[name].facts(5).rows == 6


def test_the_seed_is_the_text_of_the_link() -> None:
    # The first draw of circle is the radius of the first inner point, wherever the shuffle puts it.
    radius = SeedRandom(playground_key(SEED)).random() * 2.5
    distances = np.hypot(*load(DataSettings("circle"), SEED).inputs.T)
    assert np.abs(distances - radius).min() < 1e-12


def _targets(data: Dataset) -> Array:
    """The Playground's label of each point: -1 or +1, or the height."""
    if data.targets is None:
        return 2.0 * np.asarray(data.labels) - 1
    return data.targets[:, 0]
