"""Numbers as colors."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QColor

from bpviz.drawing.shown import nice_scale
from bpviz.palette import contrast
from bpviz.ui.shades import Shades
from bpviz.ui.theme import Theme


def test_the_ends_and_the_middle_are_the_themes(theme: Theme) -> None:
    shades = Shades(theme)
    assert shades.fill(-3.0, 2.0) == theme.color("negative")
    assert shades.fill(2.0, 2.0) == theme.color("positive")
    assert shades.fill(float("nan"), 2.0) is None
    middle = shades.fill(0.0, 2.0)
    assert middle is not None
    assert abs(middle.red() - theme.color("zero").red()) <= 2


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_numbers_can_be_read_on_every_fill(theme: Theme, mode: str) -> None:
    theme.set_mode("dark" if mode == "dark" else "light")
    shades = Shades(theme)
    for value in np.linspace(-1, 1, 41):
        fill, ink = shades.fill(value, 1.0), shades.ink(value, 1.0)
        assert fill is not None
        assert ink is not None
        assert contrast(fill.name(), ink.name()) >= 4.5


def test_an_image_has_the_first_row_on_top_and_nothing_where_nothing_is_known(theme: Theme) -> None:
    image = Shades(theme).image(np.array([[-1.0, 1.0], [np.nan, np.inf]]), 1.0)
    assert (image.width(), image.height()) == (2, 2)
    assert QColor(image.pixelColor(0, 0)) == theme.color("negative")
    assert QColor(image.pixelColor(1, 0)) == theme.color("positive")
    assert image.pixelColor(0, 1).alpha() == 0


def test_a_map_has_its_first_row_at_the_bottom(qapp: object, theme: Theme) -> None:
    image = Shades(theme).map_pixmaps(np.array([[[-1.0], [1.0]]]), 0.0)[0].toImage()
    assert QColor(image.pixelColor(0, 1)) == theme.color("negative")
    assert QColor(image.pixelColor(0, 0)) == theme.color("positive")


def test_a_map_has_round_corners_and_nothing_where_nothing_is_known(qapp: object, theme: Theme) -> None:
    values = np.ones((2, 32, 32))
    values[1, 0, 16] = np.nan
    whole, holed = (one.toImage() for one in Shades(theme).map_pixmaps(values, 0.25))
    assert [whole.pixelColor(x, y).alpha() for x in (0, 31) for y in (0, 31)] == [0] * 4
    assert whole.pixelColor(0, 16) == whole.pixelColor(16, 16) == theme.color("positive")
    # The radius is 8 cells, so the arc runs through the cell whose middle is 8 from (8, 8) on the diagonal.
    edge = whole.pixelColor(2, 2).alpha()
    assert 0 < edge < 255
    assert whole.pixelColor(1, 1).alpha() == 0
    assert whole.pixelColor(3, 3).alpha() == 255
    assert holed.pixelColor(16, 31).alpha() == 0


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=9).map(np.array))
def test_a_nice_scale_holds_every_value_and_is_not_much_larger(values: np.ndarray) -> None:
    largest = np.abs(values).max()
    scale = nice_scale(values)
    assert scale >= largest * (1 - 1e-6)
    assert largest < 1e-290 or scale <= 2.5001 * largest


def test_a_scale_of_nothing_is_one() -> None:
    assert nice_scale(np.array([np.nan, 0.0])) == 1.0
