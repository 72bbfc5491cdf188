"""Walking through steps in a window: examples chosen wherever they are shown, and breakpoints."""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot

from bpviz.model.compile import Compiled
from bpviz.training.breakpoints import Breakpoint, read, written
from bpviz.training.phases import Cursor
from bpviz.training.places import BiasPlace, NodePlace, PairPlace, Place
from bpviz.training.snapshot import Snapshot
from bpviz.ui.canvas import NetworkCanvas
from bpviz.ui.document import Selection
from bpviz.ui.panels.breakpoints_dialog import BreakpointsDialog
from bpviz.ui.panels.data_panel import DataPanel
from bpviz.ui.plots.board import PlotBoard
from bpviz.ui.preferences import Preferences
from bpviz.ui.run.controller import TrainingController
from bpviz.ui.run.stepper import Stepper


class Walks(QObject):
    """Leads walks, and introduces to them all that shows examples.

    Attributes:
        stepper: Leads the run through phases and examples.

    Args:
        controller: Leads the run.
        preferences: Remember the breakpoints.
        canvas: Selects where a breakpoint stopped.
        board: Has the map, where examples are chosen; it marks them by the snapshot.
        data_panel: Has their table.
    """

    def __init__(
        self,
        controller: TrainingController,
        preferences: Preferences,
        canvas: NetworkCanvas,
        board: PlotBoard,
        data_panel: DataPanel,
    ) -> None:
        super().__init__(controller)
        self._controller, self._preferences = controller, preferences
        self._canvas, self._data_panel = canvas, data_panel
        self._stopped: Cursor | None = None
        self.stepper = stepper = Stepper(controller)
        board.example_chosen.connect(self._on_map_clicked)
        data_panel.example_chosen.connect(stepper.look_at_row)
        controller.snapshot.connect(self._on_snapshot)
        controller.said.connect(data_panel.hear)
        self._watch(self.breakpoints)

    @property
    def breakpoints(self) -> tuple[Breakpoint, ...]:
        """As they are remembered; what is no breakpoint is left out."""
        found = map(read, self._preferences.breakpoints)
        return tuple(point for point in found if point is not None)

    def go_on_to_breakpoint(self) -> None:
        """Walk on until a breakpoint stops the walk, or until paused."""
        most = self._preferences.breakpoint_steps
        self._controller.going(lambda player: player.go_on_to_breakpoint(most))

    def show_breakpoints(self) -> None:
        """Show the list of breakpoints, to be changed; whatever is changed takes effect at once."""
        dialog = BreakpointsDialog(
            self.breakpoints, self._preferences.breakpoint_steps, self._canvas.window()
        )
        dialog.changed.connect(self._on_changed)
        dialog.exec()
        dialog.deleteLater()

    def _watch(self, points: tuple[Breakpoint, ...]) -> None:
        self._controller.tell(lambda player: player.guard.watch(points))

    @Slot(object, int)
    def _on_changed(self, points: tuple[Breakpoint, ...], most_steps: int) -> None:
        self._preferences.breakpoints = tuple(map(written, points))
        self._preferences.breakpoint_steps = most_steps
        self._watch(points)

    @Slot(int)
    def _on_map_clicked(self, row: int) -> None:
        """Look at an example; a run that trains goes on below whatever is clicked on its map."""
        if self.stepper.cursor is not None or not self._controller.playing:
            self.stepper.look_at_row(row)

    @Slot(object)
    def _on_snapshot(self, snapshot: Snapshot) -> None:
        cursor = snapshot.cursor
        self._data_panel.mark_example(None if cursor is None else cursor.row)
        if cursor is None or cursor.stopped_at is None:
            self._stopped = None
        elif cursor != self._stopped:  # once: somebody may select something else there
            self._stopped = cursor
            self._canvas.desk.select(_selection_of(snapshot.compiled, cursor.stopped_at))


def _selection_of(compiled: Compiled, place: Place) -> Selection:
    """What a place is in the drawing; nothing for the whole."""

    def name(node: NodePlace) -> str:
        return compiled.node_ids[node.layer][node.node]

    if isinstance(place, PairPlace):
        return Selection(pairs=frozenset({(name(place.source), name(place.target))}))
    if isinstance(place, BiasPlace):
        return Selection(nodes=frozenset({name(place.target)}))
    return Selection(nodes=frozenset({name(place)})) if isinstance(place, NodePlace) else Selection()
