"""The one example that somebody looks at: chosen wherever examples are shown, and marked there."""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot

from bpviz.training.snapshot import Snapshot
from bpviz.ui.panels.data_panel import DataPanel
from bpviz.ui.plots.board import PlotBoard
from bpviz.ui.run.controller import TrainingController
from bpviz.ui.run.stepper import Stepper


class LookedAt(QObject):
    """Introduces the examples of the map and of the table to the walk; the map marks its own by the snapshot.

    Args:
        controller: Leads the run.
        stepper: Leads it to an example.
        board: Has the map.
        data_panel: Shows the table.
    """

    def __init__(
        self, controller: TrainingController, stepper: Stepper, board: PlotBoard, data_panel: DataPanel
    ) -> None:
        super().__init__(controller)
        self._data_panel = data_panel
        board.example_chosen.connect(stepper.look_at_row)
        data_panel.example_chosen.connect(stepper.look_at_row)
        controller.snapshot.connect(self._on_snapshot)
        controller.said.connect(data_panel.hear)

    @Slot(object)
    def _on_snapshot(self, snapshot: Snapshot) -> None:
        self._data_panel.mark_example(None if snapshot.cursor is None else snapshot.cursor.row)
