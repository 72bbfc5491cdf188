"""What a picture of a run shows, as values: series, axes, labels, units, marks, and no way to draw them.

The window draws them live and `bpviz.files` writes them; both read the same value, so a curve on screen and
the one in a paper are one curve.  Colors are tokens that `bpviz.palette.Palette.color` knows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final, Literal, TypeAlias

import numpy as np

from bpviz.arrays import Array, IntArray
from bpviz.registry import Registry
from bpviz.training.snapshot import PlanePoints

Cell: TypeAlias = str | int | float
"""One cell of a figure's table; a float that is missing is NaN."""

_BEHIND_AT_MOST: Final = 10.0


@dataclass(frozen=True, slots=True)
class Axis:
    """One axis.

    Attributes:
        label: A noun in sentence case.
        unit: What the numbers count, such as ``steps``; empty for pure numbers.
        log: Logarithmic; figures that are may still be drawn linearly.
        ticks: (position, text) where the axis names things instead of counting; empty otherwise.
    """

    label: str
    unit: str = ""
    log: bool = False
    ticks: tuple[tuple[float, str], ...] = ()

    @property
    def title(self) -> str:
        """Label and unit as an axis shows them."""
        return f"{self.label} ({self.unit})" if self.unit else self.label


@dataclass(frozen=True, slots=True)
class Mark:
    """A thin vertical line where something was done to the run."""

    x: float
    text: str


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """One curve.  All arrays have shape (points,) and are read-only.

    Attributes:
        name: For the legend.
        first: First step that each point stands for.
        last: Last step that each point stands for.
        y: Mean over those steps.
        low: Smallest value over those steps; equal to `y` where a point is one step.
        high: Largest.
        color: Token of the palette.
        dashed: Drawn dashed.
        band: Drawn as a light band from low to high behind the other curves: single batches, not the whole.
    """

    name: str
    first: IntArray
    last: IntArray
    y: Array
    low: Array
    high: Array
    color: str
    dashed: bool = False
    band: bool = False

    @property
    def x(self) -> Array:
        """Where each point is drawn: in the middle of its steps."""
        return 0.5 * (self.first + self.last)

    def nearest(self, step: int) -> int:
        """Index of the point that stands for a step, or of the one nearest to it."""
        after = int(np.searchsorted(self.last, step))
        if after == self.last.size:
            return after - 1
        if after and step < self.first[after] and step - self.last[after - 1] <= self.first[after] - step:
            return after - 1
        return after

    def span(self, at: int) -> tuple[int, int]:
        """First and last step that a point stands for."""
        return int(self.first[at]), int(self.last[at])


