"""What the picture is made of, apart from connections: nodes, and a base for whatever paints itself."""

from __future__ import annotations

import logging
import math
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from bpviz.model.layout import NODE_RADIUS
from bpviz.ui.theme import Theme

MAP_SIZE: Final = 40.0
PORT_RADIUS: Final = 5.0
PORT_AT: Final = 22.0
"""From a node's center to its ports, along x."""
CORNER: Final = 6.0
MAP_CORNER: Final = CORNER / MAP_SIZE
"""Radius of the corners of an output map, as a part of its width."""
_REACH: Final = 30.0  # of everything in a node but its label
_MAP_BOX: Final = QRectF(-MAP_SIZE / 2, -MAP_SIZE / 2, MAP_SIZE, MAP_SIZE)
_RING: Final = 1.5
_SELECTED_RING: Final = 2.5
_DOT_RADIUS: Final = 4.5
_LOCK_RADIUS: Final = 7.0
LABEL_WIDTH: Final = 150.0
_LABEL_HEIGHT: Final = 40.0
_LARGEST_LABEL_PX: Final = 36
LABEL_GAP: Final = 32.0
_LIFT: Final = 1.12
NUMBERS_FROM: Final = 0.64  # of full size; smaller, nobody could read them
_LARGER_BELOW: Final = 0.8  # of full size: numbers take all the room in a node
_NUMBER_PX: Final = 10
_TWO_NUMBERS_PX: Final = 9
_NUMBERS_HIGH_PX: Final = 24  # all lines in a node together
_SMALLEST_NUMBER_PX: Final = 6
_LINE_PAD: Final = 1.5
_WHOLE: Final = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextDontClip
_FADED: Final = 0.3
# What a fault of ours in painting can raise.  Leaving `paint` it would end the process, not just the frame.
_FAULTS: Final = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    NameError,
    RuntimeError,
    TypeError,
    ValueError,
)

_LARGEST_GROWTH: Final = 4.5  # of text in a small picture; more has no room
_FULL_SIZE_FROM: Final = 0.85

logger = logging.getLogger(__name__)


def readable(scale: float) -> float:
    """How much larger text is drawn when the picture is shown at ``scale``, so that it can still be read."""
    return min(max(_FULL_SIZE_FROM / max(scale, 1e-3), 1.0), _LARGEST_GROWTH)


class GuardedItem(QGraphicsItem):
    """An item that paints itself and survives a fault in doing so: it is logged once and nothing is drawn."""

    def __init__(self, parent: QGraphicsItem | None = None) -> None:
        super().__init__(parent)
        self._failed = False

    def draw(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None) -> None:
        """Paint; called with the painter's state kept aside."""
        raise NotImplementedError

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        painter.save()
        try:
            self.draw(painter, option, widget)
        except _FAULTS:
            if not self._failed:
                self._failed = True
                logger.exception("painting %s failed", type(self).__name__)
        finally:
            painter.restore()


@dataclass(frozen=True, slots=True)
class NodeLook:
    """How one node looks at this moment.

    Attributes:
        label_left: Beside the node, such as a feature's name.
        label_right: Likewise, such as a class.
        fill: Color of its value; None for the plain surface.
        ink: Color of numbers on the fill.
        bias: Color of the bias dot; None without one.
        bias_frozen: The dot is a ring instead.
        numbers: Lines inside, shown when they can be read.
        map: Its output over the plane, instead of the disc.
        selected: Accent ring.
        faded: Because something else is selected.
        ports: (left, right) which of its ports are shown.
        lifted: A connection being drawn may end here.
        locked: There is a padlock at its side.
    """

    label_left: str = ""
    label_right: str = ""
    fill: QColor | None = None
    ink: QColor | None = None
    bias: QColor | None = None
    bias_frozen: bool = False
    numbers: tuple[str, ...] = ()
    map: QPixmap | None = None
    selected: bool = False
    faded: bool = False
    ports: tuple[bool, bool] = (False, False)
    lifted: bool = False
    locked: bool = False


def _bounds(look: NodeLook) -> QRectF:
    """The room of a node with its labels."""
    left, right = (
        LABEL_GAP + LABEL_WIDTH if label else _REACH for label in (look.label_left, look.label_right)
    )
    return QRectF(-left, -_REACH, left + right, 2 * _REACH)


