"""How many steps to make at a time, and how many a second were made lately."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Final

from bpviz.training.course import Course
from bpviz.training.snapshot import Path
from bpviz.training.speed import FLAT_OUT, Pace, Speed

SLICE_S: Final = 0.01  # no call begins later in a slice; commands wait for the last one
_CALL_S: Final[dict[Path, float]] = {"reference": 0.003, "kernel": 0.014}
"""What one call of `advance` aims at.  The reference ends its slices on time; a kernel makes one call a
slice, because after each it has to wait for the interpreter, which the window may be using."""
PHASES_PER_S: Final = 2.0  # when phases are played at a speed of steps, which is too fast to see any
_SPEED_WINDOW_S: Final = 1.5  # steps a second are counted over this time


class Stride:
    """Makes the steps of one slice at a speed.

    Attributes:
        speed: At which a run plays.
        phases: Whether it is to go phase by phase, whatever the speed.
        pace: Counts what is due; None flat out.

    Args:
        clock: Seconds from anywhere.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self.speed: Speed = FLAT_OUT
        self.phases = False
        self.pace: Pace | None = None
        self._count = 1
        self._recent: deque[tuple[float, int]] = deque()

    @property
    def by_phases(self) -> bool:
        """Whether it goes phase by phase."""
        return self.phases or self.speed.unit == "phase"

    def begin(self, *, phases: bool) -> None:
        """Set out at the speed that was set, or phase by phase."""
        self.phases = phases
        self.set_speed(self.speed)

    def set_speed(self, speed: Speed) -> None:
        """Go at another speed from now on."""
        self.speed = speed
        per_s = PHASES_PER_S if self.phases and speed.unit != "phase" else speed.per_s
        self.pace = None if per_s is None else Pace(per_s)
        self._recent.clear()  # what was counted at another speed says nothing about this one

    def rest(self) -> None:
        """Forget what was counted: the run stands still."""
        self._recent.clear()

    def begin_small(self) -> None:
        """Make one step first: as many as before may take a thousand times as long."""
        self._count = 1

    @property
    def steps_per_s(self) -> float:
        """As counted lately; 0 while nothing was."""
        if len(self._recent) < 2:
            return 0.0
        (begin_s, begin), (end_s, end) = self._recent[0], self._recent[-1]
        return (end - begin) / max(end_s - begin_s, 1e-9)

    def phase_is_due(self) -> bool:
        """Whether the next phase is to be shown, at a speed of phases."""
        return self.pace is None or self.pace.due(self._clock()) > 0

    def make(self, course: Course, goal: int | None, closing: Callable[[], bool]) -> bool:
        """Make the steps of one slice; whether there were any.

        Args:
            course: The run, or those in step with it.
            goal: A step to go to flat out; None plays at the speed.
            closing: Whether nothing more is to be begun.
        """
        begun = now = self._clock()
        first = course.step
        left = None if goal is None else goal - first
        if goal is None and self.pace is not None:
            left = self.pace.due(now)
        while (left is None or left > 0) and now - begun < SLICE_S and not closing():
            count = self._count if left is None else min(self._count, left)
            done = course.advance(count)
            before, now = now, self._clock()
            self._fit((now - before) / _CALL_S[course.path], done)
            left = None if left is None else left - done
            if done < count:
                break
        self._recent.append((now, course.step))
        while self._recent[-1][0] - self._recent[0][0] > _SPEED_WINDOW_S:
            self._recent.popleft()
        return course.step > first

    def _fit(self, part: float, done: int) -> None:
        """Make more or fewer steps a call, after one that took so many times what it should."""
        if part > 1.25 or (part < 0.8 and done == self._count):
            self._count = max(1, int(self._count / max(part, 0.5)))
