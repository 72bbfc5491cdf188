"""Which part of the scene a view shows, and how large."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QMargins, QPoint, QPointF, QRectF
from PySide6.QtWidgets import QGraphicsView

from bpviz.ui.canvas.scene import NetworkScene

SMALLEST_SCALE: Final = 0.1
SMALLEST_PART: Final = 0.4
"""Of the scale that shows the whole network: so far it can be made smaller."""
LARGEST_SCALE: Final = 4.0
FIT_SCALE: Final = 1.4
"""A small network is not blown up beyond this."""
FIT_MARGIN: Final = 24.0
_FIT_ROUNDS: Final = 3


class Camera:
    """Fits, zooms and pans one view of the picture."""

    def __init__(self, view: QGraphicsView, picture: NetworkScene) -> None:
        self._view, self._picture = view, picture

    @property
    def scale(self) -> float:
        """Screen pixels a scene pixel."""
        return self._view.transform().m11()

    def to_scene(self, place: QPointF) -> QPointF:
        """The point of the scene at a place of the view."""
        inverse, _ = self._view.viewportTransform().inverted()
        return inverse.map(place)

    def nearest(self, point: QPointF) -> QPoint:
        """The place of the view at which a point of the scene is, or what is in sight lies nearest to it."""
        place, room = self._view.mapFromScene(point), self._view.viewport().rect()
        x = min(max(place.x(), room.left()), room.right())
        return QPoint(x, min(max(place.y(), room.top()), room.bottom()))

    def fit(self, foot_px: int = 0) -> None:
        """Show the whole network, as large as is useful.

        Args:
            foot_px: Height to leave free at the foot of the view, for what floats there.
        """
        if self._view.viewport().size().isEmpty():
            return
        scale, box = self._fitting(foot_px)
        self._set_scale(scale)
        self._view.centerOn(box.center() + QPointF(0.0, foot_px / 2 / scale))

    def zoom(self, factor: float, place: QPointF | None = None) -> None:
        """Zoom, keeping the point under ``place`` (in the view) where it is; the middle by default."""
        at = place if place is not None else QPointF(self._view.viewport().rect().center())
        before = self.to_scene(at)
        # Smaller than this a network would be a speck; what became larger meanwhile is not zoomed by that.
        smallest = min(SMALLEST_PART * self._fitting()[0], self.scale)
        self._set_scale(min(max(self.scale * factor, smallest, SMALLEST_SCALE), LARGEST_SCALE))
        self.scroll(before - self.to_scene(at))

    def scroll(self, by: QPointF) -> None:
        """Show the part of the scene that lies ``by`` further."""
        self._picture.stir()
        across, down = self._view.horizontalScrollBar(), self._view.verticalScrollBar()
        across.setValue(across.value() + round(by.x() * self.scale))
        down.setValue(down.value() + round(by.y() * self.scale))

    def bring(self, point: QPointF, place: QPoint) -> None:
        """Show a point of the scene at a place of the view."""
        self.scroll(QPointF(self._view.mapFromScene(point) - place) / self.scale)

    def _fitting(self, foot_px: int = 0) -> tuple[float, QRectF]:
        """The scale at which the whole network has room, and what is to be shown then."""
        room = self._view.viewport().size().shrunkBy(QMargins(0, 0, 0, foot_px))
        scale, box = 1.0, QRectF()
        for _ in range(_FIT_ROUNDS):  # captions grow as the picture shrinks
            box = self._picture.extent(scale).adjusted(-FIT_MARGIN, -FIT_MARGIN, FIT_MARGIN, FIT_MARGIN)
            scale = min(room.width() / box.width(), room.height() / box.height(), FIT_SCALE)
            scale = max(scale, SMALLEST_SCALE)
        return scale, box

    def _set_scale(self, scale: float) -> None:
        self._picture.stir()
        self._view.resetTransform()
        self._view.scale(scale, scale)
