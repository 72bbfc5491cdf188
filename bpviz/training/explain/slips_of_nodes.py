"""Slips on the way forward and back: with weights, activations, slopes and the loss."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Final

from bpviz.training.explain.derivation import explain
from bpviz.training.explain.expressions import Expression, Number, constant, leaves, times
from bpviz.training.explain.making import leaf
from bpviz.training.explain.recomputing import Variant
from bpviz.training.explain.twisting import (
    BACK,
    MOST,
    Variants,
    exchanging,
    named,
    nearest,
    own_node,
    rewriting,
    stretches,
    terms_of,
    without_term,
)
from bpviz.training.passes import Pass
from bpviz.training.places import BiasPlace, NodePlace, PairPlace, Place, nodes_of
from bpviz.training.quantities import QUANTITIES, Ref

_WIDE: Final = 2_000
"""With more parameters than this, nobody computes the whole way forward by hand."""
_FORWARD: Final = ("z", "a")


# ---- weights


def weights_updated(made: Pass, _asked: Ref) -> Iterator[Variant]:
    """Carry deltas back through the weights after the step."""
    back = exchanging(BACK, named(("value",), lambda ref: leaf(made, "new", ref.place)))
    # Clipping looks at all gradients, also at those that wait for these deltas.
    clip = exchanging(("applied",), named(("clip_scale",), lambda _ref: constant(made.made.clip_scale)))
    yield Variant(lambda ref, formula: clip(ref, formula) if ref.key == "applied" else back(ref, formula))


def _read_elsewhere(
    made: Pass, elsewhere: Callable[[PairPlace], Place | None]
) -> Callable[[Number], Expression | None]:
    """Read weights from another place, where there is one."""

    def read(ref: Ref) -> Expression | None:
        other = elsewhere(ref.place) if isinstance(ref.place, PairPlace) else None
        if not isinstance(other, PairPlace) or made.index(other) is None:
            return None
        return leaf(made, "value", other)

    return named(("value",), read)


def neighbors_weight(made: Pass, asked: Ref) -> Iterator[Variant]:
    """Read the weights of the node beside."""
    node = own_node(asked)
    if node is None or not node.layer:
        return
    for other in nearest(made.plan.layers[node.layer].size, node.node):
        yield _with_weights_of(made, asked, node, NodePlace(node.layer, other))


def _with_weights_of(made: Pass, asked: Ref, node: NodePlace, other: NodePlace) -> Variant:
    facts = (("nodes", (other,)),)
    if asked.key in _FORWARD:
        into = _read_elsewhere(made, lambda pair: PairPlace(pair.source, other))
        return Variant(exchanging(("z",), into, (node,)), facts, "forward", node.layer)
    return Variant(
        exchanging(BACK, _read_elsewhere(made, lambda pair: PairPlace(other, pair.target)), (node,)), facts
    )


def transposed(made: Pass, asked: Ref) -> Iterator[Variant]:
    """Read rows of a square matrix for columns: forward, back, or both."""
    for link in made.plan.links:
        targets, sources = link.present.shape
        if targets != sources or targets == 1:
            continue
        flip = _read_elsewhere(made, partial(_flipped, (link.source, link.target)))
        if QUANTITIES[asked.key].phase in ("backward", "update"):
            yield Variant(exchanging(BACK, flip))
        if _may_go_forward(made, asked, link.target):
            yield Variant(exchanging(("z", *BACK), flip), (), "forward", link.target)


def _may_go_forward(made: Pass, asked: Ref, layer: int) -> bool:
    """Whether a slip in a layer's weighted inputs is looked for on the way to a number."""
    node = own_node(asked)
    near = asked.key in _FORWARD and node is not None and node.layer == layer
    return near or made.plan.size <= _WIDE


def _flipped(ends: tuple[int, int], pair: PairPlace) -> Place | None:
    if (pair.source.layer, pair.target.layer) != ends:
        return None
    return PairPlace(NodePlace(ends[0], pair.target.node), NodePlace(ends[1], pair.source.node))


def bias_forgotten(made: Pass, asked: Ref) -> Iterator[Variant]:
    """Leave out the bias of the node, or all biases."""
    drop = named(("value",), lambda ref: constant(0) if isinstance(ref.place, BiasPlace) else None)
    node = own_node(asked)
    if node is not None and node.layer and asked.key in _FORWARD:
        yield Variant(exchanging(("z",), drop, (node,)), (("nodes", (node,)),), "forward", node.layer)
    # Who goes back has compared the activations.
    if made.plan.size <= _WIDE and QUANTITIES[asked.key].phase in ("forward", "loss"):
        nodes = tuple(other for layer in range(1, made.last + 1) for other in nodes_of(made.plan, layer))
        yield Variant(exchanging(("z",), drop), (("nodes", nodes),), "forward")


