"""What a layer of a live plot is: it draws all marks of a kind, or of a few that belong together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from bpviz.training.figure import Axis, Figure
from bpviz.ui.plots.readout import Row
from bpviz.ui.plots.scales import Range


@dataclass(frozen=True, slots=True)
class Reach:
    """How far marks reach, and what their axes need.

    Attributes:
        x: Along the x axis; from 0 on in steps.
        y: Along the y axis, in its coordinate: log10 on a log axis.
        exact_x: The axis shows just that; otherwise it grows in calm steps.
        exact_y: Likewise.
        zero: The foot of a logarithmic axis stands for 0, which has no place on it.
        axes: In place of the figure's, with the ticks that there is room for.
    """

    x: Range
    y: Range
    exact_x: bool = False
    exact_y: bool = False
    zero: bool = False
    axes: tuple[Axis, Axis] | None = None


class Layer(Protocol):
    """Draws marks into a frame."""

    def prepare(self, figure: Figure) -> Reach | None:
        """Take in a figure; None if it has none of these marks."""

    def draw(self) -> None:
        """Draw what was prepared, if anything, into the ranges that the frame shows by now."""

    def dress(self) -> None:
        """Take colors from the theme again, at the next drawing."""

    def readout(self, place: tuple[float, float]) -> list[Row]:
        """What stands under a place of the plane."""

    def leave(self) -> None:
        """The pointer is somewhere else."""
