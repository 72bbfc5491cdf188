"""The lines of a run and the curves behind it: what is done to them, and how undo takes it back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QUndoCommand

from bpviz.errors import grouped
from bpviz.model.spec import Project
from bpviz.training import winding
from bpviz.training.overview import Backdrop
from bpviz.training.run import Run
from bpviz.training.timeline_view import Ghost, GhostKind, LineView, TimelineView
from bpviz.ui.document import Document
from bpviz.ui.run.controller import TrainingController


@dataclass(frozen=True, slots=True)
class Turn:
    """What is done to a run, and the project that it follows then."""

    do: Callable[[Run], None]
    project: Project


class TurnCommand(QUndoCommand):
    """Let a run go on from another place, or from where it was."""

    def __init__(
        self,
        document: Document,
        controller: TrainingController,
        text: str,
        first: Turn,
        back: Turn,
        again: Turn,
    ) -> None:
        """Make the command; pushing it does it.

        Args:
            document: That shows what the run follows.
            controller: Leads the run.
            text: Menu text after "Undo ".
            first: What is done at first.
            back: What takes it back.
            again: What does it once more.
        """
        super().__init__(text)
        self._document, self._controller, self._run = document, controller, document.run
        self._coming, self._back, self._again = first, back, again

    def redo(self) -> None:
        self._make(self._coming)
        self._coming = self._again

    def undo(self) -> None:
        self._make(self._back)

    def _make(self, turn: Turn) -> None:
        edition, number = self._controller.turn_to(turn.project), self._run
        self._controller.pausing(
            lambda player: player.arrange(lambda stage: stage.change(number, turn.do, edition))
        )
        self._document.turn_to(turn.project)


class Request(QUndoCommand):
    """Ask something of the run's lines, or of what stands behind its curves, or ask it back."""

    def __init__(self, text: str, do: Callable[[], None], undo: Callable[[], None]) -> None:
        super().__init__(text)
        self._do, self._undo = do, undo

    def redo(self) -> None:
        self._do()

    def undo(self) -> None:
        self._undo()


class Lines(QObject):
    """Branches of the run, and earlier runs.

    An edit in the past, or Play there, lets the run go on from there on a line of its own; that is an entry
    of the history.

    Args:
        document: Shows the project of the moment.
        controller: Leads the run.
    """

    def __init__(self, document: Document, controller: TrainingController) -> None:
        super().__init__(controller)
        self._document, self._controller = document, controller
        self._expected: int | None = None  # number of the line that was asked for and was not seen yet
        self._number = 0  # of the latest line that was asked for
        document.forking.connect(self.branch_off)
        document.opened.connect(self._forget)
        controller.run_began.connect(self._forget)

    @property
    def view(self) -> TimelineView | None:
        """How the run's timeline stood last; None while there is none."""
        latest = self._controller.latest
        return None if latest is None else latest.timeline

    def arrive(self) -> None:
        """What was asked for is seen now."""
        self._expected = None

    @Slot()
    def branch_off(self) -> None:
        """Let the run go on from where it is looked at."""
        latest = self._controller.latest
        if latest is not None and self._document.in_past:
            self.branch_at(latest.step, self._document.project)

    def branch_at(self, step: int, project: Project) -> None:
        """Let the run go on from one of its steps, where it followed a project."""
        view = self.view
        if view is None:
            return
        here, number = self._now, max(view.next_line, self._number + 1)
        self._number = number
        self._push(
            f"go on from step {grouped(step)}",
            Turn(partial(winding.branch_off, number=number, step=step), project),
            Turn(partial(Run.switch, number=here), self._document.present),
            Turn(partial(Run.switch, number=number), project),
            to=number,
        )

    @Slot(int)
    def switch(self, number: int) -> None:
        """Stand at the end of another line."""
        here, there = self._line(self._now), self._line(number)
        if here is None or there is None or number == self._now:
            return
        self._push(
            "switch branch",
            Turn(partial(Run.switch, number=number), there.project),
            Turn(partial(Run.switch, number=here.number), self._document.present),
            to=number,
        )

    @Slot(int, str)
    def rename(self, number: int, name: str) -> None:
        """Give a line a name; an empty one names it by what differs."""
        line = self._line(number)
        if line is not None and line.name != name:
            self._ask(
                "rename branch",
                lambda run: run.timeline.rename(number, name),
                lambda run: run.timeline.rename(number, line.name),
            )

    @Slot(int)
    def remove(self, number: int) -> None:
        """Take a line out; not the present one."""
        if self._line(number) is not None and number != self._now:
            take, put = partial(winding.remove, number=number), partial(winding.put_back, number=number)
            self._ask("delete branch", take, put)

    # What stands behind the curves

    @Slot(str, int, bool)
    def show_ghost(self, kind: GhostKind, number: int, shown: bool) -> None:
        """Draw the curves of a line or of an earlier run, or don't."""
        self._decorate(lambda backdrop: backdrop.show((kind, number), shown=shown))

    @Slot(str, int, str)
    def rename_ghost(self, kind: GhostKind, number: int, name: str) -> None:
        """Give an earlier run a name; an empty one names it by what differs."""
        if kind == "line":
            self.rename(number, name)
        elif (ghost := self._earlier(number)) is not None and ghost.name != name:
            self._redecorate(
                "rename run",
                lambda backdrop: backdrop.rename(number, name),
                lambda backdrop: backdrop.rename(number, ghost.name),
            )

    @Slot(str, int)
    def remove_ghost(self, kind: GhostKind, number: int) -> None:
        """Throw the curves of an earlier run away."""
        if kind == "line":
            self.remove(number)
        elif self._earlier(number) is not None:
            take, put = partial(Backdrop.remove, number=number), partial(Backdrop.put_back, number=number)
            self._redecorate("delete earlier run", take, put)

    # Helpers

    @property
    def _now(self) -> int:
        """Number of the line that the run is on, or will be once it has done what was asked."""
        return self._expected or (0 if self.view is None else self.view.line)

    def _line(self, number: int) -> LineView | None:
        lines = () if self.view is None else self.view.lines
        return next((line for line in lines if line.number == number), None)

    def _earlier(self, number: int) -> Ghost | None:
        latest = self._controller.latest
        ghosts = () if latest is None else latest.ghosts
        return next((one for one in ghosts if (one.kind, one.number) == ("run", number)), None)

    def _ask(self, text: str, do: Callable[[Run], None], undo: Callable[[Run], None]) -> None:
        """Do something to the lines of the present run, undoably."""
        number = self._document.run

        def change(what: Callable[[Run], None]) -> None:
            self._controller.tell(lambda player: player.adjust(lambda stage: stage.change(number, what)))

        self._document.undo_stack.push(Request(text, lambda: change(do), lambda: change(undo)))

    def _redecorate(
        self, text: str, do: Callable[[Backdrop], None], undo: Callable[[Backdrop], None]
    ) -> None:
        self._document.undo_stack.push(
            Request(text, lambda: self._decorate(do), lambda: self._decorate(undo))
        )

    def _decorate(self, what: Callable[[Backdrop], None]) -> None:
        self._controller.tell(lambda player: player.adjust(lambda stage: what(stage.backdrop)))

    def _push(
        self, text: str, first: Turn, back: Turn, again: Turn | None = None, to: int | None = None
    ) -> None:
        self._expected = to or self._expected
        command = TurnCommand(self._document, self._controller, text, first, back, again or first)
        self._document.undo_stack.push(command)

    @Slot()
    def _forget(self) -> None:
        self._expected, self._number = None, 0
