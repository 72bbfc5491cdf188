"""What the cells of wide layers show: a column's rows, and a sheet's pixels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bpviz.arrays import Array, IntArray
from bpviz.ui.canvas.looks import Marks
from bpviz.ui.canvas.placement import Placement
from bpviz.ui.canvas.values import Reading
from bpviz.ui.canvas.wide import Sheet


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """The numbers of one moment, for the cells of all wide layers.

    A layer shows the values of its nodes or, in a view in which nodes have none, their biases.  In such a
    view a sheet of pixels shows its connections into the one node that is pointed at or selected: the weights
    of that node as an image.

    Attributes:
        placement: Where layers are.
        reading: The numbers.
        biases: The view is one in which nodes have no values.
        full: End of the connections' scale.
        marks: What the user points at.
    """

    placement: Placement
    reading: Reading
    biases: bool
    full: float
    marks: Marks

    def values(self, layer: str) -> tuple[Array, float]:
        """Numbers for the cells of a layer, and the end of their scale."""
        column, of_layer = self.placement.columns[layer], self.placement.topology.layer_slices[layer]
        alone = self.biases and isinstance(column, Sheet)
        pairs = self._pairs_from(of_layer) if alone else np.zeros(0, dtype=np.int64)
        if pairs.size:
            values = np.full(of_layer.stop - of_layer.start, np.nan)
            values[self.placement.topology.ends(pairs)[0] - of_layer.start] = self.reading.some(pairs)
            return column.image(values), self.full
        numbers = self.reading.biases if self.biases else self.reading.nodes
        return column.image(numbers[of_layer]), self.reading.scale(numbers)

    def _pairs_from(self, of_layer: slice) -> IntArray:
        """Numbers of the connections from a layer into the node pointed at, or else the one selected."""
        topology, nothing = self.placement.topology, np.zeros(0, dtype=np.int64)
        for nodes in ({self.marks.hovered.node}, self.marks.selection.nodes):
            known = [topology.number[node] for node in nodes if node in topology.number]
            if len(known) == 1:
                into = topology.into(known[0], known[0] + 1)
                source, _ = topology.ends(into)
                found: IntArray = into[(source >= of_layer.start) & (source < of_layer.stop)]
                if found.size:
                    return found
        return nothing


def marked_cells(placement: Placement, marks: Marks, layer: str) -> tuple[int, ...]:
    """Which nodes of a layer that are in sight are selected or pointed at, counted in the layer."""
    nodes, rows = placement.topology.layer_slices[layer], placement.rows(layer)
    chosen = marks.selection.nodes | {marks.hovered.node}
    seen = placement.topology.node_ids[nodes][rows.start : rows.stop]
    return tuple(at for at, node in zip(rows, seen, strict=True) if node in chosen)
