"""Write what a plot shows: as a picture for a report, or as its numbers.

The window's plots and these files are drawn from the same `bpviz.training.figure` values, so they agree.
To add a format, add an entry to `FIGURE_FORMATS`.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bpviz.errors import FileError
from bpviz.files.axes import Sheet, short_name
from bpviz.files.cells import export_bytes
from bpviz.files.colored import CELL_LETTERS, LETTER_PX, PLANE_SIZE_PX
from bpviz.files.formats import FileFormat, format_for
from bpviz.files.marks import draw_marks
from bpviz.files.picture_settings import PX_PER_INCH, PictureSettings
from bpviz.files.pictures import drawing, letters, new_figure, picture
from bpviz.registry import Registry
from bpviz.training.figure import Figure
from bpviz.training.figure_rows import figure_rows
from bpviz.training.marks import Heat

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Canvas

Size = tuple[float, float]
"""Width and height in pixels of a screen."""

SIZE_PX: Final = (880.0, 480.0)
PLAIN: Final = PictureSettings()
_CELL_PX: Final = 30.0  # of a table with numbers in it


def write_figure(
    figure: Figure,
    path: Path,
    kind: str | None = None,
    settings: PictureSettings = PLAIN,
) -> None:
    """Write a figure.

    Args:
        figure: What a plot shows.
        path: Where to.
        kind: Entry of `FIGURE_FORMATS`; by default what the file's name ends with.
        settings: Of pictures: how large they are, and in which theme.

    Raises:
        UnknownNameError: If there is no such format.
        FileError: If it can't be written, or there is nothing to draw.
    """
    chosen = format_for(FIGURE_FORMATS, path, kind)
    if figure.is_empty:
        raise FileError(f"There is nothing in the plot {figure.title!r} yet: {figure.empty}", path)
    chosen.write(path, figure, settings)


def _numbers(figure: Figure, settings: PictureSettings) -> bytes:  # noqa: ARG001 - one shape for all
    header, rows = figure_rows(figure)
    return export_bytes([header, *rows])


def _picture(kind: str, figure: Figure, settings: PictureSettings) -> bytes:
    with drawing(settings):
        return picture(new_picture(figure, settings), kind, settings.dpi)


def new_picture(figure: Figure, settings: PictureSettings = PLAIN) -> Canvas:
    """Draw a figure, to be written; inside `drawing`."""
    figure = figure.as_drawn
    canvas = new_figure(settings.inches(_size_for(figure)))
    margin = 12 / PX_PER_INCH
    canvas.set_layout_engine("constrained", w_pad=margin, h_pad=margin)
    axes = canvas.add_subplot()
    axes.set_title(figure.title, pad=letters(14))
    draw_marks(Sheet(canvas, axes, figure, settings.palette))
    return canvas


def _size_for(figure: Figure) -> Size:
    for heat in figure.all(Heat):
        if heat.numbers:  # as large as its cells and their names need
            cells = _CELL_PX * len(heat.rows)
            names = LETTER_PX * max((len(short_name(name, CELL_LETTERS)) for name in heat.rows), default=0)
            return max(PLANE_SIZE_PX[0], cells + names + 180.0), max(PLANE_SIZE_PX[1], cells + names + 110.0)
    return PLANE_SIZE_PX if figure.space == "plane" else SIZE_PX


FIGURE_FORMATS: Final[Registry[FileFormat[[Figure, PictureSettings]]]] = Registry(
    "format of plots",
    FileFormat("png", "PNG picture", ".png", partial(_picture, "png")),
    FileFormat("svg", "SVG drawing", ".svg", partial(_picture, "svg")),
    FileFormat("pdf", "PDF document", ".pdf", partial(_picture, "pdf")),
    FileFormat("csv", "CSV table of its numbers", ".csv", _numbers),
)
