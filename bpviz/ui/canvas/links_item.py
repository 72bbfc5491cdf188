"""One item that draws all connections: thousands of items of their own would take all the time there is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from PySide6.QtCore import QElapsedTimer, QLineF, QPointF, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPixmap, QTransform
from PySide6.QtWidgets import QGraphicsScene, QStyleOptionGraphicsItem, QWidget
from shiboken6 import wrapInstance

from bpviz.arrays import Array, BoolArray, IntArray
from bpviz.model.spec import Network
from bpviz.palette import mix
from bpviz.ui.canvas.items import GuardedItem
from bpviz.ui.canvas.placement import DRAWN_PAIRS, HEAT_GAP, HEAT_WIDTH, Placement
from bpviz.ui.canvas.strokes import Stroke, StrokeGroup, group, strongest
from bpviz.ui.canvas.topology import Topology
from bpviz.ui.theme import Theme
from bpviz.ui.turns import Turns

DIMMED: Final = 0.3
LINES_A_TURN: Final = 250
"""So many are drawn before whoever else waits has a turn of the event loop: about two milliseconds."""
RENEWED_MS: Final = 66
"""Between two drawings of smooth lines while values stream in: they cost as much as all else in a frame."""
_PARTS: Final = 4
"""Lines that were drawn anew come onto the screen in so many parts, side by side: to paint them all, and what
lies over them, takes as long as to draw half of them."""
_MARGIN: Final = 12.0
_DASHES_PX: Final = (8.0, 5.0)
_NONE: Final[IntArray] = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class _Sight:
    """How a view looks at the picture; a drawing made for one is of no use to another."""

    transform: QTransform
    size: QSize
    ratio: float


@dataclass(frozen=True, slots=True, eq=False)
class _Wires:
    """Connections that share a pen, as they run.

    Attributes:
        stroke: The pen.
        lines: (lines, 4) where straight ones begin and end: x, y, x, y.
        curves: The others.
    """

    stroke: Stroke
    lines: Array
    curves: list[QPainterPath]

    @property
    def count(self) -> int:
        return len(self.lines) + len(self.curves)

    def cut(self, count: int) -> tuple[_Wires, _Wires]:
        """So many of them, and the others."""
        rest = max(count - len(self.lines), 0)
        return (
            replace(self, lines=self.lines[:count], curves=self.curves[:rest]),
            replace(self, lines=self.lines[count:], curves=self.curves[rest:]),
        )


@dataclass(slots=True, eq=False)
class _Sheet:
    """A drawing that is made in several turns of the event loop.

    Attributes:
        sight: How the view looks at it.
        pixmap: What is drawn so far.
        of: What it shows when it is done.
        left: What of that is still to be drawn.
    """

    sight: _Sight
    pixmap: QPixmap
    of: list[StrokeGroup]
    left: list[_Wires]


class LinksItem(GuardedItem):
    """Draws the connections of a placement with the values of one moment.

    Few connections are smooth curves.  Many are straight lines, plain while values change or the view moves,
    and smooth at rest.  What is smooth is kept in a pixmap, so that hovering over nodes costs nothing; new
    values are drawn into another one in turns of the event loop of their own, so that nobody waits for them.
    Of more than can be lines, those that are plain are kept likewise while the view stands still.
    """

    def __init__(self, theme: Theme, scene: QGraphicsScene, turns: Turns | None = None) -> None:
        """Make the item and add it to a scene.

        Args:
            theme: Colors.
            scene: Of whose view it keeps what it drew.
            turns: Where others draw in turn with it, too; None where nobody does.
        """
        super().__init__()
        self._theme, self._turns = theme, turns or Turns(scene)
        self._placement = Placement.of(Topology.of(Network()), {})
        self._groups: list[StrokeGroup] = []
        self._drawn = _NONE
        self._wires: list[_Wires] = []
        self._curves: dict[int, QPainterPath] = {}
        self._pens: dict[tuple[str, Stroke], QPen] = {}
        self._bounds = QRectF()
        self._resting = True
        self._kept: tuple[_Sight, QPixmap] | None = None
        self._kept_of: list[StrokeGroup] = []
        self._coming: _Sheet | None = None
        self._sight: _Sight | None = None
        self._since_drawn = QElapsedTimer()
        self._renewal = QTimer(scene, singleShot=True)  # it must not outlive the picture
        self._renewal.timeout.connect(self._begin_renewal)
        self.setZValue(-10)
        scene.addItem(self)

    @property
    def resting(self) -> bool:
        """Whether all lines are smooth, because nothing changes."""
        return self._resting

    @property
    def drawn(self) -> IntArray:
        """Numbers of the connections that are lines in the picture, the faintest first."""
        return self._drawn

    def place(self, placement: Placement) -> None:
        """Take over where connections run; values have to be shown again."""
        self.prepareGeometryChange()
        self._placement = placement
        self._groups, self._drawn, self._wires = [], _NONE, []
        self._kept = self._coming = None
        self._bounds = _bounds(placement)
        self._curves.clear()  # made when they are first drawn: of many thousand only the strongest ever are

    def show_values(self, values: Array, dimmed: BoolArray, full: float) -> None:
        """Draw the connections with new values.

        Args:
            values: Of the connections in sight, `Placement.seen`; NaN where nothing is known.
            dimmed: Which of these are drawn faintly.
            full: The |value| that is drawn at full width.
        """
        self.show_groups(self.grouped(values, dimmed, full))

    def grouped(self, values: Array, dimmed: BoolArray, full: float) -> list[StrokeGroup]:
        """Find how the connections would be drawn, for `show_groups`; arguments as for `show_values`."""
        seen = self._placement.seen
        among = strongest(np.where(dimmed, values * DIMMED, values), DRAWN_PAIRS)
        pairs = seen[among]
        frozen = self._placement.topology.frozen_of(pairs)
        return group(pairs, values[among], frozen, dimmed[among], full, DIMMED)

    def show_groups(self, groups: list[StrokeGroup]) -> None:
        """Draw the connections as they were `grouped`, in the same placement."""
        if _alike(groups, self._groups):
            return
        self._groups = groups
        self._drawn = np.concatenate([part.pairs for part in groups]) if groups else _NONE
        self._drawn.flags.writeable = False
        self._wires = self._laid(groups)
        keeps = self._resting or self._placement.topology.pair_count > DRAWN_PAIRS
        if not keeps or self._kept is None:
            self.update()
        renews = self._renewal.isActive() or self._turns.waits(self)
        if keeps and self._sight is not None and not renews:
            drawn = self._since_drawn.elapsed() if self._since_drawn.isValid() else RENEWED_MS
            self._renewal.start(max(0, RENEWED_MS - drawn))

    def set_resting(self, *, resting: bool) -> None:
        """Draw smooth lines, because nothing changes, or plain ones."""
        if resting != self._resting:
            self._resting = resting
            self._kept = self._coming = None
            self.update()

    def forget_colors(self) -> None:
        """Make the pens anew: the theme changed."""
        self._pens.clear()
        self._kept = self._coming = None
        self.update()

    def boundingRect(self) -> QRectF:
        return self._bounds

    def draw(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None) -> None:
        if not self._groups:
            return
        if widget is None:
            self._draw_all(painter)
            return
        self._sight = _Sight(painter.worldTransform(), widget.size(), widget.devicePixelRatioF())
        if self._kept is not None and self._kept[0] != self._sight:
            self._kept = None
        if self._kept is None and not self._resting:
            self._draw_all(painter)  # the view may move, and what was kept now would be of no use at once
            return
        if self._kept is None:
            self._keep(self._sight)
        assert self._kept is not None
        painter.resetTransform()
        painter.drawPixmap(0, 0, self._kept[1])

    def _begin_renewal(self) -> None:
        self._turns.ask(self, self._renewing())

    def _renewing(self) -> Iterator[None]:
        """Draw what is shown next, a few lines a turn; once all are there, show it, a part a turn."""
        while self._renew():
            yield
        wide = self._bounds.width() / _PARTS
        for part in range(_PARTS):
            self.update(
                QRectF(self._bounds.left() + part * wide, self._bounds.top(), wide, self._bounds.height())
            )
            yield
        if self._kept_of is not self._groups:  # other values came meanwhile
            self._renewal.start(max(0, RENEWED_MS - self._since_drawn.elapsed()))

    def _renew(self) -> bool:
        """Draw a few lines of what is shown next, and keep it once all are there; whether some are left."""
        if self._sight is None:
            return False
        if self._coming is None or self._coming.sight != self._sight:
            self._coming = self._begun(self._sight)
        sheet = self._coming
        self._draw_some(sheet, LINES_A_TURN)
        if sheet.left:
            return True
        self._coming, self._kept, self._kept_of = None, (sheet.sight, sheet.pixmap), sheet.of
        return False

    def _keep(self, sight: _Sight) -> None:
        """Draw everything as it is now, for a view that looks at it like this."""
        self._renewal.stop()
        self._turns.withdraw(self)
        sheet = self._begun(sight)
        self._draw_some(sheet, sum(part.count for part in sheet.left))
        self._coming, self._kept, self._kept_of = None, (sight, sheet.pixmap), sheet.of

    def _begun(self, sight: _Sight) -> _Sheet:
        self._since_drawn.start()
        pixmap = QPixmap(sight.size * sight.ratio)
        pixmap.setDevicePixelRatio(sight.ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        return _Sheet(sight, pixmap, self._groups, list(self._wires))

    def _draw_some(self, sheet: _Sheet, count: int) -> None:
        """Draw the next connections of a sheet, so many at most."""
        painter = QPainter(sheet.pixmap)
        painter.setTransform(sheet.sight.transform)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        while sheet.left and count > 0:
            part = sheet.left.pop(0)
            if part.count > count:
                part, rest = part.cut(count)
                sheet.left.insert(0, rest)
            count -= part.count
            self._draw_part(painter, part)
        painter.end()

    def _draw_all(self, painter: QPainter) -> None:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for part in self._wires:
            self._draw_part(painter, part)

    def _draw_part(self, painter: QPainter, part: _Wires) -> None:
        painter.setPen(self._pen(part.stroke))
        if len(part.lines):
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, self._resting)
            _draw_lines(painter, part.lines)
        if part.curves:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for path in part.curves:
                painter.drawPath(path)

    def _laid(self, groups: list[StrokeGroup]) -> list[_Wires]:
        """Find how the connections of some groups run."""
        if not groups:
            return []
        curved = self._placement.curved(self._drawn)
        self._make_curves(self._drawn[curved])
        ends = np.hstack(self._placement.ends(self._drawn))
        cuts = np.cumsum([part.pairs.size for part in groups])[:-1]
        return [
            _Wires(part.stroke, lines[~bent], [self._curves[k] for k in part.pairs[bent].tolist()])
            for part, lines, bent in zip(groups, np.split(ends, cuts), np.split(curved, cuts), strict=True)
        ]

    def _make_curves(self, pairs: IntArray) -> None:
        """Make the curves of these connections that were not drawn yet."""
        curves = [k for k in pairs.tolist() if k not in self._curves]
        if curves:
            points = self._placement.controls(np.array(curves)).tolist()
            self._curves.update((k, _curve(four)) for k, four in zip(curves, points, strict=True))

    def _pen(self, stroke: Stroke) -> QPen:
        key = (self._theme.palette.name, stroke)
        if key not in self._pens:
            token = "strong_line" if stroke.tone == "unknown" else stroke.tone
            palette = self._theme.palette
            # Mixed with the ground instead of transparent: Qt strokes opaque lines five times as fast.
            color = QColor(mix(palette.window, palette.color(token), stroke.opacity))
            pen = QPen(color, stroke.width_px)
            pen.setCosmetic(stroke.width_px == 0)
            pen.setCapStyle(Qt.PenCapStyle.FlatCap)
            if stroke.dashed:
                pen.setDashPattern([length / max(stroke.width_px, 1.0) for length in _DASHES_PX])
            self._pens[key] = pen
        return self._pens[key]


def _alike(first: list[StrokeGroup], second: list[StrokeGroup]) -> bool:
    """Whether two ways to draw come out the same, because values changed by less than a pen's level."""
    return len(first) == len(second) and all(
        a.stroke == b.stroke and np.array_equal(a.pairs, b.pairs) for a, b in zip(first, second, strict=True)
    )


