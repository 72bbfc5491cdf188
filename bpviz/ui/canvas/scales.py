"""What the legend has to say: which colors mean which numbers, and what is left out of the picture."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from bpviz.arrays import Array
from bpviz.drawing.shown import nice_scale, scale_end
from bpviz.errors import grouped
from bpviz.ui.canvas.placement import Placement
from bpviz.ui.canvas.views import WEIGHTS, ValueView
from bpviz.ui.canvas.walking import Shown

_SHARES: Final = ("0", "1")


@dataclass(frozen=True, slots=True)
class Scales:
    """What colors, lines and strips show.

    Attributes:
        view: Which numbers.
        pairs_of: Of which example those of connections are, or the mean of how many; empty for what has none.
        nodes_of: Likewise of nodes.
        written: Symbols of the numbers in the nodes at work, from above.
        pairs: |value| of a connection at full width; NaN while nothing is known.
        nodes: End of the nodes' scale; NaN when nodes show no number.
        biases: End of the scale of the biases that rows of collapsed columns show; NaN when they show none.
        maps: Whether some node shows its output over the plane.
        drawn: How many connections are lines.
        seen: How many connections have both ends in sight.
        scrolled: Whether some rows are out of sight.
        strips: Whether layers have heat strips.
    """

    view: ValueView = WEIGHTS
    pairs_of: str = ""
    nodes_of: str = ""
    written: tuple[str, ...] = ()
    pairs: float = math.nan
    nodes: float = math.nan
    biases: float = math.nan
    maps: bool = False
    drawn: int = 0
    seen: int = 0
    scrolled: bool = False
    strips: bool = False

    @classmethod
    def of(cls, shown: Shown, placement: Placement, full: float, *, drawn: int, maps: bool) -> Scales:
        """Say what a picture shows.

        Args:
            shown: Its numbers.
            placement: Where its parts are.
            full: |value| of a connection at full width.
            drawn: How many connections are lines.
            maps: Whether some node shows its output over the plane.
        """
        reading, columns = shown.reading, placement.columns
        shows_biases = bool(columns) and not shown.view.nodes
        return cls(
            view=shown.view,
            pairs_of=shown.pairs_of,
            nodes_of=shown.nodes_of,
            written=shown.written,
            pairs=full if reading.knows_pairs else math.nan,
            nodes=end_of(reading.nodes, reading.scale),
            biases=end_of(reading.biases, reading.scale) if shows_biases else math.nan,
            maps=maps,
            drawn=drawn,
            seen=placement.seen.size,
            scrolled=any(column.shown < column.size for column in columns.values()),
            strips=bool(placement.heated),
        )

    @property
    def rows(self) -> list[tuple[str, str, str]]:
        """The scales: label and both ends."""
        rows = [(_label(self.view.pairs_word, self.pairs_of), self.pairs)]
        if math.isfinite(self.nodes):
            rows.append((_label(self._nodes_word, self.nodes_of), self.nodes))
        if math.isfinite(self.biases):
            rows.append((_label(self.view.biases_word, self.pairs_of), self.biases))
        return [(label, *(_SHARES if self.view.shares else _ends(end))) for label, end in rows]

    @property
    def _nodes_word(self) -> str:
        """What the colors of nodes are, and how its number stands to the other one that is written there."""
        word, own = self.view.nodes_word, self.view.nodes_symbol
        if own not in self.written or len(self.written) == 1:
            return word
        at = self.written.index(own)
        above, below = self.written[:at], self.written[at + 1 :]
        places = [*(f"below {one}" for one in above), *(f"above {one}" for one in below)]
        return f"{word} ({', '.join(places)})"

    @property
    def notes(self) -> list[str]:
        """What else is worth knowing, one short line each."""
        notes = []
        if self.written and not self.view.nodes:
            notes.append(f"In nodes at work: {' above '.join(self.written)}")
        if self.view.note:
            notes.append(self.view.note)
        if self.maps:
            notes.append("Squares: a node's output over the two inputs")
        where = " between rows in view" if self.scrolled else ""
        if self.drawn < self.seen:
            notes.append(f"Lines: the {grouped(self.drawn)} strongest of {grouped(self.seen)}{where}")
        elif self.scrolled:
            notes.append(f"Lines: all {grouped(self.seen)}{where}")
        if self.strips:
            notes.append(f"Strips: every {self.view.pairs_word} into a node")
        return notes


def end_of(values: Array, scale: Callable[[Array], float] = nice_scale) -> float:
    """The end of a scale for some numbers; NaN when none is known."""
    return scale(values) if np.isfinite(values).any() else math.nan


def _label(word: str, whose: str) -> str:
    begun = f"{word[:1].upper()}{word[1:]}"
    return f"{begun}, {whose}" if whose else begun


def _ends(end: float) -> tuple[str, str]:
    """The ends of a scale as texts; just the signs while nothing is known."""
    return scale_end(-end), scale_end(end)
