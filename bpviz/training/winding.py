"""Winding a run to one of its steps, a slice at a time, and what is done to its lines."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from bpviz.training.run import Run

_SLICE_S: Final = 0.01
_FIRST_STEPS: Final = 32


class Winding:
    """On its way to a step of a run's present line.

    Attributes:
        step: Where to.

    Args:
        step: Where to.
        clock: Seconds from anywhere.
    """

    def __init__(self, step: int, clock: Callable[[], float]) -> None:
        self.step = step
        self._clock = clock
        self._count = _FIRST_STEPS

    def slice(self, run: Run) -> bool:
        """Go on for a slice; whether the run stands there now."""
        begun = now = self._clock()
        while now - begun < _SLICE_S:
            run.exact = run.timeline.approach(self.step, self._count)
            if run.exact:
                return True
            before, now = now, self._clock()
            if now - before < _SLICE_S / 2:
                self._count *= 2
            elif now - before > _SLICE_S:
                self._count = max(1, self._count // 2)
        return False


def glance(run: Run, step: int) -> None:
    """Show the kept moment that is nearest before a step, at once."""
    run.walk.end()
    run.timeline.glance(step)
    run.exact = run.timeline.step == step


def step_back(run: Run) -> None:
    """Show the step before."""
    seek(run, max(run.timeline.step - 1, run.timeline.first_step))


def epoch_back(run: Run) -> None:
    """Show the beginning of the epoch under way, or of the one before."""
    step_back(run)
    session = run.session
    into = (session.steps_per_epoch - session.to_epoch_end()) % session.steps_per_epoch
    seek(run, max(session.step - into, run.timeline.first_step))


def epoch_on(run: Run) -> None:
    """Show the end of the epoch under way, as far as the line goes."""
    seek(run, min(run.session.step + run.session.to_epoch_end(), run.timeline.last_step))


def seek(run: Run, step: int) -> None:
    """Show a step, exactly."""
    run.walk.end()
    run.timeline.seek(step)
    run.exact = True


def branch_off(run: Run, number: int, step: int | None = None) -> None:
    """Let a run go on from where it is looked at, or from another step, on a line of that number."""
    cursor = run.walk.cursor
    # An update is looked at as it was made, before what was changed behind it: from there it goes on.
    in_update = cursor is not None and cursor.is_last and run.timeline.step == step
    if step is not None and not in_update:
        seek(run, step)
    run.timeline.branch_off(number, even_at_end=True)  # whoever asked for that number counts on it
    run.walk.end()
    run.exact = True


def remove(run: Run, number: int) -> None:
    """Take a line out; `put_back` brings it back."""
    run.removed[number] = run.timeline.remove(number)


def put_back(run: Run, number: int) -> None:
    """Bring back a line that was taken out."""
    line = run.removed.pop(number, None)
    if line is not None:
        run.timeline.put_back(line)
