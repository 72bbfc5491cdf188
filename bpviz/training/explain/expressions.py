"""Formulas as values: what a number is made of, so that it can be computed again, shown, and gone down into.

`evaluate` computes an expression from its leaves; `size` is the same with every sign taken away, the measure
of what rounding can do to it.  To add a kind, add a frozen class, a line to each of the tables below and one
to `bpviz.training.explain.writing`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Literal, TypeAlias

import numpy as np

from bpviz.training.explain.functions import FUNCTIONS
from bpviz.training.quantities import Ref

Relation: TypeAlias = Literal[">", "≥", "<", "≤", "="]


@dataclass(frozen=True, slots=True)
class Number:
    """A leaf.

    Attributes:
        value: What it is.
        ref: The quantity that it is, with a derivation of its own; None for a constant.
        symbol: Of a constant, such as ``lambda``; empty if its digits are its name.
        rate: (of, by): the derivative d of / d by that it stands for in the chain rule.
    """

    value: float
    ref: Ref | None = None
    symbol: str = ""
    rate: tuple[Ref, Ref] | None = None


@dataclass(frozen=True, slots=True)
class Rest:
    """So many terms of a sum that are not written out, and what they add up to."""

    count: int
    value: float


@dataclass(frozen=True, slots=True)
class Sum:
    terms: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Mean:
    """A sum over the examples of a batch, divided by how many there are."""

    terms: tuple[Expression, ...]
    count: int


@dataclass(frozen=True, slots=True)
class Negative:
    of: Expression


@dataclass(frozen=True, slots=True)
class Product:
    factors: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Quotient:
    over: Expression
    under: Expression


@dataclass(frozen=True, slots=True)
class Power:
    base: Expression
    exponent: Number


@dataclass(frozen=True, slots=True)
class Root:
    of: Expression


@dataclass(frozen=True, slots=True)
class Apply:
    """A function of `FUNCTIONS`, applied."""

    function: str
    of: Expression


@dataclass(frozen=True, slots=True)
class Case:
    """One of two expressions, as a comparison comes out."""

    left: Expression
    relation: Relation
    right: Number
    yes: Expression
    no: Expression

    @property
    def holds(self) -> bool:
        """Whether the comparison is true."""
        return _RELATIONS[self.relation](evaluate(self.left), self.right.value)

    @property
    def chosen(self) -> Expression:
        """The one that counts here."""
        return self.yes if self.holds else self.no


Expression: TypeAlias = (
    Number | Rest | Sum | Mean | Negative | Product | Quotient | Power | Root | Apply | Case
)

_RELATIONS: Final[dict[Relation, Callable[[float, float], bool]]] = {
    ">": lambda a, b: a > b,
    "≥": lambda a, b: a >= b,
    "<": lambda a, b: a < b,
    "≤": lambda a, b: a <= b,
    "=": lambda a, b: a == b,
}


def constant(value: float, symbol: str = "") -> Number:
    """Make a leaf that is no quantity."""
    return Number(float(value), symbol=symbol)


def minus(first: Expression, second: Expression) -> Sum:
    """Make a difference."""
    return Sum((first, Negative(second)))


def times(*factors: Expression) -> Product:
    """Make a product."""
    return Product(factors)


def square(of: Expression) -> Power:
    """Make a square."""
    return Power(of, constant(2))


# ---- what it comes to


# A formula of its own, such as e^z before the reciprocal is taken, may overflow where the result does not.
@np.errstate(over="ignore", divide="ignore", invalid="ignore")
def evaluate(expression: Expression) -> float:
    """Compute an expression from its leaves."""
    return _value(expression)


@np.errstate(over="ignore", divide="ignore", invalid="ignore")
def size(expression: Expression) -> float:
    """Add up the sizes of all terms: an error of one part in 10^16 of each makes so much of this, at most."""
    return _size(expression)


def _value(expression: Expression) -> float:
    return _VALUES[type(expression)](expression)


def _size(expression: Expression) -> float:
    return _SIZES[type(expression)](expression)


def _product(values: Sequence[float]) -> float:
    return math.prod(values)


def _ratio(over: float, under: float) -> float:
    return float(np.float64(over) / np.float64(under))


def _power(at: Power) -> float:
    return float(np.float64(_value(at.base)) ** at.exponent.value)


def _root(at: Root) -> float:
    squares = at.of.terms if isinstance(at.of, Sum) else (at.of,)
    bases = [term.base for term in squares if isinstance(term, Power) and term.exponent.value == 2]
    if len(bases) == len(squares):  # squares that neither overflow nor vanish
        return math.hypot(*(_value(base) for base in bases))
    return math.sqrt(_value(at.of))


def _apply(at: Apply) -> float:
    return FUNCTIONS[at.function].value(_value(at.of))


def summed(values: Sequence[float]) -> float:
    """Add up, rounding once; what is not finite as it comes."""
    return math.fsum(values) if all(map(math.isfinite, values)) else sum(values)


_VALUES: Final[dict[type, Callable[[Any], float]]] = {
    Number: lambda at: at.value,
    Rest: lambda at: at.value,
    Sum: lambda at: summed([_value(term) for term in at.terms]),
    Mean: lambda at: summed([_value(term) for term in at.terms]) / at.count,
    Negative: lambda at: -_value(at.of),
    Product: lambda at: _product([_value(factor) for factor in at.factors]),
    Quotient: lambda at: _ratio(_value(at.over), _value(at.under)),
    Power: _power,
    Root: _root,
    Apply: _apply,
    Case: lambda at: _value(at.chosen),
}


def _quotient_size(at: Quotient) -> float:
    under = abs(_value(at.under))
    return abs(_ratio(_size(at.over), under) * _ratio(_size(at.under), under)) if under else 0.0


_SIZES: Final[dict[type, Callable[[Any], float]]] = {
    Number: lambda at: abs(at.value),
    Rest: lambda at: abs(at.value),
    Sum: lambda at: math.fsum(_size(term) for term in at.terms),
    Mean: lambda at: math.fsum(_size(term) for term in at.terms) / at.count,
    Negative: lambda at: _size(at.of),
    Product: lambda at: _product([_size(factor) for factor in at.factors]),
    Quotient: _quotient_size,
    Power: lambda at: abs(float(np.float64(_size(at.base)) ** at.exponent.value)),
    Root: lambda at: math.sqrt(_size(at.of)),
    Apply: lambda at: abs(_value(at)) * max(1.0, _size(at.of)),
    Case: lambda at: _size(at.chosen),
}


# ---- what it is made of


def parts(expression: Expression) -> tuple[Expression, ...]:
    """List what an expression is made of, in reading order."""
    return _PARTS[type(expression)](expression)


def rebuilt(expression: Expression, change: Callable[[Expression], Expression]) -> Expression:
    """Make the expression anew from changed parts."""
    return _REBUILT[type(expression)](expression, change)


def leaves(expression: Expression) -> list[Number]:
    """List the numbers of an expression, in reading order."""
    if isinstance(expression, Number):
        return [expression]
    return [leaf for part in parts(expression) for leaf in leaves(part)]


_PARTS: Final[dict[type, Callable[[Any], tuple[Expression, ...]]]] = {
    Number: lambda _at: (),
    Rest: lambda _at: (),
    Sum: lambda at: at.terms,
    Mean: lambda at: at.terms,
    Negative: lambda at: (at.of,),
    Product: lambda at: at.factors,
    Quotient: lambda at: (at.over, at.under),
    Power: lambda at: (at.base, at.exponent),
    Root: lambda at: (at.of,),
    Apply: lambda at: (at.of,),
    Case: lambda at: (at.left, at.right, at.yes, at.no),
}

_Change: TypeAlias = Callable[[Expression], Any]

_REBUILT: Final[dict[type, Callable[[Any, _Change], Expression]]] = {
    Number: lambda at, _change: at,
    Rest: lambda at, _change: at,
    Sum: lambda at, change: Sum(tuple(map(change, at.terms))),
    Mean: lambda at, change: Mean(tuple(map(change, at.terms)), at.count),
    Negative: lambda at, change: Negative(change(at.of)),
    Product: lambda at, change: Product(tuple(map(change, at.factors))),
    Quotient: lambda at, change: Quotient(change(at.over), change(at.under)),
    Power: lambda at, change: Power(change(at.base), change(at.exponent)),
    Root: lambda at, change: Root(change(at.of)),
    Apply: lambda at, change: Apply(at.function, change(at.of)),
    Case: lambda at, change: Case(
        change(at.left), at.relation, change(at.right), change(at.yes), change(at.no)
    ),
}


# ---- views of it


def with_leaves(expression: Expression, change: Callable[[Number], Expression]) -> Expression:
    """Put something else in the place of each number."""
    if isinstance(expression, Number):
        return change(expression)
    return rebuilt(expression, lambda part: with_leaves(part, change))


@np.errstate(over="ignore", divide="ignore", invalid="ignore")
def folded(expression: Expression, limit: int) -> Expression:
    """Write out the largest terms of long sums only, the largest first; the others are one term, `Rest`."""
    if isinstance(expression, Sum | Mean) and len(expression.terms) > limit + 1:
        expression = replace(expression, terms=_largest(expression.terms, limit))
    return rebuilt(expression, lambda part: folded(part, limit))


def _largest(terms: tuple[Expression, ...], limit: int) -> tuple[Expression, ...]:
    values = [_value(term) for term in terms]
    # What a sum left out already stays behind all that is written out.
    order = sorted(range(len(terms)), key=lambda at: (isinstance(terms[at], Rest), -abs(values[at])))
    others = order[limit:]
    count = sum(term.count if isinstance(term, Rest) else 1 for term in (terms[at] for at in others))
    rest = Rest(count, summed([values[at] for at in others]))
    return (*(terms[at] for at in order[:limit]), rest)


def negated(expression: Expression) -> Expression:
    """Turn the sign of an expression, in the way one would write it: of a - b to b - a, of -a to a."""
    if isinstance(expression, Negative):
        return expression.of
    if isinstance(expression, Number) and expression.ref is None and not expression.symbol:
        return replace(expression, value=-expression.value)
    if isinstance(expression, Sum | Mean):
        turned = tuple(negated(term) for term in expression.terms)
        if len(turned) == 2 and isinstance(turned[0], Negative):
            turned = (turned[1], turned[0])
        return replace(expression, terms=turned)
    if isinstance(expression, Product):
        for at, factor in enumerate(expression.factors):
            if isinstance(factor, Negative | Sum | Mean):
                factors = [*expression.factors]
                factors[at] = negated(factor)
                return Product(tuple(factors))
    if isinstance(expression, Case):
        return replace(expression, yes=negated(expression.yes), no=negated(expression.no))
    return Negative(expression)
