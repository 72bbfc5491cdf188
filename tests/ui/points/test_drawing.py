"""Examples drawn by hand on the map: by real events, live, undoable, and the run never starts again."""

from __future__ import annotations

from dataclasses import replace
from math import cos, sin

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from bpviz.data.datasets import facts
from bpviz.data.settings import DataSettings, Table
from bpviz.model.fitting import suited
from bpviz.model.spec import Project
from bpviz.model.templates import fitted_project
from bpviz.training.marks import Points
from bpviz.ui.main_window import MainWindow
from bpviz.ui.plots.plane_layers import PointsLayer

LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton


class Pointer:
    """A hand over the map of a window."""

    def __init__(self, window: MainWindow, qtbot: QtBot) -> None:
        self.window, self.qtbot = window, qtbot
        self.panel = window.board.panels["map"]
        qtbot.waitUntil(lambda: self.panel.view is not None and self.panel.heading.draw.isVisible())
        self.panel.heading.draw.click()
        assert window.points.active

    @property
    def surface(self) -> QWidget:
        assert self.panel.view is not None
        surface: QWidget = self.panel.view.frame.widget.viewport()
        return surface

    @property
    def rows(self) -> int:
        return facts(self.window.document.project.data).rows

    def pixel(self, x: float, y: float) -> QPoint:
        """Where a point of the plane is on the surface."""
        assert self.panel.view is not None
        frame = self.panel.view.frame
        place = frame.view.mapViewToScene(frame.view.viewRect().topLeft().__class__(x, y))
        found: QPoint = frame.widget.mapFromScene(place)
        return found

    def empty(self) -> QPoint:
        """A place with no example near: the ring between disk and ring of the circle."""
        return self.pixel(0.0, 3.0)

    def shown(self, count: int) -> None:
        """Wait until the map shows so many examples."""
        view = self.panel.view
        assert view is not None

        def drawn() -> bool:
            layer = view.layers[PointsLayer]
            assert isinstance(layer, PointsLayer)
            return layer._mark is not None and len(layer._mark.points.x) == count

        self.qtbot.waitUntil(drawn)


@pytest.fixture
def pointer(window: MainWindow, small: Project, qtbot: QtBot) -> Pointer:
    circle = replace(small, data=replace(small.data, source="circle"), title="circle")
    show(window, circle)
    qtbot.waitUntil(lambda: learns(window, ("ring", "disk")))
    window.controller.make_step()
    qtbot.waitUntil(lambda: steps(window) == 1)
    return Pointer(window, qtbot)


def show(window: MainWindow, project: Project) -> None:
    """Open a project, as from a file."""
    window.document.replace_all(project, 1000)
    window.controller.load(project)


def learns(window: MainWindow, classes: tuple[str, ...] | None) -> bool:
    """Whether the map shows such examples."""
    figure = window.board.panels["map"].figure
    return figure is not None and any(mark.points.classes == classes for mark in figure.all(Points))


def steps(window: MainWindow) -> int:
    return window.controller.latest.step if window.controller.latest else 0


def test_a_click_adds_an_example_of_the_chosen_class_and_undo_takes_it_back(
    pointer: Pointer, qtbot: QtBot
) -> None:
    window, before = pointer.window, pointer.window.document.project
    window.points.palette.choose(1)
    QTest.mouseClick(pointer.surface, LEFT, pos=pointer.empty())
    data = window.document.project.data
    assert (data.source, pointer.rows) == ("table", 41)
    assert data.table is not None
    x, y, kind = data.table.rows[-1]
    assert abs(float(x)) < 0.3
    assert abs(float(y) - 3.0) < 0.3
    assert kind == "disk"
    pointer.shown(41)
    assert steps(window) == 1, "the run goes on from where it stands"
    assert window.document.undo_stack.undoText() == "add points"
    window.document.undo_stack.undo()
    assert window.document.project == before
    pointer.shown(40)
    assert steps(window) == 1


def test_it_works_while_the_run_trains(pointer: Pointer, qtbot: QtBot) -> None:
    window = pointer.window
    window.controller.play()
    qtbot.waitUntil(lambda: steps(window) > 5)
    for k in range(5):
        at = steps(window)
        QTest.mouseClick(pointer.surface, LEFT, pos=pointer.pixel(3 * cos(k), 3 * sin(k)))
        pointer.shown(41 + k)
        qtbot.waitUntil(lambda at=at: steps(window) > at)  # type: ignore[misc]
        assert window.controller.playing
    window.controller.pause()
    assert steps(window) > 5


def test_a_held_button_sprays_and_all_of_it_is_one_entry(pointer: Pointer, qtbot: QtBot) -> None:
    window = pointer.window
    QTest.mousePress(pointer.surface, LEFT, pos=pointer.empty())
    qtbot.waitUntil(lambda: pointer.rows >= 44)
    QTest.mouseRelease(pointer.surface, LEFT, pos=pointer.empty())
    count = pointer.rows
    qtbot.wait(1)
    assert pointer.rows == count, "a released button adds nothing"
    assert window.document.undo_stack.count() == 1
    window.document.undo_stack.undo()
    assert pointer.rows == 40


