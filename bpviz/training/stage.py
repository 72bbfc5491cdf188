"""Which run is shown: it begins one, follows edits, and keeps those that ended."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bpviz.errors import grouped
from bpviz.model.impact import Impact, impact
from bpviz.model.spec import Address, Project
from bpviz.training.engines import Engines, Kernels
from bpviz.training.overview import Backdrop
from bpviz.training.run import Run
from bpviz.training.run_state import RunState
from bpviz.training.shelf import Shelf
from bpviz.training.timeline import ROOM_BYTES
from bpviz.training.timeline_state import TimelineState, taken_up
from bpviz.training.timeline_words import little_room_text, lost_text


class Stage:
    """Holds one run at a time.

    Attributes:
        run: The one that is shown; None before the first.
        run_id: Its number; 0 before the first.
        edition: Number of the last edit that has reached it; snapshots tell whether they are from after one.
        backdrop: The curves behind its own.
        room_bytes: For the moments of each run that begins.

    Args:
        say: Hears sentences for the user.
    """

    def __init__(self, say: Callable[[str], None]) -> None:
        self.run: Run | None = None
        self.run_id = self.edition = 0
        self.room_bytes = ROOM_BYTES
        self.backdrop = Backdrop()
        self._say = say
        self._engines = Engines(None)
        self._shelf = Shelf()

    def use_kernels(self, kernels: Kernels) -> None:
        """Train with kernels as soon as they are ready."""
        self._engines = Engines(kernels)
        if self.run is not None:
            self._engines.settle(self.run.session)  # which tells them what is wanted first

    def allow(self, room_bytes: int) -> None:
        """Give the moments of each run that begins from now on so much room."""
        self.room_bytes = room_bytes

    def load(
        self,
        run_id: int,
        project: Project,
        state: RunState | None = None,
        saved: TimelineState | None = None,
    ) -> None:
        """Begin a run, from its start or from a saved state, with the timeline that was saved with it."""
        self.run, self.run_id = None, run_id
        session, room_bytes = self._engines.session(project, state), self.room_bytes
        least = session.moment().nbytes
        if least > room_bytes:  # such a run can be wound, too, only not quickly
            self._say(little_room_text(least, room_bytes))
            room_bytes = least
        timeline, lost = taken_up(session, saved, room_bytes)
        self._stand(run_id, Run(timeline))
        for what in lost:
            self._say(lost_text(what))

    def forget(self) -> None:
        """Forget every run: what comes next belongs to another document, which may have none."""
        self.run = None
        self._shelf.clear()
        self.backdrop.clear()

    def reset(self, run_id: int, project: Project) -> None:
        """Stand at the start again; the curves of the run that ends stay behind the new ones."""
        self._end()
        self.load(run_id, project)

    def replace(self, run_id: int, project: Project, why: str) -> None:
        """Begin a run because of an edit, and say why, as a sentence.

        The run that it ends is kept, and goes on when an edit, or undo, leads to its project again.
        """
        ended = self._end()
        if ended is not None:
            self._shelf.keep(ended)
        kept = self._shelf.take(project)
        if kept is not None:
            self._stand(run_id, kept)
            self._say(f"The run from before is back, at step {grouped(kept.session.step)}.")
            return
        self.load(run_id, project)
        if ended is not None and ended.session.step:
            self._say(f"{why.removesuffix('.')}; undo brings it back.")

    def follow(self, project: Project, edition: int = 0) -> None:
        """Go on with a changed project, keeping what was learned; names and places count, too."""
        run, self.edition = self.run, edition
        if run is None:
            return
        stood_at_end = run.timeline.at_end
        run.timeline.to_end()
        renamed = stood_at_end and impact(run.session.project, project)[0] is Impact.NOTHING
        if not run.timeline.follow(project):  # it refused an edit before, and is too far from this one
            self.load(self.run_id, project)
        elif renamed:
            run.walk.rename(run.session.rule, run.session.compiled.plan)
        else:
            run.walk.end()

    def set_values(self, run_id: int, values: Mapping[Address, float]) -> None:
        """Set weights and biases by hand, in the run that is meant."""

        def set_there(run: Run) -> None:
            run.leave_past()
            run.timeline.set_values(values)

        self.change(run_id, set_there)

    def change(self, run_id: int, what: Callable[[Run], None], edition: int | None = None) -> None:
        """Do something to the run that is meant; if another stands there, nothing is changed.

        Args:
            run_id: Of the run that is meant.
            what: Is done to it.
            edition: Number of the edit that this is, if it leads to another project.
        """
        self.edition = self.edition if edition is None else edition
        if self.run is None or run_id not in self.run.ids:
            self._say("That was meant for another run; nothing was changed in this one.")
        else:
            what(self.run)

    def settle(self, run: Run) -> bool:
        """Let the fastest engine that is ready compute; whether the run may go on now."""
        if not run.timeline.at_end:
            return True  # what is only looked at is repeated as it was made
        ready = self._engines.settle(run.session)
        for sentence in self._engines.news():
            self._say(sentence)
        return ready

    def _stand(self, run_id: int, run: Run) -> None:
        self.run_id, self.run = run_id, run
        run.ids |= {run_id}
        self.settle(run)

    def _end(self) -> Run | None:
        """Take the run away; its curves stay behind those of the next."""
        ended, self.run = self.run, None
        if ended is not None:
            ended.leave_past()
            self.backdrop.pin(self.run_id, ended)
        return ended
