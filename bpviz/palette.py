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
        depth_range: Which part of the cividis ramp stands out from the surface, at least 3:1.
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
    depth_range: tuple[float, float]
    classes: tuple[Color, ...]

    def color(self, token: str) -> Color:
        """Turn a figure's token into a color.

        Tokens are the names of the fields, ``train``, ``test`` and ``mark``, ``depth:T`` with T from 0 at the
        input to 1 at the output, ``class:K`` with K counted from 0, ``diverging:V`` with V from -1 to 1, and
        ``ink:TOKEN`` for text in the color of another token.

        Raises:
            KeyError: If there is no such token; a fault of ours, not the user's.
        """
        kind, _, argument = token.partition(":")
        if kind == "depth":
            return self.depth(float(argument))
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

    def depth(self, t: float) -> Color:
        """Color of a layer, t from 0 at the input side to 1 at the output."""
        low, high = self.depth_range
        return depth_color(low + (high - low) * min(max(t, 0.0), 1.0))

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
    depth_range=(0.0, 0.62),
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
    depth_range=(0.45, 1.0),
    classes=(
        *("#f59a3a", "#4aa8e8", "#5cc48d", "#e58ac4", "#c9b53a"),
        *("#a79cf5", "#f0837a", "#56c3cf", "#c29a80", "#a3a9af"),
    ),
)

PALETTES: Final = {palette.name: palette for palette in (LIGHT, DARK)}

_ALIASES: Final = {"train": "text", "test": "accent", "mark": "strong_line"}
_TEXT_CONTRAST: Final = 4.5
_COLOR_FIELDS: Final = {field.name for field in fields(Palette)} - {"name", "depth_range", "classes"}


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


def _luminance(color: Color) -> float:
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in rgb(color))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
