"""Examples drawn by hand on the map: each is an edit that the run follows without a new start."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from bpviz.data.points import Point, moved_point, with_points, without_points
from bpviz.data.settings import DataSettings
from bpviz.errors import BpvizError
from bpviz.model.edits import set_examples
from bpviz.model.spec import Project
from bpviz.training.figure import Figure
from bpviz.training.marks import Points
from bpviz.ui.document import Document
from bpviz.ui.plots.panel import PlotPanel
from bpviz.ui.points.palette import PointPalette
from bpviz.ui.theme import Theme

if TYPE_CHECKING:
    from bpviz.ui.points.hand import PointHand


class PointDrawing(QObject):
    """Leads the hand that draws on one map.

    Attributes:
        palette: Says what the next examples mean.

    Args:
        document: What is edited.
        theme: Colors of the classes.
        panel: The map.
    """

    def __init__(self, document: Document, theme: Theme, panel: PlotPanel) -> None:
        super().__init__(panel)
        self._document, self._panel = document, panel
        self._hand: PointHand | None = None
        self.palette = PointPalette(theme)
        self.palette.hide()
        panel.add_strip(self.palette)
        panel.heading.draw.toggled.connect(self._on_toggled)
        panel.figure_changed.connect(self._on_figure)
        document.opened.connect(self._stop)

    @property
    def active(self) -> bool:
        """Whether the pointer draws."""
        return self._panel.heading.draw.isChecked()

    @Slot(object)
    def _on_figure(self, figure: Figure) -> None:
        """Offer to draw where there are examples in a plane."""
        points = next(iter(figure.all(Points)), None)
        self._panel.heading.draw.setVisible(points is not None)
        if points is not None:
            self.palette.offer(points.points.classes or (), points.points.target)
        elif self.active:
            self._stop()

    @Slot(bool)
    def _on_toggled(self, active: bool) -> None:
        self._panel.heading.draw.keep(kept=active)
        self.palette.say("")
        self.palette.setVisible(active)
        if self._hand is None and self._panel.view is not None:
            from bpviz.ui.points.hand import PointHand  # pyqtgraph, for which the window does not wait

            self._hand = PointHand(self._panel.view, self)
            self._hand.added.connect(self._on_added)
            self._hand.moved.connect(self._on_moved)
            self._hand.removed.connect(self._on_removed)
            self._hand.left.connect(self._stop)
        if self._hand is not None:
            self._hand.set_active(active=active)

    @Slot()
    def _stop(self) -> None:
        self._panel.heading.draw.setChecked(False)

    @Slot(float, float, int)
    def _on_added(self, x: float, y: float, stroke: int) -> None:
        points = [Point(x, y, self.palette.value)]
        self._learn("add points", lambda data, seed: with_points(data, seed, points), ("add", stroke))

    @Slot(int, float, float, int)
    def _on_moved(self, row: int, x: float, y: float, stroke: int) -> None:
        self._learn("move a point", lambda data, seed: moved_point(data, seed, row, x, y), ("move", stroke))

    @Slot(int)
    def _on_removed(self, row: int) -> None:
        self._learn("remove a point", lambda data, seed: without_points(data, seed, [row]))

    def _learn(
        self, text: str, change: Callable[[DataSettings, int], DataSettings], merge_key: Hashable = None
    ) -> None:
        def edit(project: Project) -> Project:
            data = change(project.data, project.training.seed)
            return set_examples(project, self._document.new_id, data)

        try:
            self._document.apply(text, edit, merge_key)
        except BpvizError as error:
            self.palette.say(str(error))
        else:
            self.palette.say("")
