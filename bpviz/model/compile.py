"""From the drawing to a plan: layers in order, masks, one flat parameter vector, and every address in it.

A plan knows no ids and a drawing knows no indices; `Compiled` holds both and translates.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product

import numpy as np

from bpviz.arrays import Array
from bpviz.data.prepare import OutputCode
from bpviz.engine.activations import ACTIVATIONS
from bpviz.engine.plan import LayerPlan, LinkPlan, Plan
from bpviz.errors import ModelError
from bpviz.model.common import by_layer
from bpviz.model.graph import ordered_layers
from bpviz.model.naming import layer_label, node_label
from bpviz.model.problems import network_problems
from bpviz.model.spec import Address, BiasAddress, Layer, Network, Start, WeightAddress


@dataclass(frozen=True, eq=False)
class Compiled:
    """A network ready to compute, and where each node, weight and bias of the drawing stands in it.

    Attributes:
        network: The drawing it was made from.
        plan: What the engine computes.
        layer_ids: Ids of the layers in plan order, the input first.
        node_ids: For each layer its nodes' ids, from top to bottom.
    """

    network: Network
    plan: Plan
    layer_ids: tuple[str, ...]
    node_ids: tuple[tuple[str, ...], ...]

    @cached_property
    def places(self) -> dict[str, tuple[int, int]]:
        """For each node id its (layer index, position in the layer)."""
        return {
            node: (layer, position)
            for layer, nodes in enumerate(self.node_ids)
            for position, node in enumerate(nodes)
        }

    @cached_property
    def links(self) -> dict[tuple[int, int], int]:
        """For each linked (source layer index, target layer index) the link's index in the plan."""
        return {(link.source, link.target): k for k, link in enumerate(self.plan.links)}

    def __contains__(self, address: object) -> bool:
        """Whether a weight or bias of this address exists; removed pairs don't."""
        if not isinstance(address, WeightAddress | BiasAddress):
            return False
        at = self._find(address)
        return at is not None and bool(self.plan.present[at])

    def index(self, address: Address) -> int:
        """Return where a weight or bias stands in the parameter vector.

        Raises:
            ModelError: If there is no such node, or no connection between the two.
        """
        at = self._find(address)
        if at is None or not self.plan.present[at]:
            raise ModelError(self._absence(address))
        return at

    def addresses(self) -> Iterator[Address]:
        """Every weight and bias that exists, in the order of the vector; removed pairs are left out."""
        for link in self.plan.links:
            sources, targets = self.node_ids[link.source], self.node_ids[link.target]
            for target, source in zip(*np.nonzero(link.present), strict=True):
                yield WeightAddress(sources[source], targets[target])
        for nodes in self.node_ids[1:]:
            yield from (BiasAddress(node) for node in nodes)

    def values(self, parameters: Array) -> dict[Address, float]:
        """Return the numbers of a parameter vector by address; removed pairs are left out."""
        return dict(zip(self.addresses(), parameters[self.plan.present].tolist(), strict=True))

    def weights(self, parameters: Array, sources: Sequence[str], targets: Sequence[str]) -> Array:
        """Return the weights between some nodes, (targets, sources) in float64; NaN where there is none.

        Args:
            parameters: (parameters,).
            sources: Ids of nodes, the columns; any that are not computed have no weights.
            targets: Likewise, the rows.
        """
        found = np.full((len(targets), len(sources)), np.nan)
        ends = by_layer(self.places, targets).items(), by_layer(self.places, sources).items()
        for (target, (down, rows)), (source, (across, columns)) in product(*ends):
            k = self.links.get((source, target))
            if k is not None:
                inside = np.ix_(rows, columns)
                values = self.plan.weights(parameters, k)[inside]
                found[np.ix_(down, across)] = np.where(self.plan.links[k].present[inside], values, np.nan)
        return found

    def biases(self, parameters: Array, nodes: Sequence[str]) -> Array:
        """Return the biases of some nodes by their ids, (nodes,) in float64; NaN where there is none."""
        nowhere = (0, 0)  # as inputs, which have no bias either
        places = [self.places.get(node, nowhere) for node in nodes]
        layer, position = np.array(places, dtype=np.int64).reshape(-1, 2).T
        begins = np.array([part.start for part in self.plan.bias_slices], dtype=np.int64)
        found = np.full(len(nodes), np.nan)
        has = layer > 0
        found[has] = parameters[begins[layer[has]] + position[has]]
        return found

    def with_start(self, parameters: Array, start: Start) -> Array:
        """Return a copy of a parameter vector with the start values set by hand in it."""
        result = parameters.copy()
        for address, value in start.values:
            if address in self:
                result[self.index(address)] = value
        for block, (k, link) in product(start.blocks, enumerate(self.plan.links)):
            values = block.part(self.node_ids[link.source], self.node_ids[link.target])
            weights = self.plan.weights(result, k)
            np.copyto(weights, values, where=link.present & ~np.isnan(values), casting="same_kind")
        return result

    def _find(self, address: Address) -> int | None:
        if isinstance(address, BiasAddress):
            layer, position = self.places.get(address.node, (0, 0))
            return self.plan.bias_slices[layer].start + position if layer > 0 else None
        source, target = self.places.get(address.source), self.places.get(address.target)
        if source is None or target is None or (source[0], target[0]) not in self.links:
            return None
        start = self.plan.weight_slices[self.links[source[0], target[0]]].start
        return int(start + target[1] * self.plan.layers[source[0]].size + source[1])

    def _absence(self, address: Address) -> str:
        nodes = (address.node,) if isinstance(address, BiasAddress) else (address.source, address.target)
        if any(node not in self.places for node in nodes):
            return "That node is no longer in the network."
        labels = [node_label(self.network, node) for node in nodes]
        if len(labels) == 1:
            return f"{labels[0]} has no bias: input nodes pass on what they are given."
        return f"There is no connection from {labels[0]} to {labels[1]}; connect them first."


