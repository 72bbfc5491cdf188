"""Which gesture begins where: one table.

To add a tool, write its gesture (see `bpviz.ui.canvas.gestures`) and add an entry here.  When it begins, ends
or is given up is no matter of its own: that is `bpviz.ui.canvas.lifecycle`'s.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from PySide6.QtCore import QPoint, QPointF, Qt

from bpviz.ui.canvas.gestures import Connect, Frame, Gesture, MoveLayers, MoveNodes, Pan, moving_of
from bpviz.ui.canvas.scene import NetworkScene
from bpviz.ui.canvas.selecting import clicked
from bpviz.ui.canvas.targets import Target
from bpviz.ui.desk.editor import Editor
from bpviz.ui.document import Selection

_EXTENDING: Final = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.ControlModifier


@dataclass(frozen=True, slots=True)
class Press:
    """A mouse button held down, before it is known whether it is a click or a drag.

    Attributes:
        button: Which.
        place: Where in the pane.
        point: The same in the scene.
        target: What is there.
        keys: Held down with it.
        selection: What was selected then.
    """

    button: Qt.MouseButton
    place: QPoint
    point: QPointF
    target: Target
    keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
    selection: Selection = field(default_factory=Selection)

    @property
    def extends(self) -> bool:
        """Whether what was selected stays so."""
        return bool(self.keys & _EXTENDING)


@dataclass(frozen=True, slots=True)
class Bench:
    """What gestures work on.

    Attributes:
        scene: Shows what would be.
        editor: Gets the edit.
        select: Takes a selection.
        pan: Moves the view over the scene.
        tell: Shows a sentence beside the pointer; an empty one hides it.
    """

    scene: NetworkScene
    editor: Editor
    select: Callable[[Selection], None]
    pan: Callable[[QPointF], None]
    tell: Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Tool:
    """One kind of gesture.

    Attributes:
        name: What it is called in messages to developers.
        suits: Whether a press begins it.
        begin: Makes the gesture.
        cursor: While it lasts.
        at_once: It begins with the press, and not only when the pointer has gone some way.
        points: What is under the pointer matters, and is marked on the way.
    """

    name: str
    suits: Callable[[Press], bool]
    begin: Callable[[Press, Bench], Gesture]
    cursor: Qt.CursorShape
    at_once: bool = False
    points: bool = False


def tool_for(press: Press) -> Tool:
    """The tool that a press takes up: the first of the table that suits."""
    return next(tool for tool in TOOLS if tool.suits(press))


def _pan(press: Press, bench: Bench) -> Gesture:
    return Pan(bench.pan, press.point)


def _connect(press: Press, bench: Bench) -> Gesture:
    return Connect(bench.scene, bench.editor, press.target, bench.tell)


def _move_nodes(press: Press, bench: Bench) -> Gesture:
    node = press.target.node
    if node not in press.selection.nodes:
        bench.select(clicked(press.selection, press.target, extend=press.extends))
    nodes = moving_of(bench.scene.network, bench.scene.selection, node)
    return MoveNodes(bench.scene, bench.editor, nodes, node, press.point)


def _move_layers(press: Press, bench: Bench) -> Gesture:
    layer, chosen = press.target.layer, press.selection.layers
    together = chosen if layer in chosen else frozenset({layer})
    return MoveLayers(bench.scene, bench.editor, together, press.point)


def _frame(press: Press, bench: Bench) -> Gesture:
    return Frame(bench.scene, press.point, press.selection if press.extends else Selection(), bench.select)


TOOLS: Final = (
    Tool(
        "push",
        lambda press: press.button == Qt.MouseButton.MiddleButton,
        _pan,
        Qt.CursorShape.ClosedHandCursor,
        at_once=True,
    ),
    Tool(
        "connect",
        lambda press: press.target.kind in ("port out", "port in"),
        _connect,
        Qt.CursorShape.CrossCursor,
        at_once=True,
        points=True,
    ),
    Tool(
        "move nodes", lambda press: press.target.kind == "node", _move_nodes, Qt.CursorShape.ClosedHandCursor
    ),
    Tool(
        "move layers",
        lambda press: press.target.kind in ("caption", "row"),
        _move_layers,
        Qt.CursorShape.ClosedHandCursor,
    ),
    Tool(
        "pan",
        lambda press: bool(press.keys & Qt.KeyboardModifier.ShiftModifier),
        _pan,
        Qt.CursorShape.ClosedHandCursor,
    ),
    Tool("frame", lambda _press: True, _frame, Qt.CursorShape.ArrowCursor),
)
