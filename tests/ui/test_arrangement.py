"""Where panels stand by default: the network keeps most of the window, also in a large text."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QTabBar
from pytestqt.qtbot import QtBot

from bpviz.ui.main_window import MainWindow
from bpviz.ui.panels.form import hidden_px

LEFT, RIGHT = Qt.DockWidgetArea.LeftDockWidgetArea, Qt.DockWidgetArea.RightDockWidgetArea


def side_of(window: MainWindow, name: str) -> Qt.DockWidgetArea:
    return window.dockWidgetArea(window.arrangement.docks[name])


@pytest.mark.parametrize(("percent", "side"), [(80, RIGHT), (100, RIGHT), (125, RIGHT), (150, LEFT)])
def test_in_a_large_text_panels_have_one_column(
    window: MainWindow, percent: int, side: Qt.DockWidgetArea
) -> None:
    window.resize(1280, 800)
    window.theme.set_text_percent(percent)
    assert (side_of(window, "data"), side_of(window, "inspector")) == (LEFT, side)
    window.theme.set_text_percent(100)
    assert side_of(window, "inspector") == RIGHT


def test_the_network_has_most_of_a_small_window_with_large_texts(window: MainWindow, qtbot: QtBot) -> None:
    window.resize(1280, 800)
    window.theme.set_text_percent(150)
    qtbot.waitUntil(lambda: window.canvas.width() > 0.6 * window.width())
    plots = [window.arrangement.docks[name] for name in ("loss", "gradients", "deltas")]
    qtbot.waitUntil(lambda: all(not dock.visibleRegion().isEmpty() for dock in plots))


@pytest.mark.parametrize("name", ["deltas", "history", "inspector"])
def test_panels_that_somebody_moved_stay_where_they_are(window: MainWindow, qtbot: QtBot, name: str) -> None:
    window.resize(1280, 800)
    dock = window.arrangement.docks[name]
    qtbot.waitUntil(lambda: window.arrangement.settled)
    dock.setVisible(dock.isHidden())
    window.theme.set_text_percent(150)
    assert side_of(window, "inspector") == RIGHT
    window.arrangement.reset()
    assert side_of(window, "inspector") == LEFT
    assert (name == "history") == dock.isHidden()


def test_no_title_of_a_panel_is_cut_in_a_small_window_with_large_texts(
    window: MainWindow, qtbot: QtBot
) -> None:
    window.show()
    window.resize(1280, 800)
    window.theme.set_text_percent(150)

    def bars() -> list[QTabBar]:
        found = window.findChildren(QTabBar, options=Qt.FindChildOption.FindDirectChildrenOnly)
        return [bar for bar in found if bar.isVisible()]

    def cut() -> list[str]:
        return [
            bar.tabText(k)
            for bar in bars()
            for k in range(bar.count())
            if bar.fontMetrics().horizontalAdvance(bar.tabText(k)) > bar.tabRect(k).width()
        ]

    qtbot.waitUntil(lambda: len(bars()) == 5 and not cut())


def test_in_a_window_that_grows_no_panel_has_room_that_another_lacks(
    window: MainWindow, qtbot: QtBot
) -> None:
    window.show()
    window.resize(1280, 800)
    docks = window.arrangement.docks
    qtbot.waitUntil(lambda: window.arrangement.settled and hidden_px(docks["training"]) > 0)
    for _ in range(8):  # by little steps, as an edge is dragged
        window.resize(1280, window.height() + 100)
    qtbot.waitUntil(lambda: hidden_px(docks["data"]) == hidden_px(docks["training"]) == 0)
    data = docks["data"].height()
    window.resize(1280, window.height() + 300)
    qtbot.waitUntil(lambda: docks["training"].height() > 2 * data)
    assert docks["data"].height() == data
