"""Panels are led out of their tabs by the tab, as no title bar is there."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QGraphicsView, QMainWindow, QTabBar
from pytestqt.qtbot import QtBot
from shiboken6 import Shiboken

from bpviz.ui.docks import Dock, TabGrip
from bpviz.ui.main_window import MainWindow

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def tabs(window: MainWindow, qtbot: QtBot) -> QTabBar:
    """The bar that loss and accuracy share."""
    bars = window.findChildren(QTabBar, options=Qt.FindChildOption.FindDirectChildrenOnly)
    qtbot.waitUntil(lambda: all(bar.findChild(TabGrip) is not None for bar in bars))
    title = window.arrangement.docks["loss"].windowTitle()
    return next(bar for bar in bars if bar.tabText(0) == title)


def drag(bar: QTabBar, at: QPoint, *stops: QPoint) -> None:
    """Press, move and leave the button pressed."""
    QTest.mousePress(bar, LEFT, Qt.KeyboardModifier.NoModifier, at)
    for stop in stops:
        QTest.mouseMove(bar, stop)


def test_a_tab_pulled_away_takes_its_panel_along(window: MainWindow, tabs: QTabBar, qtbot: QtBot) -> None:
    dock = window.arrangement.docks["accuracy"]
    grip = tabs.tabRect(1).center()
    drag(tabs, grip, grip + QPoint(0, -15), grip + QPoint(0, -90))
    assert dock.isFloating()
    assert dock.titleBarWidget().height() > 0
    QTest.mouseRelease(dock, LEFT, Qt.KeyboardModifier.NoModifier, dock.titleBarWidget().geometry().center())
    assert window.arrangement.docks["loss"].isVisible()


def test_a_tab_is_pulled_by_whatever_python_knows_of_its_bar(window: MainWindow, tabs: QTabBar) -> None:
    # Seen after long use: the bar lived, and what had been kept of it in Python did not.
    name, grip = tabs.accessibleName(), tabs.tabRect(1).center()
    kept = tabs.findChild(TabGrip)
    Shiboken.invalidate(tabs)
    assert not Shiboken.isValid(tabs)
    bars = window.findChildren(QTabBar, options=Qt.FindChildOption.FindDirectChildrenOnly)
    bar = next(bar for bar in bars if bar.accessibleName() == name and bar.findChild(TabGrip) is kept)
    drag(bar, grip, grip + QPoint(0, -15), grip + QPoint(0, -90))
    dock = window.arrangement.docks["accuracy"]
    assert dock.isFloating()
    QTest.mouseRelease(dock, LEFT, Qt.KeyboardModifier.NoModifier, dock.titleBarWidget().geometry().center())


def test_a_tab_pulled_along_its_bar_stays_in_it(window: MainWindow, tabs: QTabBar) -> None:
    grip = tabs.tabRect(1).center()
    drag(tabs, grip, grip + QPoint(-15, 3), grip + QPoint(-40, 8))
    QTest.mouseRelease(tabs, LEFT, Qt.KeyboardModifier.NoModifier, grip)
    assert not any(dock.isFloating() for dock in window.findChildren(Dock))


def test_docks_are_not_dragged_in_groups(window: MainWindow) -> None:
    # Qt crashes when titles of docks are dragged onto each other while that is allowed.
    options = window.dockOptions()
    assert not options & QMainWindow.DockOption.GroupedDragging
    assert options & QMainWindow.DockOption.AllowTabbedDocks


class Edge:
    """The edge between the panels at the left and the network."""

    def __init__(self, window: MainWindow, qtbot: QtBot) -> None:
        self.window, self.qtbot = window, qtbot
        panel = window.arrangement.docks["data"]
        self.at = QPoint(panel.geometry().right() + 2, panel.geometry().center().y())

    @property
    def width(self) -> int:
        """Of the panels beside it."""
        return self.window.arrangement.docks["data"].width()

    def press(self) -> None:
        """Take it."""
        QTest.mousePress(self.window, LEFT, Qt.KeyboardModifier.NoModifier, self.at)

    def pull(self, by: int) -> None:
        """Move the pointer with the button down, and let Qt lay out."""
        to = QPointF(self.at + QPoint(by, 0))
        none, keys = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
        place = QPointF(self.window.mapToGlobal(to))
        QApplication.sendEvent(self.window, QMouseEvent(QEvent.Type.MouseMove, to, place, none, LEFT, keys))
        for _ in range(3):  # Qt moves edges by a timer
            QApplication.processEvents()


@pytest.fixture
def edge(window: MainWindow, qtbot: QtBot) -> Edge:
    """The edge, when everything is laid out."""
    qtbot.waitUntil(lambda: window.arrangement.settled)
    return Edge(window, qtbot)


def test_an_edge_follows_the_pointer(edge: Edge, qtbot: QtBot) -> None:
    before = edge.width
    edge.press()
    edge.pull(40)
    qtbot.waitUntil(lambda: edge.width > before + 30)
    QTest.mouseRelease(edge.window, LEFT, Qt.KeyboardModifier.NoModifier, edge.at)


@pytest.mark.parametrize("by", ["a dialog", "another window", "a panel that moves", "a panel that hides"])
def test_an_edge_is_let_go_by(by: str, edge: Edge, qtbot: QtBot) -> None:
    # Qt would go on in the layout of the press, and end the process where panels are gone from it.
    docks = edge.window.arrangement.docks
    edge.press()
    match by:
        case "a dialog":  # which a key opens, and which is told of the release
            QApplication.sendEvent(edge.window, QEvent(QEvent.Type.WindowBlocked))
        case "another window":
            QApplication.sendEvent(edge.window, QEvent(QEvent.Type.WindowDeactivate))
        case "a panel that moves":
            docks["deltas"].setFloating(True)
        case _:
            docks["loss"].hide()
    QApplication.processEvents()
    before = edge.width
    edge.pull(60)
    assert edge.width == before


def test_only_the_network_takes_what_is_dragged_over_a_picture(window: MainWindow, qtbot: QtBot) -> None:
    # A view that takes drops and refuses one is told that it left, and warns that it never came.
    def views() -> list[QGraphicsView]:
        return window.findChildren(QGraphicsView)

    qtbot.waitUntil(lambda: len(views()) > 1)
    assert [view for view in views() if view.viewport().acceptDrops()] == [window.canvas.pane]


@pytest.mark.parametrize("name", ["data", "deltas"])
def test_a_double_click_on_a_title_floats_a_panel_where_it_is_seen_to_float(
    window: MainWindow, name: str
) -> None:
    dock = window.arrangement.docks[name]
    place, title = dock.mapToGlobal(QPoint()), dock.titleBarWidget()
    for floats in (True, False, True):
        QTest.mouseDClick(title, LEFT, pos=title.rect().center())
        assert dock.isFloating() == floats
        aside = dock.mapToGlobal(QPoint()) - place
        assert (min(aside.x(), aside.y()) > 20) == floats, "it would lie over what took its place"


def test_a_double_click_below_the_title_floats_nothing(window: MainWindow) -> None:
    dock = window.arrangement.docks["inspector"]
    QTest.mouseDClick(dock, LEFT, pos=QPoint(dock.width() // 2, dock.height() - 4))
    assert not dock.isFloating()
