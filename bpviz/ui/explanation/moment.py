"""The step that a snapshot brings: its numbers, their names, and which of them are known yet."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bpviz.arrays import Array
from bpviz.model.compile import Compiled
from bpviz.training.explain.naming import Names, names_of
from bpviz.training.passes import Pass
from bpviz.training.phases import Cursor, phases
from bpviz.training.places import WHOLE, Place
from bpviz.training.quantities import QUANTITIES, Ref, has, known_from
from bpviz.training.snapshot import Snapshot, Traced


@dataclass(frozen=True, slots=True)
class Moment:
    """What can be said of one step.

    Attributes:
        made: The step.
        names: Of its nodes and examples.
        compiled: Whose network it is.
        cursor: Where somebody stands in it.
        traced: Which step that is, as seen from where the run stands.
    """

    made: Pass
    names: Names
    compiled: Compiled
    cursor: Cursor | None
    traced: Traced

    @classmethod
    def of(cls, snapshot: Snapshot, before: Moment | None) -> Moment | None:
        """Read a snapshot; None if it brings no step.  What is still true of the moment before is kept."""
        if snapshot.trace is None or snapshot.rule is None:
            return None
        stored = _stored(snapshot)
        if before is not None and before.made.made is snapshot.trace and before.made.rule == snapshot.rule:
            made = before.made if stored is before.made.stored else replace(before.made, stored=stored)
        else:
            made = Pass(snapshot.rule, snapshot.trace, stored)
        known = before is not None and before.compiled is snapshot.compiled
        if known and before is not None and len(before.names.examples) == made.examples:
            names = before.names
        else:
            names = names_of(snapshot.compiled, [str(at + 1) for at in range(made.examples)])
        return cls(made, names, snapshot.compiled, snapshot.cursor, snapshot.traced)

    @property
    def step(self) -> int:
        """Steps done before this one."""
        return self.made.made.before.step

    @property
    def stopped(self) -> Ref | None:
        """The number because of which a breakpoint stopped here; None if none did."""
        cursor = self.cursor
        if cursor is None or cursor.stopped_at is None:
            return None
        return self.ref(cursor.stopped_by, cursor.stopped_at, cursor.example)

    def knows(self, ref: Ref) -> bool:
        """Whether a number is computed where somebody stands; of a step that nobody walks in, all are."""
        if self.cursor is None or self.cursor.is_last:
            return True
        return known_from(self.made.plan, ref) <= self.cursor.index

    def comes_with(self, ref: Ref) -> str:
        """Return the title of the phase that computes a number."""
        return phases(self.made.plan)[known_from(self.made.plan, ref)].title

    def ref(self, key: str, place: Place = WHOLE, example: int | None = None) -> Ref | None:
        """Return the number of an example, or of the batch for None; None if this step has none there."""
        entry = QUANTITIES[key]
        if entry.per == "batch" or (entry.scope == "parameter" and self.made.examples == 1):
            example = None
        elif self.made.examples == 1:
            example = 0
        elif entry.per == "example" and example is None:
            return self.ref("mean_loss") if key == "loss" else None
        found = Ref(key, place, example)
        return found if has(self.made, found) else None


def _stored(snapshot: Snapshot) -> Array | None:
    """What the run itself came to, where its step is made and it computes in another precision."""
    cursor, parameters = snapshot.cursor, snapshot.parameters
    if cursor is None or not cursor.is_last or parameters is None or parameters.dtype.itemsize == 8:
        return None
    return parameters
