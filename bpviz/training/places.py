"""Where numbers of a network stand, in the engine's counting: nodes, pairs, biases, or the whole."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeAlias

from bpviz.arrays import IntArray
from bpviz.engine.plan import Plan


@dataclass(frozen=True, slots=True, order=True)
class NodePlace:
    """A node: the index of its layer in the plan, and its own in the layer."""

    layer: int
    node: int


@dataclass(frozen=True, slots=True, order=True)
class PairPlace:
    """A weight, which leads from one node to another."""

    source: NodePlace
    target: NodePlace


@dataclass(frozen=True, slots=True, order=True)
class BiasPlace:
    """The bias of a node."""

    target: NodePlace


@dataclass(frozen=True, slots=True, order=True)
class WholePlace:
    """The network and its batch together."""


WHOLE: Final = WholePlace()

ParameterPlace: TypeAlias = PairPlace | BiasPlace
Place: TypeAlias = NodePlace | PairPlace | BiasPlace | WholePlace


ALL: Final = slice(None)
Some: TypeAlias = IntArray | slice
"""Which of several: their numbers, or a run of them."""


@dataclass(frozen=True, slots=True, eq=False)
class NodeSpots:
    """Several nodes of one layer."""

    layer: int
    nodes: Some


@dataclass(frozen=True, slots=True, eq=False)
class ParameterSpots:
    """Several weights and biases, as they stand in the parameter vector."""

    at: Some


Spots: TypeAlias = NodeSpots | ParameterSpots | WholePlace


def layer_of(place: Place) -> int | None:
    """Return the layer that a place belongs to: of a weight the one that it leads to; None for the whole."""
    if isinstance(place, NodePlace):
        return place.layer
    return place.target.layer if isinstance(place, PairPlace | BiasPlace) else None


def parameter_index(plan: Plan, place: ParameterPlace) -> int | None:
    """Return where a weight or bias stands in the parameter vector; None where there can be none."""
    layer, node = place.target.layer, place.target.node
    if not layer:
        return None  # nothing leads into the input
    if isinstance(place, BiasPlace):
        return int(plan.bias_slices[layer].start) + node
    for k in plan.incoming[layer]:
        if plan.links[k].source == place.source.layer:
            width = plan.layers[place.source.layer].size
            return int(plan.weight_slices[k].start) + node * width + place.source.node
    return None


def spots_of(plan: Plan, place: Place) -> Spots:
    """Return a place that there is as several, of which it is the only one."""
    if isinstance(place, WholePlace):
        return WHOLE
    if isinstance(place, NodePlace):
        return NodeSpots(place.layer, slice(place.node, place.node + 1))
    at = parameter_index(plan, place)
    assert at is not None
    return ParameterSpots(slice(at, at + 1))


def place_at(plan: Plan, index: int) -> ParameterPlace:
    """Return the place of an entry of the parameter vector."""
    for link, part in zip(plan.links, plan.weight_slices, strict=True):
        if index < part.stop:
            target, source = divmod(index - part.start, plan.layers[link.source].size)
            return PairPlace(NodePlace(link.source, source), NodePlace(link.target, target))
    layer = next(at for at, part in enumerate(plan.bias_slices) if at and index < part.stop)
    return BiasPlace(NodePlace(layer, index - plan.bias_slices[layer].start))


def nodes_of(plan: Plan, layer: int) -> list[NodePlace]:
    """List the nodes of a layer."""
    return [NodePlace(layer, node) for node in range(plan.layers[layer].size)]


def pairs_into(plan: Plan, target: NodePlace, *, removed: bool = False) -> list[PairPlace]:
    """List the pairs that lead into a node, link by link: those present, or those removed."""
    return [
        PairPlace(NodePlace(plan.links[k].source, source), target)
        for k in plan.incoming[target.layer]
        for source, here in enumerate(plan.links[k].present[target.node].tolist())
        if here is not removed
    ]


def pairs_out_of(plan: Plan, source: NodePlace, *, removed: bool = False) -> list[PairPlace]:
    """List the pairs that lead out of a node, likewise."""
    return [
        PairPlace(source, NodePlace(plan.links[k].target, target))
        for k in plan.outgoing[source.layer]
        for target, here in enumerate(plan.links[k].present[:, source.node].tolist())
        if here is not removed
    ]


def parameters_into(plan: Plan, layer: int) -> list[ParameterPlace]:
    """List the weights into a layer that are there, target by target, each followed by the target's bias."""
    found: list[ParameterPlace] = []
    for target in nodes_of(plan, layer):
        found += [*pairs_into(plan, target), BiasPlace(target)]
    return found
