"""Breakpoints are added, switched off and removed by clicks and keys."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from bpviz.training.breakpoints import LOSS, Breakpoint
from bpviz.ui.panels.breakpoints_dialog import BreakpointsDialog
from bpviz.ui.panels.fields import Choice
from bpviz.ui.theme import Theme

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def dialog(theme: Theme, qtbot: QtBot) -> BreakpointsDialog:
    """The dialog with one breakpoint."""
    dialog = BreakpointsDialog([Breakpoint("z", "not_finite")], 1000)
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


@pytest.fixture
def heard(dialog: BreakpointsDialog) -> list[tuple[Any, int]]:
    """What it says was changed."""
    heard: list[tuple[Any, int]] = []
    dialog.changed.connect(lambda points, steps: heard.append((points, steps)))
    return heard


def choose(choice: Choice, name: str) -> None:
    """Choose an entry by keys."""
    choice.setFocus()
    QTest.keyClick(choice, Qt.Key.Key_Home)
    for _ in range(choice.findData(name)):
        QTest.keyClick(choice, Qt.Key.Key_Down)
    assert choice.value == name


def test_one_is_added_with_a_bound(dialog: BreakpointsDialog, heard: list[tuple[Any, int]]) -> None:
    assert not dialog.bound.isEnabled()
    choose(dialog.quantity, "delta")
    choose(dialog.condition, "exceeds")
    assert dialog.bound.isEnabled()
    dialog.bound.setFocus()
    dialog.bound.selectAll()
    QTest.keyClicks(dialog.bound, "0.5")
    QTest.mouseClick(dialog.add_button, LEFT)
    assert heard == [((Breakpoint("z", "not_finite"), Breakpoint("delta", "exceeds", 0.5)), 1000)]
    assert [dialog.list.item(at).text() for at in range(2)] == [
        "Weighted input is not finite",
        "Delta is larger in size than 0.5",
    ]


def test_an_example_needs_no_quantity(dialog: BreakpointsDialog, heard: list[tuple[Any, int]]) -> None:
    choose(dialog.condition, "misclassified")
    assert not dialog.quantity.isEnabled()
    QTest.mouseClick(dialog.add_button, LEFT)
    assert heard[-1][0][-1] == Breakpoint(LOSS, "misclassified")


def test_the_same_one_is_not_added_twice_but_switched_on(
    dialog: BreakpointsDialog, heard: list[tuple[Any, int]]
) -> None:
    dialog.list.item(0).setCheckState(Qt.CheckState.Unchecked)
    assert heard == [((Breakpoint("z", "not_finite", on=False),), 1000)]
    choose(dialog.quantity, "z")
    choose(dialog.condition, "not_finite")
    QTest.mouseClick(dialog.add_button, LEFT)
    assert dialog.points == (Breakpoint("z", "not_finite"),)
    assert heard[-1] == (dialog.points, 1000)


def test_a_click_on_its_tick_switches_one_off(
    dialog: BreakpointsDialog, heard: list[tuple[Any, int]]
) -> None:
    box = dialog.list.visualItemRect(dialog.list.item(0))
    QTest.mouseClick(dialog.list.viewport(), LEFT, pos=QPoint(box.left() + 12, box.center().y()))
    assert heard == [((Breakpoint("z", "not_finite", on=False),), 1000)]


def test_one_is_removed_by_its_button_or_by_delete(
    dialog: BreakpointsDialog, heard: list[tuple[Any, int]]
) -> None:
    QTest.mouseClick(dialog.add_button, LEFT)
    dialog.list.setFocus()
    QTest.keyClick(dialog.list, Qt.Key.Key_Delete)
    assert dialog.points == (Breakpoint("z", "not_finite"),)
    QTest.mouseClick(dialog.remove_button, LEFT)
    assert heard[-1] == ((), 1000)
    assert dialog.empty.isVisible()
    assert not dialog.remove_button.isEnabled()
    assert not dialog.list.isVisible()


def test_how_far_to_look_is_a_whole_number(dialog: BreakpointsDialog, heard: list[tuple[Any, int]]) -> None:
    field = dialog.most_steps
    for typed in ("0", "2.5", "many"):
        field.setFocus()
        field.selectAll()
        QTest.keyClicks(field, typed)
        QTest.keyClick(field, Qt.Key.Key_Return)
        assert field.wrong
    assert not heard
    field.selectAll()
    QTest.keyClicks(field, "250")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert heard == [((Breakpoint("z", "not_finite"),), 250)]
