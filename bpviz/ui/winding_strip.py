"""The strip of the timeline, introduced to the run that it winds."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QVBoxLayout, QWidget

from bpviz.ui.actions import with_keys
from bpviz.ui.document import Document
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
        self.back_button.setToolTip(with_keys("One phase back", "step_back"))
        self.next_button.setToolTip(with_keys("To the next phase", "step_phase"))


def above(first: QWidget, second: QWidget) -> QWidget:
    """Put one widget above another, which keeps its height."""
    both = QWidget()
    column = QVBoxLayout(both)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    column.addWidget(first, 1)
    column.addWidget(second)
    return both
