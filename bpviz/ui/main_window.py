"""The window: it builds the parts and introduces them to each other, one line per fact."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final, get_args

from PySide6.QtCore import QEvent, Qt, QTimer, Slot
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QMainWindow, QWidget

from bpviz.model.edits import arrange_network
from bpviz.model.spec import Project
from bpviz.palette import ThemeMode
from bpviz.training.snapshot import Snapshot
from bpviz.training.timeline import MEGABYTE
from bpviz.ui.actions import describe, make_actions
from bpviz.ui.arrangement import Arrangement
from bpviz.ui.canvas import NetworkCanvas
from bpviz.ui.docks import Pill
from bpviz.ui.document import Document, Selection
from bpviz.ui.explained import Explained
from bpviz.ui.exports import Exports
from bpviz.ui.faults import about_program
from bpviz.ui.file_commands import FileCommands, dropped_file
from bpviz.ui.menus import Menus
from bpviz.ui.outlined import Outlined
from bpviz.ui.pages import Pages
from bpviz.ui.panels.data_panel import DataPanel
from bpviz.ui.panels.inspector import Inspector
from bpviz.ui.panels.preferences_dialog import PreferencesDialog
from bpviz.ui.panels.status_bar import RunStatus
from bpviz.ui.panels.training_panel import TrainingPanel
from bpviz.ui.panels.welcome import Welcome
from bpviz.ui.plots.board import PlotBoard
from bpviz.ui.preferences import Preferences
from bpviz.ui.proof.proving import Proving
from bpviz.ui.remedy import Remedy
from bpviz.ui.run.controller import TrainingController
from bpviz.ui.run.past import Past
from bpviz.ui.texts import title_text
from bpviz.ui.theme import Theme
from bpviz.ui.toolbar import RunToolBar
from bpviz.ui.values import ValueEdits
from bpviz.ui.walks import WALKS, Walks
from bpviz.ui.winding_strip import WindingStrip, above

_DEFAULT_PX: Final = (1280, 800)
_HINT: Final = "Press Space to train"
_SENTENCE_LINES: Final = 2
_VIEWS: Final = ("weights", "gradients", "deltas", "activations", "outputs")
_MOVES: Final = (
    *("play", "step_epoch", "step_batch", "step_example", "step_phase", "step_back", "batch_back"),
    *("epoch_back", "to_start", "to_end", *WALKS),
)


class MainWindow(QMainWindow):
    """Everything around one document and its run.

    Attributes:
        document: What the user drew and set.
        controller: The run.
        canvas: The network editor.
        board: The plots.
        files: What opens and saves.
        exports: What writes results.
    """

    def __init__(
        self, document: Document, theme: Theme, preferences: Preferences, *, welcome: bool = True
    ) -> None:
        """Build the window; nothing is shown and nothing runs yet.

        Args:
            document: What to show; the window takes it over.
            theme: In which colors.
            preferences: What is remembered.
            welcome: Offer the welcome page.
        """
        super().__init__()
        self.document, self.theme, self.preferences = document, theme, preferences
        document.setParent(self)
        self.controller = TrainingController(self)
        self.past = Past(document, self.controller)
        self.files = FileCommands(document, self.controller, preferences, self)
        self.canvas = NetworkCanvas(document, theme, self)
        self.board = PlotBoard(theme, self)
        self.exports = Exports(self.files, document, self.controller, theme, self.board.as_shown)
        self.inspector = Inspector(document, theme)
        self.data_panel = DataPanel(document, theme)
        self.training_panel = TrainingPanel(document, theme)
        self.values = ValueEdits(document, self.controller)
        self.walks = Walks(self.controller, preferences, self.canvas, self.board, self.data_panel)
        self.outlined = Outlined(document, theme, self.canvas, self.controller, self.values)
        self.status = RunStatus(theme)
        self.proving = Proving(document, self.controller, theme, self.canvas)
        self.welcome = Welcome(self)
        self.welcome.hide()
        self._hinted = False
        self._leaving = False
        self.actions_by_name = make_actions(self, theme.show_icon, self._handlers(), self.canvas.give_up)
        self.menus = Menus(self, self.actions_by_name, theme)
        self.toolbar = RunToolBar(self.actions_by_name, theme)
        self.addToolBar(self.toolbar)
        self.setStatusBar(self.status)
        self.pages = Pages(self.canvas, "Network")
        if welcome:
            self.pages.add(self.welcome, "Welcome")
        self.strip = WindingStrip(document, self.walks.stepper, self.past, theme)
        self.setCentralWidget(above(self.pages, self.strip))
        self.pill = Pill(self.canvas, self.canvas.corners)
        self.remedy = Remedy(document, self.controller, self.past, self.pill)
        self.explanation = Explained(document, theme, preferences, self.canvas, self.controller)
        self.arrangement = self._arranged()
        self.setAcceptDrops(True)
        self.menus.add_examples(self._open_example)
        self.menus.add_plots(self.exports.plot)
        self.menus.add_views(self.canvas.show_value_view)
        self.menus.add_panels([dock.toggleViewAction() for dock in self.arrangement.docks.values()])
        self._show_recent()
        self._introduce()
        self._show_problem(self.controller.problem)
        self._show_title()

    def _arranged(self) -> Arrangement:
        """Put all panels into docks."""
        panels = {
            "data": self.data_panel,
            "training": self.training_panel,
            "inspector": self.inspector,
            "explanation": self.explanation,
            **self.outlined.panels,
        }
        arrangement = Arrangement(self, self.theme, panels, self.board.panels)
        # Behind another tab Qt calls it visible, and leads the keys there.
        seen = {"explanation": self.explanation.set_in_sight, "inspector": self.inspector.setEnabled}
        for name, see in (seen | self.outlined.seen).items():
            arrangement.docks[name].visibilityChanged.connect(see)
        return arrangement

    def start(self) -> None:
        """Begin the run of the document as it is."""
        self._allow_room()
        self.controller.load(self.document.project)

    def show_restored(self) -> None:
        """Show the window where it was the last time, as far as there is a screen."""
        layout = self.preferences.layout
        self.resize(*_DEFAULT_PX)
        if layout is None:
            self.arrangement.fit()
        else:
            self.restoreGeometry(layout[0])
            self.restoreState(layout[1])
        self.arrangement.show_on_screen()
        if layout is None:
            self.arrangement.show_suitable(self.document.project.data)

    def show_as_new(self) -> None:
        """Show the window in its default size and arrangement."""
        self.resize(*_DEFAULT_PX)
        self.arrangement.fit()
        self.show()
        self.arrangement.show_suitable(self.document.project.data)

    def abandon(self) -> None:
        """Close without asking anything."""
        self._leaving = True
        self.close()

    def show_welcome(self) -> None:
        """Bring the welcome page to the front."""
        self.pages.show_page(self.welcome, "Welcome")

    def _handlers(self) -> dict[str, Callable[[], object]]:
        files, run, canvas, past = self.files, self.controller, self.canvas, self.past
        return {
            "new": files.new,
            "open": files.open,
            "open_data": files.open_data,
            "save": files.save,
            "save_as": files.save_as,
            "export_weights": self.exports.weights,
            "export_network": self.exports.network,
            "preferences": self._show_preferences,
            "quit": self.close,
            "undo": self.document.undo_stack.undo,
            "redo": self.document.undo_stack.redo,
            "delete": canvas.delete_selection,
            "add_layer": canvas.editor.add_layer,
            "edit_examples": self.data_panel.show_examples,
            "arrange": partial(self.document.apply, "arrange", arrange_network),
            "play": past.toggle,
            "reset": run.reset,
            "step_epoch": run.finish_epoch,
            "step_batch": run.make_step,
            "step_example": partial(self.walks.stepper.move, "example"),
            "step_phase": partial(self.walks.stepper.move, "phase"),
            "step_back": partial(self.walks.stepper.move, "back"),
            **self.walks.commands,
            "batch_back": past.step_back,
            "epoch_back": past.epoch_back,
            "to_start": past.to_start,
            "to_end": past.to_end,
            "faster": lambda: self.toolbar.speed.change_by(1),
            "slower": lambda: self.toolbar.speed.change_by(-1),
            "explain": lambda: self.arrangement.bring("explanation"),
            "outline": lambda: self.arrangement.bring("outline"),
            "fit": canvas.fit,
            "zoom_in": canvas.zoom_in,
            "zoom_out": canvas.zoom_out,
            **{f"view_{view}": partial(canvas.show_value_view, view) for view in _VIEWS},
            **{f"theme_{mode}": partial(self._set_theme, mode) for mode in get_args(ThemeMode)},
            **self.proving.commands,
            "reset_layout": self._reset_layout,
            "welcome": self.show_welcome,
            "about": lambda: self.files.questions.tell("About bpviz", about_program()),
        }

    def _introduce(self) -> None:
        document, controller = self.document, self.controller
        # Ids begin anew in every project: a selection kept would be of something else.
        document.opened.connect(partial(self.canvas.select, Selection()))
        for part in (self.board, self.inspector, self.explanation, self.status):
            document.opened.connect(part.begin_anew)
        document.changed.connect(self._on_changed)
        document.edited.connect(controller.follow)
        document.value_set.connect(controller.set_value)
        document.reselected.connect(self.canvas.select)
        self.canvas.selection_changed.connect(document.keep_selection)
        document.title_changed.connect(self._show_title)
        document.undo_stack.indexChanged.connect(self._show_undo)
        controller.snapshot.connect(self._on_snapshot)
        controller.playing_changed.connect(self._on_playing)
        controller.problem_changed.connect(self._show_problem)
        controller.run_began.connect(document.begin_run)
        tell = (controller.failed, controller.said, self.canvas.message, self.files.message)
        for said in (*tell, self.strip.refused, self.explanation.said, self.proving.said):
            said.connect(self.status.say)
        for name, view in (("canvas", self.canvas), ("plots", self.board), ("inspector", self.inspector)):
            view.wants_changed.connect(partial(controller.set_wants, name))
        self.canvas.selection_changed.connect(self.inspector.show_selection)
        self.canvas.corners_changed.connect(self.pill.place)
        self.board.export_requested.connect(self.exports.figure)
        self.inspector.value_edited.connect(self.values.set_value)
        self.inspector.values_edited.connect(self.values.set_values)
        self.explanation.drawn.connect(self.exports.formula)
        self.explanation.withheld_changed.connect(self._show_step)
        self.proving.export_requested.connect(self.exports.figure)
        self.data_panel.table_wanted.connect(self.files.open_data)
        self.toolbar.speed_changed.connect(controller.set_speed)
        controller.set_speed(self.toolbar.speed.speed)
        self.files.recent_changed.connect(self._show_recent)
        self.welcome.example_chosen.connect(self._open_example)
        self.pages.closed.connect(self._on_page_closed)
        self._show_undo()

    @Slot(object)
    def _on_snapshot(self, snapshot: Snapshot) -> None:
        self.past.follow(snapshot)
        self.status.show_snapshot(snapshot)
        self.document.stand_at(snapshot.last_step)
        if self.isMinimized():  # what views want is not in it either
            return
        self.strip.show_snapshot(snapshot)
        self._show_step()
        self.board.show_snapshot(snapshot, playing=self.controller.playing)
        self.explanation.show_snapshot(snapshot)
        if snapshot.cursor is not None:
            self.pill.say(snapshot.cursor.text, lines=_SENTENCE_LINES)
        elif not self.controller.problem:
            hint = "" if self._hinted or snapshot.last_step else _HINT
            diverged = snapshot.stopped_by == "diverged"
            # A run that ends by itself says why where one looks.
            self.pill.say(snapshot.stopped or hint, bad=diverged)
        self.remedy.show_snapshot(snapshot)

    @Slot()
    def _show_step(self) -> None:
        if self.controller.latest is not None:
            seen = self.explanation.withheld(self.controller.latest)
            for part in (self.canvas, self.inspector, self.outlined.outline):
                part.show_snapshot(seen)

    @Slot(bool)
    def _on_playing(self, playing: bool) -> None:
        self._hinted = self._hinted or playing
        self.status.hush()
        self.toolbar.show_playing(playing)
        self.strip.show_playing(playing=playing)
        describe(self.actions_by_name["play"], "Pause the training" if playing else "Train until paused")
        if playing and not self.controller.problem:
            self.pill.say("")
        snapshot, seen = self.controller.latest, not self.isMinimized()
        if not playing and seen and snapshot is not None:  # plots that waited for their turn
            self.board.show_snapshot(snapshot, playing=False)

    @Slot(str)
    def _show_problem(self, problem: str) -> None:
        for name in _MOVES:
            self.actions_by_name[name].setEnabled(not problem)
        # A sheet that is still being drawn lacks something, but nothing is wrong with it.
        self.pill.say(problem, bad=self.canvas.editor.missing_end is None)

    @Slot(object, object)
    def _on_changed(self, before: Project, after: Project) -> None:
        self._show_undo()
        self._show_title()
        self.status.hush()
        if before.data.source != after.data.source:
            self.arrangement.show_suitable(after.data)

    @Slot()
    def _show_undo(self) -> None:
        self.menus.show_undo(self.document.undo_stack)

    @Slot()
    def _show_recent(self) -> None:
        self.menus.show_recent(self.preferences.recent, self.files.open_path)

    @Slot()
    def _show_title(self) -> None:
        self.setWindowTitle(f"{title_text(self.document.title)}[*] – bpviz")
        self.setWindowModified(self.document.modified)

    def showEvent(self, event: QShowEvent) -> None:
        """Begin with Play in focus; what has the focus before it is shown would lose it again."""
        super().showEvent(event)
        if not event.spontaneous():
            self.toolbar.play_button.setFocus()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask about unsaved changes, then end the training thread; nothing of the run outlives the window."""
        if not self._leaving and not self.files.may_close(then=self.abandon):
            event.ignore()
            return
        self.preferences.save_layout(self.saveGeometry(), self.saveState())
        self.preferences.sync()
        self.proving.close()
        self.controller.close()
        self.explanation.end()
        super().closeEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """A window in the task bar computes no picture."""
        if event.type() == QEvent.Type.WindowStateChange:
            self.controller.set_watched(watched=not self.isMinimized())
        super().changeEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape leads from a field back to the network, or whatever page is in front."""
        if event.key() == Qt.Key.Key_Escape:
            self.pages.currentWidget().setFocus()
        else:
            super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take projects and tables."""
        if dropped_file(event.mimeData()) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open what was dropped, once the drag is over."""
        path = dropped_file(event.mimeData())
        if path is not None:
            event.acceptProposedAction()
            QTimer.singleShot(0, self, partial(self.files.open_path, path))

    def _open_example(self, name: str) -> None:
        self.files.open_example(name)
        self.pages.show_first()

    @Slot(object)
    def _on_page_closed(self, page: QWidget) -> None:
        if page is self.welcome:
            self.preferences.welcomed = True

    def _set_theme(self, mode: ThemeMode) -> None:
        self.preferences.theme = mode
        self.theme.set_mode(mode)

    def _reset_layout(self) -> None:
        self.preferences.forget_layout()
        self.arrangement.reset()

    def _show_preferences(self) -> None:
        dialog = PreferencesDialog(self.preferences, self.theme, self)
        dialog.exec()
        dialog.deleteLater()
        self._allow_room()

    def _allow_room(self) -> None:
        """Runs from now on keep as many moments as the user allows."""
        room_bytes = self.preferences.moments_mb * MEGABYTE
        self.controller.tell(lambda player: player.stage.allow(room_bytes))
