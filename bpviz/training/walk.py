"""Walking through one step, phase by phase or example by example.

A walk shows the step that Play would make.  Its last phase makes that very step; walking back from there
returns the state that was kept before it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal, Protocol, TypeAlias

from bpviz.engine.plan import Plan
from bpviz.engine.update import Rule, StepTrace
from bpviz.errors import DivergedError
from bpviz.training.phases import Cursor, cursor_at, phases
from bpviz.training.run_state import RunState

Move: TypeAlias = Literal["phase", "example", "back"]


class Walkable(Protocol):
    """What a walk needs of a run."""

    @property
    def rule(self) -> Rule: ...
    def peek(self) -> StepTrace: ...
    def state(self) -> RunState: ...
    def step_once(self) -> bool: ...
    def restore(self, state: RunState) -> None: ...
    def fail(self, error: DivergedError) -> None: ...


class Walk:
    """Where a walk stands.

    Attributes:
        cursor: The place in the step; None while nobody walks.
        trace: The step that the cursor stands in.
    """

    def __init__(self) -> None:
        self.cursor: Cursor | None = None
        self.trace: StepTrace | None = None
        self._kept: RunState | None = None

    def end(self) -> None:
        """Walk no more."""
        self.cursor = self.trace = self._kept = None

    def rename(self, rule: Rule, plan: Plan) -> None:
        """Speak of layers by other names; nothing else about the step is different."""
        if self.trace is not None and self.cursor is not None:
            self.trace = replace(self.trace, trace=replace(self.trace.trace, plan=plan))
            self.cursor = cursor_at(rule, self.trace, self.cursor.index, self.cursor.example)

    def move(self, run: Walkable, move: Move) -> None:
        """Go on by a phase or an example, or back by a phase.

        An example is looked at when its forward and backward passes are done; after the last one of the batch
        comes the update.
        """
        if move == "back":
            self._back(run)
        elif self.cursor is None or self.cursor.is_last:
            self._begin(run, move)
        elif move == "phase":
            self._stand(run, self.cursor.index + 1, self.cursor.example)
        else:
            self._next_example(run, self.cursor)

    def _begin(self, run: Walkable, move: Move) -> None:
        """Enter the coming step."""
        try:
            self.trace = run.peek()
        except DivergedError as error:
            self.end()
            run.fail(error)
            return
        if move == "phase":
            self._stand(run, 0, None)
        else:
            self._stand(run, _last_look(self.trace), 0)

    def _next_example(self, run: Walkable, cursor: Cursor) -> None:
        assert self.trace is not None
        following = 0 if cursor.example is None else cursor.example + 1
        if following < cursor.examples:
            self._stand(run, _last_look(self.trace), following)
        else:
            self._stand(run, _last_look(self.trace) + 1, None)

    def _back(self, run: Walkable) -> None:
        if self.cursor is None:
            return
        if self.cursor.is_last and self._kept is not None:
            run.restore(self._kept)
            self._kept = None
        if self.cursor.index > 0:
            self._stand(run, self.cursor.index - 1, self.cursor.example)
        elif self._kept is not None:
            # The first phase of a step: the one before it was the last step's update.
            run.restore(self._kept)
            self._kept, self.trace = None, run.peek()
            self._stand(run, _last_look(self.trace), None)

    def _stand(self, run: Walkable, index: int, example: int | None) -> None:
        """Put the cursor somewhere in its step; in the last phase the step is made."""
        assert self.trace is not None
        trace, kept = self.trace, self._kept
        if index == _last_look(trace) + 1:
            kept = run.state()
            if not run.step_once():
                self.end()
                return
        self.trace, self._kept = trace, kept
        self.cursor = cursor_at(run.rule, trace, index, example)


def _last_look(trace: StepTrace) -> int:
    """Index of the phase before the update: everything is computed and nothing is moved."""
    return len(phases(trace.trace.plan)) - 2
