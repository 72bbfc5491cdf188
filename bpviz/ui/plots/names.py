"""Names below the columns of a table: side by side, cut, or turned where columns are narrow."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QRectF
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QGraphicsItem

from bpviz.ui.plots.items import Label
from bpviz.ui.plots.scales import Range, Tick
from bpviz.ui.plots.texts import cut
from bpviz.ui.theme import Theme, scaled

LINE_PX: Final = 13.0
"""Room that one name needs across its writing."""

_APART_PX: Final = 6
_READABLE_PX: Final = 64.0  # a name cut shorter than this is better turned


def thinned(names: Sequence[Tick], cell_px: float) -> list[Tick]:
    """Every name, or as many at even distances as there is room for."""
    every = max(1, -int(-scaled(LINE_PX) // max(cell_px, 1e-9)))
    return list(names[::every])


def are_turned(names: Sequence[Tick], cell_px: float, metrics: QFontMetrics) -> bool:
    """Whether columns are so narrow that their names are better written upwards."""
    room = cell_px - _APART_PX
    return room < _READABLE_PX and any(
        metrics.horizontalAdvance(text[: int(_READABLE_PX)]) > room for _, text in names
    )


def side_by_side(names: Sequence[Tick], cell_px: float, metrics: QFontMetrics) -> tuple[Tick, ...]:
    """Names cut to the width of their columns."""
    return tuple((at, cut(text, metrics, cell_px - _APART_PX, middle=True)) for at, text in names)


class TurnedNames:
    """Writes names upwards below a plotting area."""

    def __init__(self, theme: Theme, parent: QGraphicsItem) -> None:
        self._theme, self._parent = theme, parent
        self._labels: list[Label] = []
        self._names: Sequence[Tick] = ()

    def dress(self) -> None:
        """Take colors from the theme again."""
        for label in self._labels:
            label.dress()

    def show(self, names: Sequence[Tick]) -> int:
        """Say what is to be written at the next `place`; returns the pixels it needs."""
        self._names = names
        metrics = self._theme.metrics("caption")
        return max((metrics.horizontalAdvance(text) for _, text in names), default=0)

    def place(self, box: QRectF, shown: Range, gap: float) -> None:
        """Write the names.

        Args:
            box: The plotting area, in the parent's coordinates.
            shown: The part of the axis in sight.
            gap: From the plotting area to the names.
        """
        left, right = shown
        while len(self._labels) < len(self._names):
            label = Label(self._theme, self._parent)
            label.item.setRotation(-90)
            self._labels.append(label)
        for label, (at, text) in zip(self._labels, self._names, strict=False):
            label.write(text, "secondary")
            x = box.left() + (at - left) / (right - left) * box.width() - label.height / 2
            label.item.setPos(x, box.bottom() + gap + label.width)
        for label in self._labels[len(self._names) :]:
            label.hide()
