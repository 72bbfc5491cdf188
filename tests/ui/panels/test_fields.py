"""Fields that are chosen from: what they show, what they say, what leaves them alone."""

from __future__ import annotations

import math

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from bpviz.ui.panels.fields import Choice, Ruler
from tests.ui.panels.mouse import wheel


def test_a_choice_says_the_name_and_does_not_follow_thewheel(qtbot: QtBot, theme: object) -> None:
    field = Choice()
    qtbot.addWidget(field)
    field.fill([("a", "First", "about a"), ("b", "Second", "")])
    heard: list[str] = []
    field.chosen.connect(heard.append)
    field.show_value("b")
    assert (field.value, heard) == ("b", [])
    field.show()
    assert not wheel(field, up=True)
    QTest.keyClick(field, Qt.Key.Key_Up)
    assert heard == ["a"]
    assert field.itemData(0, Qt.ItemDataRole.ToolTipRole) == "<qt>about a</qt>"


def test_a_ruler_moves_in_its_steps(qtbot: QtBot, theme: object) -> None:
    ruler = Ruler(0.1, 1.0, 0.05, lambda value: f"{value:.0%}")
    qtbot.addWidget(ruler)
    heard: list[float] = []
    ruler.moved.connect(heard.append)
    ruler.show_value(0.8)
    assert (ruler.label.text(), heard) == ("80%", [])
    QTest.keyClick(ruler.slider, Qt.Key.Key_Right)
    assert heard == [0.85]
    assert ruler.label.text() == "85%"
    assert not math.isnan(heard[0])


def test_scrolling_past_a_ruler_does_not_move_it(qtbot: QtBot) -> None:
    ruler = Ruler(0.0, 0.5, 0.05, str)
    qtbot.addWidget(ruler)
    ruler.show()
    ruler.slider.setFocus()
    assert not wheel(ruler.slider, up=True)
    assert ruler.slider.value() == 0


def test_a_narrow_choice_shows_a_shorter_text_and_lists_the_whole_one(qtbot: QtBot, theme: object) -> None:
    field = Choice()
    qtbot.addWidget(field)
    label = "Categorical cross-entropy"
    field.fill([("cce", label, "")], {"cce": "Cross-entropy"})
    whole = field.fontMetrics().horizontalAdvance(label)
    assert field.shown_in(whole) == label
    assert field.shown_in(whole - 1) == "Cross-entropy"
    assert field.shown_in(whole // 4).endswith("…")
    field.resize(100, 26)
    field.show()
    field.showPopup()
    assert field.view().viewport().width() > whole
    field.hidePopup()
