"""Start values in a project file: single ones in its JSON, and of many weights an array in ``start.npz``.

What a run followed before it was edited begins mostly with the same arrays, which stand in the file once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final, TypeAlias

import msgspec
import numpy as np

from bpviz.arrays import Array
from bpviz.files.archive import DamageError
from bpviz.model.edits.starts import gathered
from bpviz.model.spec import Address, BiasAddress, Network, Start, WeightAddress, WeightBlock

NO_STARTS: Final[Mapping[str, Array]] = MappingProxyType({})


class WeightStart(msgspec.Struct, forbid_unknown_fields=True, tag="weight", tag_field="of"):
    """A start value of a weight, between two node ids."""

    source: str
    target: str
    value: float


class BiasStart(msgspec.Struct, forbid_unknown_fields=True, tag="bias", tag_field="of"):
    """A start value of a bias, at a node id."""

    node: str
    value: float


SingleStart: TypeAlias = WeightStart | BiasStart


class BlockDocument(msgspec.Struct, forbid_unknown_fields=True):
    """Start values of weights from some nodes to some others.

    Attributes:
        sources: Ids of nodes.
        targets: Ids of nodes.
        numbers: Name of an array (targets, sources), NaN where no value is set.
    """

    sources: list[str]
    targets: list[str]
    numbers: str


class Blocks:
    """Collects arrays of start values while a file is written."""

    def __init__(self) -> None:
        self._found: dict[tuple[int, int, bytes], str] = {}

    def documents(self, start: Start) -> list[BlockDocument]:
        """Write the blocks of a project's start values, whose arrays are kept."""
        return [self._document(block) for block in start.blocks]

    @property
    def arrays(self) -> dict[str, Array]:
        """All arrays by name."""
        return {
            name: np.frombuffer(numbers, dtype="<f8").reshape(rows, columns)
            for (rows, columns, numbers), name in self._found.items()
        }

    def _document(self, block: WeightBlock) -> BlockDocument:
        key = (len(block.targets), len(block.sources), block.numbers)
        name = self._found.setdefault(key, f"start{len(self._found)}")
        return BlockDocument(list(block.sources), list(block.targets), name)


def single_starts(start: Start) -> list[SingleStart]:
    """Write the values that stand by themselves."""
    return [
        WeightStart(address.source, address.target, value)
        if isinstance(address, WeightAddress)
        else BiasStart(address.node, value)
        for address, value in start.values
    ]


def to_start(
    single: Sequence[SingleStart],
    blocks: Sequence[BlockDocument],
    network: Network,
    arrays: Mapping[str, Array],
) -> Start:
    """Read start values; in files of before version 6 many stood by themselves, too.

    Raises:
        DamageError: If there is no such array, or it has another shape.
        ModelError: If it holds what is no start value.
    """
    values = tuple((_address(one), one.value) for one in single)
    return gathered(network, Start(values, tuple(_block(block, arrays) for block in blocks)))


def _address(single: SingleStart) -> Address:
    if isinstance(single, WeightStart):
        return WeightAddress(single.source, single.target)
    return BiasAddress(single.node)


def _block(document: BlockDocument, arrays: Mapping[str, Array]) -> WeightBlock:
    array = arrays.get(document.numbers)
    shape = (len(document.targets), len(document.sources))
    if array is None or array.shape != shape or array.dtype != np.float64:
        raise DamageError("its start.npz lacks start values that it names, or they have another shape")
    if len({*document.sources}) != shape[1] or len({*document.targets}) != shape[0]:
        raise DamageError("its start values name a node twice")
    return WeightBlock.of(document.sources, document.targets, array)
