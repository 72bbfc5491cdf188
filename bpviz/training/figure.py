"""What a picture of a run shows, as values: axes and marks, and no way to draw them.

The window draws them live and `bpviz.files` writes them; both read the same value, so a curve on screen and
the one in a paper are one curve.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final, TypeAlias, TypeVar

import numpy as np

from bpviz.errors import SettingError
from bpviz.plain import is_number
from bpviz.registry import Registry
from bpviz.training.marks import Band, Bars, Heat, Image, Line, Mark, Points, Rule, Scale, Space
from bpviz.training.smoothing import smoothed

Range: TypeAlias = tuple[float, float]
"""Where an axis begins and ends, in the values that it shows."""

SMOOTHEST: Final = 0.999
_BEHIND_AT_MOST: Final = 10.0
M = TypeVar("M", Line, Band, Bars, Heat, Image, Points, Rule)


@dataclass(frozen=True, slots=True)
class Axis:
    """One axis.

    Attributes:
        label: A noun in sentence case.
        unit: What the numbers count, such as ``steps``; empty for pure numbers.
        log: Logarithmic; figures that are may still be drawn linearly.
        ticks: (position, text) where the axis names things instead of counting; empty otherwise.
        range: The part of it that is in sight; None for as far as the marks reach.
    """

    label: str
    unit: str = ""
    log: bool = False
    ticks: tuple[tuple[float, str], ...] = ()
    range: Range | None = None

    @property
    def title(self) -> str:
        """Label and unit as an axis shows them."""
        return f"{self.label} ({self.unit})" if self.unit else self.label


@dataclass(frozen=True, eq=False)
class Figure:
    """Axes and marks.

    Attributes:
        name: Its entry in PLOTS.
        title: In sentence case.
        x: Axis of steps, columns or the first input.
        y: Axis of values, rows or the second input.
        marks: What is drawn, from the back to the front within a kind; lines in the order of the legend.  All
            lie in one space.
        empty: One sentence that says what will appear here, and how.
        named: Each line is named at its end, because there may be more than a legend has room for.
        behind_name: What all lines behind together are called.
        alternative: The same seen otherwise, such as magnitudes; a switch shows it.
        smooth: How smooth its lines are drawn; see `bpviz.training.smoothing`.  Its marks keep their numbers.
    """

    name: str
    title: str
    x: Axis
    y: Axis
    marks: tuple[Mark, ...]
    empty: str
    named: bool = False
    behind_name: str = ""
    alternative: Figure | None = None
    smooth: float = 0.0

    def all(self, kind: type[M]) -> tuple[M, ...]:
        """The marks of a kind that have something to draw."""
        return tuple([mark for mark in self.marks if isinstance(mark, kind) and not mark.is_empty])

    @cached_property
    def curves(self) -> tuple[Line | Band, ...]:
        """The lines and bands that have a point, of this run."""
        found = [mark for mark in self._drawn if isinstance(mark, Line | Band)]
        return tuple(curve for curve in found if not (isinstance(curve, Line) and curve.behind))

    @cached_property
    def behind(self) -> tuple[Line, ...]:
        """Faint lines of other runs."""
        return tuple(line for line in self.all(Line) if line.behind)

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        """What was done to the run, where."""
        return tuple(rule for rule in self.all(Rule) if not rule.here)

    @cached_property
    def here(self) -> int | None:
        """The step that is looked at in the past; None where the run goes on."""
        return next((int(rule.x) for rule in self.all(Rule) if rule.here), None)

    @cached_property
    def scale(self) -> Scale | None:
        """From values to colors; None where no mark needs one."""
        return next((mark.scale for mark in self.marks if isinstance(mark, Heat | Image | Points)), None)

    @cached_property
    def key(self) -> Scale | None:
        """The scale that a color bar beside it explains; none of numbers that are written, nor of classes."""
        written = any(heat.numbers for heat in self.all(Heat))
        return None if written or self.scale is None or self.scale.kind == "classes" else self.scale

    @cached_property
    def classes(self) -> tuple[str, ...]:
        """The names of what its points are."""
        return next((mark.points.classes or () for mark in self.all(Points)), ())

    @cached_property
    def space(self) -> Space:
        """Where its marks lie."""
        return next((mark.space for mark in self.marks if not isinstance(mark, Rule)), "curves")

    @cached_property
    def is_empty(self) -> bool:
        """Whether there is nothing to draw yet."""
        return not self._drawn

    @cached_property
    def behind_reach(self) -> tuple[float, float]:
        """The lowest and highest value behind that an axis takes in; NaN without one.

        A run that left the finite numbers would press all others flat: a curve counts up to ten times what it
        began with, or what the present ones reach.
        """
        known = [line.y[np.isfinite(line.y)] for line in self.behind]
        known = [y for y in known if y.size]
        if not known:
            return np.nan, np.nan
        highest = float(np.fmax.reduce([np.fmax.reduce(line.high) for line in self.curves], initial=-np.inf))
        tops = [min(float(y.max()), _BEHIND_AT_MOST * max(float(y[0]), highest, 0.0)) for y in known]
        lows = [float(y.min()) for y in known]
        return min(lows), max(*tops, min(lows))

    def scaled(self, scale: Scale) -> Figure:
        """The same with another scale."""
        marks = (
            replace(mark, scale=scale) if isinstance(mark, Heat | Image | Points) else mark
            for mark in self.marks
        )
        return replace(self, marks=tuple(marks))

    @cached_property
    def as_drawn(self) -> Figure:
        """The same with lines as smooth as they are drawn, each before the band of its own numbers."""
        if not self.smooth:
            return self
        marks = (
            replace(mark, y=smoothed(mark.y, self.smooth)) if isinstance(mark, Line) else mark
            for mark in self.marks
        )
        return replace(self, marks=tuple(marks), smooth=0.0)

    @cached_property
    def _drawn(self) -> tuple[Mark, ...]:
        return tuple(mark for mark in self.marks if not isinstance(mark, Rule) and not mark.is_empty)


@dataclass(frozen=True, slots=True)
class View:
    """How somebody chose to see a figure; on screen and in files alike.

    Attributes:
        log: A logarithmic value axis, or a linear one; None leaves it to the figure.
        alternative: The other way to see a figure.
        scale: A scale that was locked; None for the figure's own.
        smooth: How smooth lines are drawn, from 0, as they are, up to `SMOOTHEST`.
        x: The part of the x axis in sight, of curves and of tables over steps; None for all of it.
        y: The part of the value axis in sight, of curves; None for all of it.

    Raises:
        SettingError: If it is to be smoother than a line can be, or a range does not go upwards.
    """

    log: bool | None = None
    alternative: bool = False
    scale: Scale | None = None
    smooth: float = 0.0
    x: Range | None = None
    y: Range | None = None

    def __post_init__(self) -> None:
        if not is_number(self.smooth) or not 0 <= self.smooth <= SMOOTHEST:
            raise SettingError(
                f"Lines can't be as smooth as {self.smooth}; choose a number from 0 to {SMOOTHEST}."
            )
        for shown in (self.x, self.y):
            if shown is not None and not (all(map(is_number, shown)) and shown[0] < shown[1]):
                raise SettingError(
                    f"An axis can't lead from {shown[0]} to {shown[1]}; write the smaller number first."
                )

    def of(self, figure: Figure) -> Figure:
        """The figure seen so; what does not apply to it is left out."""
        seen = figure.alternative if self.alternative and figure.alternative is not None else figure
        if self.log is not None and seen.space == "curves":
            seen = replace(seen, y=replace(seen.y, log=self.log))
        if self.smooth or self.x or self.y:
            seen = self._cut(seen)
        return seen if self.scale is None else seen.scaled(self.scale)

    def _cut(self, seen: Figure) -> Figure:
        """Smooth its lines, and leave the parts of its axes that are in sight.

        Raises:
            SettingError: If a logarithmic axis is to begin where it can't.
        """
        curves = seen.space == "curves"
        x, y = (self.x if curves or not seen.x.ticks else None), (self.y if curves else None)
        if y is not None and seen.y.log and y[0] <= 0:
            raise SettingError(f"A logarithmic axis can't begin at {y[0]:g}; begin above 0.")
        return replace(
            seen,
            x=replace(seen.x, range=x if seen.space != "plane" else None),
            y=replace(seen.y, range=y),
            smooth=self.smooth if curves else 0.0,
        )


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