def term_forgotten(made: Pass, asked: Ref) -> Iterator[Variant]:
    """Leave out one weight of a node's sum, or one output of the loss."""
    node = own_node(asked)
    where = node if node is not None else asked.place
    keys = ("loss",) if node is None else ("z",) if asked.key in _FORWARD else BACK
    if node is not None and not (1 <= node.layer < made.last + (keys == ("z",))):
        return
    sample = Ref(keys[0], where, asked.example or 0)
    for at, term in enumerate(terms_of(explain(made, sample).expression)[:MOST]):
        places = [number.ref.place for number in leaves(term) if number.ref is not None]
        if not places or isinstance(places[0], BiasPlace):
            continue
        drop = rewriting(keys, partial(_shortened, at), (where,))
        layer = node.layer if node is not None else 1
        yield Variant(drop, (("terms", (places[0],)),), QUANTITIES[keys[0]].phase, layer)


def _shortened(at: int, _ref: Ref, formula: Expression) -> Expression | None:
    return without_term(formula, at)


# ---- activations and slopes


def activation_left_out(made: Pass, asked: Ref) -> Iterator[Variant]:
    """Take z where the activation is meant: of the node itself, or of those that a sum or gradient reads."""

    def z_of(ref: Ref) -> Expression:
        return leaf(made, "z", ref.place, ref.example)

    node = own_node(asked)
    if node is not None and asked.key == "a":
        yield Variant(rewriting(("a",), lambda ref, _: z_of(ref), (node,)), (), "forward", node.layer)
    elif node is not None and asked.key == "z":
        yield Variant(exchanging(("z",), named(("a",), z_of), (node,)), (), "forward", node.layer)
    elif isinstance(asked.place, PairPlace):
        yield Variant(exchanging(("gradient",), named(("a",), z_of), (asked.place,)))


def _of_slopes(write: Callable[[Pass, Ref, Expression], Expression | None]) -> Variants:
    """Make slips with slopes: of the node itself, of those behind it, or of all."""

    def variants(made: Pass, asked: Ref) -> Iterator[Variant]:
        for nodes in stretches(made, asked):
            slopes = rewriting(
                ("slope",),
                lambda ref, formula: write(made, ref, formula) if _depends(formula) else None,
                nodes,
            )
            yield Variant(slopes, (("nodes", nodes),))

    return variants


def _depends(formula: Expression) -> bool:
    """Whether a formula depends on anything: the slope of a linear node doesn't."""
    return any(number.ref is not None for number in leaves(formula))


def _slope_left_out(made: Pass, asked: Ref) -> Iterator[Variant]:
    if asked.key != "slope":
        yield from _of_slopes(lambda _made, _ref, _formula: constant(1))(made, asked)


def _z_in_slope(made: Pass, ref: Ref, formula: Expression) -> Expression | None:
    twist = exchanging(("slope",), named(("a",), lambda at: leaf(made, "z", at.place, at.example)))
    return twist(ref, formula)


slope_left_out: Final[Variants] = _slope_left_out
slope_from_z: Final = _of_slopes(_z_in_slope)
activation_for_slope: Final = _of_slopes(lambda made, ref, _: leaf(made, "a", ref.place, ref.example))


def slope_not_cancelled(made: Pass, _asked: Ref) -> Iterator[Variant]:
    """Multiply by a slope that the loss has cancelled."""
    if made.loss.fused:
        outputs = nodes_of(made.plan, made.last)
        yield Variant(
            rewriting(
                ("delta",),
                lambda ref, formula: times(formula, leaf(made, "slope", ref.place, ref.example)),
                outputs,
            )
        )


# ---- the loss


def of_loss(losses: tuple[str, ...], factor: float) -> Variants:
    """Multiply some losses, and so all that comes back from them."""

    def variants(made: Pass, _asked: Ref) -> Iterator[Variant]:
        if made.rule.loss in losses:
            outputs = nodes_of(made.plan, made.last)
            scaled = rewriting(
                ("loss_share", "dloss_da"), lambda _ref, formula: times(constant(factor), formula), outputs
            )
            yield Variant(scaled, (), "loss")

    return variants
