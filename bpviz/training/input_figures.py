"""Inputs that are pixels as pictures: what an example shows, and how the loss changes with each pixel."""

from __future__ import annotations

from typing import Final

import numpy as np

from bpviz.arrays import Array
from bpviz.data.images import NO_PLACES, Places, image_of
from bpviz.engine.backprop import Trace, input_gradient
from bpviz.model.compile import Compiled
from bpviz.model.pixels import shown_names
from bpviz.training.figure import Axis, Figure
from bpviz.training.marks import Heat, Scale

_EMPTY: Final = (
    "There is a picture where every input is a pixel, named pixel_ROW_COLUMN, "
    "or a column of a table whose rows are said to be images."
)


def input_names(compiled: Compiled) -> tuple[str, ...]:
    """What the input nodes show: their features, or else their names."""
    return shown_names(compiled.network.layer(compiled.layer_ids[0]))


def input_figure(compiled: Compiled, trace: Trace, example: int, places: Places = NO_PLACES) -> Figure:
    """Make the picture of the gradient of one example's loss by its pixels; empty if inputs are no pixels.

    ``places`` tells where inputs stand in the image whose names don't.
    """
    return _figure(
        "input-gradient",
        "Gradient of the loss by each pixel",
        "∂loss/∂pixel",
        image_of(input_names(compiled), input_gradient(trace)[example], places),
    )


def example_figure(compiled: Compiled, trace: Trace, example: int, places: Places = NO_PLACES) -> Figure:
    """Make the picture of one example as the network sees it; empty if inputs are no pixels, as above."""
    image = image_of(input_names(compiled), trace.x[example], places)
    return _figure("input", "What the network sees", "pixel, as scaled", image)


def _figure(name: str, title: str, label: str, image: Array | None) -> Figure:
    values = np.empty((0, 0)) if image is None else image
    rows, columns = values.shape
    limit = float(np.nanmax(np.abs(values), initial=0.0)) or 1.0
    heat = Heat(
        edges=np.arange(columns + 1, dtype=np.float64),
        table=values,
        rows=tuple(str(row) for row in range(rows)),
        groups=(),
        scale=Scale(label, "diverging", limit),
    )
    return Figure(
        name=name,
        title=title,
        x=Axis("Column", ticks=tuple((column + 0.5, str(column)) for column in range(columns))),
        y=Axis("Row"),
        marks=(heat,),
        empty=_EMPTY,
    )
