"""Weights that go along with an edit to other addresses.

Weights are the run's and no part of a drawing, so such an edit says where each comes from, as `Carried`.
`carry` makes one edit of the project of it: new weights begin with the values they were copied from, before
the first step and during a run alike, and undo takes the whole back at once.  They are carried as blocks: of
a wide layer each node has a thousand weights.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from math import isfinite, nan
from typing import Protocol, TypeAlias, runtime_checkable

import numpy as np

from bpviz.arrays import Array, BoolArray
from bpviz.model.edits.links import node_places, present_pairs
from bpviz.model.edits.project import with_network
from bpviz.model.edits.starts import set_start_blocks
from bpviz.model.spec import Address, BiasAddress, Network, Pair, Project, WeightAddress, WeightBlock
from bpviz.plain import as_float, is_number

ValueOf: TypeAlias = Callable[[Address], float | None]
"""Finds the present weight or bias at an address; None where there is none."""


@runtime_checkable
class BlockValues(Protocol):
    """A `ValueOf` that finds many weights at once, too."""

    def __call__(self, address: Address) -> float | None:
        """The weight or bias at an address; None where there is none."""

    def weights(self, sources: Sequence[str], targets: Sequence[str]) -> Array:
        """The weights between some nodes by their ids, (targets, sources); NaN where there is none."""

    def biases(self, nodes: Sequence[str]) -> Array:
        """The biases of some nodes by their ids, (nodes,); NaN where there is none."""


@dataclass(frozen=True, slots=True, eq=False)
class CarriedWeights:
    """Weights between some nodes, copied from those between as many others, place by place.

    Attributes:
        sources: Ids of nodes, the columns.
        targets: Ids of nodes, the rows.
        old_sources: Of each source the node that its weights were copied from.
        old_targets: Likewise.
        there: (targets, sources), which weights were copied; all the others don't come from elsewhere.
    """

    sources: tuple[str, ...]
    targets: tuple[str, ...]
    old_sources: tuple[str, ...]
    old_targets: tuple[str, ...]
    there: BoolArray

    @classmethod
    def single(cls, pair: Pair, original: Pair) -> CarriedWeights:
        """One weight."""
        return cls((pair[0],), (pair[1],), (original[0],), (original[1],), np.ones((1, 1), dtype=np.bool_))


@dataclass(frozen=True, slots=True)
class Carried:
    """A drawing some of whose weights and biases come from other addresses.

    Attributes:
        network: The drawing after the edit.
        weights: Where weights come from, each at most once.
        biases: For each node with a bias that was copied, the node that it was copied from.
        nodes: Ids of the new nodes.
        layers: Ids of the new layers.
        left_out: Labels of nodes of a copy that have no place in this drawing.
    """

    network: Network
    weights: tuple[CarriedWeights, ...] = ()
    biases: Mapping[str, str] = field(default_factory=dict)
    nodes: frozenset[str] = frozenset()
    layers: frozenset[str] = frozenset()
    left_out: tuple[str, ...] = ()

    @property
    def origins(self) -> dict[Address, Address]:
        """For each address that is new, the one that its value was copied from; of wide layers very many."""
        found: dict[Address, Address] = {
            BiasAddress(new): BiasAddress(old) for new, old in self.biases.items()
        }
        for part in self.weights:
            for row, column in np.argwhere(part.there).tolist():
                new = WeightAddress(part.sources[column], part.targets[row])
                found[new] = WeightAddress(part.old_sources[column], part.old_targets[row])
        return found


def carry(project: Project, carried: Carried, value_of: ValueOf) -> Project:
    """Take over a drawing, and let its new weights begin with the values they were copied from.

    An address whose original has no finite value is left to the initializer.

    Args:
        project: What to change.
        carried: The drawing, and where its new weights come from.
        value_of: Finds the values; of very many in no time if it is a `BlockValues`.

    Raises:
        BpvizError: If the drawing is too large, or a value is no start value.
    """
    after = with_network(project, carried.network)
    if not (carried.weights or carried.biases):
        return after
    nodes = node_places(project.network).keys()
    blocks = []
    for part in carried.weights:
        new = part.there
        if not (nodes.isdisjoint(part.sources) or nodes.isdisjoint(part.targets)):
            new = new & ~present_pairs(project.network, part.sources, part.targets)
        values = weights_of(value_of, part.old_sources, part.old_targets, new)
        known = new & np.isfinite(values)
        blocks.append(WeightBlock.of(part.sources, part.targets, np.where(known, values, np.nan)))
    found = zip(carried.biases, _biases_of(value_of, list(carried.biases.values())), strict=True)
    biases = {new: value for new, value in found if new not in nodes and isfinite(value)}
    return set_start_blocks(after, blocks, biases)


def on_carried(edit: Callable[[Network], Carried], value_of: ValueOf) -> Callable[[Project], Project]:
    """Lift such an edit to the whole project, as `on_network` lifts others."""
    return lambda project: carry(project, edit(project.network), value_of)


def _biases_of(value_of: ValueOf, nodes: Sequence[str]) -> list[float]:
    """The biases of some nodes by their ids; NaN where there is none."""
    if isinstance(value_of, BlockValues):
        found: list[float] = value_of.biases(nodes).tolist()
        return found
    values = (as_float(value_of(BiasAddress(node))) for node in nodes)
    return [value if is_number(value) else nan for value in values]


def weights_of(value_of: ValueOf, sources: Sequence[str], targets: Sequence[str], wanted: BoolArray) -> Array:
    """Find the weights between some nodes by their ids, all at once where that can be.

    Args:
        value_of: Where they come from.
        sources: The columns.
        targets: The rows.
        wanted: (targets, sources), which are looked for at least.

    Returns:
        (targets, sources), NaN where there is none.
    """
    if isinstance(value_of, BlockValues):
        return value_of.weights(sources, targets)
    values = np.full(wanted.shape, np.nan)
    for row, column in np.argwhere(wanted).tolist():
        value = as_float(value_of(WeightAddress(sources[column], targets[row])))
        values[row, column] = value if is_number(value) else np.nan
    return values
