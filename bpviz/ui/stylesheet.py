"""Fill the style sheet of stock widgets, ``resources/window.qss``, with the colors of a palette."""

from __future__ import annotations

from string import Template

from bpviz.palette import Palette, mix
from bpviz.resources import resource


def stylesheet(palette: Palette, pictures: str) -> str:
    """Write the style sheet for a palette.

    Args:
        palette: The colors.
        pictures: How the paths of the small pictures (arrows, marks) begin.

    Raises:
        BpvizError: If this copy of bpviz lacks the file.
    """
    sheet = Template(resource("window.qss").read_text(encoding="utf-8"))
    return sheet.substitute(
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
