"""Selecting what is inside of something drawn: a frame, or a line around it by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainterPath, QPolygonF

from bpviz.ui.canvas.gestures.gesture import Motion
from bpviz.ui.canvas.scene import NetworkScene
from bpviz.ui.document import Selection

_DOT: Final = 2.5  # shows at once where a line drawn by hand begins


class Frame:
    """Selects the nodes inside a frame."""

    def __init__(
        self, scene: NetworkScene, begin: QPointF, before: Selection, select: Callable[[Selection], None]
    ) -> None:
        """Begin.

        Args:
            scene: Shows the frame.
            begin: One corner.
            before: What stays selected besides.
            select: Takes the selection, also while dragging.
        """
        self._scene, self._begin, self._before, self._select = scene, begin, before, select

    def drag(self, motion: Motion) -> None:
        area = self.area(motion.point)
        self._scene.hints.show_area(area)
        inside = self._scene.nodes_in(area)
        self._select(Selection(self._before.nodes | inside, self._before.pairs, self._before.layers))

    def drop(self, motion: Motion) -> None:
        self.drag(motion)
        self.cancel()

    def cancel(self) -> None:
        self._scene.hints.show_area(None)

    def area(self, point: QPointF) -> QPainterPath:
        """What is enclosed when the pointer is at a point."""
        path = QPainterPath()
        path.addRect(QRectF(self._begin, point).normalized())
        return path


class Lasso(Frame):
    """Selects the nodes inside a line drawn by hand, which closes by itself."""

    def __init__(
        self, scene: NetworkScene, begin: QPointF, before: Selection, select: Callable[[Selection], None]
    ) -> None:
        super().__init__(scene, begin, before, select)
        self._line = QPolygonF([begin])
        dot = QPainterPath()
        dot.addEllipse(begin, _DOT, _DOT)
        scene.hints.show_area(dot)

    def area(self, point: QPointF) -> QPainterPath:
        if self._line.last() != point:
            self._line.append(point)
        path = QPainterPath()
        path.addPolygon(self._line)
        path.closeSubpath()
        return path
