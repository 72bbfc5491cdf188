"""The colors are readable, and signs and depth are told apart."""

from __future__ import annotations

from itertools import pairwise

import pytest

from bpviz.palette import (
    DARK,
    NEIGHBORS_APART,
    PALETTES,
    Palette,
    contrast,
    depth_color,
    lightness,
    mix,
    rgb,
    with_lightness,
)

TEXT_CONTRAST = 4.5
MARK_CONTRAST = 3.0
LAYERS = [1, 2, 3, 5, 6, 8, 13, 40]
COVER_CONTRAST = 2.0  # of a curve on an area behind it


def layers(count: int) -> list[str]:
    """Tokens of so many layers' curves."""
    return [f"layer:{at}/{count}" for at in range(count)]


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
    marks = ["negative", "positive", "train", "test", *(token for n in LAYERS for token in layers(n))]
    marks += [f"class:{k}" for k in range(len(palette.classes))]
    weak = [mark for mark in marks if contrast(palette.color(mark), palette.surface) < MARK_CONTRAST]
    assert weak == []


def test_text_in_the_color_of_a_mark_is_readable_and_still_told_apart(palette: Palette) -> None:
    inks = [palette.color(f"ink:{token}") for token in layers(8)]
    assert all(contrast(ink, palette.surface) >= TEXT_CONTRAST for ink in inks)
    assert len(set(inks)) == len(inks)
    assert palette.color("ink:train") == palette.color("train"), "what can be read stays as it is"


@pytest.mark.parametrize("count", LAYERS)
def test_neighboring_layers_are_told_apart_by_lightness_alone(palette: Palette, count: int) -> None:
    seen = [lightness(palette.color(token)) for token in layers(count)]
    rounding = 0.5  # of a color to 256 shades
    assert all(abs(a - b) >= NEIGHBORS_APART - rounding for a, b in pairwise(seen))


@pytest.mark.parametrize("count", [2, 3, 4, 5])
def test_few_layers_run_from_dark_to_light(palette: Palette, count: int) -> None:
    seen = [lightness(palette.color(token)) for token in layers(count)]
    assert seen == sorted(seen)


@pytest.mark.parametrize("count", LAYERS[1:])
def test_the_hue_of_a_layer_runs_from_blue_to_yellow(palette: Palette, count: int) -> None:
    def yellow(token: str) -> float:
        red, green, blue = rgb(palette.color(token))
        return ((red + green) / 2 - blue) / max(red, green, blue)

    seen = [yellow(token) for token in layers(count)]
    assert seen[0] < 0 < seen[-1]
    assert [shade > 0 for shade in seen] == sorted(shade > 0 for shade in seen)


def test_no_band_behind_curves_covers_one_of_them(palette: Palette) -> None:
    tokens = ["train", "test", "secondary", *(token for n in LAYERS for token in layers(n))]
    bands = {palette.pale(token) for token in tokens}
    assert all(contrast(palette.color(t), band) >= COVER_CONTRAST for t in tokens for band in bands)
    assert palette.surface not in bands


@pytest.mark.parametrize("color", ["#00224e", "#fee838", "#808080", "#c92a2a", "#000000"])
@pytest.mark.parametrize("wanted", [0.0, 5.0, 40.0, 75.0, 100.0])
def test_another_lightness_is_met(color: str, wanted: float) -> None:
    assert lightness(with_lightness(color, wanted)) == pytest.approx(wanted, abs=0.4)


def test_lightness_is_that_of_the_standard() -> None:
    # Red has the luminance 0.2126: 116 * 0.2126 ** (1 / 3) - 16.
    assert lightness("#ff0000") == pytest.approx(53.23, abs=0.01)
    assert lightness("#000000") == 0.0
    assert lightness("#ffffff") == pytest.approx(100.0)


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
        DARK.color("lightness")
