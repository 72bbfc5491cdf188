"""Looking at a run's past: what is asked of the run, and what the document shows meanwhile."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Slot

from bpviz.training import winding
from bpviz.training.run import Run
from bpviz.training.snapshot import Snapshot
from bpviz.ui.document import Document
from bpviz.ui.run.controller import TrainingController
from bpviz.ui.run.lines import Lines


class Past(QObject):
    """Winds the run, and lets it go on from where it is looked at.

    While a step of the past is shown, the document shows what the run followed there.

    Attributes:
        lines: Of the run.

    Args:
        document: Shows the project of the moment.
        controller: Leads the run.
    """

    def __init__(self, document: Document, controller: TrainingController) -> None:
        super().__init__(controller)
        self._document, self._controller = document, controller
        self.lines = Lines(document, controller)
        controller.run_began.connect(document.return_to_present)

    def follow(self, snapshot: Snapshot) -> None:
        """Let the document show what the run followed at this moment."""
        view = snapshot.timeline
        if view is None or snapshot.project is None or not self._controller.is_current(snapshot):
            return
        self.lines.arrive()
        if view.at_end:
            self._document.return_to_present()
        else:
            self._document.look_back(snapshot.project)

    @Slot(object)
    def glance(self, step: int) -> None:
        """Show what is kept nearest before a step."""
        self._controller.pausing(lambda player: player.glance(step))

    @Slot(object)
    def seek(self, step: int) -> None:
        """Show a step, as near as the run comes to it."""
        view = self.lines.view
        if view is not None:
            near = min(max(step, view.first_step), view.last_step)
            self._controller.pausing(lambda player: player.seek(near))

    @Slot()
    def to_start(self) -> None:
        """Show the first step."""
        if self.lines.view is not None:
            self.seek(self.lines.view.first_step)

    @Slot()
    def to_end(self) -> None:
        """Stand where the run goes on."""
        if self.lines.view is not None:
            self.seek(self.lines.view.last_step)

    def step_back(self) -> None:
        """Show the step before."""
        self._look(winding.step_back)

    def epoch_back(self) -> None:
        """Show the beginning of the epoch under way, or of the one before."""
        self._look(winding.epoch_back)

    def toggle(self) -> None:
        """Play or pause; from the past on a line of its own."""
        if self._controller.playing:
            self._controller.pause()
            return
        if self._document.in_past:
            self.lines.branch_off()
        self._controller.play()

    def _look(self, what: Callable[[Run], None]) -> None:
        """Pause and look at the run at another of its steps."""
        number = self._document.run
        self._controller.pausing(lambda player: player.arrange(lambda stage: stage.change(number, what)))
