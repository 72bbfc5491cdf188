"""A `Drawing` by matplotlib: one function for each kind of mark."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from bpviz.drawing.value import Box, Disc, Drawing, Mark, Strokes, Tile, Words
from bpviz.files.picture_settings import PX_PER_INCH
from bpviz.files.pictures import new_figure, points
from bpviz.palette import rgb

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_DASHES: Final = (0, (3, 2))


def drawing_figure(drawn: Drawing) -> Figure:
    """Draw into a figure of its size; inside `bpviz.files.pictures.drawing`."""
    width, height = drawn.size
    figure = new_figure((width / PX_PER_INCH, height / PX_PER_INCH))
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    for order, mark in enumerate(drawn.marks, 1):
        _DRAWERS[type(mark)](axes, mark, order)
    axes.set(xlim=(drawn.left, drawn.right), ylim=(drawn.bottom, drawn.top))
    return figure


def _disc(axes: Axes, disc: Disc, order: int) -> None:
    from matplotlib.patches import Circle

    look: dict[str, Any] = {"facecolor": disc.fill, "edgecolor": disc.line, "linewidth": points(disc.width)}
    axes.add_patch(Circle((disc.x, disc.y), disc.radius, zorder=order, **look))


def _box(axes: Axes, box: Box, order: int) -> None:
    from matplotlib.patches import FancyBboxPatch

    style = f"round,pad=0,rounding_size={box.corner}"
    look: dict[str, Any] = {"facecolor": box.fill, "edgecolor": box.line, "linewidth": points(box.width)}
    size = box.right - box.left, box.bottom - box.top
    axes.add_patch(FancyBboxPatch((box.left, box.top), *size, boxstyle=style, zorder=order, **look))


def _tile(axes: Axes, tile: Tile, order: int) -> None:
    """An image cut by the border, which is drawn over it."""
    from matplotlib.patches import FancyBboxPatch

    style = f"round,pad=0,rounding_size={tile.corner}"
    size = tile.right - tile.left, tile.bottom - tile.top
    border = FancyBboxPatch(
        (tile.left, tile.top), *size, boxstyle=style, zorder=order + 0.5, facecolor="none"
    )
    border.set(edgecolor=tile.line, linewidth=points(tile.width))
    axes.add_patch(border)
    image = axes.imshow(
        tile.colors,
        extent=(tile.left, tile.right, tile.bottom, tile.top),
        aspect="auto",
        interpolation="nearest",
        zorder=order,
    )
    image.set_clip_path(border)


def _strokes(axes: Axes, strokes: Strokes, order: int) -> None:
    """One collection of the whole lines and one of the dashed."""
    from matplotlib.collections import PathCollection
    from matplotlib.path import Path as Curve

    straight = strokes.paths.shape[1] == 2
    codes = [Curve.MOVETO, Curve.LINETO] if straight else [Curve.MOVETO, *[Curve.CURVE4] * 3]
    colors = np.column_stack([[rgb(color) for color in strokes.colors], strokes.opacities])
    for dashed in (False, True):
        chosen = np.flatnonzero(strokes.dashed == dashed)
        if chosen.size:
            collection = PathCollection(
                [Curve(strokes.paths[at], codes) for at in chosen],
                facecolors="none",
                edgecolors=colors[chosen],
                linewidths=points(1) * strokes.widths[chosen],
                linestyles=[_DASHES] if dashed else ["solid"],
                zorder=order,
            )
            axes.add_collection(collection, autolim=False)


def _words(axes: Axes, words: Words, order: int) -> None:
    ground: dict[str, Any] | None = None
    if words.ground is not None:
        ground = {"boxstyle": "square,pad=0.1", "facecolor": words.ground, "edgecolor": "none", "alpha": 0.8}
    axes.text(
        words.x,
        words.y,
        words.text,
        ha=words.anchor,
        va="center" if words.upward else "center_baseline",
        rotation=90 if words.upward else 0,
        fontsize=points(words.size),
        fontweight="bold" if words.bold else "normal",
        color=words.color,
        bbox=ground,
        zorder=order,
    )


_DRAWERS: Final[Mapping[type[Mark], Callable[..., None]]] = {
    Disc: _disc,
    Box: _box,
    Tile: _tile,
    Strokes: _strokes,
    Words: _words,
}
