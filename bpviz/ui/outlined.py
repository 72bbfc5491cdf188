"""What stands beside the canvas and shows the same network: outline, history, and the field that finds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

from PySide6.QtCore import QObject, QPointF, Qt, Slot
from PySide6.QtWidgets import QWidget

from bpviz.ui.canvas import NetworkCanvas
from bpviz.ui.canvas.targets import Target
from bpviz.ui.desk import Desk
from bpviz.ui.document import Selection
from bpviz.ui.outline import Outline
from bpviz.ui.outline.find import Find
from bpviz.ui.outline.history import History
from bpviz.ui.outline.spoken import network_words, selection_words
from bpviz.ui.run.controller import TrainingController
from bpviz.ui.theme import Theme
from bpviz.ui.values import ValueEdits

_EDGE_PX: Final = 8  # of the picture: what stands nearer to it is brought into sight


class Outlined(QObject):
    """The parts of one window that show the network otherwise than as a picture.

    Attributes:
        outline: The network as a table.
        history: All edits.
        find: The field over the picture.
        panels: Those that stand in docks, by the names of these.
        seen: What each is told when it comes into sight or goes, by the name of its dock.
    """

    def __init__(
        self,
        desk: Desk,
        theme: Theme,
        canvas: NetworkCanvas,
        controller: TrainingController,
        values: ValueEdits,
    ) -> None:
        super().__init__(canvas)
        self._desk, self._canvas = desk, canvas
        self.outline = outline = Outline(desk.document, theme)
        self.history = history = History(desk.document.undo_stack, theme)
        self.find = Find(desk.document, theme, canvas)
        self.panels: Mapping[str, QWidget] = {"outline": outline, "history": history}
        self.seen: dict[str, Callable[[bool], None]] = {
            "outline": outline.set_in_sight,
            "history": history.set_in_sight,
        }
        desk.document.opened.connect(outline.begin_anew)
        desk.selection_changed.connect(outline.show_selection)
        outline.selected.connect(desk.select)
        outline.value_edited.connect(values.set_value)
        outline.wants_changed.connect(partial(controller.set_wants, "outline"))
        desk.selection_changed.connect(self._say)
        desk.document.changed.connect(self._say)
        self._say()
        self.find.found.connect(self._show_found)
        self.find.left.connect(partial(canvas.setFocus, Qt.FocusReason.ShortcutFocusReason))

    @Slot()
    def _say(self) -> None:
        """Describe the picture to those who hear it."""
        network = self._desk.network
        words = (network_words(network), selection_words(network, self._desk.selection))
        self._canvas.pane.setAccessibleDescription(" ".join(reversed(words)))

    @Slot(object)
    def _show_found(self, selection: Selection) -> None:
        """Select what was found, and bring it into sight."""
        self._desk.select(selection)
        for layer in selection.layers:
            self._bring(Target("caption", layer=layer))
        for node in selection.nodes:
            self._unroll(node)
            self._bring(Target("node", node=node))

    def _unroll(self, node: str) -> None:
        """Scroll a column that has no room for all of its nodes to one of them."""
        layer = self._desk.network.layer_of(node)
        column = self._canvas.scene.placement.columns.get(layer.id)
        if column is None:
            return
        row = next(at for at, one in enumerate(layer.nodes) if one.id == node)
        if not column.first <= row < column.first + column.shown:
            self._canvas.scene.scroll_column(layer.id, row - column.first - column.shown // 2)

    def _bring(self, target: Target) -> None:
        pane, point = self._canvas.pane, self._canvas.scene.middle_of(target)
        if point is None:
            return
        place, room = pane.mapFromScene(point), pane.viewport().rect()
        in_sight = room.adjusted(_EDGE_PX, _EDGE_PX, -_EDGE_PX, -_EDGE_PX).contains(place)
        if not in_sight or self.find.geometry().contains(place):
            pane.pan(QPointF(place - room.center()) / pane.scale_factor)
