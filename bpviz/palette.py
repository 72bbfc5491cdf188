"""Every color of bpviz, without Qt, so that the window and the pictures it writes look alike.

Orange is negative and blue is positive everywhere; what runs over layers takes its color from depth, on the
cividis ramp (Nuñez, Anderton and Renslow 2018), which color-blind readers see in the same order.  A figure
names colors by tokens; `Palette.color` turns a token into a color of the theme in force.  To add a token, add
a field here, and it can be used everywhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Final, Literal

Color = str
"""``#rrggbb``."""

ThemeMode = Literal["light", "dark", "system"]
"""Which palette the user wants; ``system`` follows the desktop."""

Rgb = tuple[float, float, float]
"""Red, green and blue, each 0 to 1."""

_CIVIDIS: Final = (
    *("#00224e", "#002e6a", "#1a386f", "#32436d", "#434e6c", "#535a6d", "#61656f", "#6f7073", "#7d7c78"),
    *("#8c8878", "#9b9476", "#aba072", "#bcae6c", "#cdbb63", "#dec958", "#f0d846", "#fee838"),
)
"""Cividis at seventeen even places; between them colors are mixed."""


@dataclass(frozen=True, slots=True)
class Palette:
    """The colors of one theme.

    Attributes:
        name: ``light`` or ``dark``.
        window: Behind everything.
        surface: Of panels, plots and nodes.
        raised: Of menus, cards and fields.
        hairline: Between panels, and the grid of plots.
        strong_line: Borders of fields, axes, marks.
        text: What is read first; also the training part's curves.
        secondary: Captions and axis labels.
        disabled: What can't be used now.
        accent: Selection, Play, focus; also the test part's curves.
        negative: Numbers below 0.
        zero: The middle of the diverging scale.
        positive: Numbers above 0.
        good: Success.
        warning: Something to look at.
        bad: Failure.
        lightness: Of curves of layers, CIE L*: all of it stands out from the surface, at least 3:1.
        classes: For the classes of a data set, in order; the first two are negative and positive.
    """

    name: str
    window: Color
    surface: Color
    raised: Color
    hairline: Color
    strong_line: Color
    text: Color
    secondary: Color
    disabled: Color
    accent: Color
    negative: Color
    zero: Color
    positive: Color
    good: Color
    warning: Color
    bad: Color
    lightness: tuple[float, float]
    classes: tuple[Color, ...]

    def color(self, token: str) -> Color:
        """Turn a figure's token into a color.

        Tokens are the names of the fields, ``train``, ``test`` and ``mark``, ``layer:K/N`` for the K-th of N
        layers counted from 0 at the input side, ``class:K`` with K counted from 0, ``diverging:V`` with V
        from -1 to 1, and ``ink:TOKEN`` for text in the color of another token.

        Raises:
            KeyError: If there is no such token; a fault of ours, not the user's.
        """
        kind, _, argument = token.partition(":")
        if kind == "layer":
            at, count = argument.split("/")
            return self.layer(int(at), int(count))
        if kind == "class":
            return self.classes[int(argument) % len(self.classes)]
        if kind == "diverging":
            return self.diverging(float(argument))
        if kind == "ink":
            return self.ink(argument)
        name = _ALIASES.get(token, token)
        if name not in _COLOR_FIELDS:
            raise KeyError(token)
        return str(getattr(self, name))

    def layer(self, at: int, count: int) -> Color:
        """Color of the curve of a layer, the hue telling its depth: from blue, input side, to yellow, output.

        The lightness rises with depth, too, while it can do so in steps that are plainly seen; for more
        layers it goes up and down between neighbors.
        """
        low, high = self.lightness
        depth = at / max(count - 1, 1)
        fits = (count - 1) * NEIGHBORS_APART <= high - low
        swing = 0.0 if fits else 2 * NEIGHBORS_APART
        return with_lightness(depth_color(depth), low + (high - low - swing) * depth + swing * (at % 2))

    def pale(self, token: str) -> Color:
        """Color of an area behind curves: a mark's hue, so near to the surface that it covers no curve."""
        ground = lightness(self.surface)
        step = _PALE_APART if ground < 50 else -_PALE_APART
        return with_lightness(mix(self.surface, self.color(token), _PALE_SHARE), ground + step)

    def ink(self, token: str) -> Color:
        """Color of text that belongs to a drawn mark: the mark's, as near to the text's as reading needs."""
        shades = (mix(self.color(token), self.text, share / 10) for share in range(11))
        return next(shade for shade in shades if contrast(shade, self.surface) >= _TEXT_CONTRAST)

    def diverging(self, value: float) -> Color:
        """Color of a signed value, already scaled to -1 ... 1; outside of it the ends' colors."""
        end = self.positive if value > 0 else self.negative
        return mix(self.zero, end, min(abs(value), 1.0))


