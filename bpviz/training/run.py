"""A run on the stage: its timeline, where somebody walks in it, and how long it has been playing."""

from __future__ import annotations

from typing import Any

from bpviz.errors import BpvizError, SettingError
from bpviz.model.edits import set_training
from bpviz.model.impact import Impact, impact
from bpviz.model.problems import require_runnable
from bpviz.model.spec import Project
from bpviz.plain import as_whole, is_whole
from bpviz.training.course import Course
from bpviz.training.film import Line
from bpviz.training.report import Report
from bpviz.training.session import Session
from bpviz.training.snapshot import Snapshot
from bpviz.training.timeline import Timeline
from bpviz.training.timeline_state import copy_of, end_of, state_of
from bpviz.training.views import Look
from bpviz.training.walk import Walk


class Run:
    """A run that can be shown, go on, and be put aside.

    Attributes:
        timeline: Leads it about in what it has done.
        walk: Where somebody stands inside one of its steps.
        seconds: How long it has been playing.
        exact: Whether it stands where it was last asked to, or at a moment near before.
        removed: Lines that were taken out, by number; undo may put them back.
        ids: Under which numbers the window knows it.
    """

    def __init__(self, timeline: Timeline) -> None:
        self.timeline = timeline
        self.walk = Walk(timeline)
        self.seconds = 0.0
        self.exact = True
        self.removed: dict[int, Line] = {}
        self.ids: frozenset[int] = frozenset()

    @property
    def session(self) -> Session:
        """What the timeline leads."""
        return self.timeline.session

    @property
    def course(self) -> Course:
        """What is played: this run, and those that go in step with it, of which there is none yet."""
        return Course(self.session)

    @property
    def look(self) -> Look:
        """What is shown of it beside the moment it stands at."""
        return self.timeline.look(self.walk.cursor, self.walk.trace)

    def leave_past(self) -> None:
        """Stand at the end, where it goes on, and inside no step."""
        self.walk.end()
        self.exact = True
        self.timeline.to_end()

    def advance(self, steps: int) -> int:
        """Make steps from the present place, keeping moments on the way; from the past on a line of its own.

        Returns:
            How many were made; fewer than asked for when the run stopped.
        """
        self.walk.end()
        return self.timeline.advance(steps)

    def go_on(self) -> None:
        """Let a run that stopped by itself go on; from the past on a line of its own."""
        self.walk.end()
        self.timeline.go_on()

    def switch(self, number: int) -> None:
        """Stand at the end of another line.

        Raises:
            SettingError: If there is no such line.
        """
        self.timeline.switch(number)
        self.leave_past()

    def at(self, step: int) -> Session:
        """Make an independent session that stands at a step of the present line, exactly.

        This run stays where it is.

        Raises:
            SettingError: If the present line has no such step.
        """
        copy = copy_of(self.timeline)
        copy.seek(_whole(step))
        copy.branch_off()
        return copy.session

    def branch(self, step: int, **settings: Any) -> int:
        """Begin a line at a step of the present one, with other settings, and stand there.

        Args:
            step: Where it leaves the present line, which stays as it is.
            **settings: Fields of `bpviz.model.spec.Training`, such as ``learning_rate=0.01``.

        Returns:
            Its number, for `switch`.

        Raises:
            SettingError: If the present line has no such step, or the settings can't be changed on the way.
            BpvizError: If they can't be at all.  In any case the run is then as it was.
        """
        timeline, before = self.timeline, self.timeline.step
        was_at_end = timeline.at_end
        timeline.seek(_whole(step))
        try:
            edited = _changed(timeline.session.project, settings)
        except BpvizError:
            timeline.to_end() if was_at_end else timeline.seek(before)
            raise
        timeline.branch_off(even_at_end=True)
        if settings:
            timeline.follow(edited)
        self.leave_past()
        return timeline.line.number

    def report(self, snapshot: Snapshot, room_bytes: int = 0) -> Report:
        """Tell everything about it, with a snapshot of where it is looked at.

        Args:
            snapshot: With whatever is wanted.
            room_bytes: For moments and branches; 0 leaves them out.
        """
        project, state = end_of(self.timeline)
        timeline, refused = None, ""
        if room_bytes:
            try:
                timeline = state_of(self.timeline, room_bytes)
            except SettingError as error:
                refused = str(error)
        return Report(project, snapshot, self.session.prepared, state, timeline, refused)


def _whole(step: Any) -> int:
    step = as_whole(step)
    if not is_whole(step, 0):
        raise SettingError(f"A run has no step {step}; choose a whole number, 0 or more.")
    return int(step)


def _changed(project: Project, settings: dict[str, Any]) -> Project:
    """The project with other settings, as far as a run can take them over."""
    edited = set_training(project, **settings)
    reach, why = impact(project, edited)
    if reach is Impact.RESTART:
        raise SettingError(f"{why.removesuffix('.')}; change on a branch what a run can go on with.")
    require_runnable(edited)
    return edited
