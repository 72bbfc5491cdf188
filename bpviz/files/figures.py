"""Write what a plot shows: as a picture for a report, or as its numbers.

The window's plots and these files are drawn from the same `bpviz.training.figure` values, so they agree.
To add a format, add an entry to `FIGURE_FORMATS`.
"""

from __future__ import annotations

import csv
import io
import math
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from bpviz.errors import FileError, grouped
from bpviz.files.formats import FileFormat, format_for
from bpviz.files.pictures import PX_PER_INCH, drawing, new_figure, picture, points
from bpviz.palette import LIGHT, Palette, mix
from bpviz.registry import Registry
from bpviz.training.figure import (
    Axis,
    Cell,
    Figure,
    HeatmapFigure,
    Line,
    LineFigure,
    MapFigure,
    Mark,
    Scale,
    figure_rows,
)
from bpviz.training.snapshot import PlanePoints

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import Colormap
    from matplotlib.figure import Figure as Canvas

Size = tuple[float, float]
"""Width and height in pixels; pictures of pixels have twice as many."""

SIZE_PX: Final = (880.0, 480.0)
_PLANE_SIZE_PX: Final = (600.0, 520.0)
_SMOOTH: Final = 200  # curves of more points tend to be rough, and rough curves need a thin line
_ROW_PX: Final = 13.0  # room that a named row of a heatmap needs


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
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([_cell(cell) for cell in row] for row in rows)
    return text.getvalue().encode()


def _cell(cell: Cell) -> Cell:
    """Write a number so that it reads back as the same bits, and a missing one as nothing."""
    if not isinstance(cell, float):
        return cell
    return "" if math.isnan(cell) else repr(cell)


def _picture(kind: str, figure: Figure, palette: Palette, size: Size | None) -> bytes:
    square = isinstance(figure, MapFigure) or (isinstance(figure, HeatmapFigure) and figure.numbers)
    with drawing(palette):
        canvas = new_figure(size or (_PLANE_SIZE_PX if square else SIZE_PX))
        margin = 12 / PX_PER_INCH
        canvas.set_layout_engine("constrained", w_pad=margin, h_pad=margin)
        axes = canvas.add_subplot()
        axes.set_title(figure.title, pad=points(14))
        if isinstance(figure, LineFigure):
            _draw_lines(axes, figure, palette)
        elif isinstance(figure, HeatmapFigure):
            _draw_heatmap(canvas, axes, figure, palette)
        else:
            _draw_map(canvas, axes, figure, palette)
        return picture(canvas, kind)


FIGURE_FORMATS: Final[Registry[FileFormat[[Figure, Palette, Size | None]]]] = Registry(
    "format of plots",
    FileFormat("png", "PNG picture", ".png", partial(_picture, "png")),
    FileFormat("svg", "SVG drawing", ".svg", partial(_picture, "svg")),
    FileFormat("pdf", "PDF document", ".pdf", partial(_picture, "pdf")),
    FileFormat("csv", "CSV table of its numbers", ".csv", _numbers),
)


def _draw_lines(axes: Axes, figure: LineFigure, palette: Palette) -> None:
    """Draw curves over steps, each with its last value in the legend."""
    from matplotlib.ticker import FuncFormatter

    log = figure.y.log and any(bool((line.y > 0).any()) for line in figure.lines)
    if log:
        axes.set_yscale("log", nonpositive="mask")
        axes.yaxis.set_minor_formatter(FuncFormatter(_minor_tick if _decades(figure) < 2.5 else _no_tick))
    axes.grid(visible=True)
    axes.spines[["top", "right"]].set_visible(False)
    _label_axes(axes, figure.x, figure.y)
    handles, labels = [], []
    for at, line in enumerate(figure.lines):
        if not line.y.size:
            continue
        handles.append(_draw_line(axes, line, palette, zorder=2.0 + (0.0 if line.band else 1.0) + 0.001 * at))
        labels.append(f"{_name(line.name)}  {_short(float(line.y[-1]))}")
    _draw_marks(axes, figure.marks, palette)
    # Beside the curves, never over them.
    axes.legend(handles, labels, loc="upper left", bbox_to_anchor=(1.01, 1.0), borderaxespad=0.0)


