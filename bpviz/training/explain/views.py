"""Derivations as some books give them: minus delta for "the error", gradients added up before dividing.

To add a view, add a function from a pass and a derivation to a derivation, and call it in `as_book`.
"""

from __future__ import annotations

from dataclasses import replace

from bpviz.training.explain.derivation import explain
from bpviz.training.explain.expressions import (
    Expression,
    Mean,
    Negative,
    Number,
    Product,
    Quotient,
    Sum,
    constant,
    leaves,
    negated,
    rebuilt,
    times,
    with_leaves,
)
from bpviz.training.explain.making import Derivation, Note, leaf
from bpviz.training.explain.notation import Notation
from bpviz.training.explain.penalties import PENALTY_FORMS
from bpviz.training.passes import Pass
from bpviz.training.places import PairPlace
from bpviz.training.quantities import Ref


def as_book(made: Pass, notation: Notation, ref: Ref, most: int | None = None) -> Derivation:
    """Explain a number in the way of a notation, by so many terms of a long sum."""
    # Signs are gathered in front of a sum only where all of it is there.
    found = explain(made, ref, None if notation.minus_delta else most)
    if notation.dialect.chain and ref.key == "gradient" and "delta" in _keys(found):
        found = replace(found, notes=(*found.notes, Note("local_gradient")))
    if notation.dialect.accumulates:
        found = with_accumulation(made, found)
    return with_errors(made, found) if notation.minus_delta else found


def _keys(found: Derivation) -> set[str]:
    """Which quantities a derivation names."""
    return {found.ref.key, *(leaf.ref.key for leaf in leaves(found.expression) if leaf.ref is not None)}


# ---- added up first


def with_accumulation(made: Pass, found: Derivation) -> Derivation:
    """Write the gradient of a batch as (1/m) Delta, with the penalty as D = (1/m) (Delta + lambda Theta)."""
    ref = found.ref
    if (
        ref.key == "gradient"
        and ref.example is None
        and made.examples > 1
        and isinstance(found.expression, Mean)
    ):
        return replace(found, expression=times(_share(made), leaf(made, "accumulated", ref.place)))
    if (
        ref.key == "total"
        and made.penalty_joins
        and isinstance(ref.place, PairPlace)
        and made.is_present(ref.place)
    ):
        return replace(found, expression=_penalized(made, ref.place))
    return found


def _share(made: Pass) -> Quotient:
    return Quotient(constant(1), constant(made.examples, "m"))


def _penalized(made: Pass, place: PairPlace) -> Expression:
    """The penalty is divided by M of the run: inside the brackets where the batch has them all."""
    delta, rate = leaf(made, "accumulated", place), constant(made.rule.penalty_rate, "lambda")
    slope = PENALTY_FORMS[made.rule.penalty].slope(leaf(made, "value", place))
    if made.examples == made.rule.examples:
        return times(_share(made), Sum((delta, times(rate, slope))))
    part = Quotient(rate, constant(made.rule.examples, "M"))
    return Sum((times(_share(made), delta), times(part, slope)))


# ---- minus delta


def with_errors(made: Pass, found: Derivation) -> Derivation:
    """Write minus delta, which some books call the error, wherever delta stands."""
    if "delta" not in _keys(found):
        return found
    tidy = _signs_in_front(with_leaves(found.expression, lambda leaf: _turned(made, leaf, found.ref)))
    if found.ref.key != "delta":
        return replace(found, expression=tidy)
    return replace(found, value=-found.value, expression=negated(tidy))


def _turned(made: Pass, leaf: Number, of: Ref) -> Expression:
    """A delta as minus an error; at an output the derivative of the loss is written out."""
    if leaf.ref is None:
        return leaf
    if leaf.ref.key == "delta":
        return Negative(replace(leaf, value=-leaf.value, rate=None))
    if leaf.ref.key == "dloss_da" and of.key == "delta" and of.example is not None:
        return explain(made, leaf.ref).expression
    return leaf


def _signs_in_front(expression: Expression) -> Expression:
    """Gather the signs of products and sums in front of them."""
    whole = rebuilt(expression, _signs_in_front)
    if isinstance(whole, Negative) and isinstance(whole.of, Negative):
        return whole.of.of
    if isinstance(whole, Product):
        turned = sum(isinstance(factor, Negative) for factor in whole.factors)
        bare = Product(tuple(f.of if isinstance(f, Negative) else f for f in whole.factors))
        return Negative(bare) if turned % 2 else bare
    if isinstance(whole, Sum | Mean) and all(isinstance(term, Negative) for term in whole.terms):
        return Negative(replace(whole, terms=tuple(negated(term) for term in whole.terms)))
    return whole
