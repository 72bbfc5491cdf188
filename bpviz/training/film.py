"""A run as a film: any step of its present line, exactly, forward and back.

The session stands at the end of the line, where it can be trained and edited, or it is wound back: then it
repeats what was done since the nearest moment, which gives the same bits, and only shows.
"""

from __future__ import annotations

from dataclasses import dataclass

from bpviz.engine.update import StepTrace
from bpviz.errors import SettingError, grouped
from bpviz.training.events import Story
from bpviz.training.history import History
from bpviz.training.moment import Moment
from bpviz.training.moments import Moments
from bpviz.training.phases import Cursor
from bpviz.training.run_state import Event
from bpviz.training.session import Session
from bpviz.training.views import Look


@dataclass(slots=True, eq=False)
class Line:
    """One way that a run took.

    Attributes:
        number: Its own, never used again.
        parent: Number of the line that it left; None of the first.
        forked_at: Step at which it left it.
        name: Given by the user; otherwise it is named by what differs.
        story: What was done, as of its end.
        moments: Kept on the way.
        history: As of its end.
        end: Where it ends; of the line that is being trained, where it ended when it was last left.
        inherited: How many events of its story were its parent's.
    """

    number: int
    parent: int | None
    forked_at: int
    name: str
    story: Story
    moments: Moments
    history: History
    end: Moment
    inherited: int = 0


class Film:
    """Leads one session about in what it has done.

    Attributes:
        session: Stands at the end of the present line, or somewhere in its past.
        line: The present one.
    """

    session: Session
    line: Line
    _at_end: bool

    @property
    def step(self) -> int:
        """The step that is shown."""
        return self.session.step

    @property
    def at_end(self) -> bool:
        """Whether the run stands where it can go on; elsewhere it is only looked at."""
        return self._at_end

    @property
    def first_step(self) -> int:
        """The first step that can be shown; 0 but for runs that an earlier version saved."""
        return next(iter(self.line.moments)).step

    @property
    def last_step(self) -> int:
        """The step at which the present line ends."""
        return self.session.step if self._at_end else self.line.end.step

    @property
    def story(self) -> Story:
        """All that was done on the present line."""
        return self.session.story if self._at_end else self.line.story

    def look(self, cursor: Cursor | None = None, trace: StepTrace | None = None) -> Look:
        """What is shown beside the moment: the whole line's curves and marks."""
        if self._at_end:
            return Look(cursor, trace)
        return Look(cursor, trace, self.line.history, self.line.story)

    def seek(self, step: int) -> None:
        """Show a step, exactly.

        Raises:
            SettingError: If the present line has no such step.
        """
        while not self.approach(step):
            pass

    def approach(self, step: int, at_most: int | None = None) -> bool:
        """Go some of the way to a step; `seek` in parts, between which somebody may change their mind.

        Args:
            step: Of the present line.
            at_most: How many steps to repeat; None repeats all.

        Returns:
            Whether it is shown now.

        Raises:
            SettingError: If the present line has no such step.
        """
        self._require(step)
        if step == self.last_step:
            self.to_end()
            return True
        return self._approach((step, self.story.before(step)), at_most)

    def seek_made(self, step: int) -> None:
        """Show a step as it was just made: by the network of then, before anything was changed there.

        Where nothing was, this is what `seek` shows.

        Raises:
            SettingError: If the present line has no such step.
        """
        self._require(step)
        made = self.story.made(step)
        if made == self.story.before(step):
            self.seek(step)
        else:
            self._approach((step, made))

    def glance(self, step: int) -> None:
        """Show the kept moment that is nearest before a step, at once.

        Raises:
            SettingError: If the present line has no such step.
        """
        self._require(step)
        if step == self.last_step:
            self.to_end()
            return
        place = (step, self.story.before(step))
        self._leave_end()
        self.session.stand(self._kept(place), self.line.story)

    def to_end(self) -> None:
        """Stand at the end of the present line, where it can go on."""
        if not self._at_end:
            self.session.stand(self.line.end, self.line.story, self.line.history)
            self._at_end = True

    def _approach(self, place: tuple[int, int], at_most: int | None = None) -> bool:
        """Go some of the way to a step and a number of events; whether it is shown now."""
        self._leave_end()
        here = (self.session.step, len(self.session.events))
        kept = self._kept(place)
        if not (kept.place <= here <= place):
            self.session.stand(kept, self.line.story)
        return self._repeat_until(place, at_most)

    def _require(self, step: int) -> None:
        first, last = self.first_step, self.last_step
        if first == last != step:
            raise SettingError(f"Of this run only step {grouped(first)} is known; choose that one.")
        if not first <= step <= last:
            raise SettingError(
                f"This run has the steps {grouped(first)} to {grouped(last)}; choose one of them."
            )

    def _leave_end(self) -> None:
        if self._at_end:
            line, session = self.line, self.session
            line.story, line.history, line.end = session.story, session.history, session.moment()
            line.moments.keep(line.end)
            self._at_end = False

    def _kept(self, place: tuple[int, int]) -> Moment:
        kept = self.line.moments.nearest(place)
        assert kept is not None, "the first moment of a line is always kept"
        return kept

    def _repeat_until(self, place: tuple[int, int], at_most: int | None = None) -> bool:
        """Do again what was done on the present line between where the session stands and a place.

        Returns:
            Whether it stands there; it does not if that takes more than so many steps.
        """
        session, story = self.session, self.line.story
        goal = place[0] if at_most is None else min(place[0], session.step + at_most)
        while len(session.events) < place[1]:
            done = len(session.events)
            if story.events[done].step > goal:
                break
            session.advance(story.events[done].step - session.step)
            if len(session.events) == done:  # else it stopped by itself, as it did
                _repeat(session, story.events[done])
            session.story = story.upto(done + 1)
        session.advance(goal - session.step)
        return (session.step, len(session.events)) == place


def _repeat(session: Session, event: Event) -> None:
    """Do again what was done at this step, so that the run stands where it stood after it.

    Raises:
        SettingError: If it can't be done again, as a file may claim what never was.
    """
    done = len(session.events)
    session.story = session.story.settle()  # what was told as two events is not taken for one
    if event.kind == "edited" and event.project is not None:
        session.follow(event.project)
    elif event.kind == "value" and event.address is not None and event.new is not None:
        session.set_value(event.address, event.new)
    elif event.kind == "path" and event.path is not None:
        session.hand_over(event.path)
    elif event.kind == "continued":
        session.go_on()
    elif event.kind == "stopped" and event.rule == "diverged":
        session.advance(1)  # fails as it did
    if len(session.events) == done:
        step = grouped(event.step)
        raise SettingError(f"What was done at step {step} can't be repeated; choose a step before it.")
