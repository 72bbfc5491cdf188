"""What gestures work on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from PySide6.QtCore import QPointF

from bpviz.model.edits import ValueOf
from bpviz.ui.canvas.chooser import Offer
from bpviz.ui.canvas.scene import NetworkScene
from bpviz.ui.desk.editor import Editor
from bpviz.ui.document import Pair, Selection

Ask: TypeAlias = Callable[[Sequence[Offer], Callable[[], None]], None]


@dataclass(frozen=True, slots=True)
class Bench:
    """What gestures work on.

    Attributes:
        scene: Shows what would be.
        editor: Gets the edit.
        select: Takes a selection.
        pan: Moves the view over the scene.
        tell: Shows a sentence beside the pointer; an empty one hides it.
        ask: Asks at the pointer what of several things is meant, and says when that is settled.
        value_of: Finds the present weight or bias at an address.
        weigh: Tells of a weight that a connection may get, None of none, and whether it gets it.
    """

    scene: NetworkScene
    editor: Editor
    select: Callable[[Selection], None]
    pan: Callable[[QPointF], None]
    tell: Callable[[str], None]
    ask: Ask
    value_of: ValueOf
    weigh: Callable[[Pair, float | None, bool], None]
