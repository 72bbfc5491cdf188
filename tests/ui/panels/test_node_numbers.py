"""`Numbers` fills its rows, and the panel around is laid out once."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRect
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from bpviz.ui.listing import Group, Line
from bpviz.ui.panels.node_numbers import Numbers
from bpviz.ui.theme import Theme


class _Around(QVBoxLayout):
    """Counts how often it is laid out."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.times = 0

    def setGeometry(self, rect: QRect) -> None:
        self.times += 1
        super().setGeometry(rect)


class _Panel(QWidget):
    """Has numbers, of which there were some before; none are shown."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.around = _Around(self)
        self.numbers = Numbers(theme, self)
        self.around.addWidget(self.numbers)
        self.around.addStretch(1)
        self.resize(300, 2_000)

    def fill(self, count: int) -> None:
        lines = [Line(f"Number {at}", "", "", at / 7, "") for at in range(count)]
        self.numbers.show_groups([Group("Step", lines)] if lines else [])
        QApplication.processEvents()


@pytest.fixture
def panel(qtbot: QtBot, theme: Theme) -> _Panel:
    panel = _Panel(theme)
    qtbot.addWidget(panel)
    panel.show()
    for count in (30, 0):
        panel.fill(count)
    return panel


def test_a_panel_is_laid_out_as_often_for_many_numbers_as_for_few(panel: _Panel) -> None:
    times = []
    for count in (1, 30):
        panel.fill(0)
        panel.around.times = 0
        panel.fill(count)
        times.append(panel.around.times)
    assert 0 < times[1] <= times[0]


@pytest.mark.parametrize("count", [1, 4, 30])
def test_rows_stand_below_each_other(panel: _Panel, count: int) -> None:
    panel.fill(count)
    rows = [one.geometry() for one in panel.numbers.findChildren(QWidget) if one.isVisible()]
    tops = sorted({rect.top() for rect in rows if rect.height()})
    assert len(tops) == count + 1  # with the caption
    assert panel.numbers.height() > max(tops)