def _draw_lines(painter: QPainter, lines: Array) -> None:
    """Draw straight lines, (lines, 4), as they lie in memory: a thousand made in Python take milliseconds."""
    lines = np.ascontiguousarray(lines, dtype=np.float64)
    first = wrapInstance(lines.ctypes.data, QLineF)
    assert isinstance(first, QLineF)
    painter.drawLines(first, len(lines))


def _curve(points: list[list[float]]) -> QPainterPath:
    begin, first, second, end = (QPointF(x, y) for x, y in points)
    path = QPainterPath(begin)
    path.cubicTo(first, second, end)
    return path


def _bounds(placement: Placement) -> QRectF:
    seen = placement.seen
    if not seen.size:
        return QRectF()
    curves = placement.controls(seen[placement.curved(seen)]).reshape(-1, 2)
    # Straight lines stay between nodes; to ask for their ends would take longer than to draw them.
    heats = HEAT_WIDTH + HEAT_GAP if placement.heated else 0.0
    starts, ends = placement.edges
    across = np.concatenate([starts - heats, ends, curves[:, 0]])
    along = np.concatenate([placement.y, curves[:, 1]])
    left, right, top, bottom = (float(end) for of in (across, along) for end in (of.min(), of.max()))
    return QRectF(left, top, right - left, bottom - top).adjusted(-_MARGIN, -_MARGIN, _MARGIN, _MARGIN)
