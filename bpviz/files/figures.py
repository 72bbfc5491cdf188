"""Write what a plot shows: as a picture for a report, or as its numbers.

The window's plots and these files are drawn from the same `bpviz.training.figure` values, so they agree.
To add a format, add an entry to `FIGURE_FORMATS`.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from bpviz.digits import told_apart
from bpviz.errors import FileError
from bpviz.files.axes import draw_here, draw_marks, label_axes, short, short_name
from bpviz.files.cells import export_bytes
from bpviz.files.curves import draw_lines
from bpviz.files.formats import FileFormat, format_for
from bpviz.files.pictures import PX_PER_INCH, drawing, new_figure, picture, points
from bpviz.palette import LIGHT, Palette, mix
from bpviz.registry import Registry
from bpviz.training.figure import (
    Figure,
    HeatmapFigure,
    LineFigure,
    MapFigure,
    Scale,
    figure_rows,
)
from bpviz.training.snapshot import PlanePoints

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import Colormap
    from matplotlib.figure import Figure as Canvas

Size = tuple[float, float]
"""Width and height in pixels; pictures of pixels have twice as many."""

SIZE_PX: Final = (880.0, 480.0)
_PLANE_SIZE_PX: Final = (600.0, 520.0)
_ROW_PX: Final = 13.0  # room that a named row of a heatmap needs
_CELL_PX: Final = 30.0  # of a table with numbers in it
_LETTER_PX: Final = 6.5
_CELL_LETTERS: Final = 28
_ROW_LETTERS: Final = 32


def write_figure(
    figure: Figure,
    path: Path,
    kind: str | None = None,
    *,
    palette: Palette = LIGHT,
    size: Size | None = None,
) -> None:
    """Write a figure.

    Args:
        figure: What a plot shows.
        path: Where to.
        kind: Entry of `FIGURE_FORMATS`; by default what the file's name ends with.
        palette: Light or dark.
        size: (width, height) in pixels of pictures; by default what suits the figure.

    Raises:
        UnknownNameError: If there is no such format.
        FileError: If it can't be written, or there is nothing to draw.
    """
    chosen = format_for(FIGURE_FORMATS, path, kind)
    if figure.is_empty:
        raise FileError(f"There is nothing in the plot {figure.title!r} yet: {figure.empty}", path)
    chosen.write(path, figure, palette, size)


def _numbers(figure: Figure, palette: Palette, size: Size | None) -> bytes:  # noqa: ARG001 - one shape for all
    header, rows = figure_rows(figure)
    return export_bytes([header, *rows])


def _picture(kind: str, figure: Figure, palette: Palette, size: Size | None) -> bytes:
    with drawing(palette):
        return picture(new_picture(figure, palette, size), kind)


def new_picture(figure: Figure, palette: Palette, size: Size | None = None) -> Canvas:
    """Draw a figure, to be written; inside `drawing`."""
    canvas = new_figure(size or _size_for(figure))
    margin = 12 / PX_PER_INCH
    canvas.set_layout_engine("constrained", w_pad=margin, h_pad=margin)
    axes = canvas.add_subplot()
    axes.set_title(figure.title, pad=points(14))
    if isinstance(figure, LineFigure):
        draw_lines(axes, figure, palette)
    elif isinstance(figure, HeatmapFigure):
        _draw_heatmap(canvas, axes, figure, palette)
    else:
        _draw_map(canvas, axes, figure, palette)
    return canvas


def _size_for(figure: Figure) -> Size:
    if isinstance(figure, HeatmapFigure) and figure.numbers:  # as large as its cells and their names need
        cells = _CELL_PX * len(figure.rows)
        names = _LETTER_PX * max((len(short_name(name, _CELL_LETTERS)) for name in figure.rows), default=0)
        return max(_PLANE_SIZE_PX[0], cells + names + 180.0), max(_PLANE_SIZE_PX[1], cells + names + 110.0)
    return _PLANE_SIZE_PX if isinstance(figure, MapFigure) else SIZE_PX


FIGURE_FORMATS: Final[Registry[FileFormat[[Figure, Palette, Size | None]]]] = Registry(
    "format of plots",
    FileFormat("png", "PNG picture", ".png", partial(_picture, "png")),
    FileFormat("svg", "SVG drawing", ".svg", partial(_picture, "svg")),
    FileFormat("pdf", "PDF document", ".pdf", partial(_picture, "pdf")),
    FileFormat("csv", "CSV table of its numbers", ".csv", _numbers),
)


def _draw_heatmap(canvas: Canvas, axes: Axes, figure: HeatmapFigure, palette: Palette) -> None:
    """Draw a table of colors, row 0 at the top, rows named where there is room."""
    rows = len(figure.rows)
    mesh = axes.pcolormesh(
        figure.edges,
        np.arange(rows + 1),
        np.ma.masked_invalid(figure.scale.place(figure.values)),
        cmap=_colormap(figure.scale, palette),
        vmin=-1.0 if figure.scale.kind == "diverging" else 0.0,
        vmax=1.0,
        rasterized=True,  # thousands of vector rectangles would show seams
    )
    axes.set_ylim(rows, 0)
    label_axes(axes, figure.x, figure.y)
    height = canvas.get_figheight() * canvas.dpi * 0.75
    if rows * _ROW_PX <= height:
        letters = _CELL_LETTERS if figure.numbers else _ROW_LETTERS
        axes.set_yticks(np.arange(rows) + 0.5, [short_name(name, letters) for name in figure.rows])
    else:
        middles = [(group.start + group.stop) / 2 for group in figure.groups]
        axes.set_yticks(middles, [short_name(group.label, _ROW_LETTERS) for group in figure.groups])
    axes.tick_params(axis="y", length=0)
    for group in figure.groups[1:]:
        axes.axhline(group.start, color=palette.color("secondary"), linewidth=points(1))
    if figure.numbers:
        _turn_names(axes, figure)
        _write_numbers(axes, figure, palette)
    draw_marks(axes, figure.marks, palette)
    draw_here(axes, figure.here, palette)
    _draw_scale(canvas, axes, mesh, figure.scale)


def _turn_names(axes: Axes, figure: HeatmapFigure) -> None:
    """Write the names of columns upwards where side by side they would lie over each other."""
    names = [short_name(text, _CELL_LETTERS) for _, text in figure.x.ticks]
    room = _PLANE_SIZE_PX[0] * 0.6 / max(len(names), 1)
    turned = any(_LETTER_PX * len(name) > room for name in names)
    axes.set_xticks([at for at, _ in figure.x.ticks], names, rotation=90 if turned else 0)


def _write_numbers(axes: Axes, figure: HeatmapFigure, palette: Palette) -> None:
    middles = (figure.edges[:-1] + figure.edges[1:]) / 2
    places = figure.scale.place(figure.values)
    for row, column in np.ndindex(figure.values.shape):
        strong = abs(float(places[row, column])) > 0.5
        axes.text(
            float(middles[column]),
            row + 0.5,
            short(float(figure.values[row, column])),
            ha="center",
            va="center",
            color=palette.surface if strong else palette.text,
        )


def _draw_map(canvas: Canvas, axes: Axes, figure: MapFigure, palette: Palette) -> None:
    """Draw the network's answer over the plane and the examples on it, those of the test part as rings."""
    classes = figure.scale.kind == "classes"
    places = figure.values if classes else figure.scale.place(figure.values)
    low, high = _limits(figure.scale)
    shown = axes.imshow(
        places,
        origin="lower",
        extent=figure.extent,
        cmap=_colormap(figure.scale, palette, faint=True),
        vmin=low,
        vmax=high,
        aspect="auto",
        interpolation="nearest" if classes else "bilinear",
    )
    label_axes(axes, figure.x, figure.y)
    drawn = figure.points
    if drawn is not None:
        fills = _point_colors(figure.scale, drawn, palette)
        for test, edge in ((False, palette.surface), (True, palette.text)):
            here = np.flatnonzero(drawn.test == test)
            colors = [fills[at] for at in here]
            size, width = points(6) ** 2, points(1)
            axes.scatter(drawn.x[here], drawn.y[here], s=size, c=colors, edgecolors=edge, linewidths=width)
        legend = "○ test" if drawn.test.any() else ""
        axes.set_title(legend, loc="right", fontsize=points(11), fontweight="normal", color=palette.secondary)
        axes.set(xlim=figure.extent[:2], ylim=figure.extent[2:])
    if not classes:
        _draw_scale(canvas, axes, shown, figure.scale)


