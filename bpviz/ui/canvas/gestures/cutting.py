"""Strokes across connections: what they cross is removed, or frozen."""

from __future__ import annotations

from typing import Final

import numpy as np
from PySide6.QtCore import QPointF, Qt

from bpviz.arrays import Array, BoolArray
from bpviz.ui.canvas.gestures.gesture import Motion
from bpviz.ui.canvas.scene import NetworkScene
from bpviz.ui.desk.editor import Editor
from bpviz.ui.document import Pair, Selection

_DOT: Final = QPointF(0.5, 0.0)  # a line without length is not drawn


class Stroke:
    """Removes the connections that a line drawn by hand crosses; with Shift, freezes or releases them."""

    def __init__(self, scene: NetworkScene, editor: Editor, begin: QPointF, *, removes: bool) -> None:
        """Begin.

        Args:
            scene: Shows the line, and what it crosses.
            editor: Gets the edit.
            begin: Where the line begins; a dot shows there at once.
            removes: What the color of the dot says.
        """
        self._scene, self._editor = scene, editor
        self._drawn = scene.parts.links.drawn
        self._lines = scene.placement.polylines(self._drawn)
        self._struck = np.zeros(self._drawn.size, dtype=np.bool_)
        self._way = [begin]
        scene.hints.show_stroke([begin, begin + _DOT], self._lines[:0], removes=removes)

    def drag(self, motion: Motion) -> None:
        last = self._way[-1]
        if motion.point != last:
            self._way.append(motion.point)
            self._struck |= crossed(self._lines, last, motion.point)
        lines = self._lines[self._struck]
        self._scene.hints.show_stroke(self._way, lines, removes=not _freezes(motion))

    def drop(self, motion: Motion) -> None:
        self.drag(motion)
        self.cancel()
        pairs = self._pairs()
        if not pairs:
            return
        if _freezes(motion):
            frozen = not self._editor.are_frozen(pairs)
            self._editor.freeze(pairs, (), frozen=frozen)
        else:
            self._editor.delete(Selection(pairs=frozenset(pairs)))

    def cancel(self) -> None:
        self._scene.hints.show_stroke([], self._lines[:0], removes=True)

    def _pairs(self) -> list[Pair]:
        topology = self._scene.placement.topology
        return [topology.pair(k) for k in self._drawn[self._struck].tolist()]


def _freezes(motion: Motion) -> bool:
    return bool(motion.keys & Qt.KeyboardModifier.ShiftModifier)


def crossed(lines: Array, begin: QPointF, end: QPointF) -> BoolArray:
    """(lines,) which of some lines, (lines, points, 2), a straight stroke crosses or touches."""
    p, q = np.array([begin.x(), begin.y()]), np.array([end.x(), end.y()])
    starts, stops = lines[:, :-1], lines[:, 1:]
    # The ends of each lie on both sides of the other; on one line with it, they have to be near besides.
    met = _side(p, q, starts) * _side(p, q, stops) <= 0
    met &= _side(starts, stops, p) * _side(starts, stops, q) <= 0
    met &= (np.maximum(starts, stops) >= np.minimum(p, q)).all(axis=2)
    met &= (np.minimum(starts, stops) <= np.maximum(p, q)).all(axis=2)
    found: BoolArray = np.any(met, axis=1)
    return found


def _side(a: Array, b: Array, c: Array) -> Array:
    """On which side of the line from ``a`` to ``b`` the points ``c`` lie: the sign of the result."""
    ab, ac = b - a, c - a
    side: Array = ab[..., 0] * ac[..., 1] - ab[..., 1] * ac[..., 0]
    return side
