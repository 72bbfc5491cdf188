"""What the picture shows besides the network: halos, the wire and frame of a gesture, the phase at work."""

from __future__ import annotations

from functools import partial
from typing import Final

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt, QVariantAnimation
from PySide6.QtGui import QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsPathItem, QGraphicsRectItem, QGraphicsScene

from bpviz.arrays import Array
from bpviz.ui.canvas.items import CORNER
from bpviz.ui.canvas.layer_items import InsertItem
from bpviz.ui.canvas.links_item import polyline
from bpviz.ui.theme import Theme

PULSES_Z: Final = 5
_HALO_PX: Final = 10.0
_WIRE_PX: Final = 2.0
_WIRE_BEND: Final = 40.0
_MOTION_MS: Final = 200
_PULSE_RADII: Final = (2.5, 5.5)  # of the smallest and the largest value that runs
_WIRE_DASHES: Final = [5.0, 4.0]


class Hints:
    """Owns these items; the scene and the gestures say when they show."""

    def __init__(self, scene: QGraphicsScene, theme: Theme) -> None:
        self._theme = theme
        self._band = QGraphicsPathItem()
        self._halos = QGraphicsPathItem()
        self._hovered = QGraphicsPathItem()
        self._wire = QGraphicsPathItem()
        self._frame = QGraphicsRectItem()
        self._pulses = {"positive": QGraphicsPathItem(), "negative": QGraphicsPathItem()}
        self._flow: Array = np.zeros((0, 2, 2))
        self._carried: Array = np.zeros(0)
        self._insert = InsertItem(theme)
        self._fade = QVariantAnimation(scene)
        self._fade.setDuration(_MOTION_MS)
        self._fade.setStartValue(0.0)
        self._fade.setEndValue(1.0)
        self._fade.valueChanged.connect(self._on_fade)
        self._run = QVariantAnimation(scene)
        self._run.setDuration(_MOTION_MS)
        self._run.setStartValue(0.0)
        self._run.setEndValue(1.0)
        self._run.valueChanged.connect(self._on_run)
        for pulses in self._pulses.values():
            self._run.finished.connect(partial(pulses.setVisible, False))
        layers = (
            *((pulses, PULSES_Z) for pulses in self._pulses.values()),
            (self._band, -30),
            (self._halos, -12),
            (self._hovered, -11),
            (self._wire, 20),
            (self._frame, 30),
        )
        for item, z in layers:
            item.setZValue(z)
            item.setVisible(False)
            scene.addItem(item)
        self._insert.setVisible(False)
        scene.addItem(self._insert)

    def dress(self) -> None:
        """Take the colors of the theme in force."""
        none = QPen(Qt.PenStyle.NoPen)
        self._band.setPen(none)
        self._band.setBrush(self._theme.color("accent", 0.1))
        for item, opacity in ((self._halos, 0.55), (self._hovered, 0.3)):
            pen = QPen(self._theme.color("accent", opacity), _HALO_PX)
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
            item.setPen(pen)
        frame = QPen(self._theme.color("accent"), 1.0)
        frame.setCosmetic(True)
        self._frame.setPen(frame)
        self._frame.setBrush(self._theme.color("accent", 0.1))
        rim = QPen(self._theme.color("surface"), 1.0)  # they run on links of their own color
        for sign, pulses in self._pulses.items():
            pulses.setPen(rim)
            pulses.setBrush(self._theme.color(sign))
        self._insert.update()

    def show_halos(self, selected: Array, hovered: Array) -> None:
        """Mark connections, given as points (pairs, points, 2)."""
        for item, lines in ((self._halos, selected), (self._hovered, hovered)):
            path = QPainterPath()
            for points in lines:
                path.addPath(polyline(points))
            item.setPath(path)
            item.setVisible(not path.isEmpty())

    def show_wire(self, begin: QPointF, end: QPointF, *, legal: bool) -> None:
        """Show a connection being drawn; dashed and in the color of a failure when it can't end there."""
        bend = max(abs(end.x() - begin.x()) / 2, _WIRE_BEND)
        path = QPainterPath(begin)
        path.cubicTo(begin + QPointF(bend, 0), end - QPointF(bend, 0), end)
        pen = QPen(self._theme.color("accent" if legal else "bad"), _WIRE_PX)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        if not legal:
            pen.setDashPattern(_WIRE_DASHES)
        self._wire.setPen(pen)
        self._wire.setPath(path)
        self._wire.setVisible(True)

    def hide_wire(self) -> None:
        """The connection was made or given up."""
        self._wire.setVisible(False)

    def show_frame(self, box: QRectF | None) -> None:
        """Show the frame that selects what is inside; None hides it."""
        self._frame.setVisible(box is not None)
        if box is not None:
            self._frame.setRect(box)

    def show_insert(self, at: QPointF | None, *, pressed: bool) -> None:
        """Show the button that inserts a layer; None hides it."""
        self._insert.setVisible(at is not None)
        if at is not None:
            self._insert.setPos(at)
            if pressed != self._insert.pressed:
                self._insert.pressed = pressed
                self._insert.update()

    def show_band(self, box: QRectF | None) -> None:
        """Show which column computes now; None hides it."""
        if box is None:
            self._band.setVisible(False)
            return
        path = QPainterPath()
        path.addRoundedRect(box, 2 * CORNER, 2 * CORNER)
        moved = not self._band.isVisible() or self._band.path() != path
        self._band.setPath(path)
        self._band.setVisible(True)
        if moved and not self._theme.reduced_motion:
            self._fade.start()
        elif moved:
            self._band.setOpacity(1.0)

    def run_along(self, lines: Array, values: Array, *, backward: bool) -> None:
        """Let values run along connections: what a phase carries.

        Args:
            lines: (pairs, points, 2).
            values: (pairs,) the more there is of one the larger it runs, in the color of its sign; where it
                is 0 or not known, nothing runs.
            backward: From the ends of the connections.
        """
        runs = np.isfinite(values) & (values != 0)
        self._run.stop()
        for pulses in self._pulses.values():
            pulses.setVisible(False)
        if self._theme.reduced_motion or not runs.any():
            return
        self._flow = lines[runs, ::-1] if backward else lines[runs]
        self._carried = values[runs]
        self._on_run(0.0)
        for pulses in self._pulses.values():
            pulses.setVisible(True)
        self._run.start()

    def _on_run(self, part: float) -> None:
        last = self._flow.shape[1] - 1
        at = min(int(part * last), last - 1)
        between = part * last - at
        places = (1 - between) * self._flow[:, at] + between * self._flow[:, at + 1]
        sizes = np.abs(self._carried)
        low, high = _PULSE_RADII
        radii = low + (high - low) * np.sqrt(sizes / sizes.max())
        for sign, pulses in self._pulses.items():
            path = QPainterPath()
            here = (self._carried > 0) == (sign == "positive")
            for (x, y), radius in zip(places[here].tolist(), radii[here].tolist(), strict=True):
                path.addEllipse(QPointF(x, y), radius, radius)
            pulses.setPath(path)

    def _on_fade(self, value: float) -> None:
        self._band.setOpacity(value)
