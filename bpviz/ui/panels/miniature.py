"""A network as a small picture: how its columns stand, and what is linked."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
from PySide6.QtCore import QSize
from PySide6.QtGui import QPainter, QPixmap

from bpviz.drawing.network import network_drawing
from bpviz.drawing.value import Disc, Mark, Strokes
from bpviz.model.spec import Network
from bpviz.ui.painting import paint
from bpviz.ui.theme import Theme

_MARGIN_PX: Final = 5.0
_LEAST_RADIUS_PX: Final = 1.8
_LEAST_WIDTH_PX: Final = 0.7
_RATIO: Final = 2.0  # drawn at twice the size, for dense screens


def miniature(network: Network, theme: Theme, size: QSize) -> QPixmap:
    """Draw a network, without words, into a picture of this size, in pixels of the screen."""
    pixmap = QPixmap(size * _RATIO)
    pixmap.setDevicePixelRatio(_RATIO)
    pixmap.fill(theme.color("raised"))
    if any(layer.nodes for layer in network.layers):
        whole = network_drawing(network, None, theme.palette).without_words()
        small = whole.inside(size.width(), size.height(), _MARGIN_PX)
        painter = QPainter(pixmap)
        paint(painter, replace(small, ground=theme.palette.raised, marks=tuple(map(_clear, small.marks))))
        painter.end()
    return pixmap


def _clear(mark: Mark) -> Mark:
    """Keep a mark large enough to be seen, however small the picture is."""
    if isinstance(mark, Disc):
        return replace(
            mark, radius=max(mark.radius, _LEAST_RADIUS_PX), width=max(mark.width, _LEAST_WIDTH_PX)
        )
    if isinstance(mark, Strokes):
        return replace(mark, widths=np.maximum(mark.widths, _LEAST_WIDTH_PX))
    return mark
