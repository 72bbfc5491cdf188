"""Where something was done to a run, and the step that is looked at in its past, as the window draws them."""

from __future__ import annotations

from bpviz.training.figure import Figure
from bpviz.ui.plots.frame import Frame
from bpviz.ui.plots.here import HereLine
from bpviz.ui.plots.layer import Reach
from bpviz.ui.plots.readout import Row
from bpviz.ui.theme import Theme


class RuleLayer:
    """Draws the rules of one figure at a time; see `Layer`."""

    def __init__(self, theme: Theme, frame: Frame) -> None:
        self._frame = frame
        self.here = HereLine(frame, theme)
        self._places: tuple[float, ...] = ()
        self._step: int | None = None

    def prepare(self, figure: Figure) -> Reach | None:
        """Take in a figure; rules say nothing about how far axes reach."""
        # The cells of a table would hide all but the place in the past.
        self._places = tuple(rule.x for rule in figure.rules) if figure.space == "curves" else ()
        self._step = figure.here
        return None

    def draw(self) -> None:
        """Draw thin lines."""
        self.here.show(self._step)
        self._frame.show_marks(self._places)

    def dress(self) -> None:
        """Take colors from the theme again."""
        self.here.dress()

    def readout(self, place: tuple[float, float]) -> list[Row]:
        """Nothing: curves tell what was done where they are read off."""
        return []

    def leave(self) -> None:
        """The pointer is somewhere else; here for the likeness of layers."""
