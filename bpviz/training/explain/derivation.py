"""`explain`: how one number of a step comes about, as a value."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from bpviz.training.explain import of_nodes, of_parameters, of_whole
from bpviz.training.explain.expressions import Number
from bpviz.training.explain.making import Derivation, Derived, Note, batch_mean
from bpviz.training.passes import Pass
from bpviz.training.quantities import QUANTITIES, Ref, value_of

Deriver: TypeAlias = Callable[[Pass, Ref], Derived]

DERIVERS: Final[Mapping[str, Deriver]] = {
    **of_nodes.DERIVERS,
    **of_parameters.DERIVERS,
    **of_whole.DERIVERS,
}
"""By key of QUANTITIES; what has no entry is given, or read and not explained."""


def explain(made: Pass, ref: Ref) -> Derivation:
    """Explain one number.

    Args:
        made: The step.
        ref: Which number.

    Raises:
        ModelError: If the step has no such number.
    """
    value = value_of(made, ref)
    found = _derived(made, ref)
    expression = found.expression if found.expression is not None else Number(value)
    return Derivation(ref, value, expression, found.notes, found.rounding)


def _derived(made: Pass, ref: Ref) -> Derived:
    entry = QUANTITIES[ref.key]
    if entry.scope in ("input", "node", "output") and ref.example is None:
        if made.examples > 1:
            return batch_mean(made, ref)
        ref = Ref(ref.key, ref.place, 0)
    derive = DERIVERS.get(ref.key)
    return derive(made, ref) if derive is not None else Derived(None, (Note("given"),))
