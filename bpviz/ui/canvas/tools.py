"""Which gesture begins where: one table.

To add a tool, write its gesture (see `bpviz.ui.canvas.gestures`) and add an entry here: it says when a press
takes it up, what the pointer looks like before and meanwhile, and the line that tells what else it can do.
When it begins, ends or is given up is no matter of its own: that is `bpviz.ui.canvas.lifecycle`'s.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from PySide6.QtCore import QPoint, QPointF, Qt

from bpviz.ui.canvas.gestures.bench import Bench
from bpviz.ui.canvas.gestures.cutting import Stroke
from bpviz.ui.canvas.gestures.framing import Frame, Lasso
from bpviz.ui.canvas.gestures.gesture import Gesture
from bpviz.ui.canvas.gestures.leading import Reconnect
from bpviz.ui.canvas.gestures.moving import MoveLayers, MoveNodes, moving_of
from bpviz.ui.canvas.gestures.panning import Pan
from bpviz.ui.canvas.gestures.resizing import Resize
from bpviz.ui.canvas.gestures.weighing import Weigh
from bpviz.ui.canvas.gestures.wiring import Connect
from bpviz.ui.canvas.selecting import clicked
from bpviz.ui.canvas.targets import Target
from bpviz.ui.document import Selection

_END_PART: Final = 0.3  # of a connection's length: there it is its end that is dragged
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
        letter: The letter of a tool that was held down, if one was.
    """

    button: Qt.MouseButton
    place: QPoint
    point: QPointF
    target: Target
    keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
    selection: Selection = field(default_factory=Selection)
    letter: Qt.Key | None = None

    @property
    def extends(self) -> bool:
        """Whether what was selected stays so."""
        return bool(self.keys & _EXTENDING)


@dataclass(frozen=True, slots=True)
class Tool:
    """One kind of gesture.

    Attributes:
        name: What it is called in messages to developers.
        suits: Whether a press begins it.
        begin: Makes the gesture.
        before: The pointer where a press would begin it.
        cursor: The pointer while it lasts, from the press on.
        hint: What can be done while it lasts, or while its letter is held.
        letter: It begins only while this letter is held,
        key: or this key, which some desktops keep for themselves.
        at_once: It begins with the press, and not only when the pointer has gone some way.
        points: What is under the pointer matters, and is marked on the way.
        scrolls: At the edge of the pane the picture moves on.
        keeps: What it began at is pointed at until it ends, and its numbers are shown.
    """

    name: str
    suits: Callable[[Press], bool]
    begin: Callable[[Press, Bench], Gesture]
    before: Qt.CursorShape
    cursor: Qt.CursorShape
    hint: str = ""
    letter: Qt.Key | None = None
    key: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
    at_once: bool = False
    points: bool = False
    scrolls: bool = True
    keeps: bool = False


def tool_for(press: Press) -> Tool:
    """The tool that a press takes up: the first of the table that suits."""
    return next(tool for tool in TOOLS if _is_held(tool, press) and tool.suits(press))


def _is_held(tool: Tool, press: Press) -> bool:
    return tool.letter in (None, press.letter) or bool(tool.key & press.keys)


def of_letter(letter: Qt.Key | None) -> Tool | None:
    """The tool that a letter takes up while it is held."""
    return next((tool for tool in TOOLS if letter is not None and tool.letter == letter), None)


def _left(press: Press) -> bool:
    return press.button == Qt.MouseButton.LeftButton


def _pan(press: Press, bench: Bench) -> Gesture:
    return Pan(bench.pan, press.point)


def _connect(press: Press, bench: Bench) -> Gesture:
    node, chosen = press.target.node, press.selection.nodes
    together = chosen if node in chosen else frozenset({node})
    return Connect(bench.scene, bench.editor, press.target, together, bench.tell, bench.ask)


def _join(press: Press, bench: Bench) -> Gesture:
    node, layer = press.target.node, press.target.layer
    if press.target.kind == "caption":
        together = frozenset(each.id for each in bench.scene.network.layer(layer).nodes)
    else:
        together = press.selection.nodes if node in press.selection.nodes else frozenset({node})
    port = Target("port out", node=node)
    return Connect(bench.scene, bench.editor, port, together, bench.tell, bench.ask)


def _weigh(press: Press, bench: Bench) -> Gesture:
    return Weigh(bench, press.target.pair or ("", ""), press.point)


def _at_end_of_pair(press: Press) -> bool:
    part = press.target.part
    return press.target.kind == "pair" and not _END_PART < part < 1 - _END_PART


def _reconnect(press: Press, bench: Bench) -> Gesture:
    pair = press.target.pair or ("", "")
    at_end = press.target.part > 1 / 2
    return Reconnect(bench.scene, bench.editor, pair, at_end=at_end, tell=bench.tell, value_of=bench.value_of)


