"""Matplotlib, met in one place: figures without pyplot, in bpviz's look, whose bytes are the same every time.

Nothing else may import matplotlib, and this module does so only inside its functions: it costs half a second.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from bpviz.palette import Palette

if TYPE_CHECKING:
    from matplotlib.figure import Figure

PX_PER_INCH: Final = 96
POINTS_PER_PX: Final = 72 / PX_PER_INCH
_PNG_SCALE: Final = 2  # sharp on dense screens and in print
_FONTS: Final = ["DejaVu Sans"]  # comes with matplotlib, so every machine draws the same
# Dates and versions would make every file differ from the one before.
_METADATA: Final[dict[str, dict[str, Any]]] = {
    "png": {"Software": None},
    "svg": {"Date": None, "Creator": None},
    "pdf": {"CreationDate": None, "Creator": None, "Producer": None},
}


@contextmanager
def drawing(palette: Palette) -> Iterator[None]:
    """Set matplotlib up while a figure is made and written, and put it back afterwards."""
    import matplotlib

    style: dict[Any, Any] = {
        "font.family": "sans-serif",
        "font.sans-serif": _FONTS,
        "font.size": points(11),
        "text.color": palette.text,
        "text.parse_math": False,  # a column named "$x" is a name, not a formula
        "text.usetex": False,
        "axes.facecolor": palette.surface,
        "axes.edgecolor": palette.strong_line,
        "axes.labelcolor": palette.secondary,
        "axes.labelsize": points(12),
        "axes.titlecolor": palette.text,
        "axes.titlesize": points(14),
        "axes.titleweight": "bold",
        "axes.titlelocation": "left",
        "axes.linewidth": points(1),
        "axes.unicode_minus": True,
        "axes.axisbelow": True,
        "figure.facecolor": palette.surface,
        "savefig.facecolor": palette.surface,
        "grid.color": palette.hairline,
        "grid.linewidth": points(1),
        "xtick.color": palette.strong_line,
        "ytick.color": palette.strong_line,
        "xtick.labelcolor": palette.secondary,
        "ytick.labelcolor": palette.secondary,
        "xtick.labelsize": points(11),
        "ytick.labelsize": points(11),
        "legend.frameon": False,
        "legend.fontsize": points(11),
        "svg.fonttype": "none",
        "svg.hashsalt": "bpviz",
        "svg.id": None,
        "pdf.fonttype": 42,
        "path.simplify": True,
    }
    with matplotlib.rc_context(style), warnings.catch_warnings():
        # A name in a script that the font lacks is drawn as boxes; that is no reason to talk on stderr.
        warnings.filterwarnings("ignore", message="Glyph .* missing from", category=UserWarning)
        yield


def points(px: float) -> float:
    """Turn pixels into points, matplotlib's unit of lines and letters."""
    return px * POINTS_PER_PX


def text_px(text: str, size_px: float, bold: bool = False) -> float:
    """Return how many pixels a text takes in a size of letters; inside `drawing`."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    font = FontProperties(size=points(size_px), weight="bold" if bold else "normal")
    width: float = text_to_path.get_text_width_height_descent(text, font, ismath=False)[0]
    return width / POINTS_PER_PX


def new_figure(size_px: tuple[float, float]) -> Figure:
    """Make an empty figure, (width, height) in pixels; inside `drawing`."""
    from matplotlib.figure import Figure

    return Figure(figsize=(size_px[0] / PX_PER_INCH, size_px[1] / PX_PER_INCH), dpi=PX_PER_INCH)


def picture(figure: Figure, kind: str) -> bytes:
    """Return a figure as the bytes of a ``png``, ``svg`` or ``pdf`` file; inside `drawing`."""
    file = io.BytesIO()
    figure.savefig(file, format=kind, dpi=PX_PER_INCH * _PNG_SCALE, metadata=_METADATA[kind])
    return file.getvalue()