def compile_network(network: Network) -> Compiled:
    """Turn a drawing into a plan.

    Raises:
        ModelError: If it can't run; the text is that of the first entry of `network_problems`.
    """
    found = network_problems(network)
    if found:
        raise ModelError(found[0].sentence)
    layers = ordered_layers(network)
    at = {layer.id: index for index, layer in enumerate(layers)}
    ordered = sorted(network.links, key=lambda link: (at[link.target], at[link.source]))
    present = [~link.removed.array for link in ordered]
    trainable = [
        *((here & ~link.frozen.array).ravel() for here, link in zip(present, ordered, strict=True)),
        np.array([not node.bias_frozen for layer in layers[1:] for node in layer.nodes], dtype=np.bool_),
    ]
    plan = Plan(
        layers=tuple(_layer_plan(layer) for layer in layers),
        links=tuple(
            LinkPlan(at[link.source], at[link.target], here)
            for link, here in zip(ordered, present, strict=True)
        ),
        trainable=np.concatenate(trainable),
    )
    nodes = tuple(tuple(node.id for node in layer.nodes) for layer in layers)
    return Compiled(network, plan, tuple(layer.id for layer in layers), nodes)


def _layer_plan(layer: Layer) -> LayerPlan:
    if layer.role == "input":
        return LayerPlan(layer_label(layer), layer.size)
    activations = tuple(layer.activation_of(node) for node in layer.nodes)
    return LayerPlan(layer_label(layer), layer.size, activations)


def output_code(network: Network) -> OutputCode:
    """Say how targets are written for this network's output: how many numbers, which for no and yes.

    Raises:
        ModelError: If there is not exactly one output layer.
    """
    layer = network.output
    if layer is None or not layer.nodes:
        raise ModelError("The network needs one output layer with a node in it.")
    if layer.size > 1:
        return OutputCode(layer.size, 0.0, 1.0)  # one-hot, whatever the activation
    low, high = ACTIVATIONS[layer.activation_of(layer.nodes[0])].class_targets
    return OutputCode(layer.size, low, high)
