"""How a picture is made: its size, resolution, letters and theme.

One value, checked by one rule, for window, command line and scripts.  Lengths
are in pixels of the picture that is written, or in millimeters on paper; letters are in points.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias, get_args

from bpviz.errors import SettingError
from bpviz.palette import PALETTES, Palette
from bpviz.plain import as_float, is_number, is_whole

Unit: TypeAlias = Literal["px", "mm"]

DPI: Final = (36, 1200)
"""The lowest and the highest resolution, in pixels an inch."""
FONT_SIZE: Final = (3.0, 72.0)
"""The smallest and the largest letters, in points."""
USUAL_DPI: Final = 192
"""Sharp on dense screens and in print."""
USUAL_FONT_SIZE: Final = 8.25
"""In points; on a screen, 11 pixels."""
LEAST_INCHES: Final = 0.75
"""Below, no plot has room for its axes."""
MOST_PIXELS: Final = 60_000_000
MM_PER_INCH: Final = 25.4
PX_PER_INCH: Final = 96
_SIZE: Final = re.compile(r"\s*([\d.]+)\s*[x×]\s*([\d.]+)\s*(px|mm)?\s*", re.IGNORECASE)
_ROUNDING: Final = 1e-6  # of an inch: a picture that is to be 1200 pixels wide must not lose one


@dataclass(frozen=True, slots=True)
class PictureSettings:
    """How a picture is made.

    Attributes:
        size: Width and height; None for what suits its content.
        unit: Of the size: ``px`` or ``mm``.
        dpi: Pixels an inch, of pictures of pixels; it also says how large a pixel of the size is.
        font_size: Of the numbers at axes, in points, and of all other letters in proportion; None for what
            suits: `USUAL_FONT_SIZE`, or of a network what its own size gives.
        theme: ``light`` or ``dark``.

    Raises:
        SettingError: If it is no picture that can be made.
    """

    size: tuple[float, float] | None = None
    unit: Unit = "px"
    dpi: int = USUAL_DPI
    font_size: float | None = None
    theme: str = "light"

    def __post_init__(self) -> None:
        _require_theme(self.theme)
        low, high = DPI
        if not is_whole(self.dpi, low, high):
            raise SettingError(
                f"A picture can't have {self.dpi} dpi; choose a whole number from {low} to {high}."
            )
        smallest, largest = FONT_SIZE
        if self.font_size is not None and not _is_within(self.font_size, smallest, largest):
            raise SettingError(
                f"Letters can't be {self.font_size} pt; choose a number from {smallest:g} to {largest:g}."
            )
        if self.size is not None:
            self._require_size(self.size)

    def _require_size(self, size: tuple[float, float]) -> None:
        if self.unit not in get_args(Unit):
            raise SettingError(f"A picture can't be measured in {self.unit!r}; choose px or mm.")
        if not all(is_number(side) and side > 0 for side in size):
            raise SettingError(
                "The size of a picture is a width and a height, such as 120x80mm or 1200x800px."
            )
        scale = MM_PER_INCH if self.unit == "mm" else self.dpi
        width, height = size[0] / scale, size[1] / scale
        written = f"{size[0]:g} x {size[1]:g} {self.unit} at {self.dpi} dpi"
        if min(width, height) < LEAST_INCHES:
            least = LEAST_INCHES * scale
            raise SettingError(
                f"A picture of {written} has no room for its letters; make each side {least:.3g} {self.unit} "
                "or more."
            )
        if width * height * self.dpi**2 > MOST_PIXELS:
            raise SettingError(
                f"A picture of {written} has more than {MOST_PIXELS // 10**6} million pixels; make it "
                "smaller or take fewer dpi."
            )

    @property
    def palette(self) -> Palette:
        """In whose colors."""
        return PALETTES[self.theme]

    @property
    def letters_pt(self) -> float:
        """Size of the numbers at the axes of a plot."""
        return USUAL_FONT_SIZE if self.font_size is None else self.font_size

    def inches(self, suitable_px: tuple[float, float]) -> tuple[float, float]:
        """Width and height in inches; of a picture without a size what suits it, in pixels of a screen."""
        if self.size is None:
            width, height = (side / PX_PER_INCH for side in suitable_px)
        else:
            scale = MM_PER_INCH if self.unit == "mm" else float(self.dpi)
            width, height = (side / scale + _ROUNDING for side in self.size)
        return width, height


def picture_settings(
    size: str | tuple[float, float] | None = None,
    dpi: int | None = None,
    font_size: float | None = None,
    theme: str | None = None,
) -> PictureSettings:
    """Make settings of what somebody wrote.

    Args:
        size: Such as ``120x80mm``, ``1200x800px`` or ``1200x800``; a pair counts as pixels.
        dpi: See `PictureSettings`; None for what is usual, likewise below.
        font_size: In points.
        theme: ``light`` or ``dark``.

    Raises:
        SettingError: If it can't be read, or is no picture that can be made.
    """
    sides, unit = size_of(size) if isinstance(size, str) else (size, "px")
    if sides is not None:
        sides = as_float(sides[0]), as_float(sides[1])
    return PictureSettings(
        size=sides,
        unit="mm" if unit == "mm" else "px",
        dpi=USUAL_DPI if dpi is None else dpi,
        font_size=as_float(font_size),
        theme=theme or "light",
    )


def size_of(text: str) -> tuple[tuple[float, float], str]:
    """Read a size such as ``120x80mm``.

    Raises:
        SettingError: If it is none.
    """
    found = _SIZE.fullmatch(text)
    try:
        if found is not None:
            return (float(found[1]), float(found[2])), (found[3] or "px").lower()
    except ValueError:  # such as 1.2.3
        pass
    raise SettingError(f"{text!r} is no size of a picture; write one such as 120x80mm or 1200x800px.")


def range_of(text: str) -> tuple[float, float]:
    """Read a part of an axis such as ``0:500``.

    Raises:
        SettingError: If it is none.
    """
    begin, colon, end = text.partition(":")
    try:
        if colon:
            return float(begin), float(end)
    except ValueError:
        pass
    raise SettingError(f"{text!r} is no part of an axis; write where it begins and ends, such as 0:500.")


def _require_theme(theme: object) -> None:
    if theme not in PALETTES:
        raise SettingError(f"There is no theme {theme!r}; choose {' or '.join(PALETTES)}.")


def _is_within(value: object, low: float, high: float) -> bool:
    return is_number(value) and low <= value <= high
