"""One step taken apart: the phases that a person can walk through.

`bpviz.training.sentences` says what happens in each.  A cursor is a view.  It changes nothing: the numbers it
shows are those of the step that Play would make.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

import numpy as np

from bpviz.arrays import IntArray, read_only
from bpviz.engine.plan import Plan
from bpviz.training.places import Place

PhaseKind: TypeAlias = Literal["forward", "loss", "backward", "update"]

NO_ROWS: Final = read_only(np.zeros(0, dtype=np.int64))


@dataclass(frozen=True, slots=True)
class Phase:
    """One phase of a step.

    Attributes:
        kind: ``forward`` through a layer, the ``loss``, ``backward`` through a layer, or the ``update``.
        layer: Index of the layer in the plan that is at work; of the input layer, the examples entering.
            For the loss the output layer; for the update None.
        title: In a few words.
    """

    kind: PhaseKind
    layer: int | None
    title: str


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place inside a step.

    Attributes:
        phases: Of the step, in order.
        index: Which of them the cursor stands in.
        example: Which example of the batch is looked at, from 0; None for the whole batch.
        examples: How many the batch has.
        text: What happens here, one or two sentences with numbers.
        stopped_at: Where the number stands at which a breakpoint stopped the walk; None if none did.
        stopped_by: Which number that is, a key of QUANTITIES.
        rows: (examples,) which rows of the data set the batch's examples are; none where nobody knows.
    """

    phases: tuple[Phase, ...]
    index: int
    example: int | None
    examples: int
    text: str
    stopped_at: Place | None = None
    stopped_by: str = ""
    rows: IntArray = field(default_factory=lambda: NO_ROWS, compare=False)

    @property
    def row(self) -> int | None:
        """The row of the data set that is looked at; None for the whole batch."""
        return None if self.example is None or not self.rows.size else int(self.rows[self.example])

    @property
    def phase(self) -> Phase:
        return self.phases[self.index]

    @property
    def is_last(self) -> bool:
        """Whether the step is made: the cursor stands in its update."""
        return self.index == len(self.phases) - 1


def phases(plan: Plan) -> tuple[Phase, ...]:
    """List the phases of a step: forward layer by layer, loss, backward layer by layer, update."""
    last = len(plan.layers) - 1
    forward = [Phase("forward", at, f"Forward: {plan.layers[at].name}") for at in range(1, last + 1)]
    backward = [Phase("backward", at, f"Backward: {plan.layers[at].name}") for at in range(last, 0, -1)]
    return (
        Phase("forward", 0, "Examples enter"),
        *forward,
        Phase("loss", last, "Loss"),
        *backward,
        Phase("update", None, "Update"),
    )
