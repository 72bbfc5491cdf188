"""Leading one end of a connection to another node; its weight goes along."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TypeAlias

from bpviz.model import edits
from bpviz.model.edits import ValueOf
from bpviz.model.spec import Network, Pair
from bpviz.ui.canvas.gestures.wiring import Connect
from bpviz.ui.canvas.scene import NetworkScene
from bpviz.ui.canvas.targets import Target
from bpviz.ui.desk.editor import Editor

Tell: TypeAlias = Callable[[str], None]


class Reconnect(Connect):
    """Draws a connection anew from one of its ends, and drops its other end onto a node."""

    def __init__(
        self,
        scene: NetworkScene,
        editor: Editor,
        pair: Pair,
        *,
        at_end: bool,
        tell: Tell,
        value_of: ValueOf,
    ) -> None:
        """Begin.

        Args:
            scene: Shows the wire.
            editor: Gets the edit, and says what is legal.
            pair: The connection.
            at_end: It is its end that is led elsewhere, and not where it begins.
            tell: Shows a sentence beside the pointer; an empty one hides it.
            value_of: Finds the weight that goes along.
        """
        self._pair, self._value_of = pair, value_of
        node = pair[0] if at_end else pair[1]
        port = Target("port out" if at_end else "port in", node=node)
        super().__init__(scene, editor, port, frozenset({node}), tell, None)

    def ends_at(self, at: Target) -> tuple[str, ...]:
        return () if at.kind == "caption" else super().ends_at(at)

    def edit(self, ends: tuple[str, ...]) -> Callable[[Network], Network]:
        return lambda network: self._led(network, ends).network

    def refusal(self, ends: tuple[str, ...]) -> str:
        return "" if self._to(ends) == self._pair else super().refusal(ends)

    def finish(self, ends: tuple[str, ...]) -> None:
        self._editor.carry("reconnect", partial(self._led, ends=ends), self._value_of)

    def _led(self, network: Network, ends: tuple[str, ...]) -> edits.Carried:
        return edits.reconnect(network, self._pair, self._to(ends))

    def _to(self, ends: tuple[str, ...]) -> Pair:
        (to,) = self.pairs(ends)
        return to
