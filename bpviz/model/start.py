"""Start values: the numbers that weights and biases begin with, where somebody set them.

A few stand one by one, each with its address.  Where many weights between the same nodes have one, as when
those of a wide network are brought in, they stand as one array: a million addresses would make edits slow.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

import numpy as np

from bpviz.arrays import Array
from bpviz.errors import ModelError
from bpviz.model.common import common_places
from bpviz.plain import as_float


@dataclass(frozen=True, slots=True)
class WeightAddress:
    """Where a weight is: between two nodes, by their ids."""

    source: str
    target: str


@dataclass(frozen=True, slots=True)
class BiasAddress:
    """Where a bias is: at a node, by its id."""

    node: str


Address: TypeAlias = WeightAddress | BiasAddress


@dataclass(frozen=True)
class WeightBlock:
    """Start values of many weights, from some nodes to some others; hashable and immutable.

    Attributes:
        sources: Ids of nodes, the columns.
        targets: Ids of nodes, the rows.
        numbers: Row by row, each a float64 whose lowest byte comes first; NaN where none is set.

    Raises:
        ModelError: If there are more or fewer numbers than pairs, or one is infinite.
    """

    sources: tuple[str, ...]
    targets: tuple[str, ...]
    numbers: bytes

    def __post_init__(self) -> None:
        if len(self.numbers) != 8 * len(self.targets) * len(self.sources):
            raise ModelError("Start values of weights do not have the shape of their nodes.")
        if np.isinf(self.array).any():
            raise ModelError("A start value of a weight is not a finite number.")

    @classmethod
    def of(cls, sources: Iterable[str], targets: Iterable[str], values: Array) -> WeightBlock:
        """Hold an array (targets, sources) with NaN where no value is set."""
        own = np.where(np.isnan(values), np.nan, values).astype(
            "<f8"
        )  # every NaN of one kind, to compare bytes
        return cls(tuple(sources), tuple(targets), own.tobytes())

    @cached_property
    def array(self) -> Array:
        """(targets, sources), read only; NaN where no value is set."""
        numbers: Array = np.frombuffer(self.numbers, dtype="<f8")
        return numbers.reshape(len(self.targets), len(self.sources))

    @cached_property
    def rows(self) -> dict[str, int]:
        """Where each target stands."""
        return {node: at for at, node in enumerate(self.targets)}

    @cached_property
    def columns(self) -> dict[str, int]:
        """Where each source stands."""
        return {node: at for at, node in enumerate(self.sources)}

    def __contains__(self, address: WeightAddress) -> bool:
        """Whether a weight lies in the block, with or without a value."""
        return address.source in self.columns and address.target in self.rows

    def get(self, address: WeightAddress) -> float | None:
        """The value of an address in the block; None where none is set."""
        value = float(self.array[self.rows[address.target], self.columns[address.source]])
        return None if np.isnan(value) else value

    def values(self) -> dict[WeightAddress, float]:
        """The value of each weight that has one."""
        places = np.argwhere(~np.isnan(self.array)).tolist()
        return {
            WeightAddress(self.sources[column], self.targets[row]): float(self.array[row, column])
            for row, column in places
        }

    def meets(self, other: WeightBlock) -> bool:
        """Whether some weight lies in both."""
        ours = self.rows.keys(), self.columns.keys()
        return not (ours[0].isdisjoint(other.rows) or ours[1].isdisjoint(other.columns))

    def with_values(self, values: Mapping[WeightAddress, float]) -> WeightBlock:
        """Set some values, NaN for none; all addresses lie in the block."""
        array = self.array.copy()
        for address, value in values.items():
            array[self.rows[address.target], self.columns[address.source]] = value
        return WeightBlock.of(self.sources, self.targets, array)

    def part(self, sources: Sequence[str], targets: Sequence[str]) -> Array:
        """The values between other nodes, (targets, sources); NaN where there are none."""
        if (tuple(sources), tuple(targets)) == (self.sources, self.targets):
            return self.array
        found = np.full((len(targets), len(sources)), np.nan)
        down, rows = common_places(targets, self.targets)
        across, columns = common_places(sources, self.sources)
        if down and across:
            found[np.ix_(down, across)] = self.array[np.ix_(rows, columns)]
        return found


@dataclass(frozen=True, slots=True)
class Start:
    """Start values that were set; all others come from the initializer.

    Attributes:
        values: Of single weights and biases, none of which lies in a block.
        blocks: Of many weights between the same nodes.  No weight has a value in two of them.
    """

    values: tuple[tuple[Address, float], ...] = ()
    blocks: tuple[WeightBlock, ...] = ()

    def __post_init__(self) -> None:
        if any(type(value) is not float for _, value in self.values):
            own = tuple((address, as_float(value)) for address, value in self.values)
            object.__setattr__(self, "values", own)

    def __bool__(self) -> bool:
        return bool(self.values or self.blocks)

    def in_blocks(self, address: Address) -> float | None:
        """The value of an address in a block; None where it has none there."""
        if isinstance(address, BiasAddress):
            return None
        found = (block.get(address) for block in self.blocks if address in block)
        return next((value for value in found if value is not None), None)

    def part(self, sources: Sequence[str], targets: Sequence[str]) -> Array:
        """All values of weights between some nodes, (targets, sources); NaN where none is set."""
        empty = WeightBlock.of(sources, targets, np.full((len(targets), len(sources)), np.nan))
        single = {at: value for at, value in self.values if isinstance(at, WeightAddress) and at in empty}
        found = empty.with_values(single).array if single else empty.array
        for block in self.blocks:
            own = block.part(sources, targets)
            found = np.where(np.isnan(own), found, own)
        return found

    def with_values(self, values: Mapping[Address, float]) -> Start:
        """Set several start values: in the first block in which an address lies, or else singly."""
        left, blocks = dict(values), []
        for block in self.blocks:
            inside = [at for at in values if isinstance(at, WeightAddress) and at in block]
            blocks.append(block.with_values({at: left.pop(at, np.nan) for at in inside}) if inside else block)
        single = (pair for pair in self.values if pair[0] not in values)
        return Start((*single, *left.items()), tuple(blocks))

    def without(self, address: Address) -> Start:
        """Leave one to the initializer."""
        single = tuple(pair for pair in self.values if pair[0] != address)
        return Start(single, tuple(_without(block, address) for block in self.blocks))

    def with_block(self, block: WeightBlock) -> Start:
        """Set many at once; where the block has no value, what was there stays."""
        inside = {at: value for at, value in self.values if isinstance(at, WeightAddress) and at in block}
        alone = {at: value for at, value in inside.items() if block.get(at) is None}
        block, blocks = (block.with_values(alone) if alone else block), []
        for old in self.blocks:
            if not block.meets(old):
                blocks.append(old)
                continue
            over = block.part(old.sources, old.targets)
            if (old.sources, old.targets) == (block.sources, block.targets):
                block = WeightBlock.of(old.sources, old.targets, np.where(np.isnan(over), old.array, over))
            elif np.isnan(over).all():
                blocks.append(old)
            else:
                blocks.append(
                    WeightBlock.of(old.sources, old.targets, np.where(np.isnan(over), old.array, np.nan))
                )
        return Start(tuple(pair for pair in self.values if pair[0] not in inside), (*blocks, block))


def _without(block: WeightBlock, address: Address) -> WeightBlock:
    if isinstance(address, BiasAddress) or address not in block:
        return block
    return block.with_values({address: np.nan})
