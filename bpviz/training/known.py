"""What is known of the numbers of a step where somebody stands in it, and whether they are means.

Whatever shows numbers of a pass asks here, and so shows none before its phase.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bpviz.arrays import Array
from bpviz.errors import grouped
from bpviz.training.passes import Pass
from bpviz.training.places import WHOLE, Place
from bpviz.training.quantities import (
    QUANTITIES,
    Quantity,
    Ref,
    has,
    known_from,
    layer_known_from,
    layer_values,
    parameter_values,
)
from bpviz.training.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Fact:
    """One number to be listed.

    Attributes:
        entry: What it is.
        place: Where it stands.
        value: None while it is not computed.
        whose: Of which example it is, or the mean of how many; empty where there is nothing to say.
    """

    entry: Quantity
    place: Place
    value: float | None
    whose: str


@dataclass(frozen=True, eq=False)
class Known:
    """A step, and how far somebody has walked into it.

    Attributes:
        made: The step.
        until: Index of the phase that one stands in; None between steps, where the coming one is shown.
        example: Which example of the batch is looked at, from 0; None for all of them.
    """

    made: Pass
    until: int | None = None
    example: int | None = None

    @classmethod
    def of(cls, snapshot: Snapshot) -> Known | None:
        """Read a snapshot; None if it brings no step."""
        if snapshot.trace is None or snapshot.rule is None:
            return None
        made, cursor = Pass(snapshot.rule, snapshot.trace), snapshot.cursor
        return cls(made) if cursor is None else cls(made, cursor.index, cursor.example)

    def ref(self, key: str, place: Place = WHOLE) -> Ref | None:
        """Return the number to show somewhere; None where this step has none."""
        found = Ref(key, place, self._example(QUANTITIES[key]))
        return found if has(self.made, found) else None

    def value(self, key: str, place: Place = WHOLE) -> float | None:
        """Return a number; None where there is none, or none yet."""
        ref = self.ref(key, place)
        if ref is None or not self._has_come(known_from(self.made.plan, ref)):
            return None
        return QUANTITIES[key].read(self.made, ref)

    def listed(self, place: Place = WHOLE) -> list[Fact]:
        """List all that there is to know of a place, in the order of the table, new values after the old."""
        told = (entry for entry in QUANTITIES.values() if entry.telling(self.made))
        order = list(QUANTITIES)
        return [
            Fact(entry, place, self.value(entry.name, place), self.whose(entry.name))
            for entry in sorted(told, key=lambda entry: order.index(entry.after or entry.name))
            if self.ref(entry.name, place) is not None
        ]

    def nodes(self, *keys: str) -> Array:
        """(all nodes,) in the order of the plan: `layer` of each."""
        return np.concatenate([self.layer(layer, *keys) for layer in range(len(self.made.plan.layers))])

    def layer(self, layer: int, *keys: str) -> Array:
        """(nodes,) the first of these quantities that a layer has; NaN where it is not known."""
        plan = self.made.plan
        for key in keys:
            found = layer_values(self.made, key, layer, self._example(QUANTITIES[key]))
            if found is not None and self._has_come(layer_known_from(plan, key, layer)):
                return found
        return np.full(plan.layers[layer].size, np.nan)

    def parameters(self, key: str) -> Array:
        """(parameters,) a quantity of weights and biases; NaN where it is not known."""
        plan = self.made.plan
        found = parameter_values(self.made, key, self._example(QUANTITIES[key]))
        if found is None:
            return np.full(plan.size, np.nan)
        unknown = [
            part
            for layer in range(1, len(plan.layers))
            if not self._has_come(layer_known_from(plan, key, layer))
            for part in plan.layer_slices(layer)
        ]
        shown = np.array(found) if unknown else found
        for part in unknown:
            shown[part] = np.nan
        return shown

    def whose(self, key: str) -> str:
        """Say of which example a quantity is, or the mean of how many."""
        entry, examples = QUANTITIES[key], self.made.examples
        if examples == 1 or (entry.per == "batch" and not entry.averages):
            return ""
        example = self._example(entry)
        if example is None:
            return f"mean of {grouped(examples)}"
        return f"example {grouped(example + 1)} of {grouped(examples)}"

    def _has_come(self, phase: int) -> bool:
        return self.until is None or phase <= self.until

    def _example(self, entry: Quantity) -> int | None:
        """Whose number it is: where a batch has a single example, its gradient is the engine's own."""
        if entry.per == "batch":
            return None
        if self.made.examples == 1:
            return None if entry.scope == "parameter" else 0
        return self.example
