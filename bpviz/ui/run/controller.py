"""What the window says to a run, and what it hears from it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from PySide6.QtCore import QObject, Signal, Slot

from bpviz.errors import BpvizError
from bpviz.model.impact import Impact, impact
from bpviz.model.problems import problems
from bpviz.model.spec import Address, Project
from bpviz.training.player import Player
from bpviz.training.run_state import RunState
from bpviz.training.snapshot import Snapshot
from bpviz.training.speed import Speed
from bpviz.training.stage import Stage
from bpviz.training.timeline_state import TimelineState
from bpviz.training.walk import Walk
from bpviz.ui.run.thread import TrainingThread

_FAULT: Final = "Training stopped because of a fault in bpviz; the log file in Help > About says more."


class TrainingController(TrainingThread):
    """Leads the run of a document, in its thread.

    Signals:
        snapshot: (Snapshot) of the current run, in order.
        playing_changed: (bool).
        problem_changed: (str), why Play is impossible, as a sentence; empty when it is possible.
        run_began: (int), another run stands in place of the one before, under this number.
        failed: (str), a sentence for the user; the run has paused.
    """

    snapshot = Signal(object)
    playing_changed = Signal(bool)
    problem_changed = Signal(str)
    run_began = Signal(int)
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._run_id = self._edition = 0
        self._playing = False
        self._problem = ""
        self._project: Project | None = None  # what the run follows; lags behind an edit that can't run
        self._latest: Snapshot | None = None
        self.arrived.connect(self._on_arrived)
        self.over.connect(self._on_over)
        self.broken.connect(self._on_broken)

    @property
    def playing(self) -> bool:
        """Whether the run was told to train."""
        return self._playing

    @property
    def problem(self) -> str:
        """Why Play is impossible, as a sentence; empty when it is possible."""
        return self._problem

    @property
    def latest(self) -> Snapshot | None:
        """The last snapshot of the current run; None until it has one."""
        return self._latest

    def load(
        self, project: Project, state: RunState | None = None, timeline: TimelineState | None = None
    ) -> None:
        """Begin a new run, paused, from its start or from a saved state with its timeline."""
        self.tell(lambda player: player.arrange(Stage.forget))
        self._begin(project, lambda stage, number: stage.load(number, project, state, timeline))

    def reset(self) -> None:
        """Stand at the start again; the curves of the run that ends stay behind the new ones."""
        project = self._project
        if project is not None:
            self._begin(project, lambda stage, number: stage.reset(number, project))

    @Slot(object, object)
    def follow(self, before: Project, after: Project) -> None:
        """Go on with an edited project: change the run, or begin another where the edit asks for one.

        A run that ends so is kept, and comes back when undo leads to its project again.
        An edit after which the project can't run pauses the run; it keeps everything and goes on from what
        it followed last once the project can run again.
        """
        self._set_problem(_problem_of(after))
        if self._problem:
            self.pause()
            return
        what, why = impact(self._project or before, after)
        if self._project is None:
            self._begin(after, lambda stage, number: stage.load(number, after))
        elif what is Impact.RESTART:
            was_playing = self._playing
            self._begin(after, lambda stage, number: stage.replace(number, after, why))
            if was_playing:
                self.play()
        else:  # names and places are the run's, too: what it says and what is saved of it speak of them
            edition = self.turn_to(after)
            self.tell_once_drawn(lambda player: player.adjust(lambda stage: stage.follow(after, edition)))

    @Slot()
    def play(self) -> None:
        """Train until `pause`, or until a stop rule holds."""
        self.going(Player.play)

    @Slot()
    def pause(self) -> None:
        """Stop after the present slice; one last snapshot follows."""
        if self._playing:
            self._set_playing(playing=False)
            self.tell(Player.pause)

    def run_to(self, step: int) -> None:
        """Train flat out until a step, then pause."""
        self.going(lambda player: player.play(goal=step))

    def finish_epoch(self) -> None:
        """Train to the end of the present epoch, then pause."""
        self.going(Player.finish_epoch)

    def make_step(self) -> None:
        """Pause and make one update."""
        if not self._problem:
            self.pausing(Player.make_step)

    def look_inside(self, what: Callable[[Walk], object]) -> None:
        """Pause and walk inside the coming step, or a step of the past."""
        if not self._problem:
            self.pausing(lambda player: player.look_inside(what))

    def set_speed(self, speed: Speed) -> None:
        """Play at another speed from now on."""
        self.tell(lambda player: player.set_speed(speed))

    @Slot(int, object)
    def set_values(self, run_id: int, values: Mapping[Address, float]) -> None:
        """Set weights and biases by hand, in the run of that number; if another stands there, say so."""
        self.tell(lambda player: player.adjust(lambda stage: stage.set_values(run_id, values)))

    def going(self, what: Callable[[Player], object]) -> None:
        """Let the run go on by itself, as something asked of the player says."""
        if not self._problem:
            self._set_playing(playing=True)
            self.tell(what)

    def pausing(self, what: Callable[[Player], object]) -> None:
        """Pause, and ask something of the player."""
        self._set_playing(playing=False)
        self.tell(what)

    def is_current(self, snapshot: Snapshot) -> bool:
        """Whether a snapshot is from after all edits that the run was told."""
        return snapshot.edition == self._edition and not self._problem

    def turn_to(self, project: Project) -> int:
        """From now on the run follows this; returns the number of this edit."""
        self._project = project
        self._edition += 1
        return self._edition

    def _begin(self, project: Project, begin: Callable[[Stage, int], None]) -> None:
        self._run_id += 1
        self._project, self._latest = project, None
        self._set_playing(playing=False)
        self.run_began.emit(self._run_id)
        self._set_problem(_problem_of(project))
        if self._problem:
            self._project = None  # there is no run to go on with: the first edit that can run begins one
        else:
            self.start()
            number = self._run_id
            self.tell(lambda player: player.arrange(lambda stage: begin(stage, number)))

    def _set_playing(self, *, playing: bool) -> None:
        if playing != self._playing:
            self._playing = playing
            self.playing_changed.emit(playing)

    def _set_problem(self, problem: str) -> None:
        if problem != self._problem:
            self._problem = problem
            self.problem_changed.emit(problem)

    @Slot(object)
    def _on_arrived(self, snapshot: Snapshot) -> None:
        if snapshot.run_id == self._run_id:  # else it was on its way while another run began
            self._latest = snapshot
            self.snapshot.emit(snapshot)

    @Slot(int)
    def _on_over(self, run_id: int) -> None:
        if run_id == self._run_id:
            self._set_playing(playing=False)

    @Slot(int, object)
    def _on_broken(self, run_id: int, error: Exception) -> None:
        if run_id != self._run_id:
            return
        self._set_playing(playing=False)
        sentence = str(error) if isinstance(error, BpvizError) else _FAULT
        if self._latest is None:  # it could not even begin
            self._project = None
            self._set_problem(sentence)
        self.failed.emit(sentence)


def _problem_of(project: Project) -> str:
    """The first reason why a project can't run, with its remedy; empty if there is none."""
    found = problems(project)
    return found[0].sentence if found else ""
