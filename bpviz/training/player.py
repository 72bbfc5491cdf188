"""Plays a run: at a pace, to a goal, phase by phase, winds it, and shows it, one snapshot at a time.

It has no thread and no timer.  Whoever owns it calls `slice` as `wait_ms` says, and hands on what is asked of
it; all decisions are made here.  The next snapshot waits until the last one was drawn.  The reference path
also rests meanwhile, because both threads share one interpreter lock and training while the window draws
makes it stutter; kernels release the lock and train on.
"""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter
from typing import Final, Protocol

from bpviz.errors import SettingError
from bpviz.training.run import Run
from bpviz.training.screen import Pulse, Screen
from bpviz.training.snapshot import Snapshot
from bpviz.training.speed import Pace, Speed
from bpviz.training.stage import Stage
from bpviz.training.stopping import MOST_STEPS, Guard, Search
from bpviz.training.stride import Stride
from bpviz.training.walk import Walk
from bpviz.training.winding import Winding, epoch_on, glance, seek

_ENGINE_WAIT_MS: Final = 50  # a run that waits for its engine asks so often


class Audience(Protocol):
    """Who hears of a run."""

    def show(self, snapshot: Snapshot) -> None:
        """How it stands; the next one comes only after `Player.acknowledge`."""

    def say(self, sentence: str) -> None:
        """Something about its engine, or about a run that an edit ended or brought back."""

    def end(self, run_id: int) -> None:
        """It stopped by itself: a stop rule, or its goal was reached."""


