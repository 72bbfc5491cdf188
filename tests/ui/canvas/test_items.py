"""Nodes."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QGraphicsScene

from bpviz.model.layout import NODE_RADIUS
from bpviz.ui.canvas.items import NodeItem, NodeLook
from bpviz.ui.canvas.texts import short_number
from bpviz.ui.theme import Theme

_TIMES = 8


def _ink(theme: Theme, *numbers: str) -> np.ndarray:
    """(rows, columns) which pixels of a node, drawn large, its numbers cover."""
    shots = []
    for lines in (numbers, ()):
        scene, item = QGraphicsScene(), NodeItem(theme)
        item.setCacheMode(NodeItem.CacheMode.NoCache)
        item.show_look(NodeLook(numbers=lines))
        scene.addItem(item)
        side = 60 * _TIMES
        image = QImage(side, side, QImage.Format.Format_RGB32)
        image.fill(Qt.GlobalColor.white)
        painter = QPainter(image)
        scene.render(painter, QRectF(0, 0, side, side), QRectF(QPointF(-30, -30), QPointF(30, 30)))
        painter.end()
        words = np.frombuffer(image.constBits(), dtype=np.uint32).reshape(side, side)
        shots.append(words.copy())
    inked: np.ndarray = shots[0] != shots[1]
    return inked


@pytest.mark.parametrize("value", [-2e-14, -4.4e-15, -1e-100, -9e-308, -0.14, -12.3, 9999.0])
@pytest.mark.parametrize("lines", [1, 2])
def test_a_number_is_wholly_inside_its_node(theme: Theme, value: float, lines: int) -> None:
    inked = _ink(theme, *[short_number(value)] * lines)
    y, x = (at / _TIMES - 30 for at in np.nonzero(inked))
    assert np.hypot(x, y).max() < NODE_RADIUS, "it would run into the ring"


def test_small_numbers_of_different_size_look_different(theme: Theme) -> None:
    assert (_ink(theme, short_number(-2e-14)) != _ink(theme, short_number(-2e-1))).any()
    widths = [np.ptp(np.nonzero(_ink(theme, text))[1]) for text in ("−2e−1", "−2e−14")]
    assert widths[0] < 1.3 * widths[1], "all of the longer one is there"
