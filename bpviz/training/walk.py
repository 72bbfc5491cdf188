"""Walking through the steps of a run, phase by phase or example by example, forward and back.

A walk is a place in the timeline: a step, and where inside it.  It shows the step that Play would make, and
its last phase makes that very step.  In the past it only shows.  Whoever looks at one example looks at it in
every phase, and in the steps before and after, as far as their batches have it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal, TypeAlias

from bpviz.arrays import IntArray
from bpviz.engine.plan import Plan
from bpviz.engine.update import Rule, StepTrace
from bpviz.errors import DivergedError, SettingError, grouped
from bpviz.training.phases import NO_ROWS, Cursor, phases
from bpviz.training.quantities import Ref
from bpviz.training.sentences import cursor_at
from bpviz.training.session import Session
from bpviz.training.timeline import Timeline

Move: TypeAlias = Literal["phase", "example", "back", "first", "last"]


class Walk:
    """Where somebody stands inside a step.

    Attributes:
        cursor: The place in the step; None while nobody walks.
        trace: The step that the cursor stands in.  In its last phase the run stands behind it.
    """

    def __init__(self, timeline: Timeline) -> None:
        self._timeline = timeline
        self._rows: IntArray = NO_ROWS
        self.cursor: Cursor | None = None
        self.trace: StepTrace | None = None

    @property
    def place(self) -> tuple[int, int]:
        """The step and the phase in it, to tell forward from back; -1 and -1 while nobody walks."""
        if self.trace is None or self.cursor is None:
            return -1, -1
        return self.trace.before.step, self.cursor.index

    def end(self) -> None:
        """Walk no more, and stand behind what was changed where the step had led."""
        if self.cursor is not None:
            self._leave_update()
        self.cursor = self.trace = None

    def rename(self, rule: Rule, plan: Plan) -> None:
        """Speak of layers by other names; nothing else about the step is different."""
        if self.trace is not None and self.cursor is not None:
            self.trace = replace(self.trace, trace=replace(self.trace.trace, plan=plan))
            self.cursor = self._seen(rule, self.cursor.index, self.cursor.example)

    def move(self, move: Move) -> None:
        """Go on by a phase or an example, back by a phase, or to the first or last phase of the step.

        An example is looked at when its forward and backward passes are done; after the last one of the batch
        comes the update.
        """
        cursor = self.cursor
        if move == "back":
            self._back()
        elif move in ("first", "last"):
            self._go_to_end(first=move == "first")
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
        self._stand(index, cursor.example)

    def look_at(self, example: int | None) -> None:
        """Look at an example of the batch, or at all of it, in the phase where one stands.

        Where nobody walks yet, the coming step is entered at its first phase.

        Args:
            example: From 0, one that the batch has; None for all of them.
        """
        if self.cursor is None and not self._enter():
            return
        index = 0 if self.cursor is None else self.cursor.index
        if example is None or 0 <= example < self._examples:
            self.cursor = self._seen(self._timeline.session.rule, index, example)

    def stop_at(self, ref: Ref) -> None:
        """Look at a number of the phase where one stands, because of which one stops there."""
        self.look_at(ref.example)
        if self.cursor is not None:
            self.cursor = replace(self.cursor, stopped_at=ref.place, stopped_by=ref.key)

    def look_beside(self, places: int) -> None:
        """Look at an example so many places on in the batch; before the first one is the whole batch."""
        cursor = self.cursor
        if cursor is not None:
            here = 0 if cursor.example is None else cursor.example + 1
            there = min(max(here + places, 0), cursor.examples)
            self.look_at(there - 1 if there else None)
        elif places > 0:
            self.look_at(0)

    def look_at_row(self, row: int) -> None:
        """Look at a row of the data set.

        Raises:
            SettingError: If this batch does not have it; nothing is changed then.
        """
        session = self._timeline.session
        example = _place_of(row, session.coming_rows if self.cursor is None else self._rows)
        if example is None:
            raise SettingError(_elsewhere(row, session))
        self.look_at(example)

    def _begin(self, move: Move) -> None:
        """Enter the coming step."""
        before = self.cursor
        if self._enter():
            if move == "phase":
                self._stand(0, self._same(before))
            else:
                self._stand(self._last_look, 0)

    def _enter(self) -> bool:
        """Take up the coming step; False if it can't be made, and the run then says why."""
        try:
            self._take()
        except DivergedError:
            self.end()
            self._make()
            return False
        return True

    def _make(self) -> bool:
        """Make the coming step, also where the run had stopped; False if it can't be made."""
        if self._timeline.at_end:
            self._timeline.go_on()
        return self._timeline.advance(1) > 0

    def _take(self) -> None:
        self._leave_update()
        session = self._timeline.session
        self.trace, self._rows = session.peek(), session.coming_rows

    def _leave_update(self) -> None:
        """Let changes count that were made at this step; in the update before it they did not yet."""
        if not self._timeline.at_end:
            self._timeline.seek(self._timeline.step)

    def _go_to_end(self, *, first: bool) -> None:
        if self.cursor is None and self._enter():
            self._stand(0, None)
        if self.cursor is not None:
            self.go_to(0 if first else len(self.cursor.phases) - 1)

    def _next_example(self, cursor: Cursor) -> None:
        following = 0 if cursor.example is None else cursor.example + 1
        if following < cursor.examples:
            self._stand(self._last_look, following)
        else:
            self._stand(self._last_look + 1, None)

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
        self._take()
        rule, example = self._timeline.session.rule, self._same(self.cursor)
        cursor = self._seen(rule, self._last_look + 1, example)
        self._timeline.seek_made(step)
        self.cursor = cursor

    def _stand(self, index: int, example: int | None) -> None:
        """Put the cursor somewhere in its step; in the last phase the step is made."""
        timeline = self._timeline
        cursor = self._seen(timeline.session.rule, index, example)
        if cursor.is_last:
            if not timeline.at_end:
                timeline.seek_made(timeline.step + 1)
            elif not self._make():
                self.end()
                return
        self.cursor = cursor

    def _seen(self, rule: Rule, index: int, example: int | None) -> Cursor:
        assert self.trace is not None
        return replace(cursor_at(rule, self.trace, index, example), rows=self._rows)

    def _same(self, before: Cursor | None) -> int | None:
        """Find the example that was looked at in another batch, or one in its place."""
        if before is None or before.example is None or before.row is None:
            return None
        found = _place_of(before.row, self._rows)
        return min(before.example, self._examples - 1) if found is None else found

    @property
    def _examples(self) -> int:
        """How many the batch has."""
        assert self.trace is not None
        return len(self.trace.trace.x)

    @property
    def _last_look(self) -> int:
        """Index of the phase before the update: everything is computed and nothing is moved."""
        assert self.trace is not None
        return len(phases(self.trace.trace.plan)) - 2


def _elsewhere(row: int, session: Session) -> str:
    """Say where a row of the data set is, if not in the batch of a step."""
    name = f"Example {grouped(row + 1)}"
    if row not in session.prepared.train_rows:
        return f"{name} is in the test part, which nothing is learned from; choose one of the training part."
    step = session.turn_of(row)
    if step is None:
        return f"{name} is not in the batch of this step; it waits for a later epoch."
    verb = "comes" if step >= session.step else "was"
    return f"{name} is not in the batch of this step; its turn {verb} at step {grouped(step)}."


def _place_of(row: int, rows: IntArray) -> int | None:
    """Which example of a batch is a row of the data set; None if none is."""
    found = (rows == row).nonzero()[0]
    return int(found[0]) if found.size else None
