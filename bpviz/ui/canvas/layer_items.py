"""What belongs to a whole layer: its caption and buttons, a collapsed column, a heat strip, a band."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QImage, QPainter, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from bpviz.model import layout
from bpviz.ui.canvas.items import CORNER, GuardedItem, draw_padlock, readable
from bpviz.ui.canvas.placement import HEAT_GAP, HEAT_WIDTH, NODE_REACH
from bpviz.ui.canvas.wide import Wide
from bpviz.ui.theme import Theme

CAPTION_WIDTH: Final = 132.0
CAPTION_HEIGHT: Final = 34.0
CAPTION_GAP: Final = 14.0
BUTTON_RADIUS: Final = 11.0
BUTTON_GAP: Final = 30.0
"""From the lowest node to the middle of the buttons."""
BUTTON_OFFSET: Final = 15.0
FOOT_GAP: Final = 19.0
"""From the middle of the buttons to that of the handle by which the column is pulled."""
_FOOT: Final = (30.0, 5.0)
_LINE: Final = 16.0
_NAME_PX: Final = 12
_DETAIL_PX: Final = 11
_LEAST_ON_SCREEN_PX: Final = 8.0
_SMALLEST_SCALE: Final = 0.1
_SCROLLBAR: Final = 3.0
_MARK_PX: Final = 2.0
_BAND_WIDTH: Final = 84.0
_BAND_PAD: Final = 10.0


@dataclass(frozen=True, slots=True)
class LayerLook:
    """How a layer's caption and foot look.

    Attributes:
        name: First line.
        details: Second line, size and activation: the longest that has room.
        room: Width that the caption may take.
        height: Of the column of nodes, from the caption's foot to the buttons.
        selected: In the accent color.
        at_work: It computes in the phase that is shown.
        hovered: The buttons are shown.
        buttons: (-, +) which of them make sense here.
        foot: There is a handle below, by which the column is pulled.
        pressed: ``remove`` or ``add`` when the pointer is over one.
        lifted: A drop here would connect all its nodes.
        locked: There is a padlock before its name.
    """

    name: str = ""
    details: tuple[str, ...] = ()
    room: float = CAPTION_WIDTH
    height: float = 0.0
    selected: bool = False
    at_work: bool = False
    hovered: bool = False
    buttons: tuple[bool, bool] = (True, True)
    foot: bool = False
    pressed: str = ""
    lifted: bool = False
    locked: bool = False


class LayerItem(GuardedItem):
    """Caption above and buttons below a column; its origin is the middle of the column's upper end."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._look = LayerLook()
        self._text_size = theme.text_percent / 100
        self.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)  # texts cost, and rarely change
        self.setZValue(1)

    @property
    def look(self) -> LayerLook:
        """How it looks now."""
        return self._look

    @property
    def caption(self) -> QRectF:
        """Where the caption is at full size, in the item's coordinates."""
        high = CAPTION_HEIGHT * self._text_size
        return QRectF(-CAPTION_WIDTH / 2, -CAPTION_GAP - high, CAPTION_WIDTH, high)

    def dress(self) -> None:
        """Take colors and text size of the theme."""
        self.prepareGeometryChange()
        self._text_size = self._theme.text_percent / 100
        self.update()

    def caption_at(self, scale: float) -> QRectF:
        """Where the caption is when the picture is shown at ``scale``: larger in a small picture."""
        grown = self._grown(scale)
        width = max(min(CAPTION_WIDTH * grown, self._look.room), CAPTION_WIDTH)
        height = CAPTION_HEIGHT * grown
        return QRectF(-width / 2, -CAPTION_GAP - height, width, height)

    def _grown(self, scale: float) -> float:
        return readable(scale) * self._text_size

    def button(self, name: str) -> QPointF:
        """Middle of the button ``remove`` or ``add``, or of the ``foot``, in the item's coordinates."""
        if name == "foot":
            return QPointF(0.0, self._look.height + BUTTON_GAP + FOOT_GAP)
        return QPointF(BUTTON_OFFSET if name == "add" else -BUTTON_OFFSET, self._look.height + BUTTON_GAP)

    def show_look(self, look: LayerLook) -> None:
        """Look otherwise."""
        if look != self._look:
            self.prepareGeometryChange()
            self._look = look
            self.update()

    def boundingRect(self) -> QRectF:
        foot = self._look.height + BUTTON_GAP + FOOT_GAP + _FOOT[1] if self._look.hovered else 0.0
        aside = 2 * _LINE * self._grown(0.0) if self._look.locked else 6.0
        return self.caption_at(0.0).adjusted(-aside, -4, 6, 4).united(QRectF(-1, 0, 2, foot))

    def draw(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        scale = option.levelOfDetailFromTransform(painter.worldTransform())
        look, box, line = self._look, self.caption_at(scale), _LINE * self._grown(scale)
        if look.selected or look.lifted:
            rim = QPen(self._theme.color("accent"), 1.5)
            painter.setPen(rim if look.lifted else QPen(Qt.PenStyle.NoPen))
            painter.setBrush(self._theme.color("accent", 0.12))
            painter.drawRoundedRect(box.adjusted(0, -2, 0, 2), CORNER, CORNER)
        place = QRectF(box.left(), box.top(), box.width(), line)
        self._draw_line(painter, place, (look.name,), scale, bold=True)
        self._draw_line(painter, place.translated(0.0, line), look.details, scale, bold=False)
        if look.hovered:
            for name, shown_button in zip(("remove", "add"), look.buttons, strict=True):
                if shown_button:
                    draw_button(painter, self._theme, self.button(name), name, pressed=look.pressed == name)
        if look.hovered and look.foot:
            wide, high = _FOOT
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.color("accent" if look.pressed == "foot" else "strong_line"))
            box = QRectF(-wide / 2, -high / 2, wide, high).translated(self.button("foot"))
            painter.drawRoundedRect(box, high / 2, high / 2)

    def _draw_line(
        self, painter: QPainter, place: QRectF, texts: tuple[str, ...], scale: float, *, bold: bool
    ) -> None:
        """Draw the first of some texts that has room, or the last in smaller or fewer letters."""
        look, center = self._look, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter
        font, size = self._theme.font("caption"), (_NAME_PX if bold else _DETAIL_PX) * self._grown(scale)
        font.setPixelSize(round(size))
        if bold:
            font.setWeight(QFont.Weight.DemiBold)
        metrics = QFontMetricsF(font)
        fitting = (text for text in texts if metrics.horizontalAdvance(text) <= place.width())
        text = next(fitting, texts[-1] if texts else "")
        wide = metrics.horizontalAdvance(text)
        if wide > place.width():  # smaller letters rather than fewer
            least = min(size, _LEAST_ON_SCREEN_PX / max(scale, _SMALLEST_SCALE))
            font.setPixelSize(math.floor(max(least, size * place.width() / wide)))
        painter.setFont(font)
        strong = bold and (look.selected or look.at_work)
        painter.setPen(self._theme.color("accent" if strong else "text" if bold else "secondary"))
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideMiddle, int(place.width()))
        if not look.selected:  # readable also where a line passes behind
            painter.fillRect(painter.boundingRect(place, center, shown), self._theme.color("window", 0.8))
        painter.drawText(place, center, shown)
        if bold and look.locked:
            begins = painter.boundingRect(place, center, shown).left()
            draw_padlock(painter, self._theme, QPointF(begins - 0.7 * size, place.center().y()), 0.8 * size)


