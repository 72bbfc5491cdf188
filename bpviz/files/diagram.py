"""Draw a network into a file as the window shows it: a picture for a report, without a window.

What is drawn is a `bpviz.drawing` value; `PICTURE_FORMATS` says by whom.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bpviz.drawing.network import network_drawing
from bpviz.drawing.shown import Shown
from bpviz.drawing.value import Drawing
from bpviz.drawing.words import Measure, by_letters
from bpviz.errors import FileError, ModelError, grouped
from bpviz.files.drawing_figure import drawing_figure
from bpviz.files.graphviz import dot_text
from bpviz.files.picture_settings import MOST_PIXELS, PX_PER_INCH, USUAL_FONT_SIZE, PictureSettings
from bpviz.files.pictures import drawing, picture, text_px
from bpviz.files.safe import write_atomically
from bpviz.files.tikz import tikz_text
from bpviz.model.spec import Network
from bpviz.registry import Registry

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Canvas

PLAIN: Final = PictureSettings()
_LETTERS: Final = (0.2, 5.0)  # how much smaller or larger than usual they can be, beside a network
_MOST_FITTED: Final = 10**12  # pixels as it stands; beyond, one sees nothing where it is fitted into a size
_HALVINGS: Final = 7


@dataclass(frozen=True, slots=True)
class PictureFormat:
    """A kind of file that holds the drawing of a network.

    Attributes:
        name: What names of such files end with.
        label: In a dialog.
        short: In a sentence.
        content: Makes its bytes.
    """

    name: str
    label: str
    short: str
    content: Callable[[Network, Shown | None, PictureSettings], bytes]


def sized_drawing(
    network: Network,
    shown: Shown | None,
    settings: PictureSettings,
    measure: Measure = by_letters,
    caption: str = "",
) -> Drawing:
    """Draw a network as large as wanted, its letters as large as wanted, or as large as they have room."""

    def drawn(letters: float) -> tuple[Drawing, float]:
        made = network_drawing(network, shown, settings.palette, measure, letters=letters, caption=caption)
        width, height = settings.inches(made.size)
        return made, PX_PER_INCH * min(width / made.size[0], height / made.size[1])

    made, scale = drawn(1.0)
    if settings.font_size is not None:
        wanted = settings.font_size / USUAL_FONT_SIZE
        # Larger letters need room, so that less is left for the network: both are found by halving.
        low, high = (math.log(end) for end in _LETTERS)
        for _ in range(_HALVINGS):
            middle = (low + high) / 2
            made, scale = drawn(math.exp(middle))
            low, high = (low, middle) if math.exp(middle) * scale > wanted else (middle, high)
    most = MOST_PIXELS if settings.size is None else _MOST_FITTED
    if made.size[0] * made.size[1] > most:
        raise ModelError(
            f"The nodes stand so far apart that a picture needs more than {grouped(most // 10**6)} million "
            "pixels; bring them together, as Arrange does."
        )
    if settings.size is None:
        return made
    width, height = (PX_PER_INCH * side for side in settings.inches(made.size))
    return made.fitted(width, height)


def network_canvas(
    network: Network, shown: Shown | None, settings: PictureSettings, caption: str = ""
) -> Canvas:
    """Draw a network, to be written; inside `drawing`."""
    return drawing_figure(sized_drawing(network, shown, settings, text_px, caption))


def _by_matplotlib(kind: str, network: Network, shown: Shown | None, settings: PictureSettings) -> bytes:
    with drawing(settings):
        return picture(network_canvas(network, shown, settings), kind, settings.dpi)


def _by_latex(network: Network, shown: Shown | None, settings: PictureSettings) -> bytes:
    return tikz_text(sized_drawing(network, shown, settings)).encode()


def _by_graphviz(network: Network, shown: Shown | None, settings: PictureSettings) -> bytes:
    values = None if shown is None else shown.values
    return dot_text(network, values, settings.palette).encode()


PICTURE_FORMATS: Final = Registry(
    "kind of picture",
    PictureFormat("png", "PNG picture", "PNG", partial(_by_matplotlib, "png")),
    PictureFormat("svg", "SVG picture", "SVG", partial(_by_matplotlib, "svg")),
    PictureFormat("pdf", "PDF picture", "PDF", partial(_by_matplotlib, "pdf")),
    PictureFormat("tex", "LaTeX with TikZ", "TikZ", _by_latex),
    PictureFormat("dot", "Graph for Graphviz", "Graphviz", _by_graphviz),
)


def formats_text() -> str:
    """Name all kinds of pictures, such as "PNG, SVG or PDF"."""
    *first, last = (entry.short for entry in PICTURE_FORMATS.values())
    return f"{', '.join(first)} or {last}"


def draw_network(
    network: Network,
    path: Path,
    *,
    kind: str | None = None,
    shown: Shown | None = None,
    settings: PictureSettings = PLAIN,
) -> None:
    """Draw a network into a file.

    Args:
        network: Any drawing, also one that can't run yet.
        path: Where to.
        kind: A name of `PICTURE_FORMATS`; by default what the file's name ends with.
        shown: The numbers of a run; links are then colored by sign and wide by size.
        settings: How large it is, and in which theme.

    Raises:
        FileError: If it can't be written, or there is nothing to draw.
    """
    chosen = kind or path.suffix.removeprefix(".").lower()
    if chosen not in PICTURE_FORMATS:
        *ends, last = (f".{name}" for name in PICTURE_FORMATS)
        wanted = f"end its name in {', '.join(ends)} or {last}"
        raise FileError(f"A picture can't be written as {chosen or path.name!r}; {wanted}.")
    require_nodes(network)
    write_atomically(path, lambda: network_picture(network, chosen, shown, settings))


def require_nodes(network: Network) -> None:
    """Refuse to draw nothing.

    Raises:
        FileError: If there is nothing to draw.
    """
    if not any(layer.nodes for layer in network.layers):
        raise FileError("The network has no nodes to draw; add a layer first.")


def network_picture(
    network: Network, kind: str, shown: Shown | None = None, settings: PictureSettings = PLAIN
) -> bytes:
    """Return the bytes of a picture of a network; arguments as for `draw_network`."""
    return PICTURE_FORMATS[kind].content(network, shown, settings)
