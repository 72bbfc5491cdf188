"""What derivations are made of: the value itself, notes, and leaves that know their quantity."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np

from bpviz.arrays import Array, IntArray
from bpviz.training.explain.expressions import Expression, Mean, Number, Rest, evaluate, size, summed
from bpviz.training.passes import Pass
from bpviz.training.places import WHOLE, NodePlace, Place
from bpviz.training.quantities import QUANTITIES, Ref

ALL: Final = 10**9
"""So many terms a sum may have that is not to be shortened."""

Fact: TypeAlias = float | int | str | Ref | tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Note:
    """Something special about a number; `bpviz.training.explain.words` makes a sentence of it.

    Attributes:
        key: What.
        facts: What the sentence has to tell, by name.
    """

    key: str
    facts: tuple[tuple[str, Fact], ...] = ()

    def fact(self, name: str) -> Fact:
        """Return one of the facts."""
        return dict(self.facts)[name]


@dataclass(frozen=True, slots=True)
class Derivation:
    """How a number comes about.

    Attributes:
        ref: Which number.
        value: The engine's own.
        expression: What it is made of; a bare number where it is given.
        notes: What is special about it.
        rounding: Size of numbers that the engine's computation passes through beside the terms: of a change
            the weight, since it is the new one minus the old one.
    """

    ref: Ref
    value: float
    expression: Expression
    notes: tuple[Note, ...] = ()
    rounding: float = 0.0

    @property
    def computed(self) -> float:
        """What the expression comes to."""
        return evaluate(self.expression)

    @property
    def size(self) -> float:
        """The sum of the sizes of all terms: what rounding is to be compared with."""
        return size(self.expression) + self.rounding


@dataclass(frozen=True, slots=True)
class Derived:
    """A derivation without its number; no expression where that is given."""

    expression: Expression | None
    notes: tuple[Note, ...] = ()
    rounding: float = 0.0


def leaf(
    made: Pass,
    key: str,
    place: Place = WHOLE,
    example: int | None = None,
    rate: tuple[Ref, Ref] | None = None,
) -> Number:
    """Make a leaf of a quantity."""
    ref = Ref(key, place, example)
    # Not looked up whether it is there: long sums have thousands of leaves, all of them known to be.
    return Number(QUANTITIES[key].read(made, ref), ref, rate=rate)


def activation(
    made: Pass, node: NodePlace, example: int | None, rate: tuple[Ref, Ref] | None = None
) -> Number:
    """Make a leaf of what a node passes on: of an input node the input."""
    return leaf(made, activation_key(node), node, example, rate)


def activation_key(node: NodePlace) -> str:
    """Return what is known of a node under the name of its activation."""
    return "a" if node.layer else "input"


def long_sum(values: Array, make: Callable[[int], Expression], most: int) -> tuple[Expression, ...]:
    """Make the terms of a sum; of one that is longer those that count most, and what the others add up to.

    The same comes out as by `folded` of all of them: to make thousands takes longer than to look at a dozen.

    Args:
        values: (terms,), what each comes to.
        make: Makes one.
        most: So many are made of a sum that has more than one beyond them.
    """
    if len(values) <= most + 1:
        return tuple(make(at) for at in range(len(values)))
    shown = _largest(np.abs(values), most)
    others = np.delete(values, shown)
    return (*(make(at) for at in shown.tolist()), Rest(len(others), summed(others.tolist())))


def _largest(sizes: Array, count: int) -> IntArray:
    """Find the largest of many, the largest first, of equal ones the first, without sorting all."""
    bound = np.partition(sizes, -count)[-count]
    some = np.flatnonzero(~(sizes < bound))  # also what is no number
    ordered: IntArray = some[np.argsort(-sizes[some], kind="stable")][:count]
    return ordered


def batch_mean(made: Pass, ref: Ref, most: int = ALL) -> Derived:
    """Explain a mean over the batch by what each example has."""
    read = QUANTITIES[ref.key].read
    values = [read(made, Ref(ref.key, ref.place, example)) for example in range(made.examples)]
    terms = long_sum(np.array(values), lambda at: Number(values[at], Ref(ref.key, ref.place, at)), most)
    return Derived(Mean(terms, made.examples), (Note("batch_mean", (("count", made.examples),)),))
