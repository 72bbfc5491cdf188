"""What is said about what is under the pointer: when the card shows, and where it is not in the way."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QObject, QPoint, QRect, QRectF, QTimer, Signal, Slot
from PySide6.QtWidgets import QWidget

from bpviz.ui.canvas.card import Card
from bpviz.ui.canvas.clearing import BESIDE_PX, clear_place, surroundings
from bpviz.ui.canvas.pane import NetworkPane
from bpviz.ui.canvas.scene import NetworkScene
from bpviz.ui.canvas.targets import EMPTY, Target
from bpviz.ui.canvas.texts import node_title
from bpviz.ui.canvas.turning import Turning
from bpviz.ui.theme import Theme

CARD_AFTER_MS: Final = 400
"""A pointer that only passes shows nothing."""


class Pointing(QObject):
    """Leads the card.

    It shows once the pointer rests on something, stays where it is while the pointer is there, and never lies
    over what is pointed at.  After a click it stays away until the pointer points at something else: who
    clicks wants to do something there.

    Signals:
        rested: The pointer rests on something else, whose values may be wanted.
    """

    rested = Signal()

    def __init__(
        self, scene: NetworkScene, pane: NetworkPane, theme: Theme, turning: Turning, canvas: QWidget
    ) -> None:
        super().__init__(canvas)
        self._turning = turning
        turning.turned.connect(self._on_turned)
        turning.weighed.connect(self._on_turned)
        self._scene, self._pane = scene, pane
        self._card = Card(theme, canvas)
        self._target = EMPTY
        self._clicked = EMPTY
        self._place = QPoint()
        self._rest = QTimer(self, singleShot=True, interval=CARD_AFTER_MS)
        self._rest.timeout.connect(self._on_rested)
        pane.hovered.connect(self._on_hovered)
        pane.pressed.connect(self._on_pressed)
        pane.refused.connect(self._on_refused)
        pane.moved.connect(self.hide)

    @property
    def target(self) -> Target:
        """What is under the pointer."""
        return self._target

    @Slot()
    def hide(self) -> None:
        """Say nothing, until the pointer points at something else."""
        self._card.hide()

    def refresh(self) -> None:
        """Show the numbers at hand, if it is time to show any."""
        if not self._pane.tells:
            return
        names = self._names()
        if not names or self._rest.isActive() or self._target == self._clicked:
            self._card.hide()
            return
        before = self._card.size()
        more = self._turning.rows(self._target.pair)
        self._card.fill(names, self._scene.groups(self._target), more)
        if self._card.isHidden() or self._card.size() != before:
            self._card.show_at(self._clear_place())

    @Slot(object, QPoint)
    def _on_hovered(self, target: Target, place: QPoint) -> None:
        same, self._target, self._place = target == self._target, target, place
        if not self._pane.tells:
            return  # it may say why a connection can't end here
        if not same:
            if target != self._clicked:
                self._clicked = EMPTY
            self._card.hide()
            self._rest.start()
        elif self._card.isVisible() and self._lies_near(place):
            self._card.show_at(self._clear_place())

    @Slot(object)
    def _on_pressed(self, target: Target) -> None:
        """What is shown beside the pointer must not lie over a drag or a menu."""
        self._clicked = target
        self._card.hide()

    @Slot()
    def _on_turned(self) -> None:
        """Who turns the wheel over a connection wants to see what that does."""
        self._clicked = EMPTY
        self._rest.stop()
        self._on_rested()

    @Slot(str)
    def _on_refused(self, sentence: str) -> None:
        if sentence:
            self._card.show_sentence(sentence, self._pane.pointer)
        else:
            self._card.hide()

    @Slot()
    def _on_rested(self) -> None:
        self.refresh()
        self.rested.emit()

    def _names(self) -> list[str]:
        """What the target is called: a node, or both ends of a connection; nothing for anything else."""
        network, topology, pair = self._scene.network, self._scene.placement.topology, self._target.pair
        if pair is not None:
            return [node_title(network, node) for node in pair] if topology.find(pair) is not None else []
        return [node_title(network, self._target.node)] if self._target.node in topology.number else []

    def _lies_near(self, place: QPoint) -> bool:
        return self._card.geometry().adjusted(-BESIDE_PX, -BESIDE_PX, BESIDE_PX, BESIDE_PX).contains(place)

    def _clear_place(self) -> QPoint:
        scale = self._pane.scale_factor
        boxes = surroundings(self._scene.placement, self._scene.parts.layers, self._target, scale)
        dear, other = ([self._in_pane(box) for box in kind] for kind in boxes)
        return clear_place(self._card.size(), self._card.room, self._place, dear, other)

    def _in_pane(self, box: QRectF) -> QRect:
        return self._pane.mapFromScene(box).boundingRect()
