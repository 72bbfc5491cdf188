"""Panels are led out of their tabs by the tab, as no title bar is there."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QGraphicsView, QMainWindow, QTabBar
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


def test_only_the_network_takes_what_is_dragged_over_a_picture(window: MainWindow, qtbot: QtBot) -> None:
    # A view that takes drops and refuses one is told that it left, and warns that it never came.
    def views() -> list[QGraphicsView]:
        return window.findChildren(QGraphicsView)

    qtbot.waitUntil(lambda: len(views()) > 1)
    assert [view for view in views() if view.viewport().acceptDrops()] == [window.canvas.pane]
