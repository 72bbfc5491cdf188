"""Walking through a step: what the strip, the keys and all that shows examples ask of the run."""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot

from bpviz.training.phases import Cursor
from bpviz.training.walk import Move
from bpviz.ui.run.controller import TrainingController


class Stepper(QObject):
    """Leads the run through the phases and examples of its steps.

    Args:
        controller: Leads the run.
    """

    def __init__(self, controller: TrainingController) -> None:
        super().__init__(controller)
        self._controller = controller

    @property
    def cursor(self) -> Cursor | None:
        """Where somebody stands inside a step, as last shown; None between steps."""
        latest = self._controller.latest
        return None if latest is None else latest.cursor

    @Slot(str)
    def move(self, move: Move) -> None:
        """Pause and go to the next phase or example, back, or to the first or last phase."""
        self._controller.look_inside(lambda walk: walk.move(move))

    @Slot(int)
    def go_to_phase(self, index: int) -> None:
        """Go to a phase of the step that somebody stands in."""
        self._controller.look_inside(lambda walk: walk.go_to(index))

    @Slot(object)
    def look_at(self, example: int | None) -> None:
        """Look at an example of the batch in the phase where one stands; None for all of them."""
        self._controller.look_inside(lambda walk: walk.look_at(example))

    @Slot(int)
    def look_at_row(self, row: int) -> None:
        """Look at a row of the data set, if this batch has it; else a sentence says where it is."""
        self._controller.look_inside(lambda walk: walk.look_at_row(row))

    @Slot(int)
    def look_beside(self, places: int) -> None:
        """Look at an example so many places on in the batch; before the first one is the whole batch."""
        self._controller.look_inside(lambda walk: walk.look_beside(places))

    @Slot()
    def play(self) -> None:
        """Go on phase by phase until paused, at a speed at which they can be seen; or pause."""
        if self._controller.playing:
            self._controller.pause()
        else:
            self._controller.going(lambda player: player.play(phases=True))