def test_an_example_is_dragged_elsewhere_as_one_entry(pointer: Pointer, qtbot: QtBot) -> None:
    window = pointer.window
    QTest.mouseClick(pointer.surface, LEFT, pos=pointer.empty())
    pointer.shown(41)
    QTest.mousePress(pointer.surface, LEFT, pos=pointer.empty())
    for y in (2.8, 2.4, 2.0):
        QTest.mouseMove(pointer.surface, pointer.pixel(0.5, y))
    QTest.mouseRelease(pointer.surface, LEFT, pos=pointer.pixel(0.5, 2.0))
    table = window.document.project.data.table
    assert table is not None
    assert pointer.rows == 41
    assert [round(float(cell), 0) for cell in table.rows[-1][:2]] in ([0.0, 2.0], [1.0, 2.0])
    assert [window.document.undo_stack.text(k) for k in range(2)] == ["add points", "move a point"]
    assert window.document.undo_stack.count() == 2


def test_in_a_crowd_a_click_adds_and_a_held_button_sprays_all_the_same(
    pointer: Pointer, qtbot: QtBot
) -> None:
    for rows in (41, 42, 43):  # the first comes on free ground, the others on the first
        QTest.mouseClick(pointer.surface, LEFT, pos=pointer.empty())
        pointer.shown(rows)
    QTest.mousePress(pointer.surface, LEFT, pos=pointer.empty())
    assert pointer.rows == 43, "it may still be dragged"
    qtbot.waitUntil(lambda: pointer.rows >= 46)
    QTest.mouseRelease(pointer.surface, LEFT, pos=pointer.empty())
    assert (
        pointer.window.document.undo_stack.text(pointer.window.document.undo_stack.index() - 1)
        == "add points"
    )


def test_a_drag_into_a_crowd_moves_and_adds_nothing(pointer: Pointer) -> None:
    QTest.mouseClick(pointer.surface, LEFT, pos=pointer.empty())
    pointer.shown(41)
    QTest.mousePress(pointer.surface, LEFT, pos=pointer.empty())
    QTest.mouseMove(pointer.surface, pointer.pixel(0.5, 2.0))
    QTest.mouseMove(pointer.surface, pointer.empty())
    QTest.mouseRelease(pointer.surface, LEFT, pos=pointer.empty())
    assert pointer.rows == 41


def test_the_second_button_removes_an_example_and_only_that(pointer: Pointer, qtbot: QtBot) -> None:
    QTest.mouseClick(pointer.surface, LEFT, pos=pointer.empty())
    pointer.shown(41)
    QTest.mouseClick(pointer.surface, RIGHT, pos=pointer.empty())
    assert pointer.rows == 40
    pointer.shown(40)
    QTest.mouseClick(pointer.surface, RIGHT, pos=pointer.empty())
    assert pointer.rows == 40


def test_escape_and_another_project_end_the_drawing(pointer: Pointer, small: Project) -> None:
    window = pointer.window
    event = QEvent.Type.Leave
    QTest.mousePress(pointer.surface, LEFT, pos=pointer.empty())
    pointer.surface.event(QEvent(event))  # the pointer left, and the button is released elsewhere
    show(window, small)
    assert not window.points.active
    assert not window.points.palette.isVisible()


def test_outside_of_drawing_a_click_chooses_an_example(pointer: Pointer) -> None:
    pointer.panel.heading.draw.click()
    chosen: list[int] = []
    pointer.panel.example_chosen.connect(chosen.append)
    points = pointer.window.controller.latest
    assert points is not None
    assert points.plane is not None
    assert points.plane.points is not None
    at = pointer.pixel(points.plane.points.x[0], points.plane.points.y[0])
    QTest.mouseClick(pointer.surface, LEFT, pos=at)
    pointer.qtbot.waitUntil(lambda: bool(chosen))
    assert pointer.rows == 40


def test_numbers_are_drawn_with_the_value_that_stands_there(window: MainWindow, qtbot: QtBot) -> None:
    rows = tuple((str(k % 5), str(k // 5), str(k / 10)) for k in range(20))
    table = Table("own", ("a", "b", "c"), rows)
    data = suited(DataSettings(source="table", table=table, targets=("c",), target_kind="number"))
    show(window, fitted_project(data))
    qtbot.waitUntil(lambda: learns(window, None))
    pointer = Pointer(window, qtbot)
    assert window.points.palette.number.isVisible()
    window.points.palette.number.show_value(0.75)
    QTest.mouseClick(pointer.surface, LEFT, pos=pointer.pixel(2.5, 1.5))
    own = window.document.project.data.table
    assert own is not None
    assert own.rows[-1][2] == "0.75"


def test_what_can_not_be_drawn_is_said_beside_the_map(window: MainWindow, qtbot: QtBot) -> None:
    rows = (("0", "0", "0"), ("1", "1", "1"))
    table = Table("own", ("a", "b", "c"), rows)
    data = suited(DataSettings(source="table", table=table, targets=("c",), target_kind="number"))
    show(window, fitted_project(data))
    qtbot.waitUntil(lambda: learns(window, None))
    pointer = Pointer(window, qtbot)
    for x in (0.0, 1.0):
        QTest.mouseClick(pointer.surface, RIGHT, pos=pointer.pixel(x, x))
    assert pointer.rows == 1
    assert "last example" in window.points.palette.problem.text()
