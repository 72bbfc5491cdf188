"""Runs in step: whatever is asked of them, they stand at the same step afterwards.

One run is a course of one.  Two that differ in one setting are twins; each is the same, bit for bit, as it
would be alone.
"""

from __future__ import annotations

from dataclasses import dataclass

from bpviz.arrays import Array, IntArray
from bpviz.errors import SettingError
from bpviz.training.events import Story
from bpviz.training.history import History
from bpviz.training.moment import Moment
from bpviz.training.session import Session
from bpviz.training.snapshot import Path


class Course:
    """Leads some sessions as if they were one.

    Attributes:
        sessions: Those that it leads.

    Raises:
        SettingError: If there is none, or they do not stand at the same step.
    """

    def __init__(self, *sessions: Session) -> None:
        if len({session.step for session in sessions}) != 1:
            raise SettingError("Runs in step must stand at the same step; begin them together.")
        self.sessions = sessions

    @property
    def step(self) -> int:
        """Steps done by each."""
        return self.sessions[0].step

    @property
    def path(self) -> Path:
        """The path that sets the pace: a compiled run waits for one that is not."""
        return "kernel" if all(session.path == "kernel" for session in self.sessions) else "reference"

    @property
    def stopped(self) -> Session | None:
        """The run that stopped by itself, so that all stand still; None while they may go on."""
        return next((session for session in self.sessions if session.stopped_by is not None), None)

    def advance(self, steps: int) -> int:
        """Make steps, each run the same.

        Returns:
            How many were made; fewer than asked for when a run stopped.
        """
        if self.stopped is not None:
            return 0
        first, made = self.step, steps
        marks: list[_Mark] = []
        for session in self.sessions:
            # The last one never goes too far: no other can stop before it any more.
            if session is not self.sessions[-1]:
                marks.append(_Mark.of(session))
            made = session.advance(made)
        for mark in marks:
            if mark.session.step > first + made:
                mark.go_back()
                mark.session.advance(made)
        return made

    def to_epoch_end(self) -> int:
        """How many steps are left until the first of them is at the end of an epoch."""
        return min(session.to_epoch_end() for session in self.sessions)

    def go_on(self) -> None:
        """Let those that stopped by themselves go on."""
        for session in self.sessions:
            session.go_on()


@dataclass(frozen=True, slots=True)
class _Mark:
    """Where a session stood, with its history, to go back there."""

    session: Session
    moment: Moment
    story: Story
    history: dict[str, Array | IntArray]

    @classmethod
    def of(cls, session: Session) -> _Mark:
        return cls(session, session.moment(), session.story, session.history.arrays())

    def go_back(self) -> None:
        history = History(self.moment.compiled)
        history.restore(self.history)
        self.session.stand(self.moment, self.story, history)