class NodeItem(GuardedItem):
    """A node: disc or output map, ring, bias dot, label, numbers, and ports on hover.

    Qt keeps it as a pixmap until it looks otherwise: what is behind it is drawn anew far more often.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._look = NodeLook()
        self._bounds = _bounds(self._look)  # Qt asks for them far more often than they change
        self.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)

    @property
    def look(self) -> NodeLook:
        """How it looks now."""
        return self._look

    def show_look(self, look: NodeLook) -> None:
        """Look otherwise."""
        if look != self._look:
            if (look.label_left, look.label_right) != (self._look.label_left, self._look.label_right):
                self.prepareGeometryChange()
            self._look, self._bounds = look, _bounds(look)
            self.setOpacity(_FADED if look.faded else 1.0)
            self.setScale(_LIFT if look.lifted else 1.0)
            self.update()

    def boundingRect(self) -> QRectF:
        return self._bounds

    def draw(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        self._draw_body(painter)
        if self._look.bias is not None:
            self._draw_bias(painter, self._look.bias)
        scale = option.levelOfDetailFromTransform(painter.worldTransform())
        if self._look.label_left or self._look.label_right:
            self._draw_labels(painter, readable(scale))
        if self._look.numbers and scale >= NUMBERS_FROM:
            self._draw_numbers(painter, larger=1 if scale < _LARGER_BELOW else 0)
        if self._look.locked:
            self._draw_lock(painter)
        if any(self._look.ports):
            self._draw_ports(painter)

    def _draw_body(self, painter: QPainter) -> None:
        look = self._look
        marked = look.selected or look.lifted
        ring = QPen(
            self._theme.color("accent" if marked else "secondary"), _SELECTED_RING if marked else _RING
        )
        if look.map is None:
            painter.setPen(ring)
            painter.setBrush(look.fill or self._theme.color("surface"))
            painter.drawEllipse(QPointF(), NODE_RADIUS, NODE_RADIUS)
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)  # the ring covers the edge
        painter.drawPixmap(_MAP_BOX, look.map, QRectF(look.map.rect()))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(ring)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(_MAP_BOX, CORNER, CORNER)

    def _draw_bias(self, painter: QPainter, color: QColor) -> None:
        reach = MAP_SIZE / 2 if self._look.map is not None else NODE_RADIUS * 0.74
        center = QPointF(-reach, reach)
        painter.setPen(QPen(self._theme.color("secondary"), 1.0))
        painter.setBrush(self._theme.color("surface") if self._look.bias_frozen else color)
        painter.drawEllipse(center, _DOT_RADIUS, _DOT_RADIUS)
        if self._look.bias_frozen:
            painter.setBrush(color)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.drawEllipse(center, _DOT_RADIUS / 2, _DOT_RADIUS / 2)

    def _draw_lock(self, painter: QPainter) -> None:
        reach = MAP_SIZE / 2 if self._look.map is not None else NODE_RADIUS * 0.78
        center = QPointF(reach, -reach)
        painter.setPen(QPen(self._theme.color("secondary"), 1.0))
        painter.setBrush(self._theme.color("surface"))
        painter.drawEllipse(center, _LOCK_RADIUS, _LOCK_RADIUS)
        draw_padlock(painter, self._theme, center, 1.1 * _LOCK_RADIUS)

    def _draw_labels(self, painter: QPainter, grown: float) -> None:
        font = self._theme.font("body")
        font.setPixelSize(min(round(font.pixelSize() * grown), _LARGEST_LABEL_PX))
        painter.setFont(font)
        painter.setPen(self._theme.color("text"))
        metrics = painter.fontMetrics()
        middle = Qt.AlignmentFlag.AlignVCenter
        for text, side, align in (
            (self._look.label_left, -1, Qt.AlignmentFlag.AlignRight),
            (self._look.label_right, 1, Qt.AlignmentFlag.AlignLeft),
        ):
            if text:
                left = LABEL_GAP if side > 0 else -LABEL_GAP - LABEL_WIDTH
                shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, int(LABEL_WIDTH))
                painter.drawText(
                    QRectF(left, -_LABEL_HEIGHT / 2, LABEL_WIDTH, _LABEL_HEIGHT), align | middle, shown
                )

    def _draw_numbers(self, painter: QPainter, larger: int) -> None:
        lines = self._look.numbers
        font = self._theme.font("caption")
        most = _NUMBERS_HIGH_PX // len(lines)  # each then becomes as small as its width asks
        largest = min(self._theme.scaled(_NUMBER_PX if len(lines) == 1 else _TWO_NUMBERS_PX) + larger, most)
        height = min(self._theme.scaled(_NUMBER_PX) + larger, most) + 1.0
        top = -height * len(lines) / 2
        # A disc is narrower above its middle; digits are less high than their line.
        room = 2 * math.sqrt(NODE_RADIUS**2 - (top + _LINE_PAD) ** 2) - _RING
        for k, line in enumerate(lines):
            box = QRectF(-NODE_RADIUS, top + k * height, 2 * NODE_RADIUS, height)
            if self._look.map is not None:  # numbers on a map need a quiet ground
                painter.fillRect(box, self._theme.color("surface", 0.8))
            _fit_font(painter, font, largest, line, room)
            painter.setPen(self._look.ink or self._theme.color("text"))
            painter.drawText(box, _WHOLE, line)

    def _draw_ports(self, painter: QPainter) -> None:
        painter.setPen(QPen(self._theme.color("surface"), _RING))
        painter.setBrush(self._theme.color("accent"))
        for shown, x in zip(self._look.ports, (-PORT_AT, PORT_AT), strict=True):
            if shown:
                painter.drawEllipse(QPointF(x, 0), PORT_RADIUS, PORT_RADIUS)


def draw_padlock(painter: QPainter, theme: Theme, center: QPointF, size: float) -> None:
    """Draw a padlock of this height around a place."""
    body = QRectF(center.x() - 0.42 * size, center.y() - 0.08 * size, 0.84 * size, 0.58 * size)
    shackle = QRectF(center.x() - 0.26 * size, center.y() - 0.5 * size, 0.52 * size, 0.8 * size)
    painter.setPen(QPen(theme.color("secondary"), 0.13 * size))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawArc(shackle, 0, 180 * 16)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color("secondary"))
    painter.drawRoundedRect(body, 0.1 * size, 0.1 * size)


def _fit_font(painter: QPainter, font: QFont, size_px: int, text: str, room: float) -> None:
    """Set a font of this size, or a smaller one in which a text has room: part of a number is another one."""
    while True:
        font.setPixelSize(size_px)
        painter.setFont(font)
        if size_px <= _SMALLEST_NUMBER_PX or painter.fontMetrics().horizontalAdvance(text) <= room:
            return
        size_px -= 1
