"""What is marked on the line of a run, and where: a scale of steps, and marks that join in a crowd."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

import numpy as np

from bpviz.arrays import Array, IntArray
from bpviz.errors import grouped
from bpviz.training.naming_lines import line_words
from bpviz.training.timeline_view import Mark, TimelineView
from bpviz.ui.numbers import short

_APART_PX: Final = 7.0  # marks nearer than this are joined
_LONGEST_PX: Final = 16.0  # a crowd that reaches further is shown in parts
_MOST_WORDS: Final = 6  # lines of a tooltip


@dataclass(frozen=True, slots=True)
class Sign:
    """How one kind of mark looks; no two kinds share a shape or a color.

    Attributes:
        shape: Entry of `bpviz.ui.strip.signs.SHAPES`.
        color: Token of the palette.
        one: What it is called.
        many: The same of several.
    """

    shape: str
    color: str
    one: str
    many: str


SIGNS: Final = {
    "stopped": Sign("square", "warning", "stop", "stops"),
    "best": Sign("star", "good", "best step", "best steps"),
    "left": Sign("fork", "text", "branch", "branches"),
    "edited": Sign("diamond", "class:5", "edit", "edits"),
    "value": Sign("dot", "class:3", "value set by hand", "values set by hand"),
    "continued": Sign("triangle", "class:7", "going on", "times going on"),
    "path": Sign("bowtie", "class:8", "hand-over", "hand-overs"),
    "remark": Sign("ring", "secondary", "remark", "remarks"),
}
"""By kind; of several in one place the first of these gives its shape to all."""

_RANK: Final = {kind: rank for rank, kind in enumerate(SIGNS)}


@dataclass(frozen=True, slots=True)
class Spot:
    """A step of the line at which there is something to see.

    Attributes:
        step: Steps done before it.
        kind: Entry of `SIGNS`.
        words: What it says under the pointer.
    """

    step: int
    kind: str
    words: str


def marks_spots(marks: Sequence[Mark]) -> tuple[Spot, ...]:
    """What was done on the line, of which there may be thousands, and seldom more."""
    return tuple(Spot(mark.step, mark.kind, "; ".join(mark.words)) for mark in marks)


def other_spots(view: TimelineView) -> tuple[Spot, ...]:
    """What changes while a run plays: the best step, and where branches leave."""
    found = list(_forks(view))
    if view.best is not None:
        step, loss = view.best
        found.append(Spot(step, "best", f"best so far: loss {short(loss)}"))
    return tuple(spot for spot in found if view.first_step <= spot.step <= view.last_step)


def _forks(view: TimelineView) -> Iterator[Spot]:
    """Where other lines leave the present one, and where it left its own parent."""
    names = {line.number: line_words(line) for line in view.lines}
    for line in view.lines:
        if line.parent == view.line:
            yield Spot(line.forked_at, "left", f"“{names[line.number]}” leaves here")
        elif line.number == view.line and line.parent in names:
            yield Spot(line.forked_at, "left", f"here this branch left “{names[line.parent]}”")


@dataclass(frozen=True, slots=True)
class Scale:
    """Steps of a run as places on a line.

    Attributes:
        first: Step at its left end.
        last: Step at its right end, after `first`.
        left: Pixel of its left end.
        right: Pixel of its right end.
    """

    first: int
    last: int
    left: float
    right: float

    def x(self, step: int) -> float:
        """The pixel of a step; of one outside, that of the nearer end."""
        share = (min(max(step, self.first), self.last) - self.first) / (self.last - self.first)
        return self.left + share * (self.right - self.left)

    def xs(self, steps: IntArray) -> Array:
        """(steps,) the pixel of each."""
        return self.left + (steps - self.first) * ((self.right - self.left) / (self.last - self.first))

    def step(self, x: float) -> int:
        """The step at a pixel; outside, that at the nearer end."""
        share = min(max((x - self.left) / max(self.right - self.left, 1.0), 0.0), 1.0)
        return self.first + round(share * (self.last - self.first))


@dataclass(frozen=True, slots=True)
class Crowd:
    """Spots that are shown as one sign, because there is no room for each; or a single one.

    Attributes:
        x: Where, a whole pixel.
        kind: Entry of `SIGNS`, whose shape is drawn.
        start: Index of its first spot.
        stop: Index after its last one.
    """

    x: int
    kind: str
    start: int
    stop: int

    @property
    def several(self) -> bool:
        return self.stop - self.start > 1


class Spots:
    """Spots in order of steps, laid out anew whenever the scale changes.

    Attributes:
        all: In that order.
        steps: (spots,) the step of each.
    """

    def __init__(self, of_marks: Sequence[Spot] = (), others: Sequence[Spot] = ()) -> None:
        self.all = tuple(sorted((*of_marks, *others), key=lambda spot: spot.step))
        self.steps: IntArray = np.array([spot.step for spot in self.all], dtype=np.int64)
        self._ranks = np.array([_RANK[spot.kind] for spot in self.all], dtype=np.int64)

    def crowds(self, scale: Scale) -> tuple[Crowd, ...]:
        """Join spots that would lie over each other, from left to right."""
        if not self.all:
            return ()
        x = scale.xs(self.steps)
        starts = np.flatnonzero(np.append(True, self._parted(x, scale)))
        stops = np.append(starts[1:], x.size)
        middles = np.rint((x[starts] + x[stops - 1]) / 2).astype(np.int64).tolist()
        kinds = tuple(SIGNS)
        first = np.minimum.reduceat(self._ranks, starts).tolist()
        return tuple(
            Crowd(middle, kinds[rank], start, stop)
            for middle, rank, start, stop in zip(middles, first, starts.tolist(), stops.tolist(), strict=True)
        )

    def _parted(self, x: Array, scale: Scale) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """Between which neighbors, (spots - 1,), there is room, or a long crowd is cut.

        It is cut at multiples of a power of two of steps, so that its parts stay while a run grows.
        """
        parted = np.diff(x) >= _APART_PX
        starts = np.flatnonzero(np.append(True, parted))
        stops = np.append(starts[1:], x.size)
        is_long = np.repeat(x[stops - 1] - x[starts] > _LONGEST_PX, stops - starts)
        steps_per_px = (scale.last - scale.first) / max(scale.right - scale.left, 1.0)
        shift = max(int(np.ceil(np.log2(max(_LONGEST_PX * steps_per_px, 1.0)))), 0)
        cut: np.ndarray[tuple[int], np.dtype[np.bool_]] = parted | (
            is_long[1:] & (np.diff(self.steps >> shift) != 0)
        )
        return cut

    def tip(self, crowd: Crowd) -> str:
        """What is said under the pointer: step and words, or of many how many of what from where to where."""
        spots = self.all[crowd.start : crowd.stop]
        if len(spots) <= _MOST_WORDS:
            by_step = groupby(spots, key=lambda spot: spot.step)
            lines = [f"Step {grouped(step)}: {'; '.join(spot.words for spot in at)}" for step, at in by_step]
            return "\n".join(lines)
        counts = [(kind, sum(spot.kind == kind for spot in spots)) for kind in SIGNS]
        named = [
            f"{grouped(count)} {SIGNS[kind].one if count == 1 else SIGNS[kind].many}"
            for kind, count in counts
            if count
        ]
        return f"Steps {grouped(spots[0].step)} to {grouped(spots[-1].step)}: {', '.join(named)}"

    def next_step(self, crowd: Crowd, shown: int) -> int:
        """Where a click on a crowd goes: to its first step, and from each of its steps to the next."""
        steps = self.steps[crowd.start : crowd.stop].tolist()
        return next((step for step in steps if step > shown), steps[0]) if shown in steps else int(steps[0])
