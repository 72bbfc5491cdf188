"""The tree of branches, by mouse and keys: it changes in place, and says why something can't be."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import cast

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QLineEdit, QMenu, QTreeWidgetItem
from pytestqt.qtbot import QtBot

from bpviz.training.timeline_view import Ghost
from bpviz.ui.strip.branch_tree import BranchTree
from bpviz.ui.strip.strip import TimelineStrip
from bpviz.ui.theme import Theme
from tests.ui.strip.timelines import PROJECT, line, retuned, snapshot, timeline

LINES = (
    line(1),
    line(2, 1, 500, project=retuned(0.5), last_step=900),
    line(3, 2, 700, name="mine"),
)
GHOSTS = (
    Ghost("line", 2, "", PROJECT, retuned(0.5), 900),
    Ghost("run", 7, "", retuned(0.2), PROJECT, 4_000, shown=False),
)
SHOWN = snapshot(45_000, timeline(lines=LINES), ghosts=GHOSTS)


@dataclass
class Bench:
    strip: TimelineStrip
    asked: list[tuple[object, ...]]

    @property
    def tree(self) -> BranchTree:
        return self.strip.branches.tree

    def name(self, kind: str, number: int) -> str:
        item = self.tree.item(kind, number)
        return "" if item is None else item.text(0)

    def go_to(self, kind: str, number: int) -> None:
        item = self.tree.item(kind, number)
        assert item is not None
        self.tree.setCurrentItem(item)

    def below(self, *numbers: int) -> QTreeWidgetItem:
        """The row reached by going down from the top, each time to the child of a number."""
        item = self.tree.invisibleRootItem()
        for number in numbers:
            item = cast("QTreeWidgetItem", item.child(number))
        return item

    def end_typing(self, qtbot: QtBot, key: Qt.Key = Qt.Key.Key_Return) -> None:
        QTest.keyClick(self.editor(), key)
        qtbot.waitUntil(lambda: self.tree.state() != QAbstractItemView.State.EditingState)

    def editor(self) -> QLineEdit:
        return next(one for one in self.tree.findChildren(QLineEdit) if one.isVisible())


@pytest.fixture
def bench(theme: Theme, qtbot: QtBot) -> Bench:
    strip = TimelineStrip(theme)
    qtbot.addWidget(strip)
    strip.resize(900, 36)
    strip.show()
    asked: list[tuple[object, ...]] = []
    for name in (
        "switched",
        "renamed",
        "removed",
        "ghost_shown",
        "ghost_renamed",
        "ghost_removed",
        "refused",
    ):
        getattr(strip.branches.tree, name).connect(lambda *values, name=name: asked.append((name, *values)))
    strip.show_snapshot(SHOWN)
    QTest.mouseClick(strip.branch_button, Qt.MouseButton.LeftButton)
    return Bench(strip, asked)


def test_lines_stand_below_their_parents_and_earlier_runs_below_their_head(bench: Bench) -> None:
    tree = bench.tree
    main = bench.below(0)
    assert [main.text(k) for k in range(3)] == ["main", "45\u202f000", "0.21"]
    assert bench.below(0, 0).text(0).endswith("→ 0.5")
    assert bench.below(0, 0, 0).text(0) == "mine"
    head = bench.below(1)
    assert (head.text(0), head.childCount()) == ("Earlier runs", 1)
    assert bench.below(1, 0).text(0).startswith("learning rate 0.2 →")
    assert tree.currentItem() is main


def test_enter_and_a_double_click_switch_and_close(bench: Bench) -> None:
    bench.go_to("line", 2)
    QTest.keyClick(bench.tree, Qt.Key.Key_Return)
    assert bench.asked == [("switched", 2)]
    assert not bench.strip.branches.isVisible()
    bench.strip.open_branches()
    item = bench.tree.item("line", 3)
    assert item is not None
    at = bench.tree.visualItemRect(item).center()
    QTest.mouseClick(bench.tree.viewport(), Qt.MouseButton.LeftButton, pos=at)
    QTest.mouseDClick(bench.tree.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert bench.asked[1:] == [("switched", 3)]


def test_a_name_is_typed_in_place_and_snapshots_meanwhile_take_nothing_away(
    bench: Bench, qtbot: QtBot
) -> None:
    bench.go_to("line", 2)
    QTest.keyClick(bench.tree, Qt.Key.Key_F2)
    editor = bench.editor()
    editor.selectAll()
    QTest.keyClicks(editor, "better ")
    bench.strip.show_snapshot(replace(SHOWN, timeline=timeline(lines=LINES[:2])))
    QTest.keyClicks(editor, "one")
    assert bench.name("line", 3) == "mine", "rows wait"
    bench.end_typing(qtbot)
    assert bench.asked == [("renamed", 2, "better one")]
    assert bench.tree.item("line", 3) is None
    bench.go_to("run", 7)
    QTest.keyClick(bench.tree, Qt.Key.Key_F2)
    bench.editor().clear()
    QTest.keyClicks(bench.editor(), "old")
    bench.end_typing(qtbot)
    assert bench.asked[1:] == [("ghost_renamed", "run", 7, "old")]


def test_a_name_that_was_not_changed_is_not_given(bench: Bench, qtbot: QtBot) -> None:
    bench.go_to("line", 2)
    QTest.keyClick(bench.tree, Qt.Key.Key_F2)
    bench.end_typing(qtbot)
    assert bench.asked == []


def test_escape_ends_typing_first_and_closes_then(bench: Bench, qtbot: QtBot) -> None:
    bench.go_to("line", 2)
    QTest.keyClick(bench.tree, Qt.Key.Key_F2)
    QTest.keyClicks(bench.editor(), "nothing")
    bench.end_typing(qtbot, Qt.Key.Key_Escape)
    assert bench.strip.branches.isVisible()
    assert bench.asked == []
    QTest.keyClick(bench.tree, Qt.Key.Key_Escape)
    assert not bench.strip.branches.isVisible()


def test_delete_removes_lines_and_runs_but_not_the_present_line(bench: Bench) -> None:
    for key in (("line", 3), ("run", 7), ("line", 1)):
        bench.go_to(*key)
        QTest.keyClick(bench.tree, Qt.Key.Key_Delete)
    assert bench.asked[:2] == [("removed", 3), ("ghost_removed", "run", 7)]
    ((name, sentence),) = bench.asked[2:]
    assert name == "refused"
    assert bench.strip.branches.note.text() == sentence


def test_an_earlier_run_is_not_switched_to_and_says_why(bench: Bench) -> None:
    bench.go_to("run", 7)
    QTest.keyClick(bench.tree, Qt.Key.Key_Return)
    assert [name for name, *_ in bench.asked] == ["refused"]
    assert bench.strip.branches.isVisible()


def test_a_box_shows_and_hides_curves(bench: Bench) -> None:
    for key, shown in ((("line", 2), False), (("line", 3), True), (("run", 7), True)):
        bench.go_to(*key)
        QTest.keyClick(bench.tree, Qt.Key.Key_Space)
        assert bench.asked.pop() == ("ghost_shown", *key, shown)
    bench.go_to("line", 1)
    QTest.keyClick(bench.tree, Qt.Key.Key_Space)
    assert bench.asked == [], "the present line has none"


def test_rows_change_in_place(bench: Bench) -> None:
    before = bench.tree.item("line", 2)
    lines = (LINES[0], line(2, 1, 500, name="new", last_step=901), LINES[2])
    bench.strip.show_snapshot(replace(SHOWN, timeline=timeline(lines=lines, line=2)))
    after = bench.tree.item("line", 2)
    assert after is before
    assert after is not None
    assert (after.text(0), after.text(1)) == ("new", "901")
    assert bench.asked == []


def test_lines_below_one_that_is_removed_stay(bench: Bench) -> None:
    bench.strip.show_snapshot(replace(SHOWN, timeline=timeline(lines=(LINES[0], LINES[2])), ghosts=()))
    assert bench.name("line", 3) == "mine"
    assert bench.tree.item("line", 2) is None
    assert bench.tree.topLevelItemCount() == 1


def test_the_menu_offers_the_same(bench: Bench, qtbot: QtBot) -> None:
    item = bench.tree.item("line", 2)
    assert item is not None
    at: QPoint = bench.tree.visualItemRect(item).center()
    bench.tree.customContextMenuRequested.emit(at)
    (menu,) = bench.tree.findChildren(QMenu)
    actions = {action.text(): action for action in menu.actions()}
    actions["Show its curves"].trigger()
    actions["Remove"].trigger()
    actions["Switch to it"].trigger()
    assert bench.asked == [("ghost_shown", "line", 2, False), ("removed", 2), ("switched", 2)]
    menu.close()
