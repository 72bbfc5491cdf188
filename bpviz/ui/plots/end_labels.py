"""The texts at the right ends of curves: moved apart where they would overlap, each led to its curve."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsItem, QGraphicsPathItem

from bpviz.ui.plots.items import Label
from bpviz.ui.plots.scales import Range, spread
from bpviz.ui.theme import Theme

LABEL_GAP_PX: Final = 13
_BESIDE_PX: Final = 5
_LEADER_PX: Final = 9
_STUB_PX: Final = 8
_MOVED_PX: Final = 2.0  # a label this far from its curve is led to it
_MARGIN_STEP_PX: Final = 8


@dataclass(frozen=True, slots=True)
class EndLabel:
    """A text at the end of a curve.

    Attributes:
        x: Where the curve ends, in steps.
        y: Likewise, in the axis's coordinate.
        text: What it says.
        color: Token of the curve.
        stub: It is led to the curve's height at the edge only: a long leader would look like a faint curve.
    """

    x: float
    y: float
    text: str
    color: str
    stub: bool = False


class EndLabels:
    """Writes `EndLabel` values beside a plotting area."""

    def __init__(self, theme: Theme, parent: QGraphicsItem) -> None:
        self._theme, self._parent = theme, parent
        self._labels: list[Label] = []
        self._shown: Sequence[EndLabel] = ()
        self._leaders = QGraphicsPathItem(parent)

    def dress(self) -> None:
        """Take colors from the theme again."""
        self._leaders.setPen(QPen(self._theme.color("strong_line"), 0))
        for label in self._labels:
            label.dress()

    def show(self, labels: Sequence[EndLabel]) -> None:
        """Say what is to be written at the next `place`."""
        self._shown = labels

    def place(self, box: QRectF, x_range: Range, y_range: Range) -> None:
        """Write the labels.

        Args:
            box: The plotting area, in the parent's coordinates.
            x_range: The part of the step axis in sight.
            y_range: The part of the value axis in sight.
        """
        begin, end = x_range
        bottom, top = y_range
        scale = box.height() / (top - bottom)
        # An end that was zoomed out of sight has no place here.
        seen = [label for label in self._shown if begin <= label.x <= end and bottom <= label.y <= top]
        wanted = [(top - label.y) * scale for label in seen]
        gap = self._theme.scaled(LABEL_GAP_PX)
        half = gap / 2
        places = spread(wanted, gap, half, max(box.height() - half, half))
        moved = [abs(want - place) > _MOVED_PX for want, place in zip(wanted, places, strict=True)]
        left = box.right() + _BESIDE_PX + (_LEADER_PX if any(moved) and len(moved) > 2 else 0)
        leaders = QPainterPath()
        while len(self._labels) < len(seen):
            self._labels.append(Label(self._theme, self._parent))
        for label, shows, want, place in zip(self._labels, seen, wanted, places, strict=False):
            label.write(shows.text, f"ink:{shows.color}")
            label.item.setPos(left, box.top() + place - label.height / 2)
            if left > box.right() + _BESIDE_PX:
                across = (shows.x - begin) / (end - begin) * box.width()
                across = max(across, box.width() - _STUB_PX) if shows.stub else across
                leaders.moveTo(box.left() + across + 2, box.top() + want)
                leaders.lineTo(left - 2, box.top() + place)
        for label in self._labels[len(seen) :]:
            label.hide()
        self._leaders.setPath(leaders)


def room_for(texts: Sequence[str], theme: Theme, *, led: bool) -> int:
    """Pixels that labels need beside a plot, in steps, so that a digit more does not always move it."""
    if not texts:
        return 0
    widest = max(map(theme.metrics("caption").horizontalAdvance, texts))
    wanted = widest + _BESIDE_PX + (_LEADER_PX if led else 0) + 4
    return _MARGIN_STEP_PX * -(-wanted // _MARGIN_STEP_PX)
