"""Numbers of a step computed anew from their derivations: with a learner's own numbers in them, or a slip.

A derivation names the numbers that it is made of; each of those is computed from its own derivation in turn,
down to what is given.  What neither the learner's numbers nor the slip can reach is read as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import CancelledError
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from bpviz.training.explain.derivation import DERIVERS, explain
from bpviz.training.explain.expressions import (
    Expression,
    Number,
    Quotient,
    Sum,
    constant,
    evaluate,
    leaves,
    times,
    with_leaves,
)
from bpviz.training.explain.making import Fact, leaf
from bpviz.training.passes import Pass
from bpviz.training.phases import PhaseKind
from bpviz.training.places import NodePlace
from bpviz.training.quantities import QUANTITIES, Ref

Twist: TypeAlias = Callable[[Ref, Expression], Expression | None]
"""From a number and its formula to the formula that a slip makes of it; None where it makes none."""

_ORDER: Final[tuple[PhaseKind, ...]] = ("forward", "loss", "backward", "update")
_BY_EXAMPLE: Final[tuple[PhaseKind, ...]] = ("forward", "loss")
_RANKS: Final = {key: _ORDER.index(entry.phase) for key, entry in QUANTITIES.items()}


@dataclass(frozen=True, slots=True)
class Variant:
    """One way to make a slip.

    Attributes:
        twist: What becomes of formulas.
        facts: What a sentence has to tell of it, such as where it was made.
        since: The phase of the first number that can differ.
        layer: In the forward phase, the first layer that can.
    """

    twist: Twist
    facts: tuple[tuple[str, Fact], ...] = ()
    since: PhaseKind = "backward"
    layer: int = 1


def canonical(made: Pass, ref: Ref) -> Ref:
    """Name a number as derivations do, where the batch has one example and so two names for it."""
    entry = QUANTITIES[ref.key]
    if made.examples != 1 or entry.per != "both":
        return ref
    example = None if entry.scope == "parameter" else 0
    return ref if ref.example == example else replace(ref, example=example)


class Formulas:
    """The formulas of a pass, each made once: many slips look at the same ones.

    Args:
        made: The pass.
        stop: Says that nobody waits any more; the next formula that is looked at then raises
            `CancelledError`.
    """

    def __init__(self, made: Pass, stop: Callable[[], bool] = lambda: False) -> None:
        self.made, self._stop = made, stop
        self._formulas: dict[Ref, Expression] = {}

    def of(self, ref: Ref) -> Expression:
        """Return the formula of a number."""
        if self._stop():
            raise CancelledError
        if ref not in self._formulas:
            self._formulas[ref] = explain(self.made, ref).expression
        return self._formulas[ref]

    def from_mine(self, ref: Ref, mine: Mapping[Ref, float]) -> Expression | None:
        """Return a formula with a number that the learner has, where derivations go another way round."""
        found = _WAYS.get(ref.key)
        if found is None or canonical(self.made, Ref(found[0], ref.place, ref.example)) not in mine:
            return None
        return found[1](self.made, ref)


class Recomputed:
    """A number of a pass as it comes out with others replaced, and formulas changed.

    Attributes:
        value: What it comes to.
        used: Which of the numbers that replace others went into it.
        twisted: Whether a formula on the way was changed.

    Args:
        formulas: Of the pass.
        asked: Which number; it is always computed, also if it is among those replaced.
        mine: What replaces numbers of the pass, by their canonical names.
        variant: What happens to formulas.
    """

    def __init__(
        self, formulas: Formulas, asked: Ref, mine: Mapping[Ref, float], variant: Variant | None = None
    ) -> None:
        self._plain, self._made = formulas, formulas.made
        asked = canonical(self._made, asked)
        self._mine = {ref: value for ref, value in mine.items() if ref != asked}
        self._variant = variant
        self._known: dict[Ref, float] = {}
        self._opened: dict[Ref, tuple[Expression, list[Ref]]] = {}
        self._altered: set[Ref] = set()
        self.used: list[Ref] = []
        self.twisted = False
        self._limit()
        self.value = self._computed(asked)

    def _limit(self) -> None:
        """Find out what can't have changed: phases, and layers and examples of the forward phase."""
        depth, variant = len(self._made.plan.layers), self._variant
        layers = [ref.place.layer for ref in self._mine if isinstance(ref.place, NodePlace)]
        twisted = variant.layer if variant is not None and variant.since == "forward" else depth
        self._rank = min((_RANKS[ref.key] for ref in self._mine), default=len(_ORDER))
        self._first_a = min(twisted, min(layers, default=depth))
        self._first_z = min(twisted, min(layers, default=depth) + 1)
        self._examples = {ref.example for ref in self._mine}
        if variant is not None:
            self._rank = min(self._rank, _ORDER.index(variant.since))
            if variant.since in _BY_EXAMPLE:
                self._examples.update(range(self._made.examples))

    def _computed(self, asked: Ref) -> float:
        # A stack of our own: a deep network would exhaust Python's.
        stack = [asked]
        while stack:
            at = stack[-1]
            if at in self._known:
                stack.pop()
                continue
            formula, refs = self._opened[at] if at in self._opened else self._open(at)
            missing = [ref for ref in refs if not self._is_known(ref)]
            if missing:
                stack += missing
                continue
            self._known[at] = self._evaluated(at, formula, refs)
            stack.pop()
        return self._known[asked]

    def _open(self, ref: Ref) -> tuple[Expression, list[Ref]]:
        formula = plain = self._plain.from_mine(ref, self._mine) or self._plain.of(ref)
        changed = self._variant.twist(ref, plain) if self._variant is not None else None
        if changed is not None and changed != plain:
            formula, self.twisted = changed, True
            self._altered.add(ref)
        refs = [canonical(self._made, leaf.ref) for leaf in leaves(formula) if leaf.ref is not None]
        self._opened[ref] = formula, refs
        return formula, refs

    def _is_known(self, ref: Ref) -> bool:
        if ref in self._known:
            return True
        if ref in self._mine:
            self.used.append(ref)
            self._altered.add(ref)
            self._known[ref] = self._mine[ref]
        elif self._is_out_of_reach(ref) or ref in self._opened:  # opened: a formula that leads back to itself
            self._known[ref] = QUANTITIES[ref.key].read(self._made, ref)
        return ref in self._known

    def _is_out_of_reach(self, ref: Ref) -> bool:
        if ref.key not in DERIVERS or _RANKS[ref.key] < self._rank:
            return True
        if ref.key in ("z", "a") and isinstance(ref.place, NodePlace):
            first = self._first_z if ref.key == "z" else self._first_a
            if ref.place.layer < first:
                return True
        # On the way forward no example meets another one.
        alone = ref.example is not None and QUANTITIES[ref.key].phase in _BY_EXAMPLE
        return alone and ref.example not in self._examples

    def _evaluated(self, at: Ref, formula: Expression, refs: list[Ref]) -> float:
        if at not in self._altered and self._altered.isdisjoint(refs):
            return QUANTITIES[at.key].read(self._made, at)
        self._altered.add(at)
        return evaluate(with_leaves(formula, self._replaced))

    def _replaced(self, leaf: Number) -> Number:
        return leaf if leaf.ref is None else Number(self._known[canonical(self._made, leaf.ref)])


