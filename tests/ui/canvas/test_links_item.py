"""Lines that are kept in a picture of their own are those that drawing them at once would give."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QObject, QPointF
from PySide6.QtGui import QImage, QPainter, QPainterPath, QPaintEvent, QRegion
from PySide6.QtWidgets import QApplication, QGraphicsScene, QGraphicsView
from pytestqt.qtbot import QtBot

from bpviz.arrays import Array
from bpviz.model.builder import layered_network
from bpviz.model.layout import full_strength
from bpviz.ui.canvas.links_item import _PARTS, LINES_A_TURN, LinksItem, _Sheet
from bpviz.ui.canvas.placement import DRAWN_PAIRS, Placement
from bpviz.ui.canvas.topology import Topology
from bpviz.ui.theme import Theme

NAMES = tuple(f"c{k}" for k in range(40))


class Watched(LinksItem):
    """Counts how often all lines were drawn at once, and notes how many in each turn otherwise."""

    drawings = 0
    turns: tuple[int, ...] = ()

    def _draw_all(self, painter: object) -> None:
        self.drawings += 1
        super()._draw_all(painter)  # type: ignore[arg-type]

    def _draw_some(self, sheet: _Sheet, count: int) -> None:
        before = sum(part.count for part in sheet.left)
        super()._draw_some(sheet, count)
        self.turns += (before - sum(part.count for part in sheet.left),)


def shown(theme: Theme, qtbot: QtBot, hidden: int) -> tuple[Watched, QGraphicsView, Placement]:
    placement = Placement.of(Topology.of(layered_network(NAMES, (hidden,), 1)), {})
    view = QGraphicsView()
    qtbot.addWidget(view)
    scene = QGraphicsScene(view)
    view.setScene(scene)
    item = Watched(theme, scene)
    item.place(placement)
    item.set_resting(resting=False)
    view.resize(400, 300)
    view.fitInView(item.boundingRect())
    with qtbot.waitExposed(view):
        view.show()
    return item, view, placement


def pixels(view: QGraphicsView) -> NDArray[np.uint8]:
    """(rows, columns, 4) what it shows."""
    image = view.viewport().grab().toImage()
    return np.array(image.constBits()).reshape(image.height(), image.width(), 4)


def values(placement: Placement, seed: int) -> Array:
    found: Array = np.random.default_rng(seed).normal(size=placement.seen.size)
    return found


def show(item: Watched, placement: Placement, seed: int) -> None:
    numbers = values(placement, seed)
    item.show_values(numbers, np.zeros(numbers.size, dtype=np.bool_), full_strength(numbers))


def test_new_values_of_very_many_are_drawn_in_a_turn_of_their_own_and_look_the_same(
    theme: Theme, qtbot: QtBot
) -> None:
    item, view, placement = shown(theme, qtbot, 40)  # 1,640 connections
    show(item, placement, 0)
    view.viewport().repaint()
    show(item, placement, 1)
    qtbot.waitUntil(lambda: item._kept is not None)
    before = item.drawings, item.turns
    for _ in range(5):
        view.viewport().repaint()
    assert (item.drawings, item.turns) == before, "painting draws no line again"
    kept = pixels(view)
    item._kept = None
    at_once = pixels(view)
    # A level of one of 255: colors are rounded once more on their way over the picture that is kept.
    np.testing.assert_allclose(at_once.astype(int), kept.astype(int), rtol=0, atol=1)
    assert (at_once != at_once[0, 0]).any(), "there is something to see"


def test_a_turn_draws_a_few_lines_and_what_came_meanwhile_is_drawn_next(theme: Theme, qtbot: QtBot) -> None:
    item, view, placement = shown(theme, qtbot, 40)
    for seed in range(2):
        show(item, placement, seed)
        view.viewport().repaint()
    item._renew()
    assert item.turns == (LINES_A_TURN,)
    show(item, placement, 2)
    qtbot.waitUntil(lambda: sum(item.turns) == 2 * DRAWN_PAIRS)
    assert max(item.turns) == LINES_A_TURN
    assert len(item.turns) == 2 * DRAWN_PAIRS // LINES_A_TURN
    qtbot.waitUntil(lambda: item._coming is None)
    kept = pixels(view)
    item._kept = None
    np.testing.assert_allclose(pixels(view).astype(int), kept.astype(int), rtol=0, atol=1)


def test_lines_are_drawn_at_once_while_the_view_moves(theme: Theme, qtbot: QtBot) -> None:
    item, view, placement = shown(theme, qtbot, 40)
    for seed in range(2):
        show(item, placement, seed)
        view.viewport().repaint()
    qtbot.waitUntil(lambda: item._kept is not None)
    before = item.drawings
    view.scale(1.1, 1.1)
    view.viewport().repaint()
    assert item.drawings == before + 1
    assert item._kept is None


@pytest.mark.parametrize("hidden", [5, 20])
def test_fewer_lines_are_always_drawn_at_once(theme: Theme, qtbot: QtBot, hidden: int) -> None:
    item, view, placement = shown(theme, qtbot, hidden)
    for seed in range(3):
        show(item, placement, seed)
        view.viewport().repaint()
    assert item._kept is None
    assert item.drawings >= 3


@pytest.mark.parametrize("hidden", [2, 20])
def test_each_line_runs_between_its_nodes_with_the_pen_of_its_value(
    theme: Theme, qtbot: QtBot, hidden: int
) -> None:
    item, _, placement = shown(theme, qtbot, hidden)
    show(item, placement, 0)
    expected = _painted(item, partial(_one_by_one, item, placement))
    assert _painted(item, item._draw_all) == expected
    assert expected != _painted(item, lambda _painter: None), "there is something to see"


def _painted(item: Watched, draw: Callable[[QPainter], None]) -> QImage:
    bounds = item.boundingRect().toAlignedRect()
    image = QImage(bounds.size(), QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)
    painter = QPainter(image)
    painter.translate(-bounds.topLeft())
    draw(painter)
    painter.end()
    return image


def _one_by_one(item: Watched, placement: Placement, painter: QPainter) -> None:
    """Draw each connection on its own."""
    for part in item._groups:
        painter.setPen(item._pen(part.stroke))
        for pair in part.pairs:
            one = np.array([pair])
            bent = bool(placement.curved(one)[0])
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, bent)
            if bent:
                begin, first, second, end = (QPointF(*at) for at in placement.controls(one)[0].tolist())
                path = QPainterPath(begin)
                path.cubicTo(first, second, end)
                painter.drawPath(path)
            else:
                begin, end = (QPointF(*at[0].tolist()) for at in placement.ends(one))
                painter.drawLine(begin, end)


class Painted(QObject):
    """Notes which parts of a view were painted."""

    def __init__(self, view: QGraphicsView) -> None:
        super().__init__(view)
        self.regions: list[QRegion] = []
        view.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QPaintEvent):
            self.regions.append(QRegion(event.region()))
        return False


def test_lines_that_were_drawn_anew_come_onto_the_screen_in_parts_that_are_all_of_them(
    theme: Theme, qtbot: QtBot
) -> None:
    item, view, placement = shown(theme, qtbot, 40)
    for seed in range(2):
        show(item, placement, seed)
        view.viewport().repaint()
    qtbot.waitUntil(lambda: not item._turns.waits(item) and not item._renewal.isActive())
    QApplication.processEvents()
    painted = Painted(view)
    show(item, placement, 2)
    qtbot.waitUntil(lambda: len(painted.regions) == _PARTS)
    whole = view.mapFromScene(item.boundingRect()).boundingRect() & view.viewport().rect()
    together = QRegion()
    for part in painted.regions:
        assert part.boundingRect().width() < whole.width() / 2
        together += part
    assert (QRegion(whole) - together).isEmpty()


def test_what_comes_while_parts_come_onto_the_screen_is_drawn_next(theme: Theme, qtbot: QtBot) -> None:
    item, view, placement = shown(theme, qtbot, 40)
    for seed in range(2):
        show(item, placement, seed)
        view.viewport().repaint()
    renewing = item._renewing()
    while item._kept is None or item._coming is not None:
        next(renewing)
    show(item, placement, 2)
    list(renewing)
    qtbot.waitUntil(lambda: item._kept_of is item._groups)
    kept = pixels(view)
    item._kept = None
    np.testing.assert_allclose(pixels(view).astype(int), kept.astype(int), rtol=0, atol=1)
