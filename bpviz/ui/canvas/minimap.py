"""The whole network in a corner, while only a part of it is in sight."""

from __future__ import annotations

from typing import Final

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QTimer, Slot
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap, QPolygonF
from PySide6.QtWidgets import QWidget

from bpviz.ui.canvas.overlays import draw_sheet
from bpviz.ui.canvas.pane import NetworkPane
from bpviz.ui.canvas.placement import NODE_REACH, Placement
from bpviz.ui.canvas.scene import NetworkScene
from bpviz.ui.theme import Theme

REFRESH_MS: Final = 250
"""While values change, between two drawings."""
_ROOM: Final = QSize(176, 120)
_PAD_PX: Final = 8
_LEAST_PX: Final = 1.4  # radius of a node
_FRAME_PX: Final = 1.5
_BESIDE: Final = 20.0  # around the network, in scene pixels


class Minimap(QWidget):
    """Shows the network small, and the part in sight as a frame, which a click or a drag moves.

    It is only there while not all of the network is in sight.
    """

    def __init__(self, theme: Theme, scene: NetworkScene, pane: NetworkPane, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme, self._scene, self._pane = theme, scene, pane
        self._wanted = True
        self._whole = QRectF()
        self._drawn: QPixmap | None = None
        self._later = QTimer(self, singleShot=True, interval=REFRESH_MS)
        self._later.timeout.connect(self._forget)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName("Minimap")
        self.setToolTip("Click or drag to see another part of the network")
        for bar in (pane.horizontalScrollBar(), pane.verticalScrollBar()):
            bar.valueChanged.connect(self.follow)
            bar.rangeChanged.connect(self.follow)
        theme.changed.connect(self._forget)
        self.hide()

    @property
    def wanted(self) -> bool:
        """Whether it appears when there is a need for it."""
        return self._wanted

    @property
    def frame(self) -> QRectF:
        """The part in sight, in its own pixels."""
        return QRectF(self._to_map(self._sight.topLeft()), self._to_map(self._sight.bottomRight()))

    def show_wanted(self, *, wanted: bool) -> None:
        """Let it appear when there is a need for it, or never."""
        self._wanted = wanted
        self.follow()

    @Slot()
    def follow(self) -> None:
        """Another part is in sight, or the network is another one: appear, move the frame, or go."""
        whole = extent(self._scene.placement)
        needed = self._wanted and not whole.isEmpty() and not self._sight.contains(whole)
        if whole != self._whole:
            self._whole, self._drawn = whole, None
        if needed:
            self._fit_size()
            self.update()
        self.setVisible(needed)

    def stir(self) -> None:
        """Values have changed: draw them before long."""
        if self.isVisible() and not self._later.isActive():
            self._later.start()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Show the part around a point."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._pane.pan(self._from_map(event.position()) - self._sight.center())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Take it along."""
        self.mousePressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the network as it was drawn last, and the frame where it is now."""
        if self._drawn is None:
            self._drawn = self._draw()
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._drawn)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._theme.color("accent"), _FRAME_PX))
        painter.setBrush(self._theme.color("accent", 0.1))
        inside = QRectF(self.rect()).adjusted(2, 2, -2, -2)
        painter.drawRoundedRect(self.frame.intersected(inside), 2, 2)
        painter.end()

    @property
    def _sight(self) -> QRectF:
        return self._pane.mapToScene(self._pane.viewport().rect()).boundingRect()

    @property
    def _scale(self) -> float:
        pad = 2 * _PAD_PX
        return min((self.width() - pad) / self._whole.width(), (self.height() - pad) / self._whole.height())

    def _fit_size(self) -> None:
        """Take no more room than the shape of the network needs."""
        room, pad = QSize(*(self._theme.scaled(side) for side in _ROOM.toTuple())), 2 * _PAD_PX
        scale = min((room.width() - pad) / self._whole.width(), (room.height() - pad) / self._whole.height())
        size = QSize(*(round(side * scale) + pad for side in self._whole.size().toTuple()))
        if size != self.size():
            right = self.geometry().right()
            self.resize(size)
            self.move(right + 1 - size.width(), self.y())
            self._drawn = None

    def _to_map(self, point: QPointF) -> QPointF:
        return QPointF(self.rect().center()) + (point - self._whole.center()) * self._scale

    def _from_map(self, place: QPointF) -> QPointF:
        return self._whole.center() + (place - QPointF(self.rect().center())) / self._scale

    def _draw(self) -> QPixmap:
        ratio = self.devicePixelRatioF()
        pixmap = QPixmap(self.size() * ratio)
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        draw_sheet(painter, self._theme, self.size())
        self._draw_links(painter)
        self._draw_columns(painter)
        self._draw_nodes(painter)
        painter.end()
        return pixmap

    def _draw_links(self, painter: QPainter) -> None:
        """All connections of a link as one band."""
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color("strong_line", 0.45))
        at, network = self._scene.placement, self._scene.network
        for link in network.links:
            ends = [network.layer(end) for end in link.key]
            if all(layer.nodes for layer in ends):
                (left, reach), (right, other) = (at.across(layer) for layer in ends)
                above, below = zip(*(at.extent(layer) for layer in ends), strict=True)
                corners = [(left + reach, above[0]), (right - other, above[1])]
                corners += [(right - other, below[1]), (left + reach, below[0])]
                painter.drawPolygon(QPolygonF([self._to_map(QPointF(*corner)) for corner in corners]))

    def _draw_columns(self, painter: QPainter) -> None:
        painter.setPen(QPen(self._theme.color("secondary"), 1.0))
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        for layer, column in self._scene.placement.columns.items():
            begin = self._to_map(QPointF(column.x - column.width / 2, column.top))
            box = QRectF(begin, begin + QPointF(column.width, column.height) * self._scale)
            painter.fillRect(box, self._theme.color("surface"))
            image = self._scene.parts.columns[layer].image
            if image is not None:
                painter.drawImage(box, image)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(box)

    def _draw_nodes(self, painter: QPainter) -> None:
        at, radius = self._scene.placement, max(0.8 * NODE_REACH * self._scale, _LEAST_PX)
        painter.setPen(QPen(self._theme.color("secondary"), 0.8))
        for k in np.flatnonzero(at.single).tolist():
            fill: QColor | None = self._scene.parts.nodes[at.topology.node_ids[k]].look.fill
            painter.setBrush(fill or self._theme.color("surface"))
            painter.drawEllipse(self._to_map(QPointF(at.x[k], at.y[k])), radius, radius)

    @Slot()
    def _forget(self) -> None:
        self._drawn = None
        self.follow()


def extent(placement: Placement) -> QRectF:
    """Around all nodes of a network, without captions; empty if there are none."""
    if not placement.x.size:
        return QRectF()
    left, right = placement.edges
    heights = placement.y[placement.single]
    tops = [*(heights - NODE_REACH), *(column.top for column in placement.columns.values())]
    lows = [*(heights + NODE_REACH), *(column.top + column.height for column in placement.columns.values())]
    box = QRectF(QPointF(left.min(), min(tops)), QPointF(right.max(), max(lows)))
    return box.adjusted(-_BESIDE, -_BESIDE, _BESIDE, _BESIDE)
