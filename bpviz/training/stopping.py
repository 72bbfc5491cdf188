"""Walking until a breakpoint: what stops a walk, and going on to the next one, a slice at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from bpviz.errors import counted
from bpviz.training.breakpoints import Breakpoint, first_hit, misclassified, sentence
from bpviz.training.explain.naming import names_of
from bpviz.training.passes import Pass
from bpviz.training.phases import Cursor
from bpviz.training.run import Run

MOST_STEPS: Final = 1000
_SLICE_S: Final = 0.01


class Guard:
    """Stops a walk where a breakpoint says so.

    Attributes:
        points: The breakpoints.

    Args:
        say: Hears why a walk stops.
    """

    def __init__(self, say: Callable[[str], None]) -> None:
        self.points: tuple[Breakpoint, ...] = ()
        self._say = say
        self._news = ""
        self._made: Pass | None = None

    @property
    def acts(self) -> bool:
        """Whether there is a breakpoint that may stop anything."""
        return any(point.on for point in self.points)

    def watch(self, points: Sequence[Breakpoint]) -> None:
        """Stop at these from now on."""
        self.points = tuple(points)

    def note(self, sentence: str) -> None:
        """Have something to tell."""
        self._news = sentence

    def tell(self) -> None:
        """Tell it: once all that it is about has happened."""
        if self._news:
            self._say(self._news)
            self._news = ""

    def stops(self, run: Run) -> bool:
        """Stop a walk in the phase that it came to, if a breakpoint says so; whether one does.

        Of a batch any example may be the reason; whoever looks at one of them is stopped by that one alone.
        """
        cursor = run.walk.cursor
        if cursor is None or not self.acts:
            return False
        every = range(cursor.examples) if cursor.example is None else [cursor.example]
        return self._stop(run, cursor, [None, *every])

    def stops_behind(self, run: Run, cursor: Cursor) -> bool:
        """Stop at what comes behind the example that is looked at, in the same phase."""
        first = 0 if cursor.example is None else cursor.example + 1
        return self._stop(run, cursor, range(first, cursor.examples))

    def stops_at_any(self, run: Run) -> bool:
        """Stop at an example or the batch, whoever is looked at."""
        cursor = run.walk.cursor
        return cursor is not None and self._stop(run, cursor, [None, *range(cursor.examples)])

    def _stop(self, run: Run, cursor: Cursor, examples: Sequence[int | None]) -> bool:
        made = self._pass(run)
        wrong = misclassified(run.session.prepared, made)
        hit = first_hit(self.points, made, cursor.index, wrong, examples)
        if hit is not None:
            run.walk.stop_at(hit.ref)
            names = names_of(run.session.compiled, [str(k + 1) for k in range(cursor.examples)])
            self.note(sentence(hit, names))
        return hit is not None

    def _pass(self, run: Run) -> Pass:
        """What was worked out of a step serves in all its phases."""
        made, trace = self._made, run.walk.trace
        assert trace is not None
        if made is None or made.made is not trace:
            made = self._made = Pass(run.session.rule, trace)
        return made


class Search:
    """On its way to the next breakpoint, phase by phase, over the steps.

    Args:
        guard: Knows them, and is told how it ended.
        clock: Seconds from anywhere.
        most_steps: So many are walked through at most.
    """

    def __init__(self, guard: Guard, clock: Callable[[], float], most_steps: int = MOST_STEPS) -> None:
        self._guard, self._clock = guard, clock
        self._left = self._most = most_steps
        self._begun = False

    def slice(self, run: Run) -> bool:
        """Go on for a slice; whether it is over."""
        if not self._guard.acts:
            self._guard.note("No breakpoint is set; set one by Run > Breakpoints.")
            return True
        begun = self._clock()
        while self._clock() - begun < _SLICE_S:
            if self._go_on(run):
                return True
        return False

    def _go_on(self, run: Run) -> bool:
        """Go to the next phase; whether the search is over there."""
        cursor = run.walk.cursor
        if not self._begun:
            self._begun = True
            if cursor is not None and self._guard.stops_behind(run, cursor):
                return True
        if cursor is not None and cursor.is_last:
            if not self._left:
                self._guard.note(f"No breakpoint was met in {counted(self._most, 'step')}.")
                return True
            if run.timeline.at_end and run.session.stopped_by is not None:
                self._guard.note("No breakpoint was met before the run stopped.")
                return True
        if cursor is None or cursor.is_last:
            self._left -= 1
        run.walk.move("phase")
        return run.walk.cursor is None or self._guard.stops_at_any(run)
