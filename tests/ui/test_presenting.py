"""The whole screen for the network, and everything back as it was."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from bpviz.ui.main_window import MainWindow


def _visible(window: MainWindow) -> set[str]:
    return {name for name, dock in window.arrangement.docks.items() if not dock.isHidden()}


def test_panels_go_and_come_back_as_they_were(window: MainWindow, qtbot: QtBot) -> None:
    window.arrangement.docks["deltas"].hide()
    window.arrangement.docks["training"].setFloating(True)
    before, state = _visible(window), window.windowState()
    present = window.actions_by_name["present"]
    present.trigger()
    assert window.isFullScreen()
    assert not _visible(window)
    assert present.text() == "End the &presentation"
    present.trigger()
    assert window.windowState() == state
    qtbot.waitUntil(lambda: _visible(window) == before)
    assert window.arrangement.docks["training"].isFloating()
    assert window.arrangement.docks["outline"].isHidden()


def test_texts_are_large_meanwhile_unless_another_size_is_chosen(window: MainWindow) -> None:
    presenting, theme = window.presenting, window.theme
    presenting.toggle()
    assert (theme.text_percent, window.preferences.text_percent) == (150, 100)
    presenting.toggle()
    assert theme.text_percent == 100
    theme.set_text_percent(200)
    presenting.toggle()
    assert theme.text_percent == 200
    theme.set_text_percent(125)
    presenting.toggle()
    assert theme.text_percent == 125


def test_a_ring_follows_the_pointer_and_shows_clicks(window: MainWindow, qtbot: QtBot) -> None:
    presenting, ring = window.presenting, window.presenting.ring
    handle = window.windowHandle()
    QTest.mouseMove(handle, QPoint(200, 200))
    assert ring.isHidden(), "only while somebody presents"
    presenting.toggle()
    place = window.canvas.mapTo(window, window.canvas.rect().center())
    QTest.mouseMove(handle, place)
    qtbot.waitUntil(ring.isVisible)
    assert (ring.geometry().center() - place).manhattanLength() <= 2
    QTest.mousePress(handle, Qt.MouseButton.LeftButton, pos=place)
    assert ring.pressed
    QTest.mouseRelease(handle, Qt.MouseButton.LeftButton, pos=place)
    qtbot.waitUntil(lambda: not ring.pressed)
    presenting.toggle()
    assert ring.isHidden()


def test_a_window_that_closes_amid_it_keeps_its_layout(window: MainWindow) -> None:
    window.presenting.toggle()
    window.close()
    layout = window.preferences.layout
    assert layout is not None
    assert not window.presenting.active
    assert "inspector" in _visible(window)
