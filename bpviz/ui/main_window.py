"""The window: it builds the parts and introduces them to each other, one line per fact."""

from __future__ import annotations

from functools import partial
from typing import Final, get_args

from PySide6.QtCore import QEvent, Qt, QTimer, Slot
from PySide6.QtGui import QAction, QCloseEvent, QDragEnterEvent, QDropEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QMainWindow, QWidget

from bpviz.model.spec import Project
from bpviz.training.snapshot import Snapshot
from bpviz.training.timeline import MEGABYTE
from bpviz.ui.arrangement import Arrangement
from bpviz.ui.canvas import NetworkCanvas
from bpviz.ui.commands import COMMANDS
from bpviz.ui.commands.command import Toolbar
from bpviz.ui.commands.keys_dialog import KeysDialog
from bpviz.ui.commands.live import LiveCommands, Offer
from bpviz.ui.commands.menus import Menus
from bpviz.ui.commands.palette import Palette
from bpviz.ui.commands.workshop import Workshop
from bpviz.ui.commands.writing import write_about, write_value
from bpviz.ui.desk import Desk
from bpviz.ui.docks import Pill
from bpviz.ui.document import Document
from bpviz.ui.explained import Explained
from bpviz.ui.exports import Exports
from bpviz.ui.file_commands import FileCommands, dropped_file
from bpviz.ui.keys import Keys, show_keys
from bpviz.ui.outlined import Outlined
from bpviz.ui.pages import Pages
from bpviz.ui.panels.data_panel import DataPanel
from bpviz.ui.panels.inspector import Inspector
from bpviz.ui.panels.status_bar import RunStatus
from bpviz.ui.panels.training_panel import TrainingPanel
from bpviz.ui.panels.welcome import Welcome
from bpviz.ui.parts import PartsPanel
from bpviz.ui.plots.board import PlotBoard
from bpviz.ui.points import PointDrawing
from bpviz.ui.preferences import Preferences
from bpviz.ui.presenting import Presenting
from bpviz.ui.proof.proving import Proving
from bpviz.ui.remedy import Remedy
from bpviz.ui.run.controller import TrainingController
from bpviz.ui.run.past import Past
from bpviz.ui.speed_slider import SpeedSlider
from bpviz.ui.texts import title_text
from bpviz.ui.theme import Theme
from bpviz.ui.toolbar import RunToolBar
from bpviz.ui.values import ValueEdits
from bpviz.ui.walks import Walks
from bpviz.ui.winding_strip import WindingStrip, above

_DEFAULT_PX: Final = (1280, 800)
_HINT: Final = "Press Space to train"
_SENTENCE_LINES: Final = 2


