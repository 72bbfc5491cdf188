"""Draw a network into a file as the window shows it: a picture for a report, without a window.

What is drawn is a `bpviz.drawing` value; `PICTURE_FORMATS` says by whom.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final, TypeAlias

from bpviz.drawing.network import network_drawing
from bpviz.errors import FileError
from bpviz.files.drawing_figure import drawing_figure
from bpviz.files.graphviz import dot_text
from bpviz.files.pictures import drawing, picture, text_px
from bpviz.files.safe import write_atomically
from bpviz.files.tikz import tikz_text
from bpviz.model.spec import Address, Network
from bpviz.palette import LIGHT, Palette
from bpviz.registry import Registry

Values: TypeAlias = Mapping[Address, float] | None


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
    content: Callable[[Network, Values, Palette], bytes]


def _by_matplotlib(kind: str, network: Network, values: Values, palette: Palette) -> bytes:
    with drawing(palette):
        return picture(drawing_figure(network_drawing(network, values, palette, text_px)), kind)


def _by_latex(network: Network, values: Values, palette: Palette) -> bytes:
    return tikz_text(network_drawing(network, values, palette)).encode()


def _by_graphviz(network: Network, values: Values, palette: Palette) -> bytes:
    return dot_text(network, values, palette).encode()


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
    values: Values = None,
    palette: Palette = LIGHT,
) -> None:
    """Draw a network into a file.

    Args:
        network: Any drawing, also one that can't run yet.
        path: Where to.
        kind: A name of `PICTURE_FORMATS`; by default what the file's name ends with.
        values: Weights and biases by address; links are then colored by sign and wide by size.
        palette: Light or dark.

    Raises:
        FileError: If it can't be written, or there is nothing to draw.
    """
    chosen = kind or path.suffix.removeprefix(".").lower()
    if chosen not in PICTURE_FORMATS:
        *ends, last = (f".{name}" for name in PICTURE_FORMATS)
        wanted = f"end its name in {', '.join(ends)} or {last}"
        raise FileError(f"A picture can't be written as {chosen or path.name!r}; {wanted}.")
    if not any(layer.nodes for layer in network.layers):
        raise FileError("The network has no nodes to draw; add a layer first.")
    write_atomically(path, lambda: network_picture(network, chosen, values, palette))


def network_picture(network: Network, kind: str, values: Values, palette: Palette) -> bytes:
    """Return the bytes of a picture of a network; arguments as for `draw_network`."""
    return PICTURE_FORMATS[kind].content(network, values, palette)
