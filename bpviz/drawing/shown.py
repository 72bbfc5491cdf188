"""The numbers that a drawing of a network shows: of links, biases and nodes, and what its legend says."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

import numpy as np

from bpviz.arrays import Array
from bpviz.errors import grouped
from bpviz.model.layout import full_strength
from bpviz.model.spec import Address, BiasAddress, WeightAddress

MINUS: Final = "−"
_NICE: Final = (1.0, 2.0, 5.0, 10.0)
_SMALLEST_END: Final = 0.01
_LARGEST_END: Final = 100_000


@dataclass(frozen=True, eq=False)
class Shown:
    """What links, biases and nodes of a drawing show.

    Attributes:
        values: Weights and biases, or another quantity of them, by address.
        nodes: A number of each node, by its id; empty if nodes show none.
        maps: (rows, columns) what a node answers over the plane of two inputs, by its id, row 0
            at the bottom.
        links_word: What the numbers of links are, for the legend.
        nodes_word: What those of nodes are.
        shares: All numbers are shares or truths: their scales lead from 0 to 1.
        note: What else the legend says; empty for nothing.
    """

    values: Mapping[Address, float]
    nodes: Mapping[str, float] = field(default_factory=dict)
    maps: Mapping[str, Array] = field(default_factory=dict)
    links_word: str = "Weight"
    nodes_word: str = ""
    shares: bool = False
    note: str = ""

    @cached_property
    def strength(self) -> float:
        """|value| of a link at full width and in full color; NaN while nothing is known."""
        return self._end([v for at, v in self.values.items() if isinstance(at, WeightAddress)], strong=True)

    @cached_property
    def nodes_end(self) -> float:
        """The end of the scale of nodes; NaN when they show no number."""
        return self._end(list(self.nodes.values()))

    @cached_property
    def biases_end(self) -> float:
        """The end of the scale of biases; NaN when none is known."""
        return self._end([v for at, v in self.values.items() if isinstance(at, BiasAddress)])

    @property
    def rows(self) -> list[tuple[str, str, str]]:
        """The scales: what the numbers are, and both ends."""
        found = [(self.links_word, self.strength)]
        if math.isfinite(self.nodes_end):
            found.append((self.nodes_word, self.nodes_end))
        return [
            (word, *(("0", "1") if self.shares else (scale_end(-end), scale_end(end)))) for word, end in found
        ]

    def _end(self, values: list[float], *, strong: bool = False) -> float:
        known = np.array(values, dtype=np.float64)
        if not np.isfinite(known).any():
            return math.nan
        if self.shares:
            return 1.0
        return full_strength(known) if strong else nice_scale(known)


def nice_scale(values: Array) -> float:
    """The end of a scale for these numbers: 1, 2 or 5 times a power of ten, so that it rarely changes."""
    known = np.abs(values[np.isfinite(values)])
    largest = float(known.max()) if known.size else 0.0
    if largest <= 0:
        return 1.0
    power = 10.0 ** np.floor(np.log10(largest))
    return float(power * next(step for step in _NICE if largest <= step * power * (1 + 1e-9)))


def scale_end(value: float) -> str:
    """An end of a scale, with its sign: ``+0.214``, ``−49 016``, ``+4.6e−12``; just the sign of NaN.

    Two digits at least, and never more than have room beside the scale.
    """
    sign = "+" if math.copysign(1.0, value) > 0 else MINUS
    size = abs(value)
    if not math.isfinite(value):
        return sign
    if size != 0 and not _SMALLEST_END <= size < _LARGEST_END:
        mantissa, _, exponent = f"{size:.1e}".partition("e")
        return f"{sign}{mantissa}e{int(exponent)}".replace("-", MINUS)
    return f"{sign}{grouped(size, f'.{3 if size < 10 else 2 if size < 100 else 1 if size < 1000 else 0}f')}"


def map_places(values: Array) -> Array:
    """Place a node's map on the diverging scale, -1 to 1; what is unknown is 0.

    Its own largest |value| is the end of its scale, but at least 1, so that small outputs look small.
    """
    known = np.isfinite(values)
    largest = float(np.abs(values, where=known, out=np.zeros(values.shape)).max())
    placed: Array = np.where(known, values, 0.0) / max(largest, 1.0)
    return placed