@dataclass(frozen=True, slots=True, eq=False)
class LineFigure:
    """Curves over steps.

    Attributes:
        name: Its entry in PLOTS.
        title: In sentence case.
        x: Axis of steps.
        y: Axis of values.
        lines: In the order of the legend; none while there is nothing to show.
        marks: What was done to the run, where.
        empty: One sentence that says what will appear here, and how.
        named: Each curve is named at its end, because there may be more than a legend has room for.
        behind: Faint curves of other runs, named at their ends; each has a point at least.
        behind_name: What all of these together are called.
        here: The step that is looked at in the past; None where the run goes on.
    """

    name: str
    title: str
    x: Axis
    y: Axis
    lines: tuple[Line, ...]
    empty: str
    marks: tuple[Mark, ...] = ()
    named: bool = False
    behind: tuple[Line, ...] = ()
    behind_name: str = ""
    here: int | None = None

    @property
    def shown(self) -> tuple[Line, ...]:
        """The lines that have a point."""
        return tuple(line for line in self.lines if line.y.size)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to draw yet."""
        return not self.shown and not self.behind

    @property
    def behind_reach(self) -> tuple[float, float]:
        """The lowest and highest value behind that an axis takes in; NaN without one.

        A run that left the finite numbers would press all others flat: a curve counts up to ten times what it
        began with, or what the present ones reach.
        """
        highest = float(np.fmax.reduce([np.fmax.reduce(line.high) for line in self.shown], initial=-np.inf))
        known = [line.y[np.isfinite(line.y)] for line in self.behind]
        known = [y for y in known if y.size]
        if not known:
            return np.nan, np.nan
        tops = [min(float(y.max()), _BEHIND_AT_MOST * max(float(y[0]), highest, 0.0)) for y in known]
        lows = [float(y.min()) for y in known]
        return min(lows), max(*tops, min(lows))


@dataclass(frozen=True, slots=True)
class Scale:
    """How values become places on a color map.

    Attributes:
        label: What the numbers are.
        kind: ``diverging`` maps -limit ... limit, ``sequential`` maps 0 ... limit; ``classes`` takes whole
            numbers to the palette's class colors.
        limit: The value at the end of the scale, above 0; for ``classes`` the number of classes.
        floor: Signed logarithm: linear below, logarithmic above; None for a linear scale.
        center: The value in the middle of a diverging scale.
    """

    label: str
    kind: Literal["diverging", "sequential", "classes"]
    limit: float
    floor: float | None = None
    center: float = 0.0

    def place(self, values: Array) -> Array:
        """Map values to -1 ... 1 (diverging) or 0 ... 1 (sequential); values that are missing go to 0.

        The signed logarithm is ``sign(v) log(1 + |v|/floor) / log(1 + limit/floor)``.
        """
        offset: Array = values - self.center
        if not np.isfinite(offset).all():
            offset = np.nan_to_num(offset, nan=0.0, posinf=self.limit, neginf=-self.limit)
        scaled: Array = offset / self.limit
        if self.floor is not None:
            size = np.log1p(np.abs(offset) / self.floor) / np.log1p(self.limit / self.floor)
            scaled = np.copysign(size, offset)
        clipped: Array = np.clip(scaled, -1.0 if self.kind == "diverging" else 0.0, 1.0)
        return clipped

    def value(self, place: float) -> float:
        """The value at a place of the color map, the inverse of `place`."""
        if self.floor is None:
            return self.center + place * self.limit
        size = float(self.floor * np.expm1(abs(place) * np.log1p(self.limit / self.floor)))
        return self.center + (size if place >= 0 else -size)


@dataclass(frozen=True, slots=True)
class RowGroup:
    """Neighboring rows of a heatmap that belong together, ``start`` up to, not including, ``stop``."""

    start: int
    stop: int
    label: str


@dataclass(frozen=True, slots=True, eq=False)
class HeatmapFigure:
    """A table of values as colors: nodes by steps, or classes by classes.

    Attributes:
        name: Its entry in PLOTS.
        title: In sentence case.
        x: Axis of the columns.
        y: Axis of the rows.
        edges: (columns + 1,) where the columns begin and end on the x axis.
        values: (rows, columns), row 0 at the top; NaN where there is no value.
        rows: A name for each row.
        groups: Rows with a common heading, with a hairline between them.
        scale: From values to colors.
        empty: One sentence that says what will appear here, and how.
        marks: What was done to the run, where.
        here: The step that is looked at in the past; None where the run goes on.
        numbers: Write each value into its cell.
        alternative: The same rows and columns seen otherwise, such as magnitudes; a switch shows it.
    """

    name: str
    title: str
    x: Axis
    y: Axis
    edges: Array
    values: Array
    rows: tuple[str, ...]
    groups: tuple[RowGroup, ...]
    scale: Scale
    empty: str
    marks: tuple[Mark, ...] = ()
    here: int | None = None
    numbers: bool = False
    alternative: HeatmapFigure | None = None

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to draw yet."""
        return self.values.size == 0


