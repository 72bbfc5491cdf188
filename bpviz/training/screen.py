"""Shows a run: one snapshot at a time, with what views want, and not more often than the eye follows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from bpviz.training.observer import Observer
from bpviz.training.overview import view_of
from bpviz.training.report import Report
from bpviz.training.run import Run
from bpviz.training.snapshot import Snapshot
from bpviz.training.stage import Stage

FRAME_S: Final = 0.035  # at most one snapshot in this time


@dataclass(frozen=True, slots=True)
class Pulse:
    """How a run is played.

    Attributes:
        playing: Whether it goes on by itself.
        seconds: How long it has been playing.
        steps_per_s: As counted lately.
    """

    playing: bool
    seconds: float
    steps_per_s: float


class Screen:
    """Takes snapshots when they are due; the next one waits until the last one was drawn.

    Attributes:
        in_flight: A snapshot was shown and is not drawn yet.
        stale: There is news that was not shown.

    Args:
        stage: Where the run stands.
        pulse: Tells how it is played.
        show: Gets the snapshots.
        clock: Seconds from anywhere.
    """

    def __init__(
        self,
        stage: Stage,
        pulse: Callable[[], Pulse],
        show: Callable[[Snapshot], None],
        clock: Callable[[], float],
    ) -> None:
        self._stage, self._pulse, self._show, self._clock = stage, pulse, show, clock
        self._observer = Observer()
        self._wants: frozenset[str] = frozenset()
        self.in_flight = self.stale = False
        self._shown_s = 0.0

    def set_wants(self, wants: frozenset[str]) -> None:
        """Compute what the visible views want, beginning with a fresh snapshot."""
        more = wants - self._wants
        self._wants = wants
        if more:
            self.refresh()

    def refresh(self) -> None:
        """Show how it stands now, or as soon as the last snapshot was drawn."""
        run = self._stage.run
        if self.in_flight:
            self.stale = True
            return
        self.stale = False
        if run is not None:
            self.in_flight = True
            self._shown_s = self._clock()
            playing = self._pulse().playing
            seen = self._observer.look(
                run.session, self._stage.run_id, self._wants, run.look, playing=playing
            )
            self._show(self._told(run, seen))

    def refresh_if_due(self) -> None:
        """Show what is new, if a frame's time is over."""
        if self.stale and self._clock() - self._shown_s >= FRAME_S:
            self.refresh()

    def acknowledge(self) -> None:
        """The last snapshot was drawn."""
        self.in_flight = False

    def hurry(self) -> None:
        """What comes next is worth a picture whenever it comes."""
        self.stale, self._shown_s = True, 0.0

    def report(self, wants: frozenset[str], room_bytes: int = 0) -> Report | None:
        """Tell everything about the run; None while there is none."""
        run = self._stage.run
        if run is None:
            return None
        seen = run.session.snapshot(wants | {"parameters"}, self._stage.run_id, run.look)
        return run.report(self._told(run, seen), room_bytes)

    def _told(self, run: Run, snapshot: Snapshot) -> Snapshot:
        """Add what a session does not know of itself."""
        pulse, stage = self._pulse(), self._stage
        return replace(
            snapshot,
            seconds=pulse.seconds,
            steps_per_s=pulse.steps_per_s,
            project=run.session.project,
            timeline=view_of(run),
            ghosts=stage.backdrop.ghosts(run),
            edition=stage.edition,
        )
