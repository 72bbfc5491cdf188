"""The table of tools: every entry says beforehand what a press does, and what else can be done meanwhile."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QCursor, QKeySequence
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from bpviz.ui.canvas import tools
from bpviz.ui.canvas.gestures.bench import Bench
from bpviz.ui.canvas.gestures.gesture import Gesture, Motion
from bpviz.ui.canvas.tools import TOOLS, Press, Tool
from bpviz.ui.commands import COMMANDS
from tests.ui.canvas.hand import LEFT, NO_KEY, Hand
from tests.ui.canvas.takes import MIDDLE, NAMES, TAKES, WAY, empty_place, take_up

_BY_NAME = {tool.name: tool for tool in TOOLS}


def _cursor(hand: Hand) -> Qt.CursorShape:
    return hand.canvas.pane.viewport().cursor().shape()


@pytest.mark.parametrize("name", [name for name in NAMES if TAKES[name].button != MIDDLE])
def test_the_pointer_tells_before_the_press_what_it_begins(hand: Hand, name: str) -> None:
    tool, take = _BY_NAME[name], TAKES[name]
    hand.move(take.place(hand))
    key = tool.letter or (Qt.Key.Key_Shift if take.keys else None)
    if key is not None:
        QTest.keyPress(hand.canvas.pane, key)
    assert _cursor(hand) == tool.before
    if key is not None:
        QTest.keyRelease(hand.canvas.pane, key, take.keys)
    take_up(hand, name)
    assert _cursor(hand) == tool.cursor
    hand.canvas.pane.cancel_gesture()


@pytest.mark.parametrize("name", NAMES)
def test_a_line_says_what_else_can_be_done_while_a_gesture_lasts(hand: Hand, name: str) -> None:
    button = take_up(hand, name)
    hint = hand.canvas.tool_hint
    assert (hint.text, hint.isVisible()) == (_BY_NAME[name].hint, bool(_BY_NAME[name].hint))
    hand.release(TAKES[name].place(hand), button)
    hand.canvas.pane.cancel_gesture()
    assert not hint.isVisible()


@pytest.mark.parametrize("tool", [tool for tool in TOOLS if tool.letter], ids=lambda tool: tool.name)
def test_a_letter_held_says_what_it_is_for_until_it_is_let_go(hand: Hand, tool: Tool) -> None:
    assert tool.letter is not None
    hand.move(empty_place(hand))
    QTest.keyPress(hand.canvas.pane, tool.letter)
    assert hand.canvas.tool_hint.text == tool.hint
    QTest.keyRelease(hand.canvas.pane, tool.letter)
    assert not hand.canvas.tool_hint.isVisible()
    assert _cursor(hand) == Qt.CursorShape.ArrowCursor


def test_a_letter_whose_release_went_elsewhere_is_not_held_for_ever(hand: Hand, qtbot: QtBot) -> None:
    QTest.keyPress(hand.canvas.pane, Qt.Key.Key_L)
    hand.canvas.pane.clearFocus()
    hand.drag(empty_place(hand), empty_place(hand) + QPointF(60, 90))
    assert not hand.canvas.tool_hint.isVisible()
    hand.press(empty_place(hand))
    hand.move_to(hand.place(empty_place(hand)) + WAY)
    assert hand.canvas.pane.tool is _BY_NAME["frame"]
    hand.canvas.pane.cancel_gesture()


def test_a_new_tool_is_one_entry(hand: Hand, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []

    class Ping:
        def drag(self, motion: Motion) -> None:
            told.append(f"drag with {motion.keys.name}")

        def drop(self, motion: Motion) -> None:
            told.append("drop")

        def cancel(self) -> None:
            told.append("cancel")

    def begin(press: Press, bench: Bench) -> Gesture:
        return Ping()

    shapes = (Qt.CursorShape.WhatsThisCursor, Qt.CursorShape.BusyCursor)
    mine = Tool("ping", lambda press: press.target.kind == "empty", begin, *shapes, hint="Ping")
    monkeypatch.setattr(tools, "TOOLS", (mine, *TOOLS))
    place = empty_place(hand)
    hand.move(place)
    assert _cursor(hand) == shapes[0]
    hand.press(place)
    hand.move_to(hand.place(place) + WAY)
    assert (_cursor(hand), hand.canvas.tool_hint.text) == (shapes[1], "Ping")
    QTest.keyPress(hand.canvas.pane, Qt.Key.Key_Control)
    hand.release(place)
    hand.press(place)
    hand.move_to(hand.place(place) + WAY)
    hand.key(Qt.Key.Key_Escape)
    shown = [what for at, what in enumerate(told) if what != told[at - 1]]
    assert shown == [
        "drag with NoModifier",
        "drag with ControlModifier",
        "drop",
        "drag with NoModifier",
        "cancel",
    ]
    QCursor.setPos(0, 0)


def test_with_a_letter_the_lasso_selects_what_it_is_drawn_around(hand: Hand) -> None:
    middle = hand.node(1, 1)
    corners = [(-30, -30), (30, -30), (30, 30), (-30, 30)]
    QTest.keyPress(hand.canvas.pane, Qt.Key.Key_L)
    hand.press(middle + QPointF(-30, 28))
    for corner in corners:
        hand.move(middle + QPointF(*corner))
    hand.release(middle + QPointF(-30, 30))
    assert hand.canvas.selection.nodes == {hand.layer(1).nodes[1].id}
    assert hand.network == hand.canvas.scene.network


def test_a_lasso_takes_no_node_in_a_corner_that_a_frame_would(hand: Hand) -> None:
    nodes = [hand.node(1, at) for at in range(3)]
    begin = nodes[0] + QPointF(-30, -30)
    way = [nodes[0] + QPointF(30, -30), nodes[2] + QPointF(30, 30), nodes[2] + QPointF(-30, 30)]
    notch = [nodes[1] + QPointF(22, 8), nodes[1] + QPointF(22, -8)]
    QTest.keyPress(hand.canvas.pane, Qt.Key.Key_L)
    hand.press(begin, LEFT, NO_KEY)
    for point in (*way, nodes[1] + QPointF(-30, 8), *notch, nodes[1] + QPointF(-30, -8)):
        hand.move(point)
    hand.release(begin)
    chosen = {hand.layer(1).nodes[at].id for at in (0, 2)}
    assert hand.canvas.selection.nodes == chosen


def test_no_command_has_a_letter_that_is_held_for_a_tool() -> None:
    held = {QKeySequence(tool.letter).toString() for tool in TOOLS if tool.letter is not None}
    taken = {key for command in COMMANDS.values() for key in command.keys.split()}
    assert held
    assert not held & taken
