"""What comes in between a press and its release: nothing of it ends a gesture wrongly, or moves it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication

from bpviz.ui.document import Selection
from tests.ui.canvas.hand import LEFT, NO_KEY, Hand, document_of
from tests.ui.canvas.shots import full_shot
from tests.ui.canvas.takes import MIDDLE, NAMES, TAKES, take_up

RIGHT = Qt.MouseButton.RightButton


def _send(hand: Hand, kind: QEvent.Type, place: QPoint, button: Qt.MouseButton, held: Qt.MouseButton) -> None:
    viewport = hand.canvas.pane.viewport()
    at = QPointF(place)
    QApplication.sendEvent(
        viewport, QMouseEvent(kind, at, QPointF(viewport.mapToGlobal(place)), button, held, NO_KEY)
    )


def test_every_tool_is_tried_here() -> None:
    assert list(TAKES) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_second_button_neither_ends_nor_moves_a_gesture(hand: Hand, name: str) -> None:
    mine = take_up(hand, name)
    gesture, shown = hand.canvas.pane.gesture, hand.canvas.scene.network
    project, chosen = document_of(hand.canvas).project, hand.canvas.selection
    menus: list[object] = []
    hand.canvas.pane.menu_wanted.connect(lambda *wanted: menus.append(wanted))
    viewport = hand.canvas.pane.viewport()
    place = hand.canvas.pane.pointer
    for other in {LEFT, RIGHT, MIDDLE} - {mine}:
        both = mine | other
        for kind in (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick):
            _send(hand, kind, place, other, both)
        if other is RIGHT:
            reason = QContextMenuEvent.Reason.Mouse
            QApplication.sendEvent(viewport, QContextMenuEvent(reason, place, viewport.mapToGlobal(place)))
        _send(hand, QEvent.Type.MouseButtonRelease, place, other, mine)
        assert hand.canvas.pane.gesture is gesture, other
    assert not menus
    assert hand.canvas.scene.network == shown
    assert (document_of(hand.canvas).project, hand.canvas.selection) == (project, chosen)
    hand.canvas.pane.cancel_gesture()


def _lose_focus(hand: Hand) -> None:
    event = QFocusEvent(QEvent.Type.FocusOut, Qt.FocusReason.ActiveWindowFocusReason)
    QApplication.sendEvent(hand.canvas.pane, event)


def _open_a_popup(hand: Hand) -> None:
    QApplication.sendEvent(
        hand.canvas.pane, QFocusEvent(QEvent.Type.FocusOut, Qt.FocusReason.PopupFocusReason)
    )


def _call_menu_by_key(hand: Hand) -> None:
    wanted: list[object] = []
    hand.canvas.pane.menu_wanted.connect(lambda *menu: wanted.append(menu))
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(1, 1), QPoint(1, 1))
    QApplication.sendEvent(hand.canvas.pane.viewport(), event)
    assert len(wanted) == 1


def _lose_release(hand: Hand) -> None:
    none = Qt.MouseButton.NoButton
    _send(hand, QEvent.Type.MouseMove, hand.canvas.pane.pointer + QPoint(9, 9), none, none)


def _press_escape(hand: Hand) -> None:
    hand.key(Qt.Key.Key_Escape)


def _hide(hand: Hand) -> None:
    hand.canvas.hide()


@pytest.mark.parametrize(
    "interrupt", [_lose_focus, _open_a_popup, _call_menu_by_key, _lose_release, _press_escape, _hide]
)
def test_what_gives_a_gesture_up_gives_it_up_whole(hand: Hand, interrupt: Callable[[Hand], None]) -> None:
    before = hand.network
    for name in NAMES:
        hand.canvas.show()
        hand.canvas.fit()
        chosen = Selection(nodes=frozenset({hand.layer(2).nodes[0].id}))
        hand.canvas.desk.select(chosen)
        button = take_up(hand, name)
        interrupt(hand)
        assert hand.canvas.pane.gesture is None, name
        # The button is still down, and goes up later.
        _send(hand, QEvent.Type.MouseMove, QPoint(200, 90), Qt.MouseButton.NoButton, button)
        assert hand.canvas.pane.gesture is None, name
        _send(hand, QEvent.Type.MouseButtonRelease, QPoint(200, 90), button, Qt.MouseButton.NoButton)
        assert hand.canvas.selection == chosen, name
        assert hand.network == hand.canvas.scene.network == before, name
    assert document_of(hand.canvas).undo_stack.count() == 0


@pytest.mark.parametrize("name", NAMES)
def test_a_snapshot_during_a_gesture_changes_nothing_of_it(hand: Hand, name: str) -> None:
    take_up(hand, name)
    gesture, shown, chosen = hand.canvas.pane.gesture, hand.canvas.scene.network, hand.canvas.selection
    place = hand.place(hand.node(1, 1))
    for view in ("weights", "activations"):
        hand.canvas.show_snapshot(full_shot(hand.network))
        hand.canvas.desk.show_view(view)
    assert hand.canvas.pane.gesture is gesture
    assert (hand.canvas.scene.network, hand.canvas.selection) == (shown, chosen)
    assert hand.place(hand.node(1, 1)) == place, "and the picture stays where it is"
    hand.canvas.pane.cancel_gesture()


def test_the_wheel_zooms_during_a_gesture_and_the_gesture_goes_on(hand: Hand) -> None:
    take_up(hand, "connect")
    viewport, place = hand.canvas.pane.viewport(), hand.canvas.pane.pointer
    scale = hand.canvas.pane.scale_factor
    event = QWheelEvent(
        QPointF(place),
        QPointF(viewport.mapToGlobal(place)),
        QPoint(),
        QPoint(0, 120),
        LEFT,
        NO_KEY,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(viewport, event)
    assert hand.canvas.pane.scale_factor > scale
    assert hand.canvas.pane.gesture is not None
    hand.canvas.pane.cancel_gesture()


def test_a_press_whose_release_was_lost_does_not_keep_the_next_one_from_beginning(hand: Hand) -> None:
    hand.press(hand.node(1, 0))
    _lose_release(hand)
    hand.drag(hand.node(1, 1), hand.node(1, 1) + QPointF(0, 140))
    assert document_of(hand.canvas).undo_stack.undoText() == "move node"
