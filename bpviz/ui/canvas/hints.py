"""What the picture shows besides the network: halos, the wire and frame of a gesture, the phase at work."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from typing import Final

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt, QVariantAnimation
from PySide6.QtGui import QPainterPath, QPen, QPolygonF
from PySide6.QtWidgets import QGraphicsPathItem, QGraphicsScene

from bpviz.arrays import Array
from bpviz.ui.canvas.items import CORNER
from bpviz.ui.canvas.layer_items import InsertItem
from bpviz.ui.canvas.snapping import Guide
from bpviz.ui.canvas.strands_item import StrandsItem
from bpviz.ui.theme import Theme

PULSES_Z: Final = 5
_HALO_PX: Final = 10.0
_WIRE_PX: Final = 2.0
_WIRE_BEND: Final = 40.0
_MOTION_MS: Final = 200
_PULSE_RADII: Final = (2.5, 5.5)  # of the smallest and the largest value that runs
_WIRE_DASHES: Final = [5.0, 4.0]
_GUIDE_BEYOND: Final = 26.0  # past the middles of the things in line, so that it shows beside them
_GUIDE_FOOT: Final = 7.0


class Hints:
    """Owns these items; the scene and the gestures say when they show.

    Attributes:
        guides: Lines that say why something snapped.
        wire_count: How many connections being drawn are shown.
        struck_count: How many connections are marked because a stroke crosses them.
    """

    def __init__(self, scene: QGraphicsScene, theme: Theme) -> None:
        self._theme = theme
        self._band = QGraphicsPathItem()
        self._halos, self._hovered, self._struck = StrandsItem(), StrandsItem(), StrandsItem()
        self._wire = StrandsItem()
        self.wire_count = self.struck_count = 0
        self._area = QGraphicsPathItem()
        self.guides = QGraphicsPathItem()
        self._stroke = QGraphicsPathItem()
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
            (self._struck, -10),
            (self.guides, 25),
            (self._stroke, 26),
            (self._area, 30),
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
        self._halos.dress(QPen(self._theme.color("accent", 0.55), _HALO_PX))
        self._hovered.dress(QPen(self._theme.color("accent", 0.3), _HALO_PX))
        line = QPen(self._theme.color("accent"), 1.0)
        line.setCosmetic(True)
        self.guides.setPen(line)
        self._area.setPen(line)
        self._area.setBrush(self._theme.color("accent", 0.1))
        rim = QPen(self._theme.color("surface"), 1.0)  # they run on links of their own color
        for sign, pulses in self._pulses.items():
            pulses.setPen(rim)
            pulses.setBrush(self._theme.color(sign))
        self._insert.update()

    def show_halos(self, selected: Array, hovered: Array) -> None:
        """Mark connections, given as points (pairs, points, 2)."""
        self._halos.show_lines(selected)
        self._hovered.show_lines(hovered)

    def show_wires(self, wires: Iterable[tuple[QPointF, QPointF]], *, legal: bool) -> None:
        """Show connections being drawn; dashed and in the color of a failure when they can't end there."""
        path, self.wire_count = QPainterPath(), 0
        for begin, end in wires:
            self.wire_count += 1
            bend = max(abs(end.x() - begin.x()) / 2, _WIRE_BEND)
            path.moveTo(begin)
            path.cubicTo(begin + QPointF(bend, 0), end - QPointF(bend, 0), end)
        pen = QPen(self._theme.color("accent" if legal else "bad"), _WIRE_PX)
        if not legal:
            pen.setDashPattern(_WIRE_DASHES)
        self._wire.dress(pen)
        self._wire.show_path(path)

    def show_area(self, area: QPainterPath | None) -> None:
        """Show what is enclosed to be selected; None hides it."""
        self._show(self._area, area or QPainterPath())

    def show_guides(self, guides: Sequence[Guide]) -> None:
        """Show why something snapped: lines through what stands in line, and gaps that are equal."""
        path = QPainterPath()
        for guide in guides:
            begin, end = (QPointF(*place) for place in guide.ends)
            across = _GUIDE_FOOT if guide.gap else 0.0
            foot = QPointF(across, 0.0) if begin.x() == end.x() else QPointF(0.0, across)
            beyond = QPointF() if guide.gap else _unit(begin, end) * _GUIDE_BEYOND
            path.moveTo(begin - beyond)
            path.lineTo(end + beyond)
            for place in (begin, end) if guide.gap else ():
                path.moveTo(place - foot)
                path.lineTo(place + foot)
        self._show(self.guides, path)

    def show_stroke(self, way: Sequence[QPointF], lines: Array, *, removes: bool) -> None:
        """Show a line drawn across connections, and mark those that it crosses; none without points."""
        name = "bad" if removes else "accent"
        pen = QPen(self._theme.color(name), _WIRE_PX)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        pen.setCosmetic(True)
        self._stroke.setPen(pen)
        self._struck.dress(QPen(self._theme.color(name, 0.55), _HALO_PX))
        path = QPainterPath()
        path.addPolygon(QPolygonF(way))
        self._show(self._stroke, path)
        self.struck_count = len(lines)
        self._struck.show_lines(lines)

    @staticmethod
    def _show(item: QGraphicsPathItem, path: QPainterPath) -> None:
        item.setPath(path)
        item.setVisible(not path.isEmpty())

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


def _unit(begin: QPointF, end: QPointF) -> QPointF:
    """The direction of an upright or level line, of length 1."""
    return QPointF(1.0, 0.0) if abs(end.x() - begin.x()) > abs(end.y() - begin.y()) else QPointF(0.0, 1.0)