LIGHT: Final = Palette(
    name="light",
    window="#f6f6f3",
    surface="#ffffff",
    raised="#ffffff",
    hairline="#e4e4df",
    strong_line="#c9c9c2",
    text="#1c1e21",
    secondary="#5c6166",
    disabled="#a3a7ab",
    accent="#3b5bdb",
    negative="#e07a10",
    zero="#e8eaeb",
    positive="#0877bd",
    good="#2b7a3b",
    warning="#935f0f",
    bad="#c92a2a",
    lightness=(12.0, 60.0),
    classes=(
        *("#e07a10", "#0877bd", "#2b8a5a", "#b5478f", "#7a6a00"),
        *("#5b52c4", "#c0433c", "#1d8a94", "#7d5a44", "#6b7075"),
    ),
)

DARK: Final = Palette(
    name="dark",
    window="#17191c",
    surface="#1f2226",
    raised="#272b30",
    hairline="#30353b",
    strong_line="#454b53",
    text="#e8e9ea",
    secondary="#a0a6ad",
    disabled="#5f656c",
    accent="#8aa4ff",
    negative="#f59a3a",
    zero="#2b2f34",
    positive="#4aa8e8",
    good="#69db7c",
    warning="#f0b429",
    bad="#ff8787",
    lightness=(46.0, 94.0),
    classes=(
        *("#f59a3a", "#4aa8e8", "#5cc48d", "#e58ac4", "#c9b53a"),
        *("#a79cf5", "#f0837a", "#56c3cf", "#c29a80", "#a3a9af"),
    ),
)

PALETTES: Final = {palette.name: palette for palette in (LIGHT, DARK)}

_ALIASES: Final = {"train": "text", "test": "accent", "mark": "strong_line"}
_TEXT_CONTRAST: Final = 4.5
NEIGHBORS_APART: Final = 12.0
"""Least difference in CIE L* between the curves of two layers that follow on each other."""

_PALE_APART: Final = 12.0
_PALE_SHARE: Final = 0.24
_DARKEST: Final = 1e-4  # below, a color has no hue to keep
_COLOR_FIELDS: Final = {field.name for field in fields(Palette)} - {"name", "lightness", "classes"}


def depth_color(t: float) -> Color:
    """Color at a place of the cividis ramp, t from 0, dark, to 1, light."""
    return ramp(_CIVIDIS, t)


def ramp(colors: Sequence[Color], t: float) -> Color:
    """Color at a place of a ramp through evenly spaced colors, t from 0 to 1."""
    place = min(max(t, 0.0), 1.0) * (len(colors) - 1)
    left = min(int(place), len(colors) - 2)
    return mix(colors[left], colors[left + 1], place - left)


def mix(first: Color, second: Color, share: float) -> Color:
    """Mix two colors; share 0 gives the first, 1 the second."""
    pairs = zip(rgb(first), rgb(second), strict=True)
    return "#" + "".join(f"{round(255 * (a + (b - a) * share)):02x}" for a, b in pairs)


def rgb(color: Color) -> Rgb:
    """Red, green and blue of a color, each 0 to 1."""
    red, green, blue = (int(color[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue


def contrast(first: Color, second: Color) -> float:
    """Contrast of two colors, 1 to 21 (Web Content Accessibility Guidelines 2.2, "contrast ratio")."""
    darker, lighter = sorted((_luminance(first), _luminance(second)))
    return (lighter + 0.05) / (darker + 0.05)


def lightness(color: Color) -> float:
    """CIE L* of a color, 0 black to 100 white: equal differences look about equal."""
    return _lightness(_luminance(color))


def with_lightness(color: Color, wanted: float) -> Color:
    """The color of the same hue, and as colorful as that can be, with another CIE L*."""
    linear = _linear(color)
    luminance = _weighted(linear)
    target = _luminance_of(min(max(wanted, 0.0), 100.0))
    scaled = [target / luminance * part if luminance > _DARKEST else target for part in linear]
    # Beyond full red, green or blue, it is mixed with the gray of that lightness.
    over = max(max(scaled), 1.0)
    share = 1.0 if over == 1.0 else (1.0 - target) / (over - target)
    return "#" + "".join(f"{round(255 * _encoded(target + share * (part - target))):02x}" for part in scaled)


def _luminance(color: Color) -> float:
    return _weighted(_linear(color))


def _linear(color: Color) -> Sequence[float]:
    return [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in rgb(color)]


def _encoded(part: float) -> float:
    return 12.92 * part if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055


def _weighted(linear: Sequence[float]) -> float:
    red, green, blue = linear
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _lightness(luminance: float) -> float:
    """CIE 1976: a cube root, and a straight line near black."""
    return 116 * luminance ** (1 / 3) - 16 if luminance > (6 / 29) ** 3 else luminance * (29 / 3) ** 3


def _luminance_of(lightness: float) -> float:
    """The inverse of `_lightness`."""
    return ((lightness + 16) / 116) ** 3 if lightness > 8 else lightness * (3 / 29) ** 3
