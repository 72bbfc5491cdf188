"""Fill the style sheet of stock widgets, ``window.qss``, with the colors of a palette, for a text size."""

from __future__ import annotations

import re
from string import Template
from typing import Final

from bpviz.palette import Palette, mix
from bpviz.resources import resource

_PIXELS: Final = re.compile(r"(border-radius: )?(\d+)px")
_THICKEST_LINE_PX: Final = 2  # lines stay as thin as they are


def stylesheet(palette: Palette, pictures: str, percent: int = 100) -> str:
    """Write the style sheet for a palette.

    Args:
        palette: The colors.
        pictures: How the paths of the small pictures (arrows, marks) begin.
        percent: How large texts are, and everything that stands around them.

    Raises:
        BpvizError: If this copy of bpviz lacks the file.
    """
    sheet = resource("window.qss").read_text(encoding="utf-8")

    def sized(found: re.Match[str]) -> str:
        radius, px = found[1] or "", int(found[2])
        if radius:  # Qt draws a corner that is rounder than half its box as no corner at all
            px = (px - 1) * percent // 100 + 1
        elif px > _THICKEST_LINE_PX:
            px = round(px * percent / 100)
        return f"{radius}{px}px"

    return Template(_PIXELS.sub(sized, sheet)).substitute(
        window=palette.window,
        surface=palette.surface,
        raised=palette.raised,
        hairline=palette.hairline,
        strong=palette.strong_line,
        text=palette.text,
        secondary=palette.secondary,
        disabled=palette.disabled,
        accent=palette.accent,
        bad=palette.bad,
        warning=palette.warning,
        hover=mix(palette.window, palette.text, 0.06),
        pressed=mix(palette.window, palette.text, 0.12),
        chosen=mix(palette.surface, palette.accent, 0.14),
        accent_hover=mix(palette.accent, palette.text, 0.15),
        focus=mix(palette.accent, palette.text, 0.55),
        pictures=pictures,
    )
