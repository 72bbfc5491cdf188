"""Bands along connections: one outline of a few, one band each of very many, painted when they change."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QApplication, QGraphicsScene, QGraphicsView
from pytestqt.qtbot import QtBot

from bpviz.arrays import Array
from bpviz.ui.canvas.strands_item import FEW, StrandsItem

CLEAR = 0
WIDTH = 10.0


class Counted(StrandsItem):
    """Counts how often it is drawn."""

    drawings = 0

    def draw(self, *args: object) -> None:
        self.drawings += 1
        super().draw(*args)  # type: ignore[arg-type]


def level_lines(count: int, apart: float = 20.0) -> Array:
    """Lines from left to right, one below the other, (lines, 2, 2)."""
    y = 15 + apart * np.arange(count)
    return np.stack([np.stack([np.full(count, end), y], axis=1) for end in (20.0, 180.0)], axis=1)


def painted(item: StrandsItem, height: int = 200) -> QImage:
    scene = QGraphicsScene()
    scene.addItem(item)
    image = QImage(200, height, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(CLEAR)
    painter = QPainter(image)
    scene.render(painter, QRectF(0, 0, 200, height), QRectF(0, 0, 200, height))
    painter.end()
    scene.removeItem(item)
    return image


def test_where_a_few_cross_they_are_no_darker(qapp: QApplication) -> None:
    item = StrandsItem()
    item.dress(QPen(QColor(0, 0, 255, 100), WIDTH))
    item.show_lines(np.array([[[20.0, 50.0], [180.0, 50.0]], [[100.0, 10.0], [100.0, 90.0]]]))
    image = painted(item)
    assert image.pixelColor(100, 50) == image.pixelColor(50, 50) == image.pixelColor(100, 20)
    assert image.pixelColor(50, 50).alpha() == 100


@pytest.mark.parametrize(("count", "wide"), [(FEW, True), (FEW + 1, False)])
def test_very_many_have_a_narrow_band_each(count: int, wide: bool, qapp: QApplication) -> None:
    item = StrandsItem()
    item.dress(QPen(QColor(0, 0, 255, 100), WIDTH))
    item.show_lines(level_lines(count))
    image = painted(item, 20 * count + 20)
    for k in range(count):
        assert image.pixelColor(100, 15 + 20 * k).alpha() == 100, k
        assert bool(image.pixelColor(100, 15 + 20 * k - 4).alpha()) == wide, k
        assert image.pixelColor(100, 15 + 20 * k - 8).alpha() == 0, k


def test_they_are_painted_anew_only_when_they_change(qtbot: QtBot) -> None:
    item, scene = Counted(), QGraphicsScene(QRectF(0, 0, 200, 200))
    item.dress(QPen(QColor("blue"), WIDTH))
    item.show_lines(level_lines(5))
    scene.addItem(item)
    view = QGraphicsView(scene)
    qtbot.addWidget(view)
    view.show()
    qtbot.waitUntil(lambda: item.drawings > 0)
    before = item.drawings
    item.show_lines(level_lines(5))
    item.dress(QPen(QColor("blue"), WIDTH))
    view.viewport().repaint()
    assert item.drawings == before
    item.show_lines(level_lines(6))
    qtbot.waitUntil(lambda: item.drawings == before + 1)
    assert item.boundingRect().contains(180.0, 115.0)


def test_none_hides_it(qapp: QApplication) -> None:
    item = StrandsItem()
    item.show_lines(level_lines(2))
    assert item.isVisible()
    item.show_lines(np.zeros((0, 2, 2)))
    assert not item.isVisible()


def test_curves_of_a_path_are_lines_like_others(qapp: QApplication) -> None:
    item, path = StrandsItem(), QPainterPath()
    item.dress(QPen(QColor(0, 0, 255, 100), 2.0))
    for k in range(FEW + 1):
        path.moveTo(20, 15 + 20 * k)
        path.cubicTo(80, 15 + 20 * k, 120, 25 + 20 * k, 180, 25 + 20 * k)
    item.show_path(path)
    image = painted(item, 20 * FEW + 60)
    for k in range(FEW + 1):
        assert image.pixelColor(100, 20 + 20 * k).alpha() == 100, k
        assert image.pixelColor(100, 12 + 20 * k).alpha() == 0, k