class MainWindow(QMainWindow):
    """Everything around one document and its run.

    Attributes:
        document: What the user drew and set.
        desk: That, with what is selected and looked at.
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
        self.desk = Desk(document)
        self.canvas = NetworkCanvas(self.desk, theme, self)
        self.canvas.minimap.show_wanted(wanted=preferences.minimap)
        self.board = PlotBoard(theme, self, self.canvas.scene.turns)
        seen = (self.board.as_exported, lambda: self.canvas.scene.view)
        self.exports = Exports(self.files, document, self.controller, theme, *seen, preferences)
        self.inspector = Inspector(document, theme)
        self.data_panel = DataPanel(document, theme)
        self.training_panel = TrainingPanel(document, theme)
        self.values = ValueEdits(document, self.controller)
        self.walks = Walks(self.controller, preferences, self.canvas, self.board, self.data_panel)
        self.points = PointDrawing(document, theme, self.board.panels["map"])
        self.outlined = Outlined(self.desk, theme, self.canvas, self.controller, self.values)
        self.status = RunStatus(theme)
        self.proving = Proving(document, self.controller, theme, self.canvas)
        self.welcome = Welcome(theme, self)
        self.welcome.hide()
        self._hinted = False
        self._leaving = False
        self.speed = SpeedSlider(theme)
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
        self.presenting = Presenting(self, theme)
        self.setAcceptDrops(True)
        self.commands = self._commands()
        self.menus = Menus(self, self.commands, self.canvas, theme)
        self.menus.add_panels([dock.toggleViewAction() for dock in self.arrangement.docks.values()])
        self.toolbar = self._tools()
        self.addToolBar(self.toolbar)
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
            "parts": PartsPanel(self.desk, self.theme, self.canvas),
            **self.outlined.panels,
        }
        arrangement = Arrangement(self, self.theme, panels, self.board.panels)
        # Behind another tab Qt calls it visible, and leads the keys there.
        seen = {"explanation": self.explanation.set_in_sight, "inspector": self.inspector.set_in_sight}
        for name, see in (seen | self.outlined.seen).items():
            arrangement.docks[name].visibilityChanged.connect(see)
        return arrangement

    def _tools(self) -> RunToolBar:
        commands, actions = self.commands, self.commands.actions
        parts = {part: commands.of_part(part) for part in get_args(Toolbar)}
        return RunToolBar(parts, self.speed, self.theme, actions["play"], actions["step_batch"])

    @property
    def actions_by_name(self) -> dict[str, QAction]:
        """The actions of all commands."""
        return self.commands.actions

    def start(self) -> None:
        """Begin the run of the document as it is."""
        self.allow_room()
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

    def show_palette(self) -> None:
        """Search all commands by words."""
        palette = Palette(self.commands, self._panel_offers(), self.theme, self)
        palette.exec()
        palette.deleteLater()
        palette.run_chosen()

    def _panel_offers(self) -> list[Offer]:
        """Showing and hiding each panel and plot, which are no commands of the table."""
        toggles = (dock.toggleViewAction() for dock in self.arrangement.docks.values())
        return [Offer(toggle.text(), toggle.toolTip(), toggle.trigger, "Window") for toggle in toggles]

    def show_shortcuts(self) -> None:
        """Show all keys, to be looked up and changed."""
        dialog = KeysDialog(self.commands.keys, self)
        dialog.exec()
        dialog.deleteLater()

    def show_welcome(self) -> None:
        """Bring the welcome page to the front."""
        self.pages.show_page(self.welcome, "Welcome")

    def _commands(self) -> LiveCommands:
        """Make the commands, which work with all that is there by now."""
        shop = Workshop(
            desk=self.desk,
            controller=self.controller,
            past=self.past,
            walks=self.walks,
            values=self.values,
            canvas=self.canvas,
            files=self.files,
            exports=self.exports,
            proving=self.proving,
            data_panel=self.data_panel,
            arrangement=self.arrangement,
            pages=self.pages,
            speed=self.speed,
            outlined=self.outlined,
            presenting=self.presenting,
            theme=self.theme,
            preferences=self.preferences,
            frame=self,
        )
        self.canvas.typed.connect(partial(write_value, shop))
        self.canvas.asked.connect(partial(write_about, shop))
        defaults = {command.name: command.keys for command in COMMANDS.values()}
        return LiveCommands(self, shop, Keys(defaults, self.preferences, self))

    def _introduce(self) -> None:
        document, controller = self.document, self.controller
        for part in (self.board, self.inspector, self.explanation, self.status):
            document.opened.connect(part.begin_anew)
        document.changed.connect(self._on_changed)
        document.edited.connect(controller.follow)
        document.values_set.connect(controller.set_values)
        document.title_changed.connect(self._show_title)
        controller.snapshot.connect(self._on_snapshot)
        controller.playing_changed.connect(self._on_playing)
        controller.problem_changed.connect(self._show_problem)
        controller.run_began.connect(document.begin_run)
        tell = (controller.failed, controller.said, self.desk.refused, self.files.message)
        for said in (*tell, self.strip.refused, self.explanation.said, self.proving.said):
            said.connect(self.status.say)
        for name, view in (("canvas", self.canvas), ("plots", self.board), ("inspector", self.inspector)):
            view.wants_changed.connect(partial(controller.set_wants, name))
        self.desk.selection_changed.connect(self.inspector.show_selection)
        self.canvas.corners_changed.connect(self.pill.place)
        self.board.export_requested.connect(self.exports.figure)
        self.inspector.value_edited.connect(self.values.set_value)
        self.canvas.value_edited.connect(self.values.set_value)
        self.inspector.values_edited.connect(self.values.set_values)
        self.explanation.drawn.connect(self.exports.formula)
        self.explanation.withheld_changed.connect(self._show_step)
        self.proving.export_requested.connect(self.exports.figure)
        self.data_panel.table_wanted.connect(self.files.open_data)
        self.speed.changed.connect(controller.set_speed)
        controller.set_speed(self.speed.speed)
        self.canvas.menu_wanted.connect(self.menus.pop_up)
        self.welcome.example_chosen.connect(self._open_example)
        self.pages.closed.connect(self._on_page_closed)
        self._keep_commands_true()

    def _keep_commands_true(self) -> None:
        """What commands are called, and whether they can be done, depends on all this."""
        controller = self.controller
        facts = (self.desk.selection_changed, self.desk.view_changed, self.document.changed)
        stack = self.document.undo_stack
        moves = (controller.problem_changed, controller.playing_changed, stack.indexChanged)
        for fact in (*facts, *moves, self.files.recent_changed, self.theme.changed):
            fact.connect(self._refresh_commands)
        self._refresh_commands()
        show_keys(self, self.commands.keys)

    @Slot()
    def _refresh_commands(self) -> None:
        # Not theirs to hear: a document tells of its end while they are still there.
        self.commands.refresh()

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
        if snapshot.cursor is None and not self.controller.problem:
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
            if seen.cursor is not None:
                self.pill.say(seen.cursor.text, lines=_SENTENCE_LINES)

    @Slot(bool)
    def _on_playing(self, playing: bool) -> None:
        self._hinted = self._hinted or playing
        self.status.hush()
        self.toolbar.show_playing(playing)
        self.strip.show_playing(playing=playing)
        if playing and not self.controller.problem:
            self.pill.say("")
        snapshot, seen = self.controller.latest, not self.isMinimized()
        if not playing and seen and snapshot is not None:  # plots that waited for their turn
            self.board.show_snapshot(snapshot, playing=False)

    @Slot(str)
    def _show_problem(self, problem: str) -> None:
        # A sheet that is still being drawn lacks something, but nothing is wrong with it.
        self.pill.say(problem, bad=self.canvas.editor.missing_end is None)

    @Slot(object, object)
    def _on_changed(self, before: Project, after: Project) -> None:
        self._show_title()
        self.status.hush()
        if before.data.source != after.data.source:
            self.arrangement.show_suitable(after.data)

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
        self.presenting.end()
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

    def allow_room(self) -> None:
        """Let runs from now on keep as many moments as the user allows."""
        room_bytes = self.preferences.moments_mb * MEGABYTE
        self.controller.tell(lambda player: player.stage.allow(room_bytes))
