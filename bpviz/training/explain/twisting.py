"""What slips do to formulas: the pieces that those of `bpviz.training.explain.slips` are made of."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Final, TypeAlias

from bpviz.training.explain.expressions import Expression, Mean, Number, Sum, rebuilt, with_leaves
from bpviz.training.explain.recomputing import Twist, Variant
from bpviz.training.passes import Pass
from bpviz.training.places import BiasPlace, NodePlace, PairPlace, Place, nodes_of
from bpviz.training.quantities import Ref

Variants: TypeAlias = Callable[[Pass, Ref], Iterator[Variant]]
"""From a pass and the number asked for to the ways of making a slip on the way to it."""

MOST: Final = 6
"""So many neighbors, terms or examples are tried: in a wide network all of them would match anything."""
BACK: Final = ("dloss_da", "delta")
"""Quantities whose formulas, in a hidden layer, sum up what comes back through the weights."""


# ---- where


def own_node(asked: Ref) -> NodePlace | None:
    """Return the node that a number belongs to: of a weight its target."""
    if isinstance(asked.place, PairPlace | BiasPlace):
        return asked.place.target
    return asked.place if isinstance(asked.place, NodePlace) else None


def stretches(made: Pass, asked: Ref) -> Iterator[tuple[NodePlace, ...]]:
    """Where a slip of nodes may be made: at the number's own node, at all behind it, or at both."""
    node = own_node(asked)
    first = node.layer + 1 if node is not None else 1
    own = (node,) if node is not None else ()
    ahead = tuple(other for layer in range(first, made.last + 1) for other in nodes_of(made.plan, layer))
    yield from [own] if own else []
    yield from [ahead] if ahead else []
    yield from [(*own, *ahead)] if own and ahead else []


def nearest(count: int, own: int) -> list[int]:
    """List the nearest others of so many, nearest first."""
    others = [at for at in range(max(own - MOST, 0), min(own + MOST + 1, count)) if at != own]
    return sorted(others, key=lambda at: abs(at - own))[:MOST]


# ---- what


def rewriting(
    keys: Collection[str],
    write: Callable[[Ref, Expression], Expression | None],
    places: Collection[Place] | None = None,
) -> Twist:
    """Make a twist that writes the formulas of some quantities in another way, but no mean over a batch."""

    def twist(ref: Ref, formula: Expression) -> Expression | None:
        if (
            ref.key not in keys
            or isinstance(formula, Mean)
            or (places is not None and ref.place not in places)
        ):
            return None
        return write(ref, formula)

    return twist


def exchanging(
    keys: Collection[str],
    exchange: Callable[[Number], Expression | None],
    places: Collection[Place] | None = None,
) -> Twist:
    """Make a twist that puts something else in the place of some numbers of formulas."""

    def change(number: Number) -> Expression:
        other = exchange(number)
        return number if other is None else other

    return rewriting(keys, lambda _ref, formula: with_leaves(formula, change), places)


def named(
    keys: Collection[str], make: Callable[[Ref], Expression | None]
) -> Callable[[Number], Expression | None]:
    """Exchange the numbers of some quantities."""
    return lambda number: make(number.ref) if number.ref is not None and number.ref.key in keys else None


def of_asked(asked: Ref, write: Callable[[Expression], Expression | None]) -> Twist:
    """Make a twist of the asked number alone."""
    wanted = (asked.key, asked.place, asked.example)
    return lambda ref, formula: write(formula) if (ref.key, ref.place, ref.example) == wanted else None


def of_means(write: Callable[[Mean], Expression]) -> Twist:
    """Make a twist of each mean over the batch."""
    return lambda _ref, formula: write(formula) if isinstance(formula, Mean) else None


def first_sum(formula: Expression) -> Sum | None:
    """Find the sum that a formula is, or that is one of its factors."""
    if isinstance(formula, Sum):
        return formula
    found: list[Sum] = []

    def look(part: Expression) -> Expression:
        found.extend([part] if isinstance(part, Sum) else [])
        return part

    rebuilt(formula, look)
    return found[0] if found else None


def without_term(formula: Expression, at: int) -> Expression | None:
    """Leave out a term of the first sum; None if it has no such term, or no other."""
    whole = first_sum(formula)
    if whole is None or not at < len(whole.terms) > 1:
        return None
    shorter = Sum((*whole.terms[:at], *whole.terms[at + 1 :]))
    return shorter if whole is formula else rebuilt(formula, lambda part: shorter if part is whole else part)


def terms_of(formula: Expression | None) -> Sequence[Expression]:
    """List the terms of the first sum."""
    whole = first_sum(formula) if formula is not None else None
    return whole.terms if whole is not None else ()
