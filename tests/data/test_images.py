"""Inputs that are pixels find their places; others make no image."""

from __future__ import annotations

import numpy as np
import pytest

from bpviz.data.datasets import read_bundled
from bpviz.data.images import image_of


def test_pixels_stand_where_their_names_say() -> None:
    image = image_of(["pixel_1_0", "pixel_0_2", "pixel_0_0"], np.array([1.0, 2.0, 3.0]))
    assert image is not None
    np.testing.assert_array_equal(image, [[3.0, np.nan, 2.0], [1.0, np.nan, np.nan]])


def test_the_bundled_digits_are_images() -> None:
    columns = read_bundled("digits").columns
    image = image_of(columns[:-1], np.arange(64.0))
    assert image is not None
    np.testing.assert_array_equal(image, np.arange(64.0).reshape(8, 8))


@pytest.mark.parametrize(
    "names",
    [
        (),
        ("x", "y"),
        ("pixel_0_0", "pixel_1_1", "x"),
        ("pixel_0_0", "pixel_1_1", "pixel_1_1"),  # twice the same
        ("pixel_0_0", "pixel_0_1"),  # a single row
        ("pixel_0_0", "pixel_1_9999"),
        ("pixel_0_0 ", "pixel_1_1"),
    ],
)
def test_anything_else_is_no_image(names: tuple[str, ...]) -> None:
    assert image_of(names, np.zeros(len(names))) is None
