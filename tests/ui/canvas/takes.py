"""How each tool of the table is taken up, so that every test about gestures tries all of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest

from bpviz.ui.canvas.tools import TOOLS
from tests.ui.canvas.hand import LEFT, NO_KEY, Hand

MIDDLE: Final = Qt.MouseButton.MiddleButton
WAY: Final = QPoint(40, 55)
"""How far a gesture that was taken up is dragged, in pixels."""


@dataclass(frozen=True)
class Take:
    """Where a button goes down to take up a tool."""

    place: Callable[[Hand], QPointF]
    button: Qt.MouseButton = LEFT
    keys: Qt.KeyboardModifier = NO_KEY


def empty_place(hand: Hand) -> QPointF:
    """Left of the first hidden column, where nothing is."""
    layer = hand.layer(1)
    return QPointF(layer.x - 75, layer.nodes[0].y - 26)


def caption(hand: Hand, layer: int = 1) -> QPointF:
    """The middle of a layer's name, that of the first hidden one by default."""
    item = hand.canvas.scene.parts.layers[hand.layer(layer).id]
    return item.mapToScene(item.caption.center())


def end_of_pair(hand: Hand) -> QPointF:
    """On the first connection, near its end."""
    placement = hand.canvas.scene.placement
    return QPointF(*placement.polylines(np.array([0]))[0][12].tolist())


def middle_of_pair(hand: Hand) -> QPointF:
    """On the first connection, in its middle."""
    placement = hand.canvas.scene.placement
    return QPointF(*placement.polylines(np.array([0]))[0][8].tolist())


def foot(hand: Hand) -> QPointF:
    """The handle below the first hidden layer, which shows while the pointer is near."""
    if hand.canvas.pane.gesture is None:
        hand.move(hand.node(1, 1))
    item = hand.canvas.scene.parts.layers[hand.layer(1).id]
    return item.mapToScene(item.button("foot"))


TAKES: Final[dict[str, Take]] = {
    "push": Take(lambda hand: hand.node(1, 1), MIDDLE),
    "lasso": Take(empty_place),
    "stroke": Take(empty_place),
    "join": Take(lambda hand: hand.node(0, 0)),
    "weigh": Take(middle_of_pair),
    "connect": Take(lambda hand: hand.node(0, 0, port=1)),
    "reconnect": Take(end_of_pair),
    "move nodes": Take(lambda hand: hand.node(1, 0)),
    "move layers": Take(caption),
    "resize": Take(foot),
    "pan": Take(empty_place, keys=Qt.KeyboardModifier.ShiftModifier),
    "frame": Take(empty_place),
}
NAMES: Final = [tool.name for tool in TOOLS]
_LETTERS: Final = {tool.name: tool.letter for tool in TOOLS}


def take_up(hand: Hand, name: str) -> Qt.MouseButton:
    """Begin a gesture and drag it some way; the button is still down, a letter is up again."""
    take = TAKES[name]
    point, letter = take.place(hand), _LETTERS[name]
    if letter is not None:
        QTest.keyPress(hand.canvas.pane, letter)
    hand.press(point, take.button, take.keys)
    if letter is not None:
        QTest.keyRelease(hand.canvas.pane, letter)
    hand.move_to(hand.place(point) + WAY)
    tool = hand.canvas.pane.tool
    assert tool is not None
    assert tool.name == name
    return take.button