def draw_button(painter: QPainter, theme: Theme, center: QPointF, sign: str, *, pressed: bool) -> None:
    """Draw a small round button with a plus (``add``) or a minus sign."""
    painter.setPen(QPen(theme.color("accent" if pressed else "strong_line"), 1.0))
    painter.setBrush(theme.color("raised"))
    painter.drawEllipse(center, BUTTON_RADIUS, BUTTON_RADIUS)
    pen = QPen(theme.color("accent" if pressed else "secondary"), 1.5)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setPen(pen)
    arm = 4.5
    painter.drawLine(center - QPointF(arm, 0), center + QPointF(arm, 0))
    if sign == "add":
        painter.drawLine(center - QPointF(0, arm), center + QPointF(0, arm))


_BUTTON_FROM: Final = 0.4
"""The scale from which a button can be told from a dot."""


class InsertItem(GuardedItem):
    """The button that inserts a layer, shown between two columns while the pointer is near."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.pressed = False
        self.setZValue(2)

    def boundingRect(self) -> QRectF:
        reach = BUTTON_RADIUS + 2
        return QRectF(-reach, -reach, 2 * reach, 2 * reach)

    def draw(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None) -> None:
        if option.levelOfDetailFromTransform(painter.worldTransform()) < _BUTTON_FROM:
            return  # it would be a dot, and no plus
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        draw_button(painter, self._theme, QPointF(), "add", pressed=self.pressed)


class ColumnItem(GuardedItem):
    """A wide layer: a cell of color for each node, and a bar at the right if not all of it is in sight."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._column: Wide | None = None
        self._image: QImage | None = None
        self._marked: tuple[int, ...] = ()
        self._selected = False

    @property
    def image(self) -> QImage | None:
        """Colors of the cells in sight."""
        return self._image

    def place(self, column: Wide) -> None:
        """Take over place and scrolling."""
        self.prepareGeometryChange()
        self._column = column
        self.setPos(column.x, column.top)

    def show_cells(self, image: QImage | None, marked: tuple[int, ...], *, selected: bool) -> None:
        """Color the cells in sight.

        Args:
            image: One pixel a cell; None when the nodes have no value, and the cells are just cells.
            marked: Those that are selected or under the pointer, counted in the layer.
            selected: Whether the whole layer is.
        """
        self._image, self._marked, self._selected = image, marked, selected
        self.update()

    def boundingRect(self) -> QRectF:
        return QRectF() if self._column is None else self._box(self._column).adjusted(-4, -4, 4, 4)

    @staticmethod
    def _box(column: Wide) -> QRectF:
        return QRectF(-column.width / 2, 0, column.width, column.height)

    def draw(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None) -> None:
        column = self._column
        if column is None:
            return
        box, (rows, columns) = self._box(column), column.grid
        wide, high = box.width() / columns, box.height() / rows
        painter.fillRect(box, self._theme.color("surface"))
        if self._image is not None:
            painter.drawImage(box, self._image)
        else:
            painter.setPen(QPen(self._theme.color("hairline"), 0))
            heights = (at * high for at in range(1, rows))
            painter.drawLines([QLineF(box.left(), y, box.right(), y) for y in heights])
            across = (box.left() + at * wide for at in range(1, columns))
            painter.drawLines([QLineF(x, 0, x, box.bottom()) for x in across])
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        marking = QPen(self._theme.color("accent"), _MARK_PX)
        marking.setCosmetic(True)  # a pixel is found again in a small picture, too
        painter.setPen(marking)
        for node in self._marked:
            row, across_at = column.cell(node)
            painter.drawRect(QRectF(box.left() + across_at * wide, row * high, wide, high))
        token, width = ("accent", 2.5) if self._selected else ("secondary", 1.5)
        painter.setPen(QPen(self._theme.color(token), width))
        painter.drawRoundedRect(box, 3, 3)
        if column.shown < column.size:
            part = column.height / column.size
            thumb = QRectF(
                box.right() + 3 - _SCROLLBAR / 2, column.first * part, _SCROLLBAR, column.shown * part
            )
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.color("secondary"))
            painter.drawRoundedRect(thumb, 1.5, 1.5)


