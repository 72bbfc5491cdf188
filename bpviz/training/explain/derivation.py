"""`explain`: how one number of a step comes about, as a value."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from bpviz.training.explain import of_nodes, of_parameters, of_whole
from bpviz.training.explain.expressions import Number
from bpviz.training.explain.making import ALL, Derivation, Derived, Note, batch_mean
from bpviz.training.passes import Pass
from bpviz.training.quantities import QUANTITIES, Ref, value_of

Deriver: TypeAlias = Callable[[Pass, Ref], Derived]

DERIVERS: Final[Mapping[str, Deriver]] = {
    **of_nodes.DERIVERS,
    **of_parameters.DERIVERS,
    **of_whole.DERIVERS,
}
"""By key of QUANTITIES; what has no entry is given, or read and not explained."""


LONG: Final = {**of_nodes.LONG, **of_parameters.LONG, **of_whole.LONG}


def explain(made: Pass, ref: Ref, most: int | None = None) -> Derivation:
    """Explain one number.

    Args:
        made: The step.
        ref: Which number.
        most: So many terms of a long sum are enough, those that count most; all others are one.

    Raises:
        ModelError: If the step has no such number.
    """
    value = value_of(made, ref)
    found = _derived(made, ref, most)
    expression = found.expression if found.expression is not None else Number(value)
    return Derivation(ref, value, expression, found.notes, found.rounding)


def _derived(made: Pass, ref: Ref, most: int | None) -> Derived:
    entry = QUANTITIES[ref.key]
    if entry.scope in ("input", "node", "output") and ref.example is None:
        if made.examples > 1:
            return batch_mean(made, ref, ALL if most is None else most)
        ref = Ref(ref.key, ref.place, 0)
    if most is not None and ref.key in LONG:
        return LONG[ref.key](made, ref, most)
    derive = DERIVERS.get(ref.key)
    return derive(made, ref) if derive is not None else Derived(None, (Note("given"),))
