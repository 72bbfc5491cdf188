"""F6 leads from region to region, and back."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from bpviz.ui.main_window import MainWindow

SHIFT = Qt.KeyboardModifier.ShiftModifier


def _region(window: MainWindow) -> str:
    focus = QApplication.focusWidget()
    assert isinstance(focus, QWidget)
    if window.canvas.isAncestorOf(focus):
        return "network"
    docks = window.arrangement.docks.items()
    return next((name for name, dock in docks if dock.isAncestorOf(focus)), "")


def test_every_region_in_sight_is_reached_once_and_the_way_back_is_the_same(
    window: MainWindow, qtbot: QtBot
) -> None:
    window.canvas.pane.setFocus()
    qtbot.waitUntil(window.canvas.pane.hasFocus)
    way = [_region(window)]
    for _ in range(12):
        QTest.keyClick(window, Qt.Key.Key_F6)
        if _region(window) == way[0]:
            break
        way.append(_region(window))
    docks = window.arrangement.docks.items()
    seen = {name for name, dock in docks if not dock.visibleRegion().isEmpty()}
    assert len(way) == len(set(way))
    assert {"data", "training", "loss", "gradients", "deltas", "map"} <= set(way)
    assert set(way) <= {"network", *seen}
    back = []
    for _ in way:
        QTest.keyClick(window, Qt.Key.Key_F6, SHIFT)
        back.append(_region(window))
    assert back == [*reversed(way[1:]), way[0]]
