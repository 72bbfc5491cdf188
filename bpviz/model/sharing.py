"""Which parameters two compiled networks have in common, and how numbers get from one to the other.

Most edits leave most of a network as it was.  Of a wide one an index for each weight would be as large as the
weights themselves, and to follow it takes many times as long as to copy; so what is shared is told as blocks:
where nodes in a row stay in a row, a block is a part of a matrix, and numbers are copied as such.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Final, NamedTuple, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

from bpviz.arrays import BoolArray, IntArray, stretches
from bpviz.engine.plan import Plan
from bpviz.model.common import by_layer
from bpviz.model.compile import Compiled

_FEW: Final = 4
"""So many parts of a matrix are copied one by one, whatever their size;"""

_LEAST: Final = 128
"""more of them if they have so many numbers each, on the average: smaller ones take longer than indices."""

_Index: TypeAlias = slice | IntArray
D = TypeVar("D", bound=np.generic)


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """Some entries of a matrix that stands in a parameter vector; a layer's biases are one of one column.

    Attributes:
        part: Where the matrix stands.
        shape: Its shape, (targets, sources).
        entries: Rows and columns: a slice each, or two arrays (entries,).
    """

    part: slice
    shape: tuple[int, int]
    entries: tuple[_Index, _Index]

    def matrix(self, vector: NDArray[D]) -> NDArray[D]:
        """View of the whole matrix in a vector, (targets, sources)."""
        return vector[self.part].reshape(self.shape)


_Pairing: TypeAlias = tuple[Block, Block, BoolArray | None]
"""Where numbers stand before, where after, and which of these exist in both, (rows, columns); None if all do.

Entries are slices where not all do.
"""


@dataclass(frozen=True, slots=True, eq=False)
class Shared:
    """The parameters that exist in both of two compiled networks.

    Attributes:
        before: The one network.
        after: The other.
        blocks: All of them; no place is in two.
    """

    before: Plan
    after: Plan
    blocks: tuple[_Pairing, ...]

    @property
    def back(self) -> Shared:
        """The same from `after` to `before`."""
        return Shared(self.after, self.before, tuple((new, old, both) for old, new, both in self.blocks))

    @property
    def arrived(self) -> BoolArray:
        """(parameters of `after`,), True for those that exist there and don't in `before`."""
        alone = self.after.present.copy()
        self.carry(np.zeros(self.before.size, dtype=np.bool_), alone)
        return alone

    def carry(self, old: NDArray[D], new: NDArray[D]) -> None:
        """Write what stands at shared addresses of one vector to the same addresses of another.

        Args:
            old: (parameters of `before`,); left as it is.
            new: (parameters of `after`,), contiguous; keeps what is not shared.
        """
        for source, target, both in self.blocks:
            values, into = source.matrix(old)[source.entries], target.matrix(new)
            if both is None:
                into[target.entries] = values
            else:
                np.copyto(into[target.entries], values, where=both)


def shared(before: Compiled, after: Compiled) -> Shared:
    """Find the parameters that exist in both of two compiled networks."""
    return Shared(before.plan, after.plan, tuple(_blocks(before, after)))


def _blocks(before: Compiled, after: Compiled) -> Iterator[_Pairing]:
    kept = [_common(before, after, layer) for layer in range(len(after.layer_ids))]
    for k, link in enumerate(after.plan.links):
        for (start, columns), (end, rows) in product(kept[link.source].items(), kept[link.target].items()):
            old = before.links.get((start, end))
            if old is not None:
                then = _Matrix(before.plan.weight_slices[old], before.plan.links[old].present)
                yield from _parts(rows, columns, then, _Matrix(after.plan.weight_slices[k], link.present))
    for layer, groups in enumerate(kept):
        for old, nodes in groups.items():
            if layer and old:  # the inputs have no biases
                yield from _parts(nodes, _ONE, _biases(before.plan, old), _biases(after.plan, layer))


class _Nodes:
    """Nodes that were in one layer and are in one: where they stood there, and where they stand.

    Args:
        then: (nodes,) positions before.
        now: (nodes,) positions after.
    """

    def __init__(self, then: IntArray, now: IntArray) -> None:
        self.then, self.now = then, now
        self.stretches = stretches(then, now)


_ONE: Final = _Nodes(np.zeros(1, dtype=np.int64), np.zeros(1, dtype=np.int64))


class _Matrix(NamedTuple):
    """Where a matrix stands in a parameter vector, and which entries exist, (targets, sources)."""

    part: slice
    present: BoolArray


def _biases(plan: Plan, layer: int) -> _Matrix:
    return _Matrix(plan.bias_slices[layer], np.ones((plan.layers[layer].size, 1), dtype=np.bool_))


def _parts(rows: _Nodes, columns: _Nodes, then: _Matrix, now: _Matrix) -> Iterator[_Pairing]:
    """Which entries of one matrix go to which of another, if these nodes are its rows and columns."""
    count = len(rows.stretches) * len(columns.stretches)
    if count <= max(_FEW, len(rows.now) * len(columns.now) // _LEAST):
        for (above, below), (left, right) in product(rows.stretches, columns.stretches):
            both = then.present[above, left] & now.present[below, right]
            old = Block(then.part, then.present.shape, (above, left))
            new = Block(now.part, now.present.shape, (below, right))
            yield old, new, None if both.all() else both
    else:
        there, here = np.ix_(rows.then, columns.then), np.ix_(rows.now, columns.now)
        at, across = np.nonzero(then.present[there] & now.present[here])
        old = Block(then.part, then.present.shape, (rows.then[at], columns.then[across]))
        new = Block(now.part, now.present.shape, (rows.now[at], columns.now[across]))
        yield old, new, None


def _common(before: Compiled, after: Compiled, layer: int) -> dict[int, _Nodes]:
    """Find the nodes of a layer of `after` in `before`, by the layer they were in.

    Nodes of several layers may have come together, and those of one have gone apart.
    """
    nodes = after.node_ids[layer]
    old, _ = before.places.get(nodes[0], (0, 0))
    if before.node_ids[old] == nodes:  # as in most layers: nobody need be looked for
        all_of_them = np.arange(len(nodes))
        return {old: _Nodes(all_of_them, all_of_them)}
    return {
        old: _Nodes(np.array(then), np.array(now))
        for old, (now, then) in by_layer(before.places, nodes).items()
    }
