"""Derivations of what nodes have, of one example: from the weighted input forward to delta backward."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from bpviz.arrays import Array, IntArray
from bpviz.engine.activations import ACTIVATIONS
from bpviz.engine.plan import LinkPlan
from bpviz.training.explain.activations import ACTIVATION_FORMS
from bpviz.training.explain.expressions import Expression, Number, Sum, constant, minus, times
from bpviz.training.explain.losses import LOSS_FORMS, Output
from bpviz.training.explain.making import ALL, Derived, Note, activation, activation_key, leaf, long_sum
from bpviz.training.passes import Pass
from bpviz.training.places import BiasPlace, NodePlace, PairPlace, nodes_of, pairs_into, pairs_out_of
from bpviz.training.quantities import Ref, value_of

SATURATED: Final = 1e-3
"""A slope below this lets next to nothing through."""


def _node(ref: Ref) -> tuple[NodePlace, int]:
    assert isinstance(ref.place, NodePlace)
    assert ref.example is not None
    return ref.place, ref.example


def _activation_name(made: Pass, node: NodePlace) -> str:
    return made.plan.layers[node.layer].activations[node.node]


def _row(made: Pass, layer: int, example: int) -> list[Number]:
    """The weighted inputs of a whole layer."""
    return [leaf(made, "z", node, example) for node in nodes_of(made.plan, layer)]


def _removed(pairs: list[PairPlace]) -> tuple[Note, ...]:
    return (Note("removed_pairs", (("pairs", tuple(pairs)),)),) if pairs else ()


def _z(made: Pass, ref: Ref, most: int = ALL) -> Derived:
    node, example = _node(ref)
    ways = [
        _Way(
            link.source,
            np.flatnonzero(link.present[node.node]),
            made.plan.weights(made.made.before.parameters, k),
        )
        for k, link in _links(made, made.plan.incoming[node.layer])
    ]
    values = [way.weights[node.node, way.ends] * made.trace.a[way.layer][example, way.ends] for way in ways]
    bias = leaf(made, "value", BiasPlace(node))

    def term(at: int) -> Expression:
        source = _end(ways, at)
        if source is None:
            return bias
        return times(leaf(made, "value", PairPlace(source, node)), activation(made, source, example))

    terms = long_sum(np.concatenate([*values, [bias.value]]), term, most)
    return Derived(Sum(terms), _removed(pairs_into(made.plan, node, removed=True)))


@dataclass(frozen=True, slots=True, eq=False)
class _Way:
    """The pairs of a link that lead into a node, or out of one.

    Attributes:
        layer: At the other end.
        ends: (pairs,) nodes there.
        weights: (targets, sources) of the link.
    """

    layer: int
    ends: IntArray
    weights: Array


def _links(made: Pass, indices: Sequence[int]) -> Iterator[tuple[int, LinkPlan]]:
    return ((k, made.plan.links[k]) for k in indices)


def _end(ways: Sequence[_Way], at: int) -> NodePlace | None:
    """The node at the other end of the pair that is so many behind the first one; None behind the last."""
    for way in ways:
        if at < len(way.ends):
            return NodePlace(way.layer, int(way.ends[at]))
        at -= len(way.ends)
    return None


def _a(made: Pass, ref: Ref) -> Derived:
    node, example = _node(ref)
    name, z = _activation_name(made, node), leaf(made, "z", node, example)
    notes = (Note("activation", (("name", name),)), *_kink(made, node, z))
    if ACTIVATIONS[name].elementwise:
        return Derived(ACTIVATION_FORMS[name].value(z, ()), notes)
    row = _row(made, node.layer, example)
    # The engine takes the largest z away first, and loses digits of the size of z.
    lost = value_of(made, ref) * max(abs(other.value) for other in row)
    return Derived(ACTIVATION_FORMS[name].value(z, row), notes, rounding=lost)


def _kink(made: Pass, node: NodePlace, z: Number) -> tuple[Note, ...]:
    at_kink = z.value in ACTIVATIONS[_activation_name(made, node)].kinks
    return (Note("at_kink", (("z", z.value),)),) if at_kink else ()


def _slope(made: Pass, ref: Ref) -> Derived:
    node, example = _node(ref)
    name, z = _activation_name(made, node), leaf(made, "z", node, example)
    notes = (Note("activation", (("name", name),)), *_kink(made, node, z))
    value = value_of(made, ref)
    if 0 < abs(value) < SATURATED:
        notes = (*notes, Note("saturated", (("slope", value),)))
    return Derived(ACTIVATION_FORMS[name].slope(z, leaf(made, "a", node, example)), notes)


def _output(made: Pass, node: NodePlace, example: int) -> Output:
    return Output(
        leaf(made, "a", node, example),
        leaf(made, "target", node, example),
        leaf(made, "z", node, example),
        _row(made, node.layer, example),
    )


def _loss_share(made: Pass, ref: Ref) -> Derived:
    node, example = _node(ref)
    form, output = LOSS_FORMS[made.rule.loss], _output(made, node, example)
    notes = [Note("loss", (("name", made.rule.loss),))]
    if form.from_z(output):
        notes.append(Note("from_z"))
    # Losses that belong to an activation are computed from z.
    lost = max(abs(other.value) for other in output.row) if made.loss.fused else 0.0
    return Derived(form.share(output), tuple(notes), rounding=lost)


def _dloss_da(made: Pass, ref: Ref, most: int = ALL) -> Derived:
    """Of an activation, or of an input: it is what the input layer passes on."""
    node, example = _node(ref)
    if node.layer == made.last:
        slope = LOSS_FORMS[made.rule.loss].slope
        assert slope is not None, "a fused loss has no such factor"
        output = _output(made, node, example)
        error = output.a.value - output.y.value
        at_kink = error in made.loss.kinks
        return Derived(slope(output), (Note("loss_kink", (("error", error),)),) if at_kink else ())
    ways = [
        _Way(
            link.target,
            np.flatnonzero(link.present[:, node.node]),
            made.plan.weights(made.made.before.parameters, k),
        )
        for k, link in _links(made, made.plan.outgoing[node.layer])
    ]
    values = [
        way.weights[way.ends, node.node] * made.trace.delta[way.layer][example, way.ends] for way in ways
    ]
    notes = [*_removed(pairs_out_of(made.plan, node, removed=True))]

    def term(at: int) -> Expression:
        target = _end(ways, at)
        assert target is not None
        return _back_through(made, PairPlace(node, target), example)

    terms = long_sum(np.concatenate(values), term, most) if values else ()
    if not terms:
        return Derived(constant(0), (*notes, Note("leads_nowhere")))
    return Derived(Sum(terms) if len(terms) > 1 else terms[0], tuple(notes))


def _back_through(made: Pass, pair: PairPlace, example: int) -> Expression:
    """What comes back through one weight."""
    ahead = Ref("z", pair.target, example)
    own = Ref(activation_key(pair.source), pair.source, example)
    weight = leaf(made, "value", pair, rate=(ahead, own))
    return times(weight, leaf(made, "delta", pair.target, example, _by_z(pair.target, example)))


def _by_z(node: NodePlace, example: int) -> tuple[Ref, Ref]:
    return Ref("loss", example=example), Ref("z", node, example)


def _delta(made: Pass, ref: Ref, most: int = ALL) -> Derived:
    node, example = _node(ref)
    own, z = Ref("a", node, example), Ref("z", node, example)
    if node.layer == made.last and made.loss.fused:
        output = _output(made, node, example)
        notes = (Note("fused", (("loss", made.rule.loss), ("activation", _activation_name(made, node)))),)
        return Derived(minus(output.a, output.y), notes)
    slope = leaf(made, "slope", node, example, rate=(own, z))
    if node.layer == made.last:
        arrived = leaf(made, "dloss_da", node, example, rate=(Ref("loss", example=example), own))
        return Derived(times(arrived, slope), _passing(made, node, example))
    arriving = _dloss_da(made, Ref("dloss_da", node, example), most)
    assert arriving.expression is not None
    return Derived(times(slope, arriving.expression), (*arriving.notes, *_passing(made, node, example)))


def _passing(made: Pass, node: NodePlace, example: int) -> tuple[Note, ...]:
    """What the slope does to the delta that arrives."""
    slope = value_of(made, Ref("slope", node, example))
    arrived = value_of(made, Ref("dloss_da", node, example))
    notes = _kink(made, node, leaf(made, "z", node, example))
    if slope == 0 and arrived != 0:
        cut = (("arrived", arrived), ("activation", _activation_name(made, node)))
        return (*notes, Note("cut", cut))
    if 0 < abs(slope) < SATURATED:
        return (*notes, Note("saturated", (("slope", slope),)))
    return notes


DERIVERS: Final[Mapping[str, Callable[[Pass, Ref], Derived]]] = {
    "z": _z,
    "a": _a,
    "slope": _slope,
    "loss_share": _loss_share,
    "dloss_da": _dloss_da,
    "dloss_dx": _dloss_da,
    "delta": _delta,
}
LONG: Final[Mapping[str, Callable[[Pass, Ref, int], Derived]]] = {
    "z": _z,
    "dloss_da": _dloss_da,
    "delta": _delta,
}
"""Those that may have a long sum in them, which can be made of so many terms."""