def _draw_line(axes: Axes, line: Line, palette: Palette, zorder: float) -> Artist:
    color = palette.color(line.color)
    if bool((line.low < line.high).any()) or line.band:
        axes.fill_between(line.x, line.low, line.high, color=color, alpha=0.18, linewidth=0, zorder=zorder)
    style = (0, (4, 2)) if line.dashed else "solid"
    width = points(1.0 if line.band or line.y.size > _SMOOTH else 1.6)
    alpha = 0.3 if line.band else 1.0
    marker = "o" if line.y.size == 1 else None  # a curve of one point would be invisible
    (handle,) = axes.plot(
        line.x,
        line.y,
        color=color,
        alpha=alpha,
        linestyle=style,
        linewidth=width,
        marker=marker,
        markersize=points(5),
        zorder=zorder,
    )
    return handle


def _draw_marks(axes: Axes, marks: tuple[Mark, ...], palette: Palette) -> None:
    for mark in marks:
        axes.axvline(mark.x, color=palette.color("mark"), linewidth=points(1), zorder=1.5)
        axes.annotate(
            mark.text,
            (mark.x, 1.0),
            xycoords=("data", "axes fraction"),
            xytext=(points(3), -points(3)),
            textcoords="offset points",
            rotation=90,
            ha="left",
            va="top",
            fontsize=points(9),
            color=palette.secondary,
            zorder=1.6,
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
    _label_axes(axes, figure.x, figure.y)
    height = canvas.get_figheight() * canvas.dpi * 0.75
    if rows * _ROW_PX <= height:
        axes.set_yticks(np.arange(rows) + 0.5, [_name(name) for name in figure.rows])
    else:
        middles = [(group.start + group.stop) / 2 for group in figure.groups]
        axes.set_yticks(middles, [group.label for group in figure.groups])
    axes.tick_params(axis="y", length=0)
    for group in figure.groups[1:]:
        axes.axhline(group.start, color=palette.color("secondary"), linewidth=points(1))
    if figure.numbers:
        _write_numbers(axes, figure, palette)
    _draw_marks(axes, figure.marks, palette)
    _draw_scale(canvas, axes, mesh, figure.scale)


def _write_numbers(axes: Axes, figure: HeatmapFigure, palette: Palette) -> None:
    middles = (figure.edges[:-1] + figure.edges[1:]) / 2
    places = figure.scale.place(figure.values)
    for row, column in np.ndindex(figure.values.shape):
        strong = abs(float(places[row, column])) > 0.5
        axes.text(
            float(middles[column]),
            row + 0.5,
            _short(float(figure.values[row, column])),
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
    _label_axes(axes, figure.x, figure.y)
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
    bar.set_ticks(places, labels=[_short(scale.value(place)) for place in places])
    bar.set_label(scale.label)
    bar.outline.set_visible(False)


def _label_axes(axes: Axes, x: Axis, y: Axis) -> None:
    from matplotlib.ticker import FuncFormatter

    axes.set_xlabel(x.title)
    axes.set_ylabel(y.title)
    for axis, ticks in ((axes.xaxis, x.ticks), (axes.yaxis, y.ticks)):
        if ticks:
            axis.set_ticks([at for at, _ in ticks], [_name(text) for _, text in ticks])
        else:
            axis.set_major_formatter(FuncFormatter(_tick))
    axes.tick_params(length=points(3), width=points(1))


def _tick(value: float, position: int | None) -> str:  # noqa: ARG001 - as matplotlib calls it
    return grouped(value, ".6g").replace("-", "−")


def _minor_tick(value: float, position: int | None) -> str:
    """Between two powers of ten, label 2 and 5 only."""
    leading = f"{value:e}"[0]
    return _tick(value, position) if leading in "25" else ""


def _no_tick(value: float, position: int | None) -> str:  # noqa: ARG001 - as matplotlib calls it
    return ""


def _decades(figure: LineFigure) -> float:
    """How many powers of ten the positive values span."""
    values = np.concatenate([edge[edge > 0] for line in figure.lines for edge in (line.low, line.high)])
    return float(np.log10(values.max() / values.min()))


def _name(text: str) -> str:
    """Keep matplotlib from taking a name that starts with an underscore for a secret one."""
    return f" {text}" if text.startswith("_") else text


def _short(value: float) -> str:
    """Write a number with three digits and a real minus sign."""
    if not math.isfinite(value):
        return "–"
    return f"{value:.3g}".replace("-", "−")