def _delta_from_arrived(made: Pass, ref: Ref) -> Expression | None:
    if ref.example is None:
        return None
    return times(leaf(made, "slope", ref.place, ref.example), leaf(made, "dloss_da", ref.place, ref.example))


def _gradient_from_sum(made: Pass, ref: Ref) -> Expression | None:
    if ref.example is not None:
        return None
    return Quotient(leaf(made, "accumulated", ref.place), constant(made.examples))


def _change_from_applied(made: Pass, ref: Ref) -> Expression | None:
    """The formula of the change names the plainest gradient that is the same."""
    own = explain(made, ref).expression
    same = ("applied",) if made.made.clip_scale != 1 else ("total", "gradient")
    return with_leaves(
        own,
        lambda at: leaf(made, "applied", ref.place) if at.ref is not None and at.ref.key in same else at,
    )


def _new_from_change(made: Pass, ref: Ref) -> Expression:
    return Sum((leaf(made, "value", ref.place), leaf(made, "change", ref.place)))


_WAYS: Final[Mapping[str, tuple[str, Callable[[Pass, Ref], Expression | None]]]] = {
    "delta": ("dloss_da", _delta_from_arrived),
    "gradient": ("accumulated", _gradient_from_sum),
    "change": ("applied", _change_from_applied),
    "new": ("change", _new_from_change),
}
"""Which other number some can be computed from, and how."""
