"""What floats in the corners of the canvas: the legend, the buttons for zooming, the map of the whole."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Final

from PySide6.QtWidgets import QWidget

from bpviz.ui.canvas.minimap import Minimap
from bpviz.ui.canvas.overlays import Legend, ZoomBar
from bpviz.ui.canvas.pane import NetworkPane
from bpviz.ui.canvas.scene import NetworkScene
from bpviz.ui.theme import Theme

MARGIN: Final = 12
_SENTENCE_LETTERS: Final = 230  # of a sentence about a phase, at most
_FOOT_PART: Final = 2  # of a low window, at most, is left free
_LEGEND_PART: Final = 4  # of a window's height, at most, is taken by a column of the legend
_SENTENCE_PX: Final = 680  # its lines are no longer


class Corners:
    """Arranges them, and tells what room they take.

    Attributes:
        legend: Lower left.
        zoom_bar: Lower right.
        minimap: Upper right.
    """

    def __init__(
        self,
        theme: Theme,
        scene: NetworkScene,
        pane: NetworkPane,
        buttons: Mapping[str, Callable[[], None]],
        parent: QWidget,
    ) -> None:
        self._theme, self._parent = theme, parent
        self.legend = Legend(theme, parent)
        self.zoom_bar = ZoomBar(theme, buttons, parent)
        self.minimap = Minimap(theme, scene, pane, parent)

    def taken(self) -> tuple[int, int, int]:
        """Pixels that legend and buttons take: how far in at the left, at the right, and up from the foot."""
        right = MARGIN + self.zoom_bar.width()
        if self._crowded:  # the legend stands above the buttons, and leaves room beside them
            return MARGIN, right, MARGIN + self._legend_px + self.zoom_bar.height()
        high = max(self._legend_px, self.zoom_bar.height())
        return MARGIN + self.legend.width(), right, MARGIN + high

    @property
    def foot_px(self) -> int:
        """Room at the foot for all that may stand there, so that its coming and going moves nothing."""
        zoom_bar_px = self.zoom_bar.height() if self._crowded else 0
        foot_px = self._legend_px + zoom_bar_px + MARGIN + self._sentence_px
        return min(foot_px, self._parent.height() // _FOOT_PART)

    def arrange(self) -> None:
        """Put all in their corners."""
        width, low = self._parent.width(), self._parent.height() - MARGIN
        beside = 0 if self._crowded else self.zoom_bar.width() + MARGIN
        self.legend.fit(width - beside - 2 * MARGIN, self._parent.height() // _LEGEND_PART)
        self.zoom_bar.move(width - MARGIN - self.zoom_bar.width(), low - self.zoom_bar.height())
        above = self.zoom_bar.height() if self._crowded else 0
        self.legend.move(MARGIN, low - above - self.legend.height())
        self.minimap.move(width - MARGIN - self.minimap.width(), MARGIN)

    @property
    def _legend_px(self) -> int:
        """Room for the legend: the same with a line more or less."""
        return max(self.legend.height(), self.legend.usual_px)

    @property
    def _sentence_px(self) -> int:
        """Room above the legend for a sentence about a phase, besides the gap that there is anyway."""
        metrics = self._theme.metrics()
        wide = min(self._parent.width() - 2 * MARGIN, self._theme.scaled(_SENTENCE_PX))
        lines = math.ceil(_SENTENCE_LETTERS * metrics.averageCharWidth() / max(wide, 1))
        return max(lines - 1, 1) * metrics.height()

    @property
    def _crowded(self) -> bool:
        """Whether legend and buttons don't fit beside each other."""
        return self.legend.least_px + self.zoom_bar.width() + 3 * MARGIN > self._parent.width()
