"""A network as a small picture: how its columns stand, and what is linked."""

from __future__ import annotations

from typing import Final

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, QSize
from PySide6.QtGui import QPainter, QPen, QPixmap

from bpviz.arrays import Array
from bpviz.model.layout import bounds, node_position
from bpviz.model.spec import Network
from bpviz.ui.theme import Theme

_MOST_LINES: Final = 240
"""Of more links an even choice is drawn: in so small a picture they are one gray anyway."""
_MOST_NODES: Final = 12
"""A column of more nodes is a bar."""
_MARGIN_PX: Final = 4.0
_RATIO: Final = 2.0  # drawn at twice the size, for dense screens


def miniature(network: Network, theme: Theme, size: QSize) -> QPixmap:
    """Draw a network into a picture of this size, in pixels of the screen."""
    pixmap = QPixmap(size * _RATIO)
    pixmap.setDevicePixelRatio(_RATIO)
    pixmap.fill(theme.color("raised"))
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    places = _places(network, QRectF(0, 0, size.width(), size.height()))
    painter.setPen(QPen(theme.color("strong_line"), 0.8))
    painter.drawLines(_lines(network, places))
    radius = _radius(network, size)
    for layer in network.layers:
        column = places[layer.id]
        color = theme.color("text" if layer.role == "hidden" else "accent")
        painter.setPen(QPen(color, 1.2))
        painter.setBrush(theme.color("raised"))
        if layer.size > _MOST_NODES:
            top, low = column[:, 1].min(), column[:, 1].max()
            bar = QRectF(column[0, 0] - radius, top, 2 * radius, low - top)
            painter.drawRoundedRect(bar, radius, radius)
            continue
        for x, y in column.tolist():
            painter.drawEllipse(QPointF(x, y), radius, radius)
    painter.end()
    return pixmap


def _places(network: Network, box: QRectF) -> dict[str, Array]:
    """(nodes, 2) for each layer by its id: the drawing, stretched to fill the picture."""
    left, top, right, bottom = bounds(network)
    inside = box.adjusted(_MARGIN_PX, _MARGIN_PX, -_MARGIN_PX, -_MARGIN_PX)
    wide, high = max(right - left, 1.0), max(bottom - top, 1.0)
    scale = np.array([inside.width() / wide, min(inside.height() / high, inside.width() / wide)])
    middle = np.array([(left + right) / 2, (top + bottom) / 2])
    center = np.array([inside.center().x(), inside.center().y()])
    return {
        layer.id: center + (np.array([node_position(layer, node) for node in layer.nodes]) - middle) * scale
        for layer in network.layers
        if layer.nodes
    }


def _lines(network: Network, places: dict[str, Array]) -> list[QLineF]:
    ends = []
    for link in network.links:
        rows, columns = np.nonzero(~link.removed.array)
        ends.append(np.hstack([places[link.source][columns], places[link.target][rows]]))
    if not ends:
        return []
    every = np.vstack(ends)
    chosen = every[np.linspace(0, len(every) - 1, min(len(every), _MOST_LINES)).astype(int)]
    return [QLineF(*line) for line in chosen.tolist()]


def _radius(network: Network, size: QSize) -> float:
    tallest = max((layer.size for layer in network.layers if layer.size <= _MOST_NODES), default=1)
    return float(np.clip(size.height() / (3.2 * tallest), 1.6, 4.0))
