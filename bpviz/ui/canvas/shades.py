"""From numbers to colors on the diverging scale: single colors, rows of a heat strip, and small maps."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage, QPixmap

from bpviz.arrays import Array
from bpviz.palette import contrast
from bpviz.ui.theme import Theme

_STEPS: Final = 256
_UNKNOWN_OPACITY: Final = 0
_NICE: Final = (1.0, 2.0, 5.0, 10.0)


class Shades:
    """The diverging scale of the theme in force, as tables; make another one when the theme changes."""

    def __init__(self, theme: Theme) -> None:
        self._table: NDArray[np.uint8] = np.array(theme.diverging_table(), dtype=np.uint8)
        self._fills = [QColor(*row) for row in self._table[:, :3].tolist()]
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
        values = np.atleast_2d(values)
        rgba = self._table[self._steps(values, scale)]
        rgba[~np.isfinite(values), 3] = _UNKNOWN_OPACITY
        return _image(rgba)

    def map_pixmaps(self, values: Array) -> list[QPixmap]:
        """Outputs of nodes over the plane, (nodes, rows, columns), the first row lowest.

        Each one's own largest |value| is the end of its scale, but at least 1, so that small outputs look
        small.  All are colored together, which takes a tenth of the time.
        """
        known = np.isfinite(values)
        largest = np.abs(values, where=known, out=np.zeros(values.shape)).max(axis=(1, 2), keepdims=True)
        rgba = self._table[self._steps(values[:, ::-1] / np.maximum(largest, 1.0), 1.0)]
        if not known.all():
            rgba[~known[:, ::-1], 3] = _UNKNOWN_OPACITY
        return [QPixmap.fromImage(_image(one)) for one in rgba]

    @staticmethod
    def _step(value: float, scale: float) -> int:
        part = min(max(value / (scale or 1.0), -1.0), 1.0)
        return round((part + 1.0) / 2.0 * (_STEPS - 1))

    @staticmethod
    def _steps(values: Array, scale: float) -> NDArray[np.intp]:
        part = np.clip(np.nan_to_num(values / (scale or 1.0), nan=0.0), -1.0, 1.0)
        steps: NDArray[np.intp] = np.rint((part + 1.0) / 2.0 * (_STEPS - 1)).astype(np.intp)
        return steps


def _image(rgba: NDArray[np.uint8]) -> QImage:
    """An image of colors (rows, columns, 4), the first row uppermost."""
    height, width, _ = rgba.shape
    rgba = np.ascontiguousarray(rgba)
    # Qt keeps pointing at the array's memory; the copy is its own.
    return QImage(rgba.data, width, height, 4 * width, QImage.Format.Format_RGBA8888).copy()


def nice_scale(values: Array) -> float:
    """The end of a scale for these numbers: 1, 2 or 5 times a power of ten, so that it rarely changes."""
    known = np.abs(values[np.isfinite(values)])
    largest = float(known.max()) if known.size else 0.0
    if largest <= 0:
        return 1.0
    power = 10.0 ** np.floor(np.log10(largest))
    return float(power * next(step for step in _NICE if largest <= step * power * (1 + 1e-9)))


def _ink(fill: QColor) -> QColor:
    """Black or white: on the middle of the scale's arms nothing paler than they reaches a contrast of 4.5."""
    inks = QColor(Qt.GlobalColor.black), QColor(Qt.GlobalColor.white)
    return max(inks, key=lambda ink: contrast(ink.name(), fill.name()))
