"""What derivations are made of: the value itself, notes, and leaves that know their quantity."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from bpviz.training.explain.expressions import Expression, Mean, Number, evaluate, size
from bpviz.training.passes import Pass
from bpviz.training.places import WHOLE, NodePlace, Place
from bpviz.training.quantities import QUANTITIES, Ref

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


def batch_mean(made: Pass, ref: Ref) -> Derived:
    """Explain a mean over the batch by what each example has."""
    terms = tuple(leaf(made, ref.key, ref.place, example) for example in range(made.examples))
    return Derived(Mean(terms, made.examples), (Note("batch_mean", (("count", made.examples),)),))
