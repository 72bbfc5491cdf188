"""A compiled network: layers in the order they compute, links, and one flat parameter vector.

The vector is ``[weights | biases]``: first each link's matrix, (targets, sources) row by row,
in the order of `Plan.links`; then each layer's biases, from layer 1 on.  Matrices and
biases are views into it, so an optimizer is a few vector operations, a checkpoint is one
copy and a gradient check is one loop.  A removed pair keeps its place in the vector and is
exactly 0 there for ever.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from bpviz.arrays import Array, BoolArray, read_only
from bpviz.errors import ShapeError


@dataclass(frozen=True, slots=True)
class LayerPlan:
    """One layer.

    Attributes:
        name: For messages.
        size: How many nodes.
        activations: One name of `ACTIVATIONS` a node; empty on the input layer.
    """

    name: str
    size: int
    activations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class LinkPlan:
    """The weights from one layer to a later one.

    Attributes:
        source: Index of the layer it leaves.
        target: Index of the layer it enters; larger than `source`.
        present: (targets, sources), False for removed pairs.
    """

    source: int
    target: int
    present: BoolArray

    def __post_init__(self) -> None:
        object.__setattr__(self, "present", read_only(self.present))


@dataclass(frozen=True, eq=False)
class Plan:
    """A network ready to compute; layer 0 is the input, the last one the output.  Threads may share it.

    Attributes:
        layers: In an order in which every link leads forward.
        links: Ordered by target, then by source.
        trainable: (parameters,), False for what is frozen or removed.

    Raises:
        ShapeError: If a mask doesn't fit its layers, a link leads backward, or `trainable` has
            another length.
    """

    layers: tuple[LayerPlan, ...]
    links: tuple[LinkPlan, ...]
    trainable: BoolArray

    def __post_init__(self) -> None:
        object.__setattr__(self, "trainable", read_only(self.trainable))
        for link in self.links:
            shape = (self.layers[link.target].size, self.layers[link.source].size)
            if link.source >= link.target or link.present.shape != shape:
                raise ShapeError("A link does not fit the layers it joins.")
        if self.trainable.shape != (self.size,):
            raise ShapeError("There must be one entry for each parameter.")

    @cached_property
    def weight_slices(self) -> tuple[slice, ...]:
        """Where each link's matrix stands in the vector."""
        return tuple(_slices(0, (link.present.size for link in self.links)))

    @cached_property
    def bias_slices(self) -> tuple[slice, ...]:
        """Where each layer's biases stand; empty for the input layer."""
        sizes = (0, *(layer.size for layer in self.layers[1:]))
        return tuple(_slices(self.weight_count, sizes))

    @cached_property
    def weight_count(self) -> int:
        """Length of the vector's first part, removed pairs included."""
        return sum(link.present.size for link in self.links)

    @cached_property
    def size(self) -> int:
        """Length of the parameter vector."""
        return self.weight_count + sum(layer.size for layer in self.layers[1:])

    @cached_property
    def present(self) -> BoolArray:
        """(parameters,), False for removed pairs only."""
        biases = np.ones(self.size - self.weight_count, dtype=np.bool_)
        return read_only(np.concatenate([*(link.present.ravel() for link in self.links), biases]))

    @cached_property
    def freezes(self) -> bool:
        """Whether some weight or bias that is there is left as it is."""
        return bool((self.present & ~self.trainable).any())

    @cached_property
    def incoming(self) -> tuple[tuple[int, ...], ...]:
        """For each layer, the indices of the links into it."""
        return tuple(
            tuple(k for k, link in enumerate(self.links) if link.target == at)
            for at in range(len(self.layers))
        )

    @cached_property
    def outgoing(self) -> tuple[tuple[int, ...], ...]:
        """For each layer, the indices of the links out of it."""
        return tuple(
            tuple(k for k, link in enumerate(self.links) if link.source == at)
            for at in range(len(self.layers))
        )

    @cached_property
    def node_slices(self) -> tuple[slice, ...]:
        """Where each layer's nodes stand among the nodes of all layers but the input's."""
        return tuple(_slices(0, (0, *(layer.size for layer in self.layers[1:]))))

    def weights(self, parameters: Array, link: int) -> Array:
        """View of a link's matrix, (targets, sources), in a parameter vector."""
        return parameters[self.weight_slices[link]].reshape(self.links[link].present.shape)

    def biases(self, parameters: Array, layer: int) -> Array:
        """View of a layer's biases, (nodes,), in a parameter vector."""
        return parameters[self.bias_slices[layer]]

    def layer_slices(self, layer: int) -> tuple[slice, ...]:
        """The parameters of one layer: all links into it, and its biases."""
        return (*(self.weight_slices[k] for k in self.incoming[layer]), self.bias_slices[layer])


def _slices(start: int, sizes: Iterator[int] | tuple[int, ...]) -> Iterator[slice]:
    for size in sizes:
        yield slice(start, start + size)
        start += size
