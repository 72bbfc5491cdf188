"""All weights and biases of a layer as a table: a row for each of its nodes, a column for each source."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np

from bpviz import typed
from bpviz.arrays import Array, BoolArray
from bpviz.errors import SettingError, counted
from bpviz.model.compile import Compiled
from bpviz.model.spec import Address, BiasAddress, WeightAddress

Cell: TypeAlias = tuple[int, int]

_BRACKET: Final = re.compile(r"[^\d]*\[")
_ABSENT: Final = frozenset({"", "-", "–", "−"})  # what stands for a pair that is not connected


@dataclass(frozen=True, slots=True, eq=False)
class LayerMatrix:
    """The numbers of one layer.

    Attributes:
        targets: Node ids of its rows.
        sources: Node ids of its columns, over all links into it; the biases come after them.
        present: (targets, sources), False where a pair is not connected.
        values: (targets, sources + 1); 0 where a pair is not connected.
    """

    targets: tuple[str, ...]
    sources: tuple[str, ...]
    present: BoolArray
    values: Array

    def has(self, row: int, column: int) -> bool:
        """Whether there is a number in a cell."""
        return column == len(self.sources) or bool(self.present[row, column])

    def address(self, row: int, column: int) -> Address:
        """What a cell holds."""
        if column == len(self.sources):
            return BiasAddress(self.targets[row])
        return WeightAddress(self.sources[column], self.targets[row])

    def fits(self, other: LayerMatrix) -> bool:
        """Whether another one has the same cells."""
        same = (self.targets, self.sources) == (other.targets, other.sources)
        return same and bool(np.array_equal(self.present, other.present))


def layer_matrix(compiled: Compiled, layer_id: str, parameters: Array) -> LayerMatrix | None:
    """Lay out the weights and biases of a layer; None for one that has none, or is not computed."""
    if layer_id not in compiled.layer_ids[1:]:
        return None
    plan, layer = compiled.plan, compiled.layer_ids.index(layer_id)
    incoming = plan.incoming[layer]
    sources = tuple(node for k in incoming for node in compiled.node_ids[plan.links[k].source])
    weights = [plan.weights(parameters, k) for k in incoming]
    biases = plan.biases(parameters, layer)[:, np.newaxis]
    return LayerMatrix(
        targets=compiled.node_ids[layer],
        sources=sources,
        present=np.hstack([np.zeros((len(biases), 0), np.bool_), *(plan.links[k].present for k in incoming)]),
        values=np.hstack([*weights, biases]).astype(np.float64),
    )


def pasted_values(matrix: LayerMatrix, text: str, at: Cell) -> Mapping[Cell, float]:
    """Read a matrix that was pasted.

    One that is as large as all weights, or as these with the biases, goes there; a smaller block from a
    spreadsheet, or a column of biases, goes from a cell on to the right and down.

    Args:
        matrix: What it goes into.
        text: What was pasted, as `bpviz.typed.block` takes it.
        at: Where one is.

    Returns:
        The number of every cell that is written.

    Raises:
        SettingError: If its shape does not fit, or something in it is no number.
    """
    row, column = at
    rows, sources = matrix.present.shape
    block = typed.block(text, sources + 1 - column)
    size = (len(block), len(block[0]))
    if size in ((rows, sources), (rows, sources + 1)):
        row, column = 0, 0
    elif not _goes(size, at, matrix, bracketed=_BRACKET.match(text) is not None):
        raise SettingError(
            f"What was pasted has {counted(size[0], 'row')} of {size[1]}; here go "
            f"{counted(rows, 'row')} of {sources}, or of {sources + 1} with the biases."
        )
    values = {}
    for i, cells in enumerate(block):
        for k, cell in enumerate(cells):
            place = (row + i, column + k)
            value = _value(cell, (i, k), present=matrix.has(*place))
            if value is not None:
                values[place] = value
    return values


def _goes(size: Cell, at: Cell, matrix: LayerMatrix, *, bracketed: bool) -> bool:
    """Whether a block may be written from a cell on."""
    rows, sources = matrix.present.shape
    if bracketed:
        return size == (rows, 1) and at == (0, sources)
    return bool(at[0] + size[0] <= rows and at[1] + size[1] <= sources + 1)


def _value(text: str, at: Cell, *, present: bool) -> float | None:
    """The number in a cell of a pasted block; None where there is no connection and none is asked for."""
    if not present and text in _ABSENT:
        return None
    try:
        value = typed.number(text)
    except SettingError as error:
        raise SettingError(f"Row {at[0] + 1}, column {at[1] + 1}: {error}") from None
    if present:
        return value
    if value == 0:
        return None
    raise SettingError(
        f"Row {at[0] + 1}, column {at[1] + 1}: these two nodes are not connected, so there is no weight to "
        "set; leave that cell empty, or connect them first."
    )
