"""The explanation of one window: it follows the selection and the run, and points at the picture."""

from __future__ import annotations

from functools import partial

from bpviz.ui.canvas import NetworkCanvas
from bpviz.ui.document import Document
from bpviz.ui.explanation.panel import ExplanationPanel
from bpviz.ui.preferences import Preferences
from bpviz.ui.run.controller import TrainingController
from bpviz.ui.theme import Theme


class Explained(ExplanationPanel):
    """An explanation, introduced to the canvas and the run.  What snapshots bring, the window hands on."""

    def __init__(
        self,
        document: Document,
        theme: Theme,
        preferences: Preferences,
        canvas: NetworkCanvas,
        controller: TrainingController,
    ) -> None:
        super().__init__(document, theme, preferences)
        canvas.selection_changed.connect(self.show_selection)
        canvas.pointed.connect(self.point_at)
        self.lit.connect(canvas.light)
        self.wants_changed.connect(partial(controller.set_wants, "explanation"))
