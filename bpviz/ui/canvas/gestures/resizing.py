"""Pulling a column's foot: its layer gets as many nodes as have room above it."""

from __future__ import annotations

from PySide6.QtCore import QPointF

from bpviz.model import edits
from bpviz.model.layout import COLLAPSE_ABOVE
from bpviz.model.spec import Layer, Network
from bpviz.ui.canvas.gestures.gesture import Motion
from bpviz.ui.canvas.scene import NetworkScene
from bpviz.ui.desk.editor import Editor


class Resize:
    """Adds and removes nodes at a layer's foot."""

    def __init__(self, scene: NetworkScene, editor: Editor, layer: str, begin: QPointF) -> None:
        """Begin.

        Args:
            scene: Shows the preview.
            editor: Gets the edit.
            layer: Id of the layer.
            begin: Where the foot was gripped.
        """
        self._scene, self._editor, self._layer = scene, editor, layer
        self._selection = scene.selection
        old = editor.network.layer(layer)
        self._old = old.size
        self._off = begin.y() - _foot(old)
        self._sizes: dict[int, Network] = {old.size: editor.network}
        self._shown = old.size
        self._most = max(COLLAPSE_ABOVE, old.size)

    def drag(self, motion: Motion) -> None:
        size = self._size(motion)
        if size != self._shown:
            self._shown = size
            self._scene.show_network(self._resized(size))

    def drop(self, motion: Motion) -> None:
        size = self._size(motion)
        self.cancel()
        if size != self._old:
            self._editor.resize_layer(self._layer, size)

    def cancel(self) -> None:
        self._scene.show_network(self._editor.network)
        self._scene.select(self._selection)  # a preview may have been without some of it

    def _size(self, motion: Motion) -> int:
        """The size whose foot is nearest to where the pointer has it."""
        wanted, size = motion.point.y() - self._off, self._shown
        for step in (1, -1):
            while self._nearer(size + step, size, wanted):
                size += step
        return size

    def _nearer(self, size: int, other: int, wanted: float) -> bool:
        return 1 <= size <= self._most and self._away(size, wanted) < self._away(other, wanted)

    def _away(self, size: int, wanted: float) -> float:
        return abs(_foot(self._resized(size).layer(self._layer)) - wanted)

    def _resized(self, size: int) -> Network:
        if size not in self._sizes:
            ids = [f"preview {k}" for k in range(size)]  # the document never sees them
            self._sizes[size] = edits.resize_layer(self._editor.network, self._layer, size, ids)
        return self._sizes[size]


def _foot(layer: Layer) -> float:
    """Height of a column's lowest node."""
    return max(node.y for node in layer.nodes)
