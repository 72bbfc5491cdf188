"""The explanation of one window: it follows the selection and the run, and points at the picture."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from bpviz.training.snapshot import Snapshot
from bpviz.ui.background import Background
from bpviz.ui.canvas import NetworkCanvas
from bpviz.ui.document import Document
from bpviz.ui.preferences import Preferences
from bpviz.ui.run.controller import TrainingController
from bpviz.ui.theme import Theme

if TYPE_CHECKING:
    from bpviz.ui.explanation.panel import ExplanationPanel

_READY_AFTER_MS: Final = 1500  # after the first picture: the window stands, and nobody has come so far yet


class Explained(QWidget):
    """The place of an explanation, which is made when somebody first looks at it.

    All that explains takes a tenth of the time in which a window opens, and stands behind another tab then.
    It is made ready soon after: first its modules are read, beside the window, since that takes longest.
    What snapshots bring, the window hands on.

    Signals:
        said: (str), a sentence on what was copied, or why it could not be.
        drawn: (dict), a picture to be saved, by suffix of a file what belongs into it.
        withheld_changed: What others may show of the step is another now, see `withheld`.
    """

    said = Signal(str)
    drawn = Signal(object)
    withheld_changed = Signal()

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
        self._later = QTimer(self, singleShot=True, interval=_READY_AFTER_MS)
        self._later.timeout.connect(self._read_ahead)
        self._reading = Background(self)
        self._reading.finished.connect(self._make_ready)
        self._working = False
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

    def withheld(self, snapshot: Snapshot) -> Snapshot:
        """Return what others may show of a snapshot: no number of the step while somebody works it out."""
        if not self._working:
            return snapshot
        cursor = snapshot.cursor
        named = cursor if cursor is None else replace(cursor, text=f"{cursor.phase.title}.")
        return replace(snapshot, trace=None, cursor=named)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Take the numbers of another moment."""
        if self._panel is not None:
            self._panel.show_snapshot(snapshot)
        elif not (self._reading.busy or self._later.isActive()):
            self._later.start()

    @Slot()
    def begin_anew(self) -> None:
        """Another project comes."""
        if self._panel is not None:
            self._panel.begin_anew()

    def end(self) -> None:
        """The window closes: nothing is read on, which amid the end of Python would be a fault."""
        self._later.stop()
        self._reading.close()
        if self._panel is not None:
            self._panel.learner.end()

    @Slot(object)
    def _on_example(self, example: int | None) -> None:
        """Whoever walks looks at one example, here and everywhere."""
        latest = self._controller.latest
        if latest is not None and latest.cursor is not None and latest.cursor.example != example:
            self._controller.look_inside(lambda walk: walk.look_at(example))

    @Slot()
    def _read_ahead(self) -> None:
        self._reading.start(lambda _tell: import_module("bpviz.ui.explanation.panel"))

    @Slot()
    def _make_ready(self) -> None:
        if self._panel is None:
            self._panel = self._made()

    @Slot(bool)
    def _on_working(self, working: bool) -> None:
        self._working = working
        self.withheld_changed.emit()

    def _made(self) -> ExplanationPanel:
        from bpviz.ui.explanation.panel import ExplanationPanel

        panel = ExplanationPanel(self._document, self._theme, self._preferences)
        panel.set_in_sight(False)  # whoever looks says so
        panel.said.connect(self.said)
        panel.sheet.example_chosen.connect(self._on_example)
        panel.drawn.connect(self.drawn)
        panel.learner.working.connect(self._on_working)
        panel.lit.connect(self._canvas.light)
        panel.wants_changed.connect(partial(self._controller.set_wants, "explanation"))
        self._canvas.desk.selection_changed.connect(panel.show_selection)
        self._canvas.pointed.connect(panel.point_at)
        panel.show_selection(self._document.selection)
        if self._controller.latest is not None:
            panel.show_snapshot(self._controller.latest)
        column = self.layout()
        assert column is not None
        column.addWidget(panel)
        self.setFocusProxy(panel)
        return panel
