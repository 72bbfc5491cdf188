"""Which parameters two compiled networks have in common, and how numbers get from one to the other.

Most edits leave most of a network as it was.  Of a wide one an index for each weight would be as large as the
weights themselves, and to follow it takes many times as long as to copy; so what is shared is told as blocks:
where nodes in a row stay in a row, a block is a part of a matrix, and numbers are copied as such.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Final, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

from bpviz.arrays import BoolArray, IntArray
from bpviz.engine.plan import Plan
from bpviz.model.common import by_layer
from bpviz.model.compile import Compiled

_FEW: Final = 4
"""So many parts of one block are always copied one by one,"""

_LEAST: Final = 128
"""and more of them if they have so many numbers each; smaller ones take longer than to follow indices."""

_Index: TypeAlias = slice | IntArray
_Stretch: TypeAlias = tuple[slice, slice]
D = TypeVar("D", bound=np.generic)


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """Some entries of a matrix that stands in a parameter vector; a layer's biases are one of one column.

    Attributes:
        part: Where the matrix stands.
        shape: Its shape, (targets, sources).
        entries: Rows and columns, which together index the matrix.
    """

    part: slice
    shape: tuple[int, int]
    entries: tuple[_Index, _Index]

    def matrix(self, vector: NDArray[D]) -> NDArray[D]:
        """View of the whole matrix in a vector, (targets, sources)."""
        return vector[self.part].reshape(self.shape)


@dataclass(frozen=True, slots=True, eq=False)
class Shared:
    """The parameters that exist in both of two compiled networks.

    Attributes:
        before: The one network.
        after: The other.
        blocks: Of shared parameters where they stand before, and where after; no place is in two of them.
            With the two goes which of them exist in both, of the shape of the entries; None if all do.
    """

    before: Plan
    after: Plan
    blocks: tuple[tuple[Block, Block, BoolArray | None], ...]

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
            if both is not None:
                values = np.where(both, values, into[target.entries])
            into[target.entries] = values


def shared(before: Compiled, after: Compiled) -> Shared:
    """Find the parameters that exist in both of two compiled networks."""
    return Shared(before.plan, after.plan, tuple(_blocks(before, after)))


def _blocks(before: Compiled, after: Compiled) -> Iterator[tuple[Block, Block, BoolArray | None]]:
    kept = [_common(before, after, layer) for layer in range(len(after.layer_ids))]
    for k, link in enumerate(after.plan.links):
        for (start, columns), (end, rows) in product(kept[link.source].items(), kept[link.target].items()):
            old = before.links.get((start, end))
            if old is None:
                continue
            there, here = before.plan.links[old].present, link.present
            for then, now in _entries(rows, columns):
                both = there[then] & here[now]
                if both.any():
                    yield (
                        Block(before.plan.weight_slices[old], there.shape, then),
                        Block(after.plan.weight_slices[k], here.shape, now),
                        None if both.all() else both,
                    )
    one = _Nodes(np.zeros(1, dtype=np.int64), np.zeros(1, dtype=np.int64))
    for layer, groups in enumerate(kept):
        for old, nodes in groups.items():
            if layer and old:  # the inputs have no biases
                for then, now in _entries(nodes, one):
                    sizes = before.plan.layers[old].size, after.plan.layers[layer].size
                    yield (
                        Block(before.plan.bias_slices[old], (sizes[0], 1), then),
                        Block(after.plan.bias_slices[layer], (sizes[1], 1), now),
                        None,
                    )


class _Nodes:
    """Nodes that were in one layer and are in one: where they stood there, and where they stand.

    Args:
        then: (nodes,) positions before.
        now: (nodes,) positions after.
    """

    def __init__(self, then: IntArray, now: IntArray) -> None:
        self.then, self.now = then, now
        ends = np.flatnonzero((np.diff(then) != 1) | (np.diff(now) != 1)) + 1
        bounds = zip([0, *ends.tolist()], [*ends.tolist(), len(now)], strict=True)
        self.stretches: list[_Stretch] = [
            (_stretch(then, first, end), _stretch(now, first, end)) for first, end in bounds
        ]


def _stretch(positions: IntArray, first: int, end: int) -> slice:
    start = int(positions[first])
    return slice(start, start + end - first)


def _entries(rows: _Nodes, columns: _Nodes) -> Iterator[tuple[tuple[_Index, _Index], tuple[_Index, _Index]]]:
    """Which entries of a matrix, and of which another, lead from these columns to these rows."""
    parts = len(rows.stretches) * len(columns.stretches)
    if parts <= max(_FEW, len(rows.now) * len(columns.now) // _LEAST):
        for (then, now), (then_across, now_across) in product(rows.stretches, columns.stretches):
            yield (then, then_across), (now, now_across)
    else:
        yield (rows.then[:, None], columns.then), (rows.now[:, None], columns.now)


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
