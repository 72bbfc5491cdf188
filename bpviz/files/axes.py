"""Axes of plots in files: labels, ticks, names and marks, shared by all kinds of figures."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from bpviz.errors import grouped
from bpviz.files.pictures import as_label, points
from bpviz.palette import Palette
from bpviz.training.figure import Axis, Mark

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_MARK_LETTERS: Final = 60


def label_axes(axes: Axes, x: Axis, y: Axis) -> None:
    from matplotlib.ticker import FuncFormatter

    axes.set_xlabel(short_name(x.title))
    axes.set_ylabel(short_name(y.title))
    for axis, ticks in ((axes.xaxis, x.ticks), (axes.yaxis, y.ticks)):
        if ticks:
            axis.set_ticks([at for at, _ in ticks], [short_name(text) for _, text in ticks])
        else:
            axis.set_major_formatter(FuncFormatter(_tick))
    axes.tick_params(length=points(3), width=points(1))


def _tick(value: float, position: int | None) -> str:  # noqa: ARG001 - as matplotlib calls it
    return grouped(value, ".6g").replace("-", "−")


def minor_tick(value: float, position: int | None) -> str:
    """Between two powers of ten, label 2 and 5 only."""
    leading = f"{value:e}"[0]
    return _tick(value, position) if leading in "25" else ""


def no_tick(value: float, position: int | None) -> str:  # noqa: ARG001 - as matplotlib calls it
    return ""


def short_name(text: str, letters: int = 40) -> str:
    """Put a name into one short line; matplotlib would take one with an underscore before it for a secret."""
    line = as_label(text, letters)
    return f" {line}" if line.startswith("_") else line


def short(value: float, digits: int = 3) -> str:
    """Write a number with a few digits and a real minus sign."""
    if not math.isfinite(value):
        return "–"
    return f"{value:.{digits}g}".replace("-", "−")


def draw_here(axes: Axes, step: int | None, palette: Palette) -> None:
    """Draw a line at the step that is looked at in the past, with the step on a flag at its top."""
    if step is None:
        return
    from matplotlib.patheffects import withStroke

    edge = [withStroke(linewidth=points(3), foreground=palette.surface)]  # it is seen on heatmaps, too
    axes.axvline(step, color=palette.accent, linewidth=points(1), path_effects=edge, zorder=4.0)
    axes.annotate(
        grouped(step),
        (step, 1.0),
        xycoords=("data", "axes fraction"),
        ha="center",
        va="bottom",
        fontsize=points(9),
        color=palette.surface,
        bbox={"boxstyle": "square,pad=0.25", "facecolor": palette.accent, "edgecolor": "none"},
        zorder=4.1,
    )


def draw_marks(axes: Axes, marks: tuple[Mark, ...], palette: Palette) -> None:
    for mark in marks:
        axes.axvline(mark.x, color=palette.color("mark"), linewidth=points(1), zorder=1.5)
        axes.annotate(
            short_name(mark.text, _MARK_LETTERS),
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
