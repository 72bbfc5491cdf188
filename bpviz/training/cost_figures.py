"""How the multiplications of each way to the gradient grow with depth and width of a network."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal, TypeAlias

import numpy as np

from bpviz.engine.forward_mode import METHODS, Method, Shape, multiplications
from bpviz.errors import counted
from bpviz.training.cost_words import METHOD_WORDS
from bpviz.training.costs import as_chain, lengths
from bpviz.training.figure import Axis, Figure
from bpviz.training.marks import Line, Rule

Along: TypeAlias = Literal["depth", "width"]

COLORS: Final[dict[Method, str]] = {"backprop": "accent", "forward": "text", "differences": "secondary"}

_LEAST: Final[dict[Along, int]] = {"depth": 12, "width": 64}
_POINTS: Final = 64


def cost_figure(shape: Shape, along: Along) -> Figure:
    """Make the figure of growth for networks like one: between the same inputs and outputs dense layers.

    Args:
        shape: Of the network; where it stands is marked.
        along: ``depth`` goes through numbers of hidden layers, of its average width; ``width`` through their
            width, as many layers as it has.
    """
    depth, width = lengths(shape)
    here = depth if along == "depth" else width
    places = _places(max(_LEAST[along], 2 * here))
    shapes = [
        as_chain(shape, place, width) if along == "depth" else as_chain(shape, max(depth, 1), place)
        for place in places
    ]
    nodes, layers = counted(width, "node"), counted(max(depth, 1), "hidden layer")
    axis = Axis(f"Hidden layers of {nodes}") if along == "depth" else Axis(f"Nodes in each of {layers}")
    return Figure(
        name=f"cost-{along}",
        title=f"Multiplications by {along}",
        x=axis,
        y=Axis("Multiplications for one example", log=True),
        marks=(*(_line(method, places, shapes) for method in METHODS), Rule(here, "the drawn network")),
        empty="",
        named=True,
    )


def _places(most: int) -> list[int]:
    """Whole numbers from 1 on, all of them while they are few."""
    return sorted({round(place) for place in np.linspace(1, most, min(most, _POINTS)).tolist()})


def _line(method: Method, places: Sequence[int], shapes: Sequence[Shape]) -> Line:
    at = np.array(places, dtype=np.int64)
    y = np.array([multiplications(shape, method) for shape in shapes], dtype=np.float64)
    for array in (at, y):
        array.flags.writeable = False
    return Line(METHOD_WORDS[method], at, at, y, y, y, COLORS[method], dashed=method == "differences")
