"""The explanation of one window: it follows the selection and the run, and points at the picture."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from bpviz.training.snapshot import Snapshot
from bpviz.ui.canvas import NetworkCanvas
from bpviz.ui.document import Document
from bpviz.ui.preferences import Preferences
from bpviz.ui.run.controller import TrainingController
from bpviz.ui.theme import Theme

if TYPE_CHECKING:
    from bpviz.ui.explanation.panel import ExplanationPanel


class Explained(QWidget):
    """The place of an explanation, which is made when somebody first looks at it.

    All that explains takes a tenth of the time in which a window opens, and stands behind another tab then.
    What snapshots bring, the window hands on.

    Signals:
        said: (str), a sentence on what was copied, or why it could not be.
    """

    said = Signal(str)

    def __init__(
        self,
        document: Document,
        theme: Theme,
        preferences: Preferences,
        canvas: NetworkCanvas,
        controller: TrainingController,
    ) -> None:
        super().__init__()
        self._document, self._theme, self._preferences = document, theme, preferences
        self._canvas, self._controller = canvas, controller
        self._panel: ExplanationPanel | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)

    @property
    def panel(self) -> ExplanationPanel:
        """The explanation."""
        if self._panel is None:
            self._panel = self._made()
        return self._panel

    @Slot(bool)
    def set_in_sight(self, in_sight: bool) -> None:
        """Be seen, or not: behind another tab Qt still calls it visible."""
        if in_sight or self._panel is not None:
            self.panel.set_in_sight(in_sight)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Take the numbers of another moment."""
        if self._panel is not None:
            self._panel.show_snapshot(snapshot)

    @Slot()
    def begin_anew(self) -> None:
        """Another project comes."""
        if self._panel is not None:
            self._panel.begin_anew()

    def _made(self) -> ExplanationPanel:
        from bpviz.ui.explanation.panel import ExplanationPanel

        panel = ExplanationPanel(self._document, self._theme, self._preferences)
        panel.set_in_sight(False)  # whoever looks says so
        panel.said.connect(self.said)
        panel.lit.connect(self._canvas.light)
        panel.wants_changed.connect(partial(self._controller.set_wants, "explanation"))
        self._canvas.selection_changed.connect(panel.show_selection)
        self._canvas.pointed.connect(panel.point_at)
        panel.sheet.example_chosen.connect(self._on_example)
        panel.show_selection(self._document.selection)
        if self._controller.latest is not None:
            panel.show_snapshot(self._controller.latest)
        column = self.layout()
        assert column is not None
        column.addWidget(panel)
        self.setFocusProxy(panel)
        return panel

    @Slot(object)
    def _on_example(self, example: int | None) -> None:
        """Whoever walks looks at one example, here and everywhere."""
        latest = self._controller.latest
        if latest is not None and latest.cursor is not None and latest.cursor.example != example:
            self._controller.look_inside(lambda walk: walk.look_at(example))
