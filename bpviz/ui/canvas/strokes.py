"""How connections are drawn: from values to a few groups of lines that share a pen.

Setting a pen costs more than drawing a line with it, so signed strengths are rounded to a few levels and
drawn level by level, the strongest last.  All is vectorized: a snapshot comes up to sixty times a second.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

import numpy as np

from bpviz.arrays import Array, BoolArray, IntArray
from bpviz.model import layout

LEVELS: Final = 12
_ROUNDS: Final = 2  # an even number: then neither sign is above the other more often
_TURNS: Final = 1 << 16
_SCATTER: Final = 40503  # _TURNS over the golden ratio: numbers near to each other come in different rounds
_WIDE_PAIRS: Final = 100  # up to so many connections have room for their full width
_THINNEST_MOST: Final = 1.6
Tone: TypeAlias = Literal["negative", "unknown", "positive"]
_TONES: Final[tuple[Tone, ...]] = ("negative", "unknown", "positive")


@dataclass(frozen=True, slots=True)
class Stroke:
    """What a pen is made from.

    Attributes:
        tone: Color by sign; ``unknown`` for exactly 0 and for what has no value.
        width_px: Of the line; 0 is a hairline.
        opacity: 0 to 1, dimming included.
        dashed: For frozen weights.
    """

    tone: Tone
    width_px: float
    opacity: float
    dashed: bool


@dataclass(frozen=True, slots=True, eq=False)
class StrokeGroup:
    """Connections that share a pen.

    Attributes:
        stroke: The pen.
        pairs: Numbers of the connections.
    """

    stroke: Stroke
    pairs: IntArray


def strongest(values: Array, count: int) -> IntArray:
    """Choose the connections that become lines.

    Args:
        values: (pairs,), NaN where nothing is known.
        count: How many lines there may be.

    Returns:
        Places of the largest |values|, in ascending order; an even choice while none is known.
    """
    if values.size <= count:
        return np.arange(values.size, dtype=np.int64)
    sizes = np.nan_to_num(np.abs(values), nan=-1.0)
    if sizes.max() < 0:
        return np.linspace(0, values.size - 1, count).astype(np.int64)
    return np.sort(np.argpartition(sizes, -count)[-count:]).astype(np.int64)


def thickest(count: int) -> float:
    """Width of the strongest of so many connections: many together need thinner lines to stay apart."""
    return float(max(layout.WIDTHS_PX[1] * min(1.0, (_WIDE_PAIRS / max(count, 1)) ** 0.5), _THINNEST_MOST))


def group(
    pairs: IntArray, values: Array, frozen: BoolArray, dimmed: BoolArray, full: float, dim: float
) -> list[StrokeGroup]:
    """Sort connections into groups of one pen, the faintest first.

    Lines are opaque, so whatever is drawn last hides the rest: within a level the two signs take turns.

    Args:
        pairs: (lines,) numbers of the connections.
        values: (lines,), NaN where nothing is known.
        frozen: (lines,) drawn dashed.
        dimmed: (lines,) drawn fainter, by the factor ``dim``.
        full: The |value| that is drawn at full width and opacity.
        dim: 0 to 1.
    """
    known = np.nan_to_num(values, nan=0.0, posinf=full, neginf=-full)
    low, high = layout.WIDTHS_PX
    strength = (layout.widths(known, full) - low) / (high - low)
    level = np.rint(strength * (LEVELS - 1)).astype(np.int64)
    sign = np.sign(known).astype(np.int64) + 1
    pen = ((~dimmed).astype(np.int64) * LEVELS + level) * 6 + sign * 2 + frozen
    # By its number, so that a connection keeps its turn from frame to frame.
    turn = pairs * _SCATTER % _TURNS * _ROUNDS // _TURNS
    # Every other round begins with the other sign, so that two rounds share a pen where they meet; so does
    # every other level, so that what is last is not always of the same sign.
    turned = (turn + level) % 2 == 1
    key = (pen // 6 * _ROUNDS + turn) * 6 + np.where(turned, 2 - sign, sign) * 2 + frozen
    order = np.argsort(key, kind="stable").astype(np.int64)
    cuts = np.flatnonzero(np.diff(pen[order])) + 1
    most = thickest(values.size)
    parts = [part for part in np.split(order, cuts) if part.size]
    return [StrokeGroup(_stroke(int(pen[part[0]]), dim, most), pairs[part]) for part in parts]


def _stroke(pen: int, dim: float, most: float) -> Stroke:
    rest, dashed = divmod(pen, 2)
    rest, sign = divmod(rest, 3)
    undimmed, level = divmod(rest, LEVELS)
    part = level / (LEVELS - 1)
    tone = _TONES[sign]
    thin, (pale, strong) = layout.WIDTHS_PX[0], layout.OPACITIES
    width = 0.0 if tone == "unknown" else thin + (most - thin) * part
    opacity = (pale + (strong - pale) * part) * (1.0 if undimmed else dim)
    return Stroke(tone, width, opacity, bool(dashed))
