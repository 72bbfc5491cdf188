"""Derivations of what belongs to the whole network and its batch: loss, penalty, norm and clipping."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import numpy as np

from bpviz.arrays import Array, IntArray
from bpviz.training.explain.expressions import (
    Expression,
    Mean,
    Number,
    Quotient,
    Root,
    Sum,
    constant,
    square,
    times,
)
from bpviz.training.explain.making import ALL, Derived, Note, leaf, long_sum
from bpviz.training.explain.penalties import PENALTY_FORMS
from bpviz.training.passes import Pass
from bpviz.training.places import ParameterPlace, nodes_of, place_at
from bpviz.training.quantities import Ref, value_of

MOST_TERMS: Final = 2_000
"""Sums over all parameters of a network have at most so many terms of their own."""


def penalty_scale(made: Pass) -> Expression:
    """Return the factor of the penalty: lambda / M, or lambda alone."""
    rate = constant(made.rule.penalty_rate, "lambda")
    return Quotient(rate, constant(made.rule.examples, "M")) if made.penalty.per_example else rate


def _loss(made: Pass, ref: Ref) -> Derived:
    shares = tuple(leaf(made, "loss_share", node, ref.example) for node in nodes_of(made.plan, made.last))
    notes = (Note("loss", (("name", made.rule.loss),)),)
    lost = max(abs(value_of(made, Ref("z", node, ref.example))) for node in nodes_of(made.plan, made.last))
    rounding = lost if made.loss.fused else 0.0
    return Derived(Sum(shares) if len(shares) > 1 else shares[0], notes, rounding)


def _mean_loss(made: Pass, _ref: Ref, most: int = ALL) -> Derived:
    losses = long_sum(made.trace.losses, lambda at: leaf(made, "loss", example=at), most)
    if len(losses) == 1:
        return Derived(losses[0])
    return Derived(Mean(losses, made.examples), (Note("batch_mean", (("count", made.examples),)),))


def _penalty(made: Pass, _ref: Ref, most: int = ALL) -> Derived:
    if made.rule.penalty == "none":
        return Derived(constant(0), (Note("no_penalty"),))
    form = PENALTY_FORMS[made.rule.penalty]
    weights = made.made.before.parameters[: made.plan.weight_count]
    places = np.flatnonzero(made.plan.present[: made.plan.weight_count])
    values = made.penalty.value(weights)[places]
    terms = _terms(made, places, values, lambda at: form.value(leaf(made, "value", at)), most)
    notes = (Note("penalty", (("name", made.rule.penalty),)), Note("biases_are_free"))
    return Derived(times(penalty_scale(made), Sum(terms)), notes)


def _terms(
    made: Pass, indices: IntArray, values: Array, term: Callable[[ParameterPlace], Expression], most: int
) -> tuple[Expression, ...]:
    """Make a term of each parameter, in the order of layers; of very many only of those that count most.

    Args:
        made: The pass.
        indices: In the parameter vector.
        values: What the term of each comes to.
        term: Makes it.
        most: So many are enough.
    """
    return long_sum(values, lambda at: term(place_at(made.plan, int(indices[at]))), min(most, MOST_TERMS))


def _cost(made: Pass, _ref: Ref) -> Derived:
    return Derived(Sum((leaf(made, "mean_loss"), leaf(made, "penalty"))))


@np.errstate(over="ignore", under="ignore")  # of squares that are only compared
def _norm(made: Pass, _ref: Ref, most: int = ALL) -> Derived:
    key = "total" if made.penalty_joins else "gradient"
    moved = np.flatnonzero(made.moving)
    squares = np.square(made.total[moved])
    terms = _terms(made, moved, squares, lambda place: square(leaf(made, key, place)), most)
    return Derived(Root(Sum(terms)) if terms else constant(0))


def _clip_scale(made: Pass, ref: Ref) -> Derived:
    if made.rule.clip_norm is None:
        return Derived(constant(1), (Note("no_clipping"),))
    limit: Number = constant(made.rule.clip_norm, "limit")
    facts = (("limit", made.rule.clip_norm), ("norm", made.gradient_norm))
    if value_of(made, ref) == 1:
        return Derived(constant(1), (Note("within_limit", facts),))
    return Derived(Quotient(limit, leaf(made, "norm")), (Note("clipped", facts),))


DERIVERS: Final[Mapping[str, Callable[[Pass, Ref], Derived]]] = {
    "loss": _loss,
    "mean_loss": _mean_loss,
    "penalty": _penalty,
    "cost": _cost,
    "norm": _norm,
    "clip_scale": _clip_scale,
}
LONG: Final[Mapping[str, Callable[[Pass, Ref, int], Derived]]] = {
    "mean_loss": _mean_loss,
    "penalty": _penalty,
    "norm": _norm,
}
"""Those that may be a long sum, which can be made of so many terms."""
