"""Tables, images and points in files, and the scale of their colors, drawn by matplotlib."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from bpviz.digits import told_apart
from bpviz.files.axes import Sheet, label_axes, short, short_name, show_ranges
from bpviz.files.pictures import letters, letters_scale, points
from bpviz.palette import Palette, mix
from bpviz.training.marks import Heat, Image, Points, Scale
from bpviz.training.snapshot import PlanePoints

if TYPE_CHECKING:
    from matplotlib.colors import Colormap

PLANE_SIZE_PX: Final = (600.0, 520.0)
LETTER_PX: Final = 6.5
CELL_LETTERS: Final = 28
_ROW_PX: Final = 13.0  # room that a named row needs
_ROW_LETTERS: Final = 32


def open_plain(sheet: Sheet) -> None:
    """Prepare axes of a table or a plane."""
    label_axes(sheet.axes, sheet.figure.x, sheet.figure.y)


def close_colored(sheet: Sheet) -> None:
    """Draw the color scale at the right, its ticks in the unit of the values."""
    show_ranges(sheet)
    scale = sheet.figure.scale
    if sheet.colored is None or scale is None or scale.kind == "classes":
        return
    bar = sheet.canvas.colorbar(sheet.colored, ax=sheet.axes, pad=0.015, aspect=30)
    places = np.linspace(*_limits(scale), 5 if scale.kind == "diverging" else 3).tolist()
    bar.set_ticks(places, labels=told_apart([scale.value(place) for place in places], short, 3))
    bar.set_label(short_name(scale.label))
    bar.outline.set_visible(False)


def draw_heat(sheet: Sheet, heat: Heat) -> None:
    """Draw a table of colors, row 0 at the top, rows named where there is room."""
    axes, palette, rows = sheet.axes, sheet.palette, len(heat.rows)
    sheet.colored = axes.pcolormesh(
        heat.edges,
        np.arange(rows + 1),
        np.ma.masked_invalid(heat.scale.place(heat.values)),
        cmap=_colormap(heat.scale, palette),
        vmin=-1.0 if heat.scale.kind == "diverging" else 0.0,
        vmax=1.0,
        rasterized=True,  # thousands of vector rectangles would show seams
    )
    axes.set_ylim(rows, 0)
    height = sheet.canvas.get_figheight() * sheet.canvas.dpi * 0.75
    if rows * _ROW_PX * letters_scale() <= height:
        letters = CELL_LETTERS if heat.numbers else _ROW_LETTERS
        axes.set_yticks(np.arange(rows) + 0.5, [short_name(name, letters) for name in heat.rows])
    else:
        middles = [(group.start + group.stop) / 2 for group in heat.groups]
        axes.set_yticks(middles, [short_name(group.label, _ROW_LETTERS) for group in heat.groups])
    axes.tick_params(axis="y", length=0)
    for group in heat.groups[1:]:
        axes.axhline(group.start, color=palette.color("secondary"), linewidth=points(1))
    if heat.numbers:
        _turn_names(sheet)
        _write_numbers(sheet, heat)


def _turn_names(sheet: Sheet) -> None:
    """Write the names of columns upwards where side by side they would lie over each other."""
    names = [short_name(text, CELL_LETTERS) for _, text in sheet.figure.x.ticks]
    room = sheet.canvas.get_figwidth() * sheet.canvas.dpi * 0.6 / max(len(names), 1)
    turned = any(LETTER_PX * letters_scale() * len(name) > room for name in names)
    sheet.axes.set_xticks([at for at, _ in sheet.figure.x.ticks], names, rotation=90 if turned else 0)


def _write_numbers(sheet: Sheet, heat: Heat) -> None:
    middles = (heat.edges[:-1] + heat.edges[1:]) / 2
    places = heat.scale.place(heat.values)
    for row, column in np.ndindex(heat.values.shape):
        strong = abs(float(places[row, column])) > 0.5
        sheet.axes.text(
            float(middles[column]),
            row + 0.5,
            short(float(heat.values[row, column])),
            ha="center",
            va="center",
            color=sheet.palette.surface if strong else sheet.palette.text,
        )


def draw_image(sheet: Sheet, image: Image) -> None:
    """Draw a value over the plane."""
    classes = image.scale.kind == "classes"
    places = image.values if classes else image.scale.place(image.values)
    low, high = _limits(image.scale)
    sheet.colored = sheet.axes.imshow(
        places,
        origin="lower",
        extent=image.extent,
        cmap=_colormap(image.scale, sheet.palette, faint=True),
        vmin=low,
        vmax=high,
        aspect="auto",
        interpolation="nearest" if classes else "bilinear",
    )


def draw_points(sheet: Sheet, mark: Points) -> None:
    """Draw the examples, those of the test part as rings."""
    axes, palette, drawn = sheet.axes, sheet.palette, mark.points
    fills = _point_colors(mark.scale, drawn, palette)
    for test, edge in ((False, palette.surface), (True, palette.text)):
        here = np.flatnonzero(drawn.test == test)
        colors = [fills[at] for at in here]
        size, width = points(6) ** 2, points(1)
        axes.scatter(drawn.x[here], drawn.y[here], s=size, c=colors, edgecolors=edge, linewidths=width)
    legend = "○ test" if drawn.test.any() else ""
    axes.set_title(legend, loc="right", fontsize=letters(11), fontweight="normal", color=palette.secondary)
    for image in sheet.figure.all(Image):
        axes.set(xlim=image.extent[:2], ylim=image.extent[2:])


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