@dataclass(frozen=True, slots=True, eq=False)
class MapFigure:
    """A value over the plane of two raw inputs, with the examples on it.

    Attributes:
        name: Its entry in PLOTS.
        title: In sentence case.
        x: Axis of the first raw column.
        y: Axis of the second.
        extent: (left, right, bottom, top) of the picture.
        values: (rows, columns), row 0 at the bottom.
        scale: From values, and the examples' targets, to colors.
        empty: One sentence that says why there is nothing.
        points: The examples; None draws none.
    """

    name: str
    title: str
    x: Axis
    y: Axis
    extent: tuple[float, float, float, float]
    values: Array
    scale: Scale
    empty: str
    points: PlanePoints | None = None

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to draw."""
        return self.values.size == 0


Figure: TypeAlias = LineFigure | HeatmapFigure | MapFigure


@dataclass(frozen=True, slots=True)
class View:
    """How somebody chose to see a figure; on screen and in files alike.

    Attributes:
        log: A logarithmic value axis, or a linear one; None leaves it to the figure.
        alternative: The other way to see a heatmap.
        scale: A scale that was locked; None for the figure's own.
    """

    log: bool | None = None
    alternative: bool = False
    scale: Scale | None = None

    def of(self, figure: Figure) -> Figure:
        """The figure seen so; what does not apply to it is left out."""
        if isinstance(figure, LineFigure):
            log = figure.y.log if self.log is None else self.log
            return replace(figure, y=replace(figure.y, log=log))
        if isinstance(figure, HeatmapFigure):
            seen = figure.alternative if self.alternative and figure.alternative is not None else figure
            return seen if self.scale is None else replace(seen, scale=self.scale)
        return figure


@dataclass(frozen=True, slots=True)
class Look:
    """A way to see figures that has a name.

    Attributes:
        name: Key on the command line; never renamed.
        label: What menus show.
        view: What is chosen by it.
    """

    name: str
    label: str
    view: View


LOOKS: Final = Registry(
    "look of plots",
    Look("log", "Logarithmic values", View(log=True)),
    Look("linear", "Linear values", View(log=False)),
    Look("sizes", "Sizes, whatever the sign", View(alternative=True)),
)


def figure_rows(figure: Figure) -> tuple[tuple[str, ...], list[tuple[Cell, ...]]]:
    """List a figure's numbers as a table.

    Returns:
        The header, and one tuple a row.
    """
    if isinstance(figure, LineFigure):
        header = ("series", "first step", "last step", "low", "high", "mean")
        return header, [row for line in (*figure.lines, *figure.behind) for row in _line_rows(line)]
    if isinstance(figure, HeatmapFigure):
        return _heatmap_rows(figure)
    return _map_rows(figure)


def _line_rows(line: Line) -> Iterator[tuple[Cell, ...]]:
    columns = (line.first, line.last, line.low, line.high, line.y)
    for values in zip(*(column.tolist() for column in columns), strict=True):
        yield (line.name, *values)


def _heatmap_rows(figure: HeatmapFigure) -> tuple[tuple[str, ...], list[tuple[Cell, ...]]]:
    if figure.numbers:
        columns = tuple(text for _, text in figure.x.ticks)
        table = zip(figure.rows, figure.values.tolist(), strict=True)
        return (figure.y.label, *columns), [(name, *values) for name, values in table]
    header = ("first step", "last step", *_named_rows(figure))
    starts, ends = figure.edges[:-1].astype(int).tolist(), (figure.edges[1:].astype(int) - 1).tolist()
    table_by_column = zip(starts, ends, figure.values.T.tolist(), strict=True)
    return header, [(start, end, *values) for start, end, values in table_by_column]


def _named_rows(figure: HeatmapFigure) -> tuple[str, ...]:
    """Row names that are unique: each with its group's heading."""
    names = list(figure.rows)
    for group in figure.groups:
        for row in range(group.start, group.stop):
            if not names[row].startswith(group.label):
                names[row] = f"{group.label} · {names[row]}"
    return tuple(names)


def _map_rows(figure: MapFigure) -> tuple[tuple[str, ...], list[tuple[Cell, ...]]]:
    if figure.is_empty:
        return (figure.x.label, figure.y.label, figure.scale.label), []
    left, right, bottom, top = figure.extent
    rows, columns = figure.values.shape
    # The value of a cell is that of its middle.
    xs = left + (np.arange(columns) + 0.5) * (right - left) / columns
    ys = bottom + (np.arange(rows) + 0.5) * (top - bottom) / rows
    grid_x, grid_y = np.meshgrid(xs, ys)
    cells = np.column_stack([grid_x.ravel(), grid_y.ravel(), figure.values.ravel()])
    return (figure.x.label, figure.y.label, figure.scale.label), [tuple(row) for row in cells.tolist()]
