"""How a picture is made is one value, read from what people write and checked by one rule."""

from __future__ import annotations

import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from bpviz.errors import SettingError
from bpviz.files.figures import FIGURE_FORMATS
from bpviz.files.picture_settings import (
    DPI,
    MOST_PIXELS,
    PictureSettings,
    picture_settings,
    range_of,
    size_of,
)
from bpviz.palette import DARK, LIGHT
from bpviz.training.figure import Axis, Figure
from bpviz.training.marks import Line
from tests.files.test_figures import line


def figure(*lines: Line) -> Figure:
    return Figure("loss", "Loss", Axis("Step"), Axis("Loss"), lines or (line("a", [2.0, 1.0]),), "Nothing.")


@given(st.floats(20, 400), st.floats(20, 400), st.sampled_from(["mm", "px"]), st.integers(*DPI))
def test_a_size_is_read_back_or_refused_with_a_sentence(w: float, h: float, unit: str, dpi: int) -> None:
    text = f"{w:.2f}x{h:.2f}{unit}"
    assert size_of(text) == ((float(f"{w:.2f}"), float(f"{h:.2f}")), unit)
    try:
        made = picture_settings(text, dpi)
    except SettingError:
        scale = 25.4 if unit == "mm" else dpi
        assert min(w, h) / scale < 0.76 or w * h * (dpi / scale) ** 2 > 0.99 * MOST_PIXELS
        return
    width, height = made.inches((1.0, 1.0))
    assert width * height * dpi**2 <= MOST_PIXELS * 1.001
    assert min(width, height) >= 0.749


@pytest.mark.parametrize(
    "text", ["120", "120x", "x80mm", "1.2.3x4", "-1x5", "120x80cm", "axb", "120x80mmm", ""]
)
def test_what_is_no_size_is_refused(text: str) -> None:
    with pytest.raises(SettingError, match="no size of a picture"):
        picture_settings(text)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"dpi": 0}, "can't have 0 dpi; choose a whole number from 36 to 1200"),
        ({"dpi": 96.5}, "choose a whole number"),
        ({"font_size": 1}, "Letters can't be 1.0 pt"),
        ({"font_size": float("nan")}, "Letters can't be nan pt"),
        ({"theme": "pink"}, "no theme 'pink'; choose light or dark"),
        ({"size": (0, 5)}, "a width and a height"),
        ({"size": (True, 5)}, "a width and a height"),
        ({"size": (10, 10)}, "has no room for its letters"),
        ({"size": "4000x4000mm"}, "more than 60 million pixels"),
    ],
)
def test_what_can_not_be_made_is_refused(given: dict[str, Any], said: str) -> None:
    with pytest.raises(SettingError, match=said):
        picture_settings(**given)


@pytest.mark.parametrize("text", ["5", ":", "1:", ":2", "a:b", "1:2:3"])
def test_what_is_no_range_is_refused(text: str) -> None:
    with pytest.raises(SettingError, match="no part of an axis"):
        range_of(text)
    assert range_of("0.5:1e3") == (0.5, 1000.0)


@pytest.mark.parametrize(
    ("size", "dpi", "pixels"),
    [("1201x799px", 192, (1201, 799)), ("1201x799", 96, (1201, 799)), ("127x50.8mm", 300, (1500, 600))],
)
def test_a_picture_has_the_pixels_and_the_resolution_asked_for(
    size: str, dpi: int, pixels: tuple[int, int]
) -> None:
    content = FIGURE_FORMATS["png"].content(figure(), picture_settings(size, dpi))
    with Image.open(io.BytesIO(content)) as image:
        assert image.size == pixels
        assert image.info["dpi"] == pytest.approx((dpi, dpi), abs=0.05)


def test_letters_are_as_large_as_asked_for() -> None:
    usual = FIGURE_FORMATS["svg"].content(figure(), PictureSettings()).decode()
    large = FIGURE_FORMATS["svg"].content(figure(), PictureSettings(font_size=16.5)).decode()
    assert "font-size: 8.25px" in usual
    assert "font-size: 16.5px" in large
    assert "8.25px" not in large


def test_themes_are_the_palettes() -> None:
    assert picture_settings(theme="dark").palette is DARK
    assert picture_settings().palette is LIGHT
