"""What clicks do: select, or press a button of the picture.

Twice they ask for a name or a weight, and make a layer where nothing is.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QPoint, Slot

from bpviz.ui.canvas.camera import Camera
from bpviz.ui.canvas.scene import NetworkScene
from bpviz.ui.canvas.selecting import clicked
from bpviz.ui.canvas.targets import Kind, Target
from bpviz.ui.canvas.tools import Press
from bpviz.ui.desk.editor import Editor
from bpviz.ui.document import Selection

BUTTONS: Final[frozenset[Kind]] = frozenset({"add", "remove", "insert"})
_ASKED: Final[frozenset[Kind]] = frozenset({"caption", "node", "row", "pair"})
_SAME_PLACE_PX: Final = 6


class Clicks:
    """Answers clicks."""

    def __init__(
        self,
        picture: NetworkScene,
        editor: Editor,
        camera: Camera,
        select: Callable[[Selection], None],
        ask: Callable[[Target], None],
    ) -> None:
        self._picture, self._editor, self._camera = picture, editor, camera
        self._select, self._ask = select, ask
        self._button_at = QPoint(-_SAME_PLACE_PX, -_SAME_PLACE_PX)
        self._clicked: tuple[object, ...] = ()

    @Slot(object)
    def click(self, press: Press) -> None:
        """A button went up where it went down."""
        target = press.target
        self._clicked = _what(target)
        buttons: dict[Kind, Callable[[], object]] = {
            "add": lambda: self._editor.add_node(target.layer),
            "remove": lambda: self._editor.remove_node(target.layer),
            "insert": lambda: self._editor.insert_layer(target.x),
        }
        if target.kind not in buttons:
            self._select(clicked(press.selection, target, extend=press.extends))
            return
        self._button_at = press.place
        before = self._picture.middle_of(target)
        buttons[target.kind]()
        after = self._picture.middle_of(target)
        if before is not None and after is not None:  # the same button under the pointer, to be clicked again
            self._camera.bring(press.point + after - before, press.place)

    def click_twice(self, press: Press) -> bool:
        """A double click; whether it meant more than two clicks.

        Two clicks on two things are none: the first may have been removed meanwhile.
        """
        if self._clicked not in ((), _what(press.target)):
            return False
        # Who clicks a button again and again goes on for a while when it is no longer there.
        again = (press.place - self._button_at).manhattanLength() <= _SAME_PLACE_PX
        if press.target.kind in _ASKED:
            self._ask(press.target)
        elif press.target.kind == "empty" and not again:
            self._editor.insert_layer(press.point.x(), press.point.y())
        else:
            return False
        return True


def _what(target: Target) -> tuple[object, ...]:
    return target.kind, target.layer, target.node, target.pair
