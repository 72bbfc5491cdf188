"""The life of a pressed button: a click, or a gesture that begins, is dragged, and is dropped or given up.

One object decides *when*; `bpviz.ui.canvas.tools` says which gesture begins where, and a gesture what it
shows and edits.  Whatever comes in between goes through `Lifecycle.cancel`: Esc, a command, undo, another
project, keys led elsewhere, a release that was lost.  A second button, another window, a menu or a snapshot
neither end a gesture nor begin another.
"""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, QPoint, Qt, Signal
from PySide6.QtWidgets import QApplication

from bpviz.ui.canvas.gestures.bench import Bench
from bpviz.ui.canvas.gestures.gesture import Gesture, Motion
from bpviz.ui.canvas.targets import EMPTY, Target
from bpviz.ui.canvas.tools import Press, Tool, tool_for


class Lifecycle(QObject):
    """Leads one press at a time from its begin to its end.

    Signals:
        clicked: (`Press`), released where it was pressed.
        began: A gesture is under way from now on.
        ended: A gesture was dropped or given up.
    """

    clicked = Signal(object)
    began = Signal()
    ended = Signal()

    def __init__(self, bench: Bench, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bench = bench
        self._press: Press | None = None
        self._tool: Tool | None = None
        self._gesture: Gesture | None = None
        self._motion: Motion | None = None

    @property
    def active(self) -> bool:
        """Whether a button is held, and may still become a click or a drag."""
        return self._press is not None

    @property
    def gesture(self) -> Gesture | None:
        """The drag under way."""
        return self._gesture

    @property
    def tool(self) -> Tool | None:
        """What leads the drag under way."""
        return self._tool if self._gesture is not None else None

    @property
    def grip(self) -> Tool | None:
        """What would lead a drag that began now, while a button is held; the pointer tells it at once."""
        return self._tool

    @property
    def kept(self) -> Target:
        """What is pointed at while the drag under way lasts, wherever the pointer is."""
        if self._press is None or self._tool is None or not self._tool.keeps:
            return EMPTY
        return self._press.target

    def press(self, press: Press) -> None:
        """A button went down; while another is held, it means nothing."""
        if self._press is not None and press.button != self._press.button:
            return
        self.cancel()  # the same one again: its release was lost on the way
        self._press, self._tool = press, tool_for(press)
        if self._tool.at_once:
            self._begin(press, self._tool)

    def drag(self, place: QPoint, motion: Motion, held: Qt.MouseButton | None = None) -> None:
        """The pointer moved, or the picture under it.

        Args:
            place: Where it is in the pane.
            motion: The same in the scene.
            held: The buttons that are down; without the one that began, its release was lost on the way.
                None when it was the picture that moved, and nothing is known of buttons.
        """
        if self._press is None or self._tool is None:
            return
        if held is not None and not held & self._press.button:
            self.cancel()
            return
        far = (place - self._press.place).manhattanLength() >= QApplication.startDragDistance()
        if self._gesture is None and far:
            self._begin(self._press, self._tool)
        if self._gesture is not None:
            self._motion = motion
            self._gesture.drag(motion)

    def hold(self, keys: Qt.KeyboardModifier) -> None:
        """Other keys are held; what they change is shown before the pointer moves again."""
        if self._gesture is not None and self._motion is not None and self._motion.keys != keys:
            self._motion = replace(self._motion, keys=keys)
            self._gesture.drag(self._motion)

    def release(self, button: Qt.MouseButton, motion: Motion) -> None:
        """A button went up: if it is the one that began, this is the click or the drop."""
        if self._press is None or button != self._press.button:
            return
        press, gesture = self._let_go()
        if gesture is None:
            self.clicked.emit(press)
        else:
            gesture.drop(motion)
            self.ended.emit()

    def cancel(self) -> None:
        """Give up what is under way, if anything is; what was selected before is selected again."""
        press, gesture = self._let_go()
        if press is not None and gesture is not None:
            gesture.cancel()
            self._bench.select(press.selection)
            self.ended.emit()

    def _begin(self, press: Press, tool: Tool) -> None:
        self._gesture = tool.begin(press, self._bench)
        self.began.emit()

    def _let_go(self) -> tuple[Press | None, Gesture | None]:
        held = self._press, self._gesture
        self._press = self._tool = self._gesture = self._motion = None
        return held
