"""What a network answers all over the plane of two raw inputs."""

from __future__ import annotations

from typing import Final

import numpy as np

from bpviz.arrays import Array, read_only
from bpviz.data.prepare import Prepared
from bpviz.engine.backprop import forward
from bpviz.model.compile import Compiled
from bpviz.training.snapshot import PlaneMap, PlanePoints

MAP_SIZE: Final = 80
NODE_MAP_SIZE: Final = 32


class Plane:
    """The plane of the two raw columns that some data have, sampled on a square grid.

    Attributes:
        extent: (left, right, bottom, top) in the units of the columns.
        points: The examples.
    """

    def __init__(self, prepared: Prepared) -> None:
        self._prepared = prepared
        self._grids: dict[int, Array] = {}
        (left, bottom), (right, top) = (ends.tolist() for ends in prepared.frame)
        self.extent: tuple[float, float, float, float] = (left, right, bottom, top)
        self.points = _points(prepared)

    @classmethod
    def of(cls, prepared: Prepared) -> Plane | None:
        """The plane of these data, or None if they have another number of raw columns than two."""
        inputs = prepared.dataset.inputs
        return cls(prepared) if inputs.shape[1] == 2 and np.isfinite(inputs).all() else None

    @np.errstate(over="ignore", invalid="ignore")
    def outputs(self, compiled: Compiled, parameters: Array, size: int = MAP_SIZE) -> PlaneMap:
        """One map for each output node; regression in the unit of the data."""
        prepared = self._prepared
        a = forward(compiled.plan, parameters, self._grid(size)).outputs.astype(np.float64)
        classes = prepared.dataset.classes is not None
        values = a if classes else prepared.decode_targets(a)
        code = (prepared.code.low, prepared.code.high) if classes else None
        return PlaneMap(self.extent, _maps(values, size), compiled.node_ids[-1], self.points, code)

    @np.errstate(over="ignore", invalid="ignore")
    def nodes(self, compiled: Compiled, parameters: Array, size: int = NODE_MAP_SIZE) -> PlaneMap:
        """One small map for each node, of its activation; on the input layer of the scaled feature."""
        made = forward(compiled.plan, parameters, self._grid(size))
        ids = tuple(node for nodes in compiled.node_ids for node in nodes)
        return PlaneMap(self.extent, _maps(np.concatenate(made.a, axis=1), size), ids)

    def _grid(self, size: int) -> Array:
        """What the input layer shows in the middle of each cell, (cells, inputs), from the bottom row on."""
        if size not in self._grids:
            left, right, bottom, top = self.extent
            middles = (np.arange(size) + 0.5) / size
            x, y = np.meshgrid(left + middles * (right - left), bottom + middles * (top - bottom))
            raw = np.column_stack([x.ravel(), y.ravel()])
            self._grids[size] = self._prepared.encode_inputs(raw)
        return self._grids[size]


def _maps(values: Array, size: int) -> Array:
    """From (cells, maps) to (maps, rows, columns)."""
    return read_only(np.ascontiguousarray(values.T).reshape(-1, size, size))


def _points(prepared: Prepared) -> PlanePoints:
    dataset = prepared.dataset
    test = np.zeros(dataset.size, dtype=np.bool_)
    test[prepared.test_rows] = True
    value = dataset.labels if dataset.targets is None else dataset.targets[:, 0]
    assert value is not None, "data are classes or numbers"
    return PlanePoints(
        columns=(dataset.columns[0], dataset.columns[1]),
        x=read_only(dataset.inputs[:, 0]),
        y=read_only(dataset.inputs[:, 1]),
        value=read_only(value.astype(np.float64)),
        test=read_only(test),
        classes=dataset.classes,
        target=dataset.target_names[0],
    )
