"""Curves that stand faintly behind those of a run: other branches of it, and earlier runs."""

from __future__ import annotations

from typing import Final

import numpy as np

from bpviz.training.marks import Line
from bpviz.training.naming_lines import ghost_words
from bpviz.training.series import SERIES, Bins
from bpviz.training.snapshot import Snapshot
from bpviz.training.timeline_view import Ghost

_COLOR: Final = "disabled"
_NAMES: Final = {
    frozenset({"run"}): "Earlier runs",
    frozenset({"line"}): "Other branches",
    frozenset({"run", "line"}): "Branches and earlier runs",
}
"""What all of them together are called, by their kinds."""


def lines_behind(snapshot: Snapshot, series: tuple[str, ...]) -> tuple[tuple[Line, ...], str]:
    """Make one line of each run and branch whose curves are to be seen.

    Args:
        snapshot: Carries them.
        series: Names of series in one unit; the first that one has is its line.

    Returns:
        The lines, and what all of them together are called.
    """
    lines = () if snapshot.timeline is None else snapshot.timeline.lines
    found: list[Line] = []
    factor = SERIES[series[0]].factor if series else 1.0
    kinds: set[str] = set()
    for ghost in snapshot.ghosts:
        bins = _first(ghost, series) if ghost.shown else None
        if bins is not None:
            y = bins.mean if factor == 1.0 else factor * bins.mean
            name = ghost_words(ghost, lines, snapshot.project)
            found.append(Line(name, bins.first, bins.last_step, y, y, y, _COLOR, behind=True))
            kinds.add(ghost.kind)
    return tuple(found), _NAMES.get(frozenset(kinds), "")


def step_in_past(snapshot: Snapshot) -> int | None:
    """The step that is looked at, if it lies in the past; None where the run goes on."""
    view = snapshot.timeline
    return snapshot.step if view is not None and not view.at_end else None


def _first(ghost: Ghost, series: tuple[str, ...]) -> Bins | None:
    for name in series:
        bins = ghost.series.get(name)
        if bins is not None and np.isfinite(bins.mean).any():
            return bins
    return None
