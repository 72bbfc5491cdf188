"""Walking through the steps of a run, phase by phase or example by example, forward and back.

A walk is a place in the timeline: a step, and where inside it.  It shows the step that Play would make, and
its last phase makes that very step.  In the past it only shows.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal, TypeAlias

from bpviz.engine.plan import Plan
from bpviz.engine.update import Rule, StepTrace
from bpviz.errors import DivergedError
from bpviz.training.phases import Cursor, phases
from bpviz.training.sentences import cursor_at
from bpviz.training.timeline import Timeline

Move: TypeAlias = Literal["phase", "example", "back"]


class Walk:
    """Where somebody stands inside a step.

    Attributes:
        cursor: The place in the step; None while nobody walks.
        trace: The step that the cursor stands in.  In its last phase the run stands behind it.
    """

    def __init__(self, timeline: Timeline) -> None:
        self._timeline = timeline
        self.cursor: Cursor | None = None
        self.trace: StepTrace | None = None

    def end(self) -> None:
        """Walk no more."""
        self.cursor = self.trace = None

    def rename(self, rule: Rule, plan: Plan) -> None:
        """Speak of layers by other names; nothing else about the step is different."""
        if self.trace is not None and self.cursor is not None:
            self.trace = replace(self.trace, trace=replace(self.trace.trace, plan=plan))
            self.cursor = cursor_at(rule, self.trace, self.cursor.index, self.cursor.example)

    def move(self, move: Move) -> None:
        """Go on by a phase or an example, or back by a phase.

        An example is looked at when its forward and backward passes are done; after the last one of the batch
        comes the update.
        """
        cursor = self.cursor
        if move == "back":
            self._back()
        elif cursor is None or cursor.is_last:
            self._begin(move)
        elif move == "phase":
            self._stand(cursor.index + 1, cursor.example)
        else:
            self._next_example(cursor)

    def go_to(self, index: int) -> None:
        """Go to a phase of the step that somebody stands in; to the last one by making it."""
        cursor = self.cursor
        if cursor is None or index == cursor.index:
            return
        if cursor.is_last:
            self._timeline.seek(self._timeline.step - 1)
        assert self.trace is not None
        self._stand(index, None if index > _last_look(self.trace) else cursor.example)

    def _begin(self, move: Move) -> None:
        """Enter the coming step."""
        timeline = self._timeline
        if timeline.at_end:
            timeline.go_on()
        try:
            self.trace = timeline.session.peek()
        except DivergedError:
            self.end()
            timeline.advance(1)  # which says why it can't be made
            return
        if move == "phase":
            self._stand(0, None)
        else:
            self._stand(_last_look(self.trace), 0)

    def _next_example(self, cursor: Cursor) -> None:
        assert self.trace is not None
        following = 0 if cursor.example is None else cursor.example + 1
        if following < cursor.examples:
            self._stand(_last_look(self.trace), following)
        else:
            self._stand(_last_look(self.trace) + 1, None)

    def _back(self) -> None:
        timeline, cursor = self._timeline, self.cursor
        if cursor is not None and cursor.is_last:
            timeline.seek(timeline.step - 1)
            self._stand(cursor.index - 1, cursor.example)
        elif cursor is not None and cursor.index > 0:
            self._stand(cursor.index - 1, cursor.example)
        elif timeline.step > timeline.first_step:
            self._enter_update(timeline.step)

    def _enter_update(self, step: int) -> None:
        """Stand in the last phase of the step that led to a place."""
        self._timeline.seek(step - 1)
        session = self._timeline.session
        self.trace = session.peek()
        cursor = cursor_at(session.rule, self.trace, _last_look(self.trace) + 1, None)
        self._timeline.seek(step)
        self.cursor = cursor

    def _stand(self, index: int, example: int | None) -> None:
        """Put the cursor somewhere in its step; in the last phase the step is made."""
        assert self.trace is not None
        trace, timeline = self.trace, self._timeline
        cursor = cursor_at(timeline.session.rule, trace, index, example)
        if cursor.is_last:
            if not timeline.at_end:
                timeline.seek(timeline.step + 1)
            elif not timeline.advance(1):
                self.end()
                return
        self.cursor = cursor


def _last_look(trace: StepTrace) -> int:
    """Index of the phase before the update: everything is computed and nothing is moved."""
    return len(phases(trace.trace.plan)) - 2
