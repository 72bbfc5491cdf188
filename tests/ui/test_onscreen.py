"""Windows that were left elsewhere come back onto the screen."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QRect
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from bpviz.ui.main_window import MainWindow
from bpviz.ui.onscreen import bring_back, fit_into

SIZES = st.integers(1, 3000)
PLACES = st.builds(QRect, st.integers(-4000, 4000), st.integers(-4000, 4000), SIZES, SIZES)


@given(room=PLACES, place=PLACES)
def test_a_place_ends_within_the_room_and_is_changed_only_where_it_has_to_be(
    room: QRect, place: QRect
) -> None:
    fitted = fit_into(room, place)
    assert room.contains(fitted)
    assert (fitted == place) == room.contains(place)
    assert fitted.width() == min(place.width(), room.width())
    assert fitted.height() == min(place.height(), room.height())


def test_a_window_left_beyond_the_edge_is_moved_and_keeps_its_size(qapp: QApplication, qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.setGeometry(5000, -300, 200, 100)
    assert not bring_back(window)
    assert window.screen().availableGeometry().contains(window.geometry())
    assert (window.width(), window.height()) == (200, 100)


def test_a_window_in_sight_stays_where_it_is(qapp: QApplication, qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.setGeometry(0, 0, 200, 100)
    assert not bring_back(window)
    assert window.geometry() == QRect(0, 0, 200, 100)


def test_a_window_of_a_larger_screen_fills_this_one(window: MainWindow, qtbot: QtBot) -> None:
    room = window.screen().availableGeometry()
    window.preferences.save_layout(window.saveGeometry(), window.saveState())
    window.hide()
    window.setGeometry(0, 0, room.width() * 2, room.height() * 2)
    window.arrangement.show_on_screen()
    assert window.isMaximized()
    assert window.height() <= room.height()


def test_floating_panels_come_along(window: MainWindow) -> None:
    dock = window.arrangement.docks["inspector"]
    dock.setFloating(True)
    dock.setGeometry(9000, 9000, 300, 200)
    window.arrangement.show_on_screen()
    assert window.screen().availableGeometry().contains(dock.geometry())
