"""Strokes, labels and images draw what they are given, and touch Qt only where something differs."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsPixmapItem, QGraphicsScene
from pytestqt.qtbot import QtBot

from bpviz.training.marks import Scale
from bpviz.ui.plots.frame import Frame
from bpviz.ui.plots.items import ColorImage, Label, Stroke
from bpviz.ui.theme import Theme

_CELL_PX = 10


@pytest.fixture
def frame(theme: Theme, qtbot: QtBot) -> Frame:
    frame = Frame(theme)
    qtbot.addWidget(frame.widget)
    return frame


def moves(path: QPainterPath) -> list[bool]:
    """Which corners of a path begin a line of their own."""
    corners = [path.elementAt(k) for k in range(path.elementCount())]
    return [bool(corner.isMoveTo()) for corner in corners]


def cells(frame: Frame) -> list[list[str]]:
    """Colors of the plane's cells from (0, 0) to (3, 2), the row of the smallest y first."""
    image = QImage(3 * _CELL_PX, 2 * _CELL_PX, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    item = next(item for item in frame.view.childGroup.childItems() if isinstance(item, QGraphicsPixmapItem))
    painter = QPainter(image)
    painter.scale(_CELL_PX, _CELL_PX)
    painter.setTransform(item.transform(), True)
    painter.drawPixmap(0, 0, item.pixmap())
    painter.end()
    middles = [int((k + 0.5) * _CELL_PX) for k in range(3)]
    return [[image.pixelColor(x, y).name() for x in middles] for y in middles[:2]]


def test_a_value_that_is_missing_leaves_a_gap_in_a_curve(frame: Frame) -> None:
    stroke = Stroke(frame.view)
    stroke.draw(np.arange(5.0), np.array([0.0, 1.0, np.nan, 1.0, 0.0]), QPen())
    assert sum(moves(stroke.path)) == 2
    assert stroke.path.boundingRect() == QRectF(0, 0, 4, 1)


def test_pairs_of_points_are_lines_of_their_own(frame: Frame) -> None:
    stroke = Stroke(frame.view)
    stroke.draw_pairs(np.array([0.0, 1.0, 2.0, 3.0]), np.zeros(4), QPen())
    assert moves(stroke.path) == [True, False, True, False]


def test_a_curve_that_is_cleared_draws_nothing(frame: Frame) -> None:
    stroke = Stroke(frame.view)
    stroke.draw(np.arange(3.0), np.arange(3.0), QPen())
    stroke.clear()
    assert stroke.path.isEmpty()


def test_an_image_covers_its_part_of_the_plane_row_0_at_the_smallest_y(frame: Frame, theme: Theme) -> None:
    image = ColorImage(frame.view, theme)
    places = np.array([[-1.0, 0.0, 1.0], [1.0, 0.0, -1.0]])
    image.draw(places, Scale("Output", "diverging", 1.0), QRectF(0, 0, 3, 2))
    table = theme.diverging_table()[[0, 128, 255], :3]
    colors = ["#" + bytes(row.tolist()).hex() for row in table]
    assert cells(frame) == [colors, colors[::-1]]


def test_an_image_takes_its_colors_from_the_theme_in_force(frame: Frame, theme: Theme) -> None:
    image = ColorImage(frame.view, theme)

    def seen() -> str:
        image.draw(np.ones((2, 3)), Scale("Output", "diverging", 1.0), QRectF(0, 0, 3, 2))
        return cells(frame)[0][0]

    light = seen()
    theme.set_mode("dark")
    image.dress()
    assert seen() == theme.diverging(1.0).name() != light


@pytest.mark.parametrize("classes", [3, 4, 10])
def test_every_class_has_its_own_color(frame: Frame, theme: Theme, classes: int) -> None:
    image = ColorImage(frame.view, theme)
    scale = Scale("Class", "classes", float(classes))
    for number in range(classes):
        image.draw(scale.place(np.full((2, 3), float(number))), scale, QRectF(0, 0, 3, 2))
        assert cells(frame)[0][0] == theme.color(f"class:{number}").name()


def test_a_label_says_whether_its_text_is_new(theme: Theme) -> None:
    scene = QGraphicsScene()
    label = Label(theme)
    scene.addItem(label.item)
    assert label.write("0.25", "train")
    assert not label.write("0.25", "test")
    assert label.item.brush().color() == theme.color("test")
    label.hide()
    assert not label.item.isVisible()
    label.write("0.25", "test")
    assert label.item.isVisible()
