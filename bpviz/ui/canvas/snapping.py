"""Where something dragged comes to rest: in line with others, or with equal gaps; and the guides that say so.

Pure functions of numbers.  Each axis is settled by itself, so that snapping never moves the other one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, TypeAlias

SNAP_PX: Final = 8.0
"""Of the screen: so near something snaps, at any zoom."""
_SAME: Final = 0.5  # nearer than this two things stand in line
_LEAST_GAP: Final = 8.0  # between things; of nearer ones nobody sees that gaps are equal

Place: TypeAlias = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Guide:
    """A line that says why something snapped.

    Attributes:
        ends: From where to where.
        gap: It is one of two equal gaps, and not a line through what stands in line.
    """

    ends: tuple[Place, Place]
    gap: bool = False


@dataclass(frozen=True, slots=True)
class Snap:
    """Where the dragged thing is to stand, and why."""

    place: Place
    guides: tuple[Guide, ...] = ()


@dataclass(frozen=True, slots=True)
class _Stop:
    """Where something may rest along one axis, and the equal gaps that it has there, if that is why.

    Where it was before it needs no guide: most drags go along one axis only.
    """

    at: float
    gaps: tuple[tuple[float, float], ...] = ()
    before: bool = False


def snapped(wanted: Place, others: Sequence[Place], reach: float, rest: Place) -> Snap:
    """Settle where something dragged stands.

    Args:
        wanted: Where the pointer has it.
        others: What it may stand in line with; gaps are equal between what stands in one column.
        reach: So near it snaps, in the scene.
        rest: Where it was, which is another place to come to rest at.
    """
    across = _settle(wanted[0], [x for x, _ in others], [x for x, _ in others], reach, rest[0])
    x = wanted[0] if across is None else across.at
    column = [y for other, y in others if abs(other - x) <= _SAME]
    down = _settle(wanted[1], [y for _, y in others], column, reach, rest[1])
    y = wanted[1] if down is None else down.at
    turned = [(other_y, other_x) for other_x, other_y in others]
    guides = [
        *_guides(across, [other for other, _ in turned], others, y, upright=True),
        *_guides(down, [other for other, _ in others], turned, x, upright=False),
    ]
    return Snap((x, y), tuple(guides))


def _settle(
    wanted: float, lines: Iterable[float], spaced: Iterable[float], reach: float, rest: float
) -> _Stop | None:
    """The nearest stop; of equally near ones a place before a line, and a line before a gap."""
    stops = [_Stop(rest, before=True), *map(_Stop, lines), *_equal_gaps(wanted, sorted(set(spaced)))]
    near = [stop for stop in stops if abs(stop.at - wanted) <= reach]
    return min(near, key=lambda stop: abs(stop.at - wanted), default=None)


def _equal_gaps(wanted: float, places: Sequence[float]) -> list[_Stop]:
    """Where a thing has equal gaps to its neighbors: between two of them, or going on after them."""
    found = []
    for low, high in pairwise(places):
        gap = high - low
        if gap < _LEAST_GAP:
            continue
        if low < wanted < high:
            middle = (low + high) / 2
            found.append(_Stop(middle, ((low, middle), (middle, high))))
        elif high <= wanted:
            found.append(_Stop(high + gap, ((low, high), (high, high + gap))))
        else:
            found.append(_Stop(low - gap, ((low - gap, low), (low, high))))
    return found


def _guides(
    stop: _Stop | None, along: Sequence[float], others: Sequence[Place], at: float, *, upright: bool
) -> list[Guide]:
    """What to draw for a stop: the gaps, or a line through all that stand in line.

    Args:
        stop: Where the thing came to rest along one axis.
        along: Of the others, the coordinates along the other axis.
        others: Their places, the coordinate of the stop's axis first.
        at: Where the thing stands along the other axis.
        upright: The stop is an x, so that its line is upright.
    """
    if stop is None or stop.before:
        return []
    if stop.gaps:
        return [Guide(_segment(gap, at, upright=not upright), gap=True) for gap in stop.gaps]
    reached = [far for far, (here, _) in zip(along, others, strict=True) if abs(here - stop.at) <= _SAME]
    return [Guide(_segment((min(*reached, at), max(*reached, at)), stop.at, upright=upright))]


def _segment(reach: tuple[float, float], across: float, *, upright: bool) -> tuple[Place, Place]:
    low, high = reach
    return ((across, low), (across, high)) if upright else ((low, across), (high, across))
