"""Lines, bands and bars in files, and the axes they lie on, drawn by matplotlib."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, TypeVar

import numpy as np

from bpviz.arrays import Array, BoolArray
from bpviz.digits import told_apart
from bpviz.files.axes import Sheet, label_axes, minor_tick, no_tick, short, short_name, show_ranges
from bpviz.files.pictures import letters, letters_scale, points
from bpviz.palette import Palette
from bpviz.training.figure import Figure, Range
from bpviz.training.marks import Band, Bars, Curve, Line

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

C = TypeVar("C", bound=Curve)
_SMOOTH: Final = 200  # curves of more points tend to be rough, and rough curves need a thin line
_COLUMNS: Final = 300
_FEW_DECADES: Final = 2.5
_FOOT_SHARE: Final = 0.08  # of a log axis: zeros are drawn so far below the smallest other value
_LEAST_FOOT_DECADES: Final = 0.5
_ROOM_SHARE: Final = 0.05
_LARGEST_EXPONENT: Final = 307.0
_NAME_APART: Final = 12  # names behind that are nearer to each other are left out
_BESIDE_UPTO: Final = 0.7  # of the width: further right there is no room beside an end
_BESIDE_FROM_PX: Final = 440.0
_BEHIND: Final = 2.5  # above bands, below curves
_FEWEST_STEPS: Final = 10.0  # an axis is never so short that it would count in parts of a step


def open_curves(sheet: Sheet) -> None:
    """Prepare axes on which values lie over steps."""
    from matplotlib.ticker import FuncFormatter

    axes, figure = sheet.axes, sheet.figure
    if figure.y.log:
        low, high, sheet.foot = _log_range(figure)
        axes.set_yscale("log", nonpositive="mask")
        axes.set_ylim(low, high)
        few = math.log10(high) - math.log10(low) < _FEW_DECADES
        axes.yaxis.set_minor_formatter(FuncFormatter(minor_tick if few else no_tick))
    axes.grid(visible=True)
    axes.spines[["top", "right"]].set_visible(False)
    label_axes(axes, figure.x, figure.y)


def close_curves(sheet: Sheet) -> None:
    """Name what was drawn: faint curves at their ends, the others in a legend, with their last values."""
    from matplotlib.lines import Line2D

    axes, figure, palette = sheet.axes, sheet.figure, sheet.palette
    show_ranges(sheet)
    _name_behind(sheet)
    ends = [int(curve.last[-1]) for curve in (*figure.curves, *figure.behind)]
    if ends and max(ends) < _FEWEST_STEPS and figure.x.range is None:
        axes.set_xlim(right=_FEWEST_STEPS)
    if sheet.foot is not None:
        _name_zero(axes, palette)
    marks, handles = [mark for mark, _ in sheet.handles], [handle for _, handle in sheet.handles]
    curves = [mark for mark in marks if not isinstance(mark, Bars)]
    values = told_apart([float(curve.y[-1]) for curve in curves], short, 3)
    last = dict(zip(curves, values, strict=True))
    labels = [short_name(mark.name) + (f"  {last[mark]}" if mark in last else "") for mark in marks]
    if figure.behind:
        handles.append(Line2D([], [], color=palette.color(figure.behind[0].color), linewidth=points(1)))
        labels.append(short_name(figure.behind_name))
    # Beside the curves, or where that would leave them no room below, never over them.
    if sheet.canvas.get_figwidth() * sheet.canvas.dpi < _BESIDE_FROM_PX * letters_scale():
        sheet.canvas.legend(handles, labels, loc="outside lower left", ncols=2)
    else:
        axes.legend(handles, labels, loc="upper left", bbox_to_anchor=(1.01, 1.0), borderaxespad=0.0)


def draw_curve(sheet: Sheet, curve: Line | Band) -> None:
    """Draw a line, with the band between its extremes, or a band alone."""
    joined = _joined(_in_sight(curve, sheet.figure.x.range))
    if isinstance(joined, Line) and joined.behind:
        color = sheet.palette.color(joined.color)
        sheet.axes.plot(joined.x, joined.y, color=color, linewidth=points(1), zorder=_BEHIND)
        return
    zorder = 2.0 + (0.0 if isinstance(curve, Band) else 1.0) + 0.001 * len(sheet.handles)
    sheet.handles.append((curve, _draw_line(sheet, joined, zorder)))


def draw_bars(sheet: Sheet, bars: Bars) -> None:
    """Draw bars from 0; on a logarithmic axis, which has no place for that, from its lower end."""
    foot = sheet.axes.get_ylim()[0] if sheet.figure.y.log else 0.0
    look: dict[str, Any] = {
        "color": sheet.palette.pale(bars.color),
        "edgecolor": sheet.palette.color(bars.color),
        "linewidth": points(1),
        "zorder": 2.0,
    }
    heights = (np.maximum(bars.y, foot) if sheet.figure.y.log else bars.y) - foot
    drawn = sheet.axes.bar(bars.edges[:-1], heights, np.diff(bars.edges), bottom=foot, align="edge", **look)
    sheet.handles.append((bars, drawn[0]))


def _name_behind(sheet: Sheet) -> None:
    """Name the faint curves of other runs at their ends, where names would not lie over each other."""
    axes, figure, palette = sheet.axes, sheet.figure, sheet.palette
    if not figure.behind:
        return
    if not figure.y.log and figure.y.range is None:
        # One that left the finite numbers must not press the others flat, so the axis does not follow it.
        reaches = [
            (float(np.fmin.reduce(line.low)), float(np.fmax.reduce(line.high))) for line in figure.curves
        ]
        lows, highs = zip(*reaches, figure.behind_reach, strict=True)
        low, high = float(np.fmin.reduce(lows)), float(np.fmax.reduce(highs))
        room = _ROOM_SHARE * (high - low) or 1.0
        axes.set_ylim(low - room, high + room)
    axes.autoscale_view(scaley=False)  # places are asked for below
    named: list[float] = []
    for line in reversed(figure.behind):
        if figure.y.log and not line.y[-1] > 0:
            continue
        place = axes.transData.transform((float(line.x[-1]), float(line.y[-1])))[1]
        if math.isfinite(place) and all(abs(place - other) >= letters(_NAME_APART) for other in named):
            named.append(place)
            _name_end(axes, line, palette)


def _name_end(axes: Axes, line: Line, palette: Palette) -> None:
    """Write the name of a curve beside its end, or above it where it ends at the right."""
    from matplotlib.patheffects import withStroke

    end = (float(line.x[-1]), float(line.y[-1]))
    beside = axes.transAxes.inverted().transform(axes.transData.transform(end))[0] < _BESIDE_UPTO
    axes.annotate(
        short_name(line.name),
        end,
        xytext=(points(4), 0.0) if beside else (0.0, points(3)),
        textcoords="offset points",
        ha="left" if beside else "right",
        va="center" if beside else "bottom",
        fontsize=letters(9),
        color=palette.ink(line.color),
        path_effects=[withStroke(linewidth=points(3), foreground=palette.surface)],
        annotation_clip=True,
        zorder=_BEHIND + 0.1,
    )


def _log_range(figure: Figure) -> tuple[float, float, float | None]:
    """Both ends of a logarithmic axis, and its foot, at which zeros are drawn if there are any."""
    edges = [edge for curve in figure.curves for edge in (curve.low, curve.high, curve.y)]
    edges += [bars.y for bars in figure.all(Bars)]
    values = np.concatenate([*edges, np.array(figure.behind_reach)])
    logs = np.log10(values[values > 0])
    low, high = (float(logs.min()), float(logs.max())) if logs.size else (0.0, 0.0)
    room = max(_ROOM_SHARE * (high - low), _ROOM_SHARE)
    has_zeros = bool((values <= 0).any())
    below = max(_FOOT_SHARE * (high - low), _LEAST_FOOT_DECADES) if has_zeros else room
    if figure.y.range is not None:
        bottom, top = figure.y.range
        return bottom, top, bottom if has_zeros else None
    bottom = 10.0 ** max(low - below, -_LARGEST_EXPONENT)
    return bottom, 10.0 ** min(high + room, _LARGEST_EXPONENT), bottom if has_zeros else None


def _in_sight(line: C, shown: Range | None) -> C:
    """Leave the points that a part of the axis shows, with one more at each side for the way to it."""
    if shown is None:
        return line
    begin = max(int(np.searchsorted(line.last, shown[0])) - 1, 0)
    end = int(np.searchsorted(line.first, shown[1], side="right")) + 1
    arrays = (getattr(line, name)[begin:end] for name in ("first", "last", "y", "low", "high"))
    return replace(line, **dict(zip(("first", "last", "y", "low", "high"), arrays, strict=True)))


def _joined(line: C) -> C:
    """Join the points of a long curve to columns, as on screen: means, and the band between extremes.

    Drawn one by one, rough curves would lie over each other like paint.
    """
    if line.y.size <= _COLUMNS:
        return line
    starts = np.arange(_COLUMNS) * line.y.size // _COLUMNS
    known = np.isfinite(line.y)
    counts = np.add.reduceat(known.astype(np.int64), starts)
    sums = np.add.reduceat(np.where(known, line.y, 0.0), starts)
    return replace(
        line,
        first=line.first[starts],
        last=line.last[np.append(starts[1:], line.y.size) - 1],
        y=np.where(counts, sums / np.maximum(counts, 1), np.nan),
        low=np.fmin.reduceat(line.low, starts),
        high=np.fmax.reduceat(line.high, starts),
    )


def _name_zero(axes: Axes, palette: Palette) -> None:
    """Say that the foot of the axis is where zeros are."""
    place, offset = (0.0, 0.0), (-points(7), 0.0)
    look: dict[str, Any] = {
        "ha": "right",
        "va": "center",
        "fontsize": letters(11),
        "color": palette.secondary,
    }
    axes.annotate("0", place, xycoords="axes fraction", xytext=offset, textcoords="offset points", **look)


def _draw_line(sheet: Sheet, line: Line | Band, zorder: float) -> Artist:
    axes, palette, foot, band = sheet.axes, sheet.palette, sheet.foot, isinstance(line, Band)
    color = palette.color(line.color)
    if not band and np.array_equal(line.low, line.high, equal_nan=True) and _is_apart(line):
        # It is smoothed: what it goes through stands pale behind it.
        pale: dict[str, Any] = {"color": palette.pale(line.color), "zorder": zorder - 1}
        axes.plot(line.x, line.low, linewidth=points(1), **pale)
    elif bool((line.low < line.high).any()) or band:
        # Down to zero is down to the foot.
        low, high = (edge if foot is None else np.maximum(edge, foot) for edge in (line.low, line.high))
        axes.fill_between(line.x, low, high, color=palette.pale(line.color), linewidth=0, zorder=zorder - 1)
    look: dict[str, Any] = {"color": palette.pale(line.color) if band else color, "zorder": zorder}
    style = (0, (4, 2)) if isinstance(line, Line) and line.dashed else "solid"
    width = points(1.0 if band or line.y.size > _SMOOTH else 1.6)
    (handle,) = axes.plot(line.x, line.y, linestyle=style, linewidth=width, **look)
    alone = _lonely(line.y if foot is None else np.where(line.y > 0, line.y, np.nan))
    axes.plot(line.x[alone], line.y[alone], linestyle="none", marker="o", markersize=points(5), **look)
    if foot is not None:
        left, right = sheet.figure.x.range or (-np.inf, np.inf)
        zeros = line.x[(line.y <= 0) & (line.x >= left) & (line.x <= right)]
        at_foot: dict[str, Any] = {"transform": axes.get_xaxis_transform(), "clip_on": False}
        axes.plot(
            zeros, np.zeros(zeros.size), linestyle="none", marker=2, markersize=points(6), **look, **at_foot
        )
    return handle


def _is_apart(line: Line | Band) -> bool:
    """Whether a curve does not go through its own values."""
    return not np.array_equal(line.y, line.low, equal_nan=True)


def _lonely(y: Array) -> BoolArray:
    """Which points have no neighbor, so that a curve through them would be invisible."""
    known = np.isfinite(y)
    padded = np.concatenate([[False], known, [False]])
    alone: BoolArray = known & ~padded[:-2] & ~padded[2:]
    return alone
