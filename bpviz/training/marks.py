"""The marks that pictures of a run are made of, as values: lines, bands, bars, tables, images, points, rules.

To add a kind, write its value here and how it is drawn: once in `bpviz.ui.plots.layers`, once in
`bpviz.files.marks`, and as a table in `bpviz.training.figure_rows`.  Colors are tokens that
`bpviz.palette.Palette.color` knows.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import ClassVar, Literal, TypeAlias

import numpy as np

from bpviz.arrays import Array, IntArray
from bpviz.training.phases import NO_ROWS
from bpviz.training.snapshot import PlanePoints

Space: TypeAlias = Literal["curves", "table", "plane"]
"""Where marks lie: over steps or numbers, with a value axis that reaches as far as they do; in the cells of a
table, row 0 at the top; or in a plane of two inputs."""


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
    """Neighboring rows of a table that belong together, ``start`` up to, not including, ``stop``."""

    start: int
    stop: int
    label: str


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """Values over steps.  All arrays have shape (points,) and are read-only.

    Attributes:
        name: For the legend.
        first: First step that each point stands for.
        last: Last step that each point stands for.
        y: Mean over those steps.
        low: Smallest value over those steps; equal to `y` where a point is one step.
        high: Largest.
        color: Token of the palette.
    """

    space: ClassVar[Space] = "curves"
    name: str
    first: IntArray
    last: IntArray
    y: Array
    low: Array
    high: Array
    color: str

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to draw."""
        return self.y.size == 0

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
class Line(Curve):
    """A curve through the means, and paler behind it the band between the extremes, where they differ.

    Attributes:
        dashed: Drawn dashed.
        behind: It is of another run: drawn faintly behind the others, and named at its end.
    """

    dashed: bool = False
    behind: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Band(Curve):
    """Drawn as a light band from low to high, behind lines: single batches, not the whole."""


@dataclass(frozen=True, slots=True, eq=False)
class Bars:
    """Bars from 0 to a value each, side by side.

    Attributes:
        name: For the legend.
        edges: (bars + 1,) where they begin and end, ascending.
        y: (bars,) what they reach to.
        color: Token of the palette.
    """

    space: ClassVar[Space] = "curves"
    name: str
    edges: Array
    y: Array
    color: str

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to draw."""
        return self.y.size == 0


@dataclass(frozen=True, eq=False)
class Heat:
    """A table of values as colors: nodes by steps, or classes by classes.

    Attributes:
        edges: (columns + 1,) where the columns begin and end on the x axis.
        table: What `values` are, or makes them when they are first asked for: to draw the many rows of a wide
            network, those that are joined will do.
        rows: A name for each row.
        groups: Rows with a common heading, with a hairline between them.
        scale: From values to colors.
        numbers: Write each value into its cell.
        joined: (fewer rows, columns) rows joined to what is farthest from 0; None if they are not.
    """

    space: ClassVar[Space] = "table"
    edges: Array
    table: Array | Callable[[], Array]
    rows: tuple[str, ...]
    groups: tuple[RowGroup, ...]
    scale: Scale
    numbers: bool = False
    joined: Array | None = None

    @cached_property
    def values(self) -> Array:
        """(rows, columns), row 0 at the top; NaN where there is no value."""
        return self.table() if callable(self.table) else self.table

    @property
    def columns(self) -> int:
        """How many columns it has."""
        return self.edges.size - 1

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to draw."""
        return not self.rows or self.columns < 1


@dataclass(frozen=True, slots=True, eq=False)
class Image:
    """A value all over a plane, as colors.

    Attributes:
        extent: (left, right, bottom, top) of the picture.
        values: (rows, columns), row 0 at the bottom.
        scale: From values to colors.
        classes: Names of what values count, on a scale of classes.
    """

    space: ClassVar[Space] = "plane"
    extent: tuple[float, float, float, float]
    values: Array
    scale: Scale
    classes: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to draw."""
        return self.values.size == 0


@dataclass(frozen=True, slots=True, eq=False)
class Points:
    """Examples as dots in a plane, those of the test part with a rim that stands out.

    Attributes:
        points: Where they are, and what.
        scale: From their values to colors; classes have their own.
        batch: Which ones a step learns from that somebody walks through; none between steps.
        chosen: Which of them somebody looks at; None for no single one.
    """

    space: ClassVar[Space] = "plane"
    points: PlanePoints
    scale: Scale
    batch: IntArray = field(default_factory=lambda: NO_ROWS)
    chosen: int | None = None

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to draw."""
        return self.points.x.size == 0


@dataclass(frozen=True, slots=True)
class Rule:
    """A thin vertical line where something was done to the run, or where it is looked at.

    Attributes:
        x: Where.
        text: What was done.
        here: The step that is looked at in the past, flagged, whatever was done there.
    """

    is_empty: ClassVar[bool] = False
    x: float
    text: str = ""
    here: bool = False


Mark: TypeAlias = Line | Band | Bars | Heat | Image | Points | Rule
