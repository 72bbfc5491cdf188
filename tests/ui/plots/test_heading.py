"""The line above a plot: names as plain text in the room there is, and buttons that never move anything."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from bpviz.ui.plots.heading import PlotHeading
from bpviz.ui.plots.legend import LegendEntry
from bpviz.ui.theme import Theme

MARKUP = "<b>bold</b> & <img src='x'>"


@pytest.fixture
def heading(theme: Theme, qtbot: QtBot) -> PlotHeading:
    heading = PlotHeading("Decision map", theme)
    qtbot.addWidget(heading)
    heading.resize(400, 32)
    heading.show()
    qtbot.waitUntil(heading.isActiveWindow)
    for button in (heading.toggle, heading.freeze, heading.fit, heading.export):
        button.clearFocus()  # a window gives the keys to its first widget
    return heading


def entries(*names: str) -> tuple[LegendEntry, ...]:
    return tuple((name, f"class:{at}", False) for at, name in enumerate(names))


def test_names_with_room_are_whole(heading: PlotHeading) -> None:
    heading.show_legend(entries("no", "yes"), dots=True)
    assert heading.legend.names == ("no", "yes")


@pytest.mark.parametrize("width", [120, 180, 245, 400, 900])
def test_names_that_do_not_fit_are_cut_the_long_ones_first_then_left_out(
    heading: PlotHeading, theme: Theme, width: int
) -> None:
    heading.show_title(shown=False)
    heading.resize(width, 26)
    heading.show_legend(entries("no", *(f"a class with a long name {k}" for k in range(5))), dots=True)
    names = heading.legend.names
    assert names[0] in ("no", "…")
    metrics: QFontMetrics = theme.metrics("caption")
    assert sum(map(metrics.horizontalAdvance, names)) <= heading.legend.width()
    assert len(names) == 6 or names[-1] == "…"


def test_a_name_is_never_markup(heading: PlotHeading) -> None:
    heading.resize(900, 32)
    heading.show_legend(entries(MARKUP, "line\nbreak"))
    assert heading.legend.names == (MARKUP, "line\\nbreak")
    assert "<b>" not in heading.legend.toolTip()
    assert "&lt;b&gt;" in heading.legend.toolTip()
    heading.set_title(MARKUP)
    assert all(label.textFormat() == Qt.TextFormat.PlainText for label in heading.findChildren(QLabel))


def test_a_name_of_thousands_of_letters_is_cut(heading: PlotHeading) -> None:
    heading.show_legend(entries("x" * 2_000, "no"))
    heading.grab()
    assert heading.legend.names[0].endswith("…")
    assert len(heading.legend.toolTip()) < 700


def test_the_way_back_from_a_zoom_and_from_a_freeze_stay_in_sight(heading: PlotHeading) -> None:
    heading.show_buttons(shown=False)
    heading.show_zoomed(zoomed=True)
    heading.freeze.setChecked(True)
    assert [button.seen for button in (heading.toggle, heading.freeze, heading.fit, heading.export)] == [
        *(False, True, True, False)
    ]


def test_what_is_not_seen_is_not_painted_and_takes_the_same_place(heading: PlotHeading) -> None:
    heading.show_buttons(shown=False)
    places = [button.geometry() for button in (heading.toggle, heading.export)]
    bare = heading.grab().toImage()
    heading.show_buttons(shown=True)
    assert heading.grab().toImage() != bare
    assert [button.geometry() for button in (heading.toggle, heading.export)] == places
