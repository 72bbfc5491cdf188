"""The strip of the timeline, introduced to the run that it winds."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QVBoxLayout, QWidget

from bpviz.ui.document import Document
from bpviz.ui.keys import tell_keys
from bpviz.ui.run.past import Past
from bpviz.ui.run.stepper import Stepper
from bpviz.ui.strip.strip import TimelineStrip
from bpviz.ui.theme import Theme


class WindingStrip(TimelineStrip):
    """What it is asked, the past of the run does.

    Args:
        document: Of which it shows the run.
        stepper: Leads it through the phases and examples of a step.
        past: Winds it.
        theme: In which colors.
    """

    def __init__(self, document: Document, stepper: Stepper, past: Past, theme: Theme) -> None:
        super().__init__(theme)
        document.opened.connect(self.begin_anew)
        self.phase_next.connect(partial(stepper.move, "phase"))
        self.phase_back.connect(partial(stepper.move, "back"))
        self.phase_wanted.connect(stepper.go_to_phase)
        self.end_phase_wanted.connect(stepper.move)
        self.play_wanted.connect(stepper.play)
        self.example_wanted.connect(stepper.look_at)
        self.beside_wanted.connect(stepper.look_beside)
        self.glanced.connect(past.glance)
        self.sought.connect(past.seek)
        self.end_wanted.connect(past.to_end)
        tree, lines = self.branches.tree, past.lines
        tree.switched.connect(lines.switch)
        tree.renamed.connect(lines.rename)
        tree.removed.connect(lines.remove)
        tree.ghost_shown.connect(lines.show_ghost)
        tree.ghost_renamed.connect(lines.rename_ghost)
        tree.ghost_removed.connect(lines.remove_ghost)
        for part, about, keys in (
            (self.back_button, "One phase back", ("step_back",)),
            (self.next_button, "To the next phase", ("step_phase",)),
            (self.play_button, "Play phases, or pause", ("play_phases",)),
            (self.first_button, "To the first phase", ("first_phase",)),
            (self.last_button, "To the last phase, the update", ("last_phase",)),
            (self.example, "One example of the batch, or all of them", ("previous_example", "next_example")),
        ):
            tell_keys(part, about, *keys)


def above(first: QWidget, second: QWidget) -> QWidget:
    """Put one widget above another, which keeps its height."""
    both = QWidget()
    column = QVBoxLayout(both)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    column.addWidget(first, 1)
    column.addWidget(second)
    return both
