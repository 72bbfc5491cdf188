"""Matplotlib, met in one place: figures without pyplot, in bpviz's look, whose bytes are the same every time.

Nothing else may import matplotlib, and this module does so only inside its functions: it costs half a second.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from threading import RLock
from typing import TYPE_CHECKING, Any, Final

from bpviz.files.picture_settings import PX_PER_INCH, PictureSettings

if TYPE_CHECKING:
    from matplotlib.figure import Figure

POINTS_PER_PX: Final = 72 / PX_PER_INCH
_LETTERS_PX: Final = 11  # of the numbers at axes, where nothing else is asked for
_ONE_AT_A_TIME: Final = RLock()  # matplotlib has one style for all threads
_FONTS: Final = ["DejaVu Sans"]  # comes with matplotlib, so every machine draws the same
# Dates and versions would make every file differ from the one before.
_METADATA: Final[dict[str, dict[str, Any]]] = {
    "png": {"Software": None},
    "svg": {"Date": None, "Creator": None},
    "pdf": {"CreationDate": None, "Creator": None, "Producer": None},
}


@contextmanager
def drawing(settings: PictureSettings) -> Iterator[None]:
    """Set matplotlib up while a figure is made and written, and put it back afterwards."""
    import matplotlib

    palette, size = settings.palette, settings.letters_pt
    style: dict[Any, Any] = {
        "font.family": "sans-serif",
        "font.sans-serif": _FONTS,
        "font.size": size,
        "text.color": palette.text,
        "text.parse_math": False,  # a column named "$x" is a name, not a formula
        "text.usetex": False,
        "axes.facecolor": palette.surface,
        "axes.edgecolor": palette.strong_line,
        "axes.labelcolor": palette.secondary,
        "axes.labelsize": size * 12 / _LETTERS_PX,
        "axes.titlecolor": palette.text,
        "axes.titlesize": size * 14 / _LETTERS_PX,
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
        "xtick.labelsize": size,
        "ytick.labelsize": size,
        "legend.frameon": False,
        "legend.fontsize": size,
        "svg.fonttype": "none",
        "svg.hashsalt": "bpviz",
        "svg.id": None,
        "pdf.fonttype": 42,
        "path.simplify": True,
    }
    with _ONE_AT_A_TIME, matplotlib.rc_context(style), warnings.catch_warnings():
        # A name in a script that the font lacks is drawn as boxes; that is no reason to talk on stderr.
        warnings.filterwarnings("ignore", message="Glyph .* missing from", category=UserWarning)
        # Large letters in a small picture: what has no room is drawn over the edge.
        warnings.filterwarnings("ignore", message="constrained_layout not applied", category=UserWarning)
        yield


def points(px: float) -> float:
    """Turn pixels into points, matplotlib's unit of lines."""
    return px * POINTS_PER_PX


def letters(px: float) -> float:
    """Turn the usual size of letters, in pixels, into the points that this picture has for them."""
    return px * letters_scale() * POINTS_PER_PX


def letters_scale() -> float:
    """How much larger than usual the letters of a plot are; inside `drawing`."""
    import matplotlib

    return float(matplotlib.rcParams["font.size"]) / points(_LETTERS_PX)


def text_px(text: str, size_px: float, bold: bool = False) -> float:
    """Return how many pixels a text takes in a size of letters; inside `drawing`."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    font = FontProperties(size=points(size_px), weight="bold" if bold else "normal")
    width: float = text_to_path.get_text_width_height_descent(text, font, ismath=False)[0]
    return width / POINTS_PER_PX


def new_figure(inches: tuple[float, float]) -> Figure:
    """Make an empty figure, (width, height) in inches; inside `drawing`."""
    from matplotlib.figure import Figure

    return Figure(figsize=inches, dpi=PX_PER_INCH)


def picture(figure: Figure, kind: str, dpi: int) -> bytes:
    """Return a figure as the bytes of a ``png``, ``svg`` or ``pdf`` file; inside `drawing`."""
    file = io.BytesIO()
    figure.savefig(file, format=kind, dpi=dpi, metadata=_METADATA[kind])
    return file.getvalue()
