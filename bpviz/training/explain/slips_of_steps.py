"""Slips with gradients, the batch, the penalty and the step; and a number given for another one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Final

from bpviz.training.explain.expressions import (
    Expression,
    Mean,
    Negative,
    Quotient,
    Sum,
    constant,
    minus,
    times,
)
from bpviz.training.explain.making import activation, leaf
from bpviz.training.explain.of_parameters import gradient_key
from bpviz.training.explain.of_whole import penalty_scale
from bpviz.training.explain.penalties import PENALTY_FORMS
from bpviz.training.explain.recomputing import Variant
from bpviz.training.explain.twisting import (
    MOST,
    Variants,
    exchanging,
    named,
    nearest,
    of_asked,
    of_means,
    rewriting,
)
from bpviz.training.passes import Pass
from bpviz.training.places import BiasPlace, NodePlace, PairPlace
from bpviz.training.quantities import QUANTITIES, Ref, has, memory_key, value_of

_GRADIENTS: Final = ("gradient", "accumulated", "total", "applied")
_MOVES: Final = ("change", "new")


# ---- a number for another one


def sign(_made: Pass, asked: Ref) -> Iterator[Variant]:
    """Turn the sign."""
    if QUANTITIES[asked.key].shown == "signed" or QUANTITIES[asked.key].phase in ("forward", "loss"):
        yield Variant(of_asked(asked, Negative), (("key", asked.key),))


def given_for(keys: tuple[str, ...], other: Callable[[Pass], str]) -> Variants:
    """Give one number of a weight for another."""

    def variants(made: Pass, asked: Ref) -> Iterator[Variant]:
        ref = Ref(other(made), asked.place)
        if asked.key in keys and has(made, ref):
            value = value_of(made, ref)
            yield Variant(of_asked(asked, lambda _formula: constant(value)))

    return variants


change_for_gradient: Final = given_for(_GRADIENTS, lambda _made: "change")
gradient_for_change: Final = given_for(("change",), gradient_key)
new_for_change: Final = given_for(("change",), lambda _made: "new")


def rate_forgotten(_made: Pass, asked: Ref) -> Iterator[Variant]:
    """Take the learning rate as 1."""
    if asked.key == "change":
        yield Variant(exchanging(("change",), named(("rate",), lambda _ref: constant(1))), (), "update")


def rate_on_gradient(made: Pass, asked: Ref) -> Iterator[Variant]:
    """Multiply a gradient by the learning rate."""
    if asked.key in _GRADIENTS:
        yield Variant(of_asked(asked, lambda formula: times(leaf(made, "rate"), formula)))


# ---- the product that a gradient is


def _with_input(asked: Ref, make: Callable[[PairPlace, Ref], Expression]) -> Iterator[Variant]:
    """Put something else in the place of what came in through a weight."""
    if isinstance(asked.place, PairPlace):
        pair = asked.place
        yield Variant(exchanging(("gradient",), named(("input", "a"), lambda ref: make(pair, ref)), (pair,)))


def input_left_out(_made: Pass, asked: Ref) -> Iterator[Variant]:
    """Give delta alone for the gradient of a weight."""
    yield from _with_input(asked, lambda _pair, _ref: constant(1))


def targets_activation(made: Pass, asked: Ref) -> Iterator[Variant]:
    """Multiply delta by the activation of its own node."""
    yield from _with_input(asked, lambda pair, ref: activation(made, pair.target, ref.example))


def neighbors_input(made: Pass, asked: Ref) -> Iterator[Variant]:
    """Multiply delta by what came in through the weight beside."""
    if isinstance(asked.place, PairPlace):
        for other in _beside(made, asked.place.source):
            yield _of_other(asked, ("input", "a"), other, made)


def neighbors_delta(made: Pass, asked: Ref) -> Iterator[Variant]:
    """Take the delta of the node beside."""
    if isinstance(asked.place, PairPlace | BiasPlace):
        for other in _beside(made, asked.place.target):
            yield _of_other(asked, ("delta",), other, made)


def _beside(made: Pass, node: NodePlace) -> list[NodePlace]:
    size = made.plan.layers[node.layer].size
    return [NodePlace(node.layer, other) for other in nearest(size, node.node)]


def _of_other(asked: Ref, keys: tuple[str, ...], other: NodePlace, made: Pass) -> Variant:
    """Take a factor of a gradient from another node."""
    factor = named(keys, lambda ref: leaf(made, ref.key, other, ref.example))
    return Variant(exchanging(("gradient",), factor, (asked.place,)), (("nodes", (other,)),))


# ---- the batch


def mean_forgotten(_made: Pass, _asked: Ref) -> Iterator[Variant]:
    """Add up without dividing."""
    yield Variant(of_means(lambda mean: Sum(mean.terms)), (), "loss")


def mean_twice(_made: Pass, _asked: Ref) -> Iterator[Variant]:
    """Divide twice."""
    yield Variant(of_means(lambda mean: Quotient(mean, constant(mean.count))), (), "loss")


def mean_for_sum(made: Pass, asked: Ref) -> Iterator[Variant]:
    """Divide what is only added up."""
    if asked.key == "accumulated":
        yield Variant(of_asked(asked, lambda formula: Quotient(formula, constant(made.examples))))


def single_example(made: Pass, _asked: Ref) -> Iterator[Variant]:
    """Take one example for the batch."""
    # Of two, that is the other one forgotten.
    for at in range(min(made.examples, MOST) if made.examples > 2 else 0):
        yield Variant(of_means(partial(_one, at)), (("example", at),), "loss")


def _one(at: int, mean: Mean) -> Expression:
    return mean.terms[at]


def example_forgotten(made: Pass, _asked: Ref) -> Iterator[Variant]:
    """Leave out one example, and count it or not."""
    for at in range(min(made.examples, MOST) if made.examples > 1 else 0):
        for count in (made.examples - 1, made.examples):
            yield Variant(of_means(partial(_all_but, at, count)), (("example", at),), "loss")


def _all_but(at: int, count: int, mean: Mean) -> Expression:
    return Mean((*mean.terms[:at], *mean.terms[at + 1 :]), count)


# ---- the penalty and the optimizer


def penalty_forgotten(_made: Pass, _asked: Ref) -> Iterator[Variant]:
    """Leave out the penalty."""
    drop = named(("penalty_gradient", "penalty"), lambda _ref: constant(0))
    yield Variant(exchanging(("total", "cost", *_MOVES), drop), (), "loss")


def penalty_on_bias(made: Pass, asked: Ref) -> Iterator[Variant]:
    """Penalize a bias like a weight."""
    if made.rule.penalty == "none" or not isinstance(asked.place, BiasPlace):
        return
    bias = leaf(made, "value", asked.place)
    part = times(penalty_scale(made), PENALTY_FORMS[made.rule.penalty].slope(bias))

    def write(ref: Ref, formula: Expression) -> Expression | None:
        if ref.key == "penalty_gradient":
            return part
        if ref.key == "total":
            return Sum((formula, part)) if made.penalty_joins else None
        return minus(formula, times(leaf(made, "rate"), part)) if made.penalty.after_step else None

    yield Variant(rewriting(("penalty_gradient", "total", *_MOVES), write, (asked.place,)), (), "loss")


def penalty_undivided(made: Pass, _asked: Ref) -> Iterator[Variant]:
    """Forget to divide the penalty by the number of training examples."""
    if made.penalty.per_example:
        undivided = exchanging(
            ("penalty", "penalty_gradient"), lambda number: constant(1) if number.symbol == "M" else None
        )
        yield Variant(undivided, (), "loss")


def memory_forgotten(_made: Pass, _asked: Ref) -> Iterator[Variant]:
    """Start the optimizer anew."""
    before = {key for slot in range(2) if (key := memory_key(slot, "before")) in QUANTITIES}
    after = {key for slot in range(2) if (key := memory_key(slot, "after")) in QUANTITIES}
    yield Variant(exchanging({*after, *_MOVES}, named(before, lambda _ref: constant(0))), (), "update")


def clipping_forgotten(_made: Pass, _asked: Ref) -> Iterator[Variant]:
    """Leave the gradient as long as it is."""
    yield Variant(exchanging(("applied",), named(("clip_scale",), lambda _ref: constant(1))), (), "update")
