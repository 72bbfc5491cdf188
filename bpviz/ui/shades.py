"""From numbers to colors on the diverging scale: single colors, rows of a heat strip, and small maps."""

from __future__ import annotations

from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage, QPixmap

from bpviz.arrays import Array, IntArray
from bpviz.palette import contrast
from bpviz.ui.theme import Theme, packed

_STEPS: Final = 256
_FORM: Final = QImage.Format.Format_ARGB32_Premultiplied
_UNKNOWN: Final = 0  # no color, and nothing of it


class Shades:
    """The diverging scale of the theme in force, as tables; make another one when the theme changes."""

    def __init__(self, theme: Theme) -> None:
        table = theme.diverging_table()
        self._words = packed(table)
        self._fills = [QColor(*row) for row in table[:, :3].tolist()]
        self._inks: dict[int, QColor] = {}  # made when asked for: few ever are

    def fill(self, value: float, scale: float) -> QColor | None:
        """Color of a number; None if it is not known."""
        return self._fills[self._step(value, scale)] if np.isfinite(value) else None

    def ink(self, value: float, scale: float) -> QColor | None:
        """Color of text on the color of a number."""
        if not np.isfinite(value):
            return None
        step = self._step(value, scale)
        if step not in self._inks:
            self._inks[step] = _ink(self._fills[step])
        return self._inks[step]

    def image(self, values: Array, scale: float) -> QImage:
        """An image of numbers (rows, columns), the first row uppermost; what is unknown is transparent."""
        words = self._colors(np.atleast_2d(values), scale)
        height, width = words.shape
        # Qt keeps pointing at the array's memory; the copy is its own.
        return QImage(words.data, width, height, 4 * width, _FORM).copy()

    def map_pixmaps(self, values: Array, corner: float) -> list[QPixmap]:
        """Outputs of nodes over the plane, (nodes, rows, columns), the first row lowest, with round corners.

        Each one's own largest |value| is the end of its scale, but at least 1, so that small outputs look
        small.  All are colored together, which takes a tenth of the time.

        Args:
            values: The outputs; what is unknown is transparent.
            corner: Radius of the corners, as a part of the width.
        """
        known = np.isfinite(values)
        largest = np.abs(values, where=known, out=np.zeros(values.shape)).max(axis=(1, 2), keepdims=True)
        words = self._colors(values[:, ::-1] / np.maximum(largest, 1.0), 1.0)
        _, height, width = words.shape
        # Cut here and not by the painter: clipping to a round path would cost more than all else in a node.
        row, column, part = _corners(height, width, corner)
        channels = words.view(np.uint8).reshape(*words.shape, 4)
        channels[:, row, column] = channels[:, row, column] * part[:, None]
        return [QPixmap.fromImage(QImage(one.data, width, height, 4 * width, _FORM)) for one in words]

    @staticmethod
    def _step(value: float, scale: float) -> int:
        part = min(max(value / (scale or 1.0), -1.0), 1.0)
        return round((part + 1.0) / 2.0 * (_STEPS - 1))

    def _colors(self, values: Array, scale: float) -> NDArray[np.uint32]:
        """Colors of numbers, in their shape; what is unknown is transparent."""
        half = (_STEPS - 1) / 2
        with np.errstate(over="ignore"):  # whatever is too large for the scale has the color of its end
            steps = values / (scale or 1.0)
        known = np.isfinite(values)
        np.fmin(np.fmax(steps, -1.0, out=steps), 1.0, out=steps)  # which make a number of NaN, too
        steps *= half
        steps += half + 0.5
        words: NDArray[np.uint32] = self._words[steps.astype(np.uint8)]
        if not known.all():
            words[~known] = _UNKNOWN
        return words


@cache  # every map of every frame has the same
def _corners(height: int, width: int, radius: float) -> tuple[IntArray, IntArray, Array]:
    """The cells that round corners cut: rows, columns, and which part of each is left."""
    y, x = np.mgrid[:height, :width]
    # How far the middle of a cell is into a corner, across and down, in units of the width.
    across = np.abs((x + 0.5) / width - 0.5) - (0.5 - radius)
    down = np.abs((y + 0.5) / height - 0.5) - (0.5 - radius)
    beyond = np.hypot(np.maximum(across, 0), np.maximum(down, 0)) - radius
    left = np.clip(0.5 - beyond * width, 0.0, 1.0)
    row, column = np.nonzero((across > 0) & (down > 0) & (left < 1))
    return row, column, left[row, column]


def _ink(fill: QColor) -> QColor:
    """Black or white: on the middle of the scale's arms nothing paler than they reaches a contrast of 4.5."""
    inks = QColor(Qt.GlobalColor.black), QColor(Qt.GlobalColor.white)
    return max(inks, key=lambda ink: contrast(ink.name(), fill.name()))