class HeatItem(GuardedItem):
    """Incoming weights of a layer as small rows of color at its left, one row for each node in sight."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._boxes: tuple[QRectF, ...] = ()
        self._image = QImage()
        self._bounds = QRectF()
        self.setZValue(-5)

    def place(self, boxes: tuple[QRectF, ...]) -> None:
        """Take over where the image is drawn: each of its rows in a box of its own, or all in one."""
        self.prepareGeometryChange()
        self._boxes = boxes
        self._bounds = QRectF()
        for box in boxes:
            self._bounds = self._bounds.united(box)

    def show_image(self, image: QImage) -> None:
        """Show new values: (nodes in sight high, incoming weights wide)."""
        self._image = image
        self.update()

    def boundingRect(self) -> QRectF:
        return self._bounds.adjusted(-2, -2, 2, 2)

    def draw(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None) -> None:
        if self._image.isNull():
            return
        high = self._image.height() / len(self._boxes)
        for k, box in enumerate(self._boxes):
            painter.drawImage(box, self._image, QRectF(0, k * high, self._image.width(), high))
        painter.setPen(QPen(self._theme.color("strong_line"), 0))
        painter.drawRects(self._boxes)


def heat_box(x: float, y: float, height: float, *, collapsed: bool) -> QRectF:
    """Where a row of a heat strip is, left of a node."""
    reach = layout.STRIP_WIDTH / 2 if collapsed else NODE_REACH
    return QRectF(x - reach - HEAT_GAP / 2 - HEAT_WIDTH, y - height / 2, HEAT_WIDTH, height)


def band_box(x: float, reach: float, top: float, bottom: float) -> QRectF:
    """Where the band around the nodes that compute now is, in the coordinates of the scene."""
    half = max(_BAND_WIDTH / 2, reach + _BAND_PAD)
    return QRectF(x - half, top - _BAND_PAD, 2 * half, bottom - top + 2 * _BAND_PAD)