class Player:
    """Leads one run at a time.

    Attributes:
        stage: Which run that is; it is asked to change it through `arrange` and `adjust`.
        screen: Shows it.
        guard: Stops walks at breakpoints; it is told at which.

    Args:
        audience: Is shown the run.
        closing: Whether nothing more is to be begun.
        clock: Seconds from anywhere.
    """

    def __init__(
        self,
        audience: Audience,
        closing: Callable[[], bool] = lambda: False,
        clock: Callable[[], float] = perf_counter,
    ) -> None:
        self.stage = Stage(audience.say)
        self._audience, self._closing, self._clock = audience, closing, clock
        self._goal: int | None = None
        self._winding: Winding | Search | None = None
        self.guard = Guard(audience.say)
        self._playing_since_s: float | None = None
        self._waiting = False
        self._stride = Stride(clock)
        self.screen = Screen(self.stage, self._pulse, audience.show, clock)

    @property
    def playing(self) -> bool:
        """Whether it goes on by itself."""
        return self._playing_since_s is not None

    @property
    def wait_ms(self) -> int | None:
        """After how long `slice` is to be called again; None while there is nothing to do."""
        run = self.stage.run
        resting = self.screen.in_flight and run is not None and run.session.path == "reference"
        if resting or self._closing() or not (self.playing or self._winding):
            return None
        if self._waiting:
            return _ENGINE_WAIT_MS
        return 0 if self._pace is None or self._winding else self._pace.interval_ms

    # What is played

    def arrange(self, what: Callable[[Stage], None]) -> None:
        """Pause, change what is on the stage, and show it."""
        self.stop()
        before = self.stage.run
        what(self.stage)
        if self.stage.run is not before:
            self._stride.begin_small()
        self.screen.refresh()

    def adjust(self, what: Callable[[Stage], None]) -> None:
        """Change something about the run that does not pause it, and show it."""
        self._winding = None
        what(self.stage)
        self._stride.begin_small()
        self.screen.refresh()

    # How it is played

    def play(self, *, goal: int | None = None, phases: bool = False) -> None:
        """Train until paused, or until a stop rule holds; from the past on a line of its own.

        Args:
            goal: A step to go to flat out, and to pause at.
            phases: Show phase by phase, at any speed; in the past only show what was.
        """
        self._start(goal, phases=phases)

    def finish_epoch(self) -> None:
        """Train to the end of the present epoch, then pause; in the past, show it."""
        run = self.stage.run
        if run is None:
            return
        if run.timeline.at_end:
            self._start(run.session.step + run.session.to_epoch_end())
        else:
            self.stop()
            epoch_on(run)
            self.screen.refresh()

    def go_on_to_breakpoint(self, most_steps: int = MOST_STEPS) -> None:
        """Walk on until a breakpoint stops the walk, through so many steps at most."""
        self._start(None, phases=True)
        if self.playing:
            self._winding = Search(self.guard, self._clock, most_steps)

    def pause(self) -> None:
        """Stop training and show where it stopped."""
        self.stop()
        self.screen.refresh()

    def stop(self) -> None:
        """Stop training or winding, without a picture of it."""
        if self.stage.run is not None:
            self.stage.run.seconds = self._seconds
        self._goal = self._playing_since_s = self._winding = None
        self._waiting = False
        self._stride.rest()

    def make_step(self) -> None:
        """Make one update, paused; in the past, show the step that was made."""
        self.stop()
        run = self.stage.run
        if run is None:
            return
        if not run.timeline.at_end:
            seek(run, min(run.timeline.step + 1, run.timeline.last_step))
        elif not self._settle(run):
            self._start(run.timeline.step + 1)
            return
        else:
            run.go_on()
            run.timeline.advance(1, lambda: self._seconds)
        self.screen.refresh()

    def look_inside(self, what: Callable[[Walk], object]) -> None:
        """Walk inside the steps, paused; the last phase of the coming one makes it."""
        self.stop()
        run = self.stage.run
        if run is None or not self._settle(run):
            return
        before = run.walk.place
        try:
            what(run.walk)
        except SettingError as error:
            self._audience.say(str(error))
        if run.walk.place > before:
            self.guard.stops(run)
            self.guard.tell()
        self.screen.refresh()

    def seek(self, step: int) -> None:
        """Pause and show a step: the moment nearest before it at once, itself as soon as it is repeated."""
        self.glance(step)
        run = self.stage.run
        if run is not None and not run.exact:
            self._winding = Winding(step, self._clock)

    def glance(self, step: int) -> None:
        """Pause and show the kept moment nearest before a step, at once."""
        self.stop()
        if self.stage.run is not None:
            glance(self.stage.run, step)
            self.screen.refresh()

    def set_speed(self, speed: Speed) -> None:
        """Play faster or slower from now on."""
        self._stride.set_speed(speed)

    def slice(self) -> None:
        """Make what is due now, and show it if it is time."""
        run = self.stage.run
        if run is None or self._closing():
            self.stop()
            return
        over = self._wind(run, self._winding) if self._winding else self._go_on(run)
        if over and self.playing:
            self.stop()
            self._audience.end(self.stage.run_id)
            self.guard.tell()
        if over:
            self.screen.refresh()
        else:
            self.screen.refresh_if_due()

    # How it is seen

    def acknowledge(self) -> None:
        """The last snapshot was drawn."""
        self.screen.acknowledge()
        # Flat out there is always news: the next slice publishes it when a frame's time is over.
        if self.screen.stale and not (self.playing and self._pace is None):
            self.screen.refresh()

    # Helpers

    def _start(self, goal: int | None, *, phases: bool = False) -> None:
        run = self.stage.run
        if run is None:
            return
        self._winding = None
        self._stride.begin(phases=phases)
        if not phases:
            if goal is not None:
                run.leave_past()
            elif not run.timeline.at_end or not self._stride.by_phases:
                run.walk.end()
        if not phases or run.timeline.at_end:
            run.timeline.go_on()
        run.exact = True
        self._goal, self._playing_since_s = goal, self._clock()

    def _settle(self, run: Run) -> bool:
        """Let the fastest engine that is ready compute; whether the run may go on now."""
        before = run.session.path
        ready = self.stage.settle(run)
        if before != run.session.path:
            self._stride.begin_small()
        return ready

    @property
    def _pace(self) -> Pace | None:
        return self._stride.pace if self._goal is None else None

    @property
    def _seconds(self) -> float:
        """How long the run has been playing."""
        before = 0.0 if self.stage.run is None else self.stage.run.seconds
        return before + (0.0 if self._playing_since_s is None else self._clock() - self._playing_since_s)

    def _wind(self, run: Run, way: Winding | Search) -> bool:
        """Wind or walk on for a slice; whether the run stands where it was asked to."""
        self.screen.stale = True
        self._waiting = self.playing and not self._settle(run)
        over = not self._waiting and way.slice(run)
        if over:
            self._winding = None
        return over

    def _go_on(self, run: Run) -> bool:
        """Train for a slice; whether playing is over now."""
        self._waiting = self.playing and not self._settle(run)
        if self._waiting or not self.playing:
            return False
        if self._goal is None and self._stride.by_phases:
            if self._stride.phase_is_due():
                run.walk.move("phase")
                self.screen.hurry()  # every phase is worth a picture
                if self.guard.stops(run):
                    return True
        else:
            run.leave_past()
            if self._stride.make(run.course, self._goal, self._closing):
                self.screen.stale = True
            run.timeline.remember(self._seconds)
        return self._is_over(run)

    def _is_over(self, run: Run) -> bool:
        """Whether the run stopped by itself, or its goal is reached."""
        reached = self._goal is not None and run.session.step >= self._goal
        return run.timeline.at_end and (reached or run.session.stopped_by is not None)

    def _pulse(self) -> Pulse:
        return Pulse(self.playing, self._seconds, self._stride.steps_per_s)