def _move_nodes(press: Press, bench: Bench) -> Gesture:
    node = press.target.node
    if node not in press.selection.nodes:
        bench.select(clicked(press.selection, press.target, extend=press.extends))
    nodes = moving_of(bench.scene.network, bench.scene.selection, node)
    # Shift that took a node into the selection was not meant for copying.
    copies = node in press.selection.nodes or not press.extends
    return MoveNodes(bench, nodes, node, press.point, copies=copies)


def _move_layers(press: Press, bench: Bench) -> Gesture:
    layer, chosen = press.target.layer, press.selection.layers
    together = chosen if layer in chosen else frozenset({layer})
    return MoveLayers(bench, together, layer, press.point)


def _frame(press: Press, bench: Bench) -> Gesture:
    return Frame(bench.scene, press.point, press.selection if press.extends else Selection(), bench.select)


def _lasso(press: Press, bench: Bench) -> Gesture:
    return Lasso(bench.scene, press.point, press.selection if press.extends else Selection(), bench.select)


def _stroke(press: Press, bench: Bench) -> Gesture:
    removes = not press.keys & Qt.KeyboardModifier.ShiftModifier
    return Stroke(bench.scene, bench.editor, press.point, removes=removes)


def _resize(press: Press, bench: Bench) -> Gesture:
    return Resize(bench.scene, bench.editor, press.target.layer, press.point)


_HANDS: Final = (Qt.CursorShape.OpenHandCursor, Qt.CursorShape.ClosedHandCursor)
_CROSSES: Final = (Qt.CursorShape.CrossCursor, Qt.CursorShape.CrossCursor)
_HELD: Final = Qt.CursorShape.ClosedHandCursor

TOOLS: Final = (
    Tool(
        "push",
        lambda press: press.button == Qt.MouseButton.MiddleButton,
        _pan,
        *_HANDS,
        at_once=True,
        scrolls=False,
    ),
    Tool(
        "lasso",
        _left,
        _lasso,
        *_CROSSES,
        hint="Draw around nodes to select them · Shift or Ctrl adds to the selection",
        letter=Qt.Key.Key_L,
        at_once=True,
    ),
    Tool(
        "stroke",
        _left,
        _stroke,
        *_CROSSES,
        hint="Draw across connections to remove them · with Shift, to freeze or release their weights",
        letter=Qt.Key.Key_Y,
        at_once=True,
    ),
    Tool(
        "join",
        lambda press: _left(press) and press.target.kind in ("node", "row", "caption"),
        _join,
        *_CROSSES,
        hint="Draw from a node, or from a layer’s name for all its nodes, to what it is to be connected with",
        letter=Qt.Key.Key_J,
        at_once=True,
        points=True,
    ),
    Tool(
        "weigh",
        lambda press: _left(press) and press.target.kind == "pair",
        _weigh,
        Qt.CursorShape.SizeVerCursor,
        Qt.CursorShape.SplitVCursor,
        hint="Up for a larger weight, down for a smaller one · Shift finely · Ctrl coarsely",
        letter=Qt.Key.Key_M,
        key=Qt.KeyboardModifier.AltModifier,
        at_once=True,
        scrolls=False,
        keeps=True,
    ),
    Tool(
        "connect",
        lambda press: press.target.kind in ("port out", "port in"),
        _connect,
        *_CROSSES,
        hint="Drop on a node, on a layer’s name for all its nodes, or where nothing is for something new",
        at_once=True,
        points=True,
    ),
    Tool(
        "reconnect",
        _at_end_of_pair,
        _reconnect,
        Qt.CursorShape.CrossCursor,
        _HELD,
        hint="Drop on another node to lead the connection there, with its weight",
        points=True,
    ),
    Tool(
        "move nodes",
        lambda press: press.target.kind == "node",
        _move_nodes,
        *_HANDS,
        hint="Drop on a connection to go in between · Ctrl places freely · Shift copies",
    ),
    Tool(
        "move layers",
        lambda press: press.target.kind in ("caption", "row"),
        _move_layers,
        *_HANDS,
        hint="Drop on a connection to go in between · Ctrl places freely · Shift copies",
    ),
    Tool(
        "resize",
        lambda press: press.target.kind == "foot",
        _resize,
        Qt.CursorShape.SizeVerCursor,
        _HELD,
        hint="Pull to add or remove nodes",
    ),
    Tool(
        "pan",
        lambda press: bool(press.keys & Qt.KeyboardModifier.ShiftModifier),
        _pan,
        *_HANDS,
        scrolls=False,
    ),
    Tool(
        "frame",
        lambda _press: True,
        _frame,
        Qt.CursorShape.ArrowCursor,
        Qt.CursorShape.CrossCursor,
        hint="Shift or Ctrl adds to the selection · hold L to draw around nodes, Y across connections",
    ),
)
