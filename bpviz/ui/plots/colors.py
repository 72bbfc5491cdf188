"""From values to colors: what heatmaps, maps and the color bar beside them share.

It stands apart from the views because the window is built from color bars, too, and must open without waiting
for pyqtgraph.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bpviz.arrays import Array
from bpviz.training.marks import Scale
from bpviz.ui.theme import Theme


def indices(places: Array, kind: str) -> NDArray[np.uint8]:
    """Turn places on a color map (-1 ... 1, or 0 ... 1) into rows of its table of 256 colors."""
    unit = (places + 1.0) / 2.0 if kind == "diverging" else places
    whole: NDArray[np.uint8] = np.clip(np.rint(unit * 255.0), 0, 255).astype(np.uint8)
    return whole


def color_table(theme: Theme, scale: Scale) -> NDArray[np.uint8]:
    """(256, 4) colors of a scale in the theme in force."""
    if scale.kind == "diverging":
        return theme.diverging_table()
    if scale.kind == "classes":
        colors = [theme.color(f"class:{k}").getRgb() for k in range(int(scale.limit))]
        # The place of a class is its number by that of all classes, so the last one's is below 1.
        nearest = np.rint(np.linspace(0, len(colors), 256)).astype(int)
        return np.array([colors[min(k, len(colors) - 1)] for k in nearest], dtype=np.uint8)
    low, high = theme.color("zero"), theme.color("positive")
    ends = np.array([low.getRgb(), high.getRgb()], dtype=float)
    ramp: NDArray[np.uint8] = np.rint(ends[0] + (ends[1] - ends[0]) * np.linspace(0, 1, 256)[:, None]).astype(
        np.uint8
    )
    return ramp
