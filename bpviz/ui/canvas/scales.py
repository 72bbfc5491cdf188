"""What the legend has to say: which colors mean which numbers, and what is left out of the picture."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from bpviz.arrays import Array
from bpviz.errors import grouped
from bpviz.ui.canvas.shades import nice_scale
from bpviz.ui.canvas.texts import scale_end
from bpviz.ui.canvas.values import VIEWS, ViewText


@dataclass(frozen=True, slots=True)
class Scales:
    """What colors, lines and strips show.

    Attributes:
        text: How it is called.
        pairs: |value| of a connection at full width; NaN while nothing is known.
        nodes: End of the nodes' scale; NaN when nodes show no number.
        biases: End of the scale of the biases that rows of collapsed columns show; NaN when they show none.
        maps: Whether some node shows its output over the plane.
        drawn: How many connections are lines.
        seen: How many connections have both ends in sight.
        scrolled: Whether some rows are out of sight.
        strips: Whether layers have heat strips.
    """

    text: ViewText = VIEWS["weights"]
    pairs: float = math.nan
    nodes: float = math.nan
    biases: float = math.nan
    maps: bool = False
    drawn: int = 0
    seen: int = 0
    scrolled: bool = False
    strips: bool = False

    @property
    def rows(self) -> list[tuple[str, str, str]]:
        """The scales: label and both ends."""
        rows = [(self.text.pairs.capitalize(), *_ends(self.pairs))]
        if math.isfinite(self.nodes):
            rows.append((self.text.nodes.capitalize(), *_ends(self.nodes)))
        if math.isfinite(self.biases):
            label = "Bias" if self.text.pairs == "weight" else f"Bias {self.text.pairs}"
            rows.append((label, *_ends(self.biases)))
        return rows

    @property
    def notes(self) -> list[str]:
        """What else is worth knowing, one short line each."""
        notes = []
        if self.maps:
            notes.append("Squares: a node's output over the two inputs")
        where = " between rows in view" if self.scrolled else ""
        if self.drawn < self.seen:
            notes.append(f"Lines: the {grouped(self.drawn)} strongest of {grouped(self.seen)}{where}")
        elif self.scrolled:
            notes.append(f"Lines: all {grouped(self.seen)}{where}")
        if self.strips:
            notes.append(f"Strips: every {self.text.pairs} into a node")
        return notes


def end_of(values: Array) -> float:
    """The end of a scale for some numbers; NaN when none is known."""
    return nice_scale(values) if np.isfinite(values).any() else math.nan


def _ends(end: float) -> tuple[str, str]:
    """The ends of a scale as texts; just the signs while nothing is known."""
    return scale_end(-end), scale_end(end)
