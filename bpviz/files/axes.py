"""Axes of plots in files: labels, ticks, names and rules, shared by all spaces."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from bpviz.drawing.words import as_label
from bpviz.errors import grouped
from bpviz.files.pictures import letters, points
from bpviz.palette import Palette
from bpviz.training.figure import Axis, Figure
from bpviz.training.marks import Band, Bars, Line, Rule

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.cm import ScalarMappable
    from matplotlib.figure import Figure as Canvas

_RULE_LETTERS: Final = 60


@dataclass(slots=True, eq=False)
class Sheet:
    """What a figure is drawn on.

    Attributes:
        canvas: The whole picture.
        axes: The plotting area.
        figure: What is drawn.
        palette: In whose colors.
        foot: On a logarithmic axis where zeros are drawn; None if there are none.
        handles: What was drawn of curves and bars, for the legend.
        colored: What was drawn with a scale that needs explaining.
    """

    canvas: Canvas
    axes: Axes
    figure: Figure
    palette: Palette
    foot: float | None = None
    handles: list[tuple[Line | Band | Bars, Artist]] = field(default_factory=list)
    colored: ScalarMappable | None = None


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


def show_ranges(sheet: Sheet) -> None:
    """Show the parts of the axes that somebody chose."""
    if sheet.figure.x.range is not None:
        sheet.axes.set_xlim(sheet.figure.x.range)
    if sheet.figure.y.range is not None:
        sheet.axes.set_ylim(sheet.figure.y.range)


def draw_rule(sheet: Sheet, rule: Rule) -> None:
    """Draw where something was done to the run, and what; or where it is looked at."""
    left, right = sheet.figure.x.range or (-math.inf, math.inf)
    if not left <= rule.x <= right:
        return
    if rule.here:
        _draw_here(sheet.axes, int(rule.x), sheet.palette)
        return
    sheet.axes.axvline(rule.x, color=sheet.palette.color("mark"), linewidth=points(1), zorder=1.5)
    sheet.axes.annotate(
        short_name(rule.text, _RULE_LETTERS),
        (rule.x, 1.0),
        xycoords=("data", "axes fraction"),
        xytext=(points(3), -points(3)),
        textcoords="offset points",
        rotation=90,
        ha="left",
        va="top",
        fontsize=letters(9),
        color=sheet.palette.secondary,
        zorder=1.6,
    )


def _draw_here(axes: Axes, step: int, palette: Palette) -> None:
    """Draw a line at the step that is looked at in the past, with the step on a flag at its top."""
    from matplotlib.patheffects import withStroke

    edge = [withStroke(linewidth=points(3), foreground=palette.surface)]  # it is seen on heatmaps, too
    axes.axvline(step, color=palette.accent, linewidth=points(1), path_effects=edge, zorder=4.0)
    axes.annotate(
        grouped(step),
        (step, 1.0),
        xycoords=("data", "axes fraction"),
        ha="center",
        va="bottom",
        fontsize=letters(9),
        color=palette.surface,
        bbox={"boxstyle": "square,pad=0.25", "facecolor": palette.accent, "edgecolor": "none"},
        zorder=4.1,
    )