def _point_colors(scale: Scale, drawn: PlanePoints, palette: Palette) -> list[str]:
    if drawn.classes is not None:  # the first two class colors are those of no and yes
        return [palette.color(f"class:{int(value)}") for value in drawn.value]
    places = scale.place(np.asarray(drawn.value, dtype=np.float64))
    if scale.kind == "diverging":
        return [palette.diverging(float(place)) for place in places]
    return [mix(palette.zero, palette.positive, float(place)) for place in places]


def _limits(scale: Scale) -> tuple[float, float]:
    if scale.kind == "classes":
        return -0.5, scale.limit - 0.5
    return (-1.0 if scale.kind == "diverging" else 0.0), 1.0


def _colormap(scale: Scale, palette: Palette, *, faint: bool = False) -> Colormap:
    from matplotlib.colors import LinearSegmentedColormap, ListedColormap

    if scale.kind == "classes":
        colors = [palette.color(f"class:{k}") for k in range(int(scale.limit))]
        return ListedColormap([mix(palette.surface, color, 0.35) if faint else color for color in colors])
    # Under points of the same colors, the scale is paler than they are.
    low, high = (
        mix(palette.zero, end, 0.6 if faint else 1.0) for end in (palette.negative, palette.positive)
    )
    ends = [low] if scale.kind == "diverging" else []
    found = LinearSegmentedColormap.from_list("bpviz", [*ends, palette.zero, high])
    return found.with_extremes(bad=palette.surface)


def _draw_scale(canvas: Canvas, axes: Axes, shown: ScalarMappable, scale: Scale) -> None:
    """Draw the color scale at the right, its ticks in the unit of the values."""
    bar = canvas.colorbar(shown, ax=axes, pad=0.015, aspect=30)
    places = np.linspace(*_limits(scale), 5 if scale.kind == "diverging" else 3).tolist()
    bar.set_ticks(places, labels=told_apart([scale.value(place) for place in places], short, 3))
    bar.set_label(short_name(scale.label))
    bar.outline.set_visible(False)
