"""What a gradient check says of each link, written on it in the picture of the network."""

from __future__ import annotations

from typing import Final

import numpy as np
from PySide6.QtCore import QObject, QRectF, Qt, Slot
from PySide6.QtGui import QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsItem, QGraphicsPathItem, QGraphicsSimpleTextItem

from bpviz.arrays import Array
from bpviz.engine.gradcheck import Verdict
from bpviz.training.check_words import error_text, verdict_text
from bpviz.ui.canvas.scene import NetworkScene
from bpviz.ui.proof.checked import Checked
from bpviz.ui.theme import Theme

_COLORS: Final[dict[Verdict, str]] = {
    "good": "good",
    "bad": "bad",
    "too_small": "secondary",
    "kinks": "warning",
    "not_finite": "bad",
}
_PAD_PX: Final = (7.0, 3.0)
_CORNER_PX: Final = 6.0
_ABOVE: Final = 60.0  # all that belongs to the network


class CheckTags(QObject):
    """Writes one tag a link, in the middle of its connections, as large at every zoom."""

    def __init__(self, theme: Theme, scene: NetworkScene) -> None:
        super().__init__(scene)
        self._theme, self._scene = theme, scene
        self._checked: Checked | None = None
        self._tags: list[QGraphicsPathItem] = []
        theme.changed.connect(self._dress)

    @property
    def texts(self) -> list[str]:
        """What stands on the links."""
        return [text.text() for tag in self._tags for text in _texts_of(tag)]

    def show_check(self, checked: Checked | None) -> None:
        """Write what a check found, or take all tags away."""
        self._checked = checked
        for tag in self._tags:
            self._scene.removeItem(tag)
        self._tags.clear()
        if checked is None:
            return
        placement = self._scene.placement
        found = checked.links()
        for at, link in enumerate(placement.topology.network.links):
            judged = found.get((link.source, link.target))
            pairs = np.flatnonzero(placement.topology.link == at)
            if judged is None or not pairs.size:
                continue
            plain = judged.verdict in ("good", "bad") and not judged.kinks
            text = error_text(judged) if plain else verdict_text(judged)
            x, y = _middle(placement.polylines(pairs))
            tag = self._tag(text, _COLORS[judged.verdict])
            tag.setPos(x, y)
            tag.setToolTip(f"Relative error {error_text(judged)}: {verdict_text(judged)}")
            self._scene.addItem(tag)
            self._tags.append(tag)

    def _tag(self, text: str, color: str) -> QGraphicsPathItem:
        tag = QGraphicsPathItem()
        words = QGraphicsSimpleTextItem(text, tag)
        words.setFont(self._theme.font("caption"))
        words.setBrush(self._theme.color(f"ink:{color}"))
        box = words.boundingRect()
        words.setPos(-box.width() / 2, -box.height() / 2)
        wide, high = box.width() / 2 + _PAD_PX[0], box.height() / 2 + _PAD_PX[1]
        path = QPainterPath()
        path.addRoundedRect(QRectF(-wide, -high, 2 * wide, 2 * high), _CORNER_PX, _CORNER_PX)
        tag.setPath(path)
        tag.setBrush(self._theme.color("raised"))
        tag.setPen(QPen(self._theme.color(color), 1.0))
        tag.setFlag(QGraphicsItem.GraphicsItemFlag.ItemIgnoresTransformations)
        tag.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        tag.setZValue(_ABOVE)
        return tag

    @Slot()
    def _dress(self) -> None:
        self.show_check(self._checked)


def _middle(lines: Array) -> tuple[float, float]:
    """Where a bundle of lines, (pairs, points, 2), is halfway: on their arc, if they are bent."""
    points = lines.shape[1]
    halfway = lines[:, points // 2] if points % 2 else lines.mean(axis=1)
    x, y = halfway.mean(axis=0).tolist()
    return x, y


def _texts_of(tag: QGraphicsPathItem) -> list[QGraphicsSimpleTextItem]:
    return [child for child in tag.childItems() if isinstance(child, QGraphicsSimpleTextItem)]
