"""All plots of the window, fed from snapshots in turn."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from bpviz.training.figures import PLOTS, Figure
from bpviz.training.snapshot import Snapshot
from bpviz.ui.plots.panel import PlotPanel
from bpviz.ui.theme import Theme
from bpviz.ui.turns import Turns

_PLOTS_A_FRAME: Final = 3
"""So many are drawn for one snapshot while it plays; the others have their turn at the next."""


class PlotBoard(QObject):
    """Makes one `PlotPanel` for each entry of PLOTS and feeds those in sight.

    Signals:
        wants_changed: (frozenset of names), what all visible panels need from snapshots.
        export_requested: (Figure), the user wants one in a file.
        example_chosen: (int), the user clicked at an example, by its row in the data set.

    Attributes:
        panels: By name of the plot.
    """

    wants_changed = Signal(object)
    export_requested = Signal(object)
    example_chosen = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget, turns: Turns | None = None) -> None:
        """Make all panels.

        Args:
            theme: Colors.
            parent: Of the panels.
            turns: Where others draw in turn with them, too; None where nobody does.
        """
        super().__init__(parent)
        self.panels = {name: PlotPanel(name, theme, parent) for name in PLOTS}
        self._waiting: list[PlotPanel] = []
        self._coming: list[PlotPanel] = []
        self._turns = turns or Turns(self)
        self._wants: frozenset[str] = frozenset()
        for panel in self.panels.values():
            panel.wants_changed.connect(self._on_wants)
            panel.export_requested.connect(self.export_requested)
            panel.example_chosen.connect(self.example_chosen)

    def as_exported(self, figure: Figure) -> Figure:
        """A figure as the user chose to see its plot, and the part of it that is in sight."""
        return self.panels[figure.name].as_exported(figure)

    @Slot()
    def begin_anew(self) -> None:
        """Another project comes."""
        self._turns.withdraw(self)
        self._coming, self._waiting = [], []
        for panel in self.panels.values():
            panel.begin_anew()

    @property
    def wants(self) -> frozenset[str]:
        """What all visible panels need from snapshots."""
        return self._wants

    def show_snapshot(self, snapshot: Snapshot, *, playing: bool) -> None:
        """Draw a snapshot: all visible plots when at rest, some of them in turn while playing.

        While kernels train, each plot has a turn of the event loop to itself, so that a click never waits for
        more than one.  The reference path rests until the window has drawn; there they are drawn at once.
        """
        visible = [panel for panel in self.panels.values() if panel.wants]
        if not playing:
            turn, self._waiting = visible, []
        else:
            waiting = [panel for panel in (*self._coming, *self._waiting) if panel in visible]
            waiting += [panel for panel in visible if panel not in waiting]
            turn, self._waiting = waiting[:_PLOTS_A_FRAME], waiting[_PLOTS_A_FRAME:]
        self._coming = turn
        if playing and snapshot.path == "kernel":
            self._turns.ask(self, self._drawing(snapshot))
            return
        self._turns.withdraw(self)
        for _ in self._drawing(snapshot):
            pass

    def _drawing(self, snapshot: Snapshot) -> Iterator[None]:
        """Draw those whose turn has come, one after the other, and each in the turn after onto the screen."""
        while self._coming:
            panel = self._coming.pop(0)
            with _held(panel):
                panel.show_snapshot(snapshot)
                yield
            yield

    @Slot()
    def _on_wants(self) -> None:
        wants = frozenset().union(*(panel.wants for panel in self.panels.values()))
        if wants != self._wants:
            self._wants = wants
            self.wants_changed.emit(wants)


@contextmanager
def _held(panel: PlotPanel) -> Iterator[None]:
    """Leave a plot on the screen as it is meanwhile: to paint it takes as long as to draw it."""
    frame = None if panel.view is None else panel.view.frame
    if frame is not None:
        frame.hold(held=True)
    try:
        yield
    finally:
        if frame is not None:
            frame.hold(held=False)
