"""The colors are readable, and signs and depth are told apart."""

from __future__ import annotations

import pytest

from bpviz.palette import DARK, PALETTES, Palette, contrast, depth_color, mix, rgb

TEXT_CONTRAST = 4.5
MARK_CONTRAST = 3.0
LAYERS = [0.0, 0.25, 0.5, 0.75, 1.0]


@pytest.fixture(params=list(PALETTES.values()), ids=list(PALETTES))
def palette(request: pytest.FixtureRequest) -> Palette:
    chosen: Palette = request.param
    return chosen


def test_contrast_of_black_and_white_is_21_and_of_a_color_with_itself_1() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)
    assert contrast("#3b5bdb", "#3b5bdb") == 1.0


@pytest.mark.parametrize("token", ["text", "secondary", "accent", "good", "warning", "bad"])
def test_text_is_readable_on_every_background(palette: Palette, token: str) -> None:
    for background in (palette.window, palette.surface, palette.raised):
        assert contrast(palette.color(token), background) >= TEXT_CONTRAST


def test_drawn_marks_stand_out_from_the_surface(palette: Palette) -> None:
    marks = ["negative", "positive", "train", "test", *(f"depth:{t}" for t in LAYERS)]
    marks += [f"class:{k}" for k in range(len(palette.classes))]
    weak = [mark for mark in marks if contrast(palette.color(mark), palette.surface) < MARK_CONTRAST]
    assert weak == []


def test_text_in_the_color_of_a_mark_is_readable_and_still_told_apart(palette: Palette) -> None:
    inks = [palette.color(f"ink:depth:{t}") for t in LAYERS]
    assert all(contrast(ink, palette.surface) >= TEXT_CONTRAST for ink in inks)
    assert len(set(inks)) == len(LAYERS)
    assert palette.color("ink:train") == palette.color("train"), "what can be read stays as it is"


def test_depth_runs_from_dark_to_light(palette: Palette) -> None:
    brightness = [contrast(palette.depth(t), "#000000") for t in LAYERS]
    assert brightness == sorted(brightness)
    assert len({palette.depth(t) for t in LAYERS}) == len(LAYERS)


def test_the_diverging_scale_is_orange_below_zero_and_blue_above(palette: Palette) -> None:
    assert palette.diverging(-1) == palette.diverging(-3) == palette.negative
    assert palette.diverging(1) == palette.diverging(3) == palette.positive
    assert palette.diverging(0) == palette.zero
    assert rgb(palette.negative)[0] > rgb(palette.negative)[2]
    assert rgb(palette.positive)[0] < rgb(palette.positive)[2]


def test_the_ends_of_the_ramp_are_those_of_cividis() -> None:
    assert (depth_color(-1), depth_color(0), depth_color(1)) == ("#00224e", "#00224e", "#fee838")


def test_mixing_meets_in_the_middle() -> None:
    assert mix("#000000", "#ffffff", 0.5) == "#808080"


def test_an_unknown_token_is_a_fault() -> None:
    with pytest.raises(KeyError):
        DARK.color("depth_range")
