"""The colors of one moment, for all parts of the picture: found piece by piece, before any is shown."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
from PySide6.QtGui import QImage, QPixmap

from bpviz.training.snapshot import PlaneMap
from bpviz.ui.canvas.cells import Cells
from bpviz.ui.canvas.items import MAP_CORNER
from bpviz.ui.canvas.links_item import LinksItem
from bpviz.ui.canvas.looks import Emphasis, Marks, NodePaint, number_texts
from bpviz.ui.canvas.placement import Placement
from bpviz.ui.canvas.strokes import StrokeGroup
from bpviz.ui.canvas.walking import Shown
from bpviz.ui.shades import Shades


@dataclass(slots=True, eq=False)
class Found:
    """What the numbers of a moment look like.

    Attributes:
        full: |value| of a connection at full width.
        groups: How connections are drawn.
        heats: The images of heat strips, by layer.
        cells: Those of the cells of wide layers; None where these have no value.
        paint: What the looks of nodes are made from.
    """

    full: float = 1.0
    groups: list[StrokeGroup] = field(default_factory=list)
    heats: dict[str, QImage] = field(default_factory=dict)
    cells: dict[str, QImage | None] = field(default_factory=dict)
    paint: NodePaint | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Coloring:
    """Colors the numbers of one moment.

    Attributes:
        placement: Where the parts are.
        shown: The numbers.
        marks: What the user points at.
        shades: Colors of numbers.
        maps: Output maps by node id.
    """

    placement: Placement
    shown: Shown
    marks: Marks
    shades: Shades
    maps: Mapping[str, QPixmap]

    def find(self, found: Found, links: LinksItem, emphasis: Emphasis) -> Iterator[None]:
        """Find all of it, in pieces of about a millisecond: a wide network has much to look up.

        Args:
            found: Is filled.
            links: Draws the connections.
            emphasis: Which of them stand back.
        """
        reading, seen = self.shown.reading, self.placement.seen
        _ = reading.sample  # which the reading keeps
        yield
        found.full = reading.strength
        yield
        found.groups = links.grouped(reading.some(seen), emphasis.some(seen), found.full)
        yield
        for layer, table in self.placement.tables.items():
            found.heats[layer] = self.shades.image(reading.some(table), found.full)
            yield
        found.cells, found.paint = self.cells(found.full), self.paint()
        yield

    def cells(self, full: float) -> dict[str, QImage | None]:
        """Color the cells of wide layers; None where they have no value."""
        cells = Cells(self.placement, self.shown.reading, not self.shown.view.nodes, full, self.marks)
        tables = {layer: cells.values(layer) for layer in self.placement.columns}
        return {
            layer: self.shades.image(values, scale) if np.isfinite(values).any() else None
            for layer, (values, scale) in tables.items()
        }

    def paint(self) -> NodePaint:
        """What the looks of nodes are made from."""
        reading = self.shown.reading
        return NodePaint(
            shades=self.shades,
            reading=reading,
            scale=reading.scale(reading.nodes),
            bias_scale=reading.scale(reading.biases),
            maps=self.maps,
            texts=number_texts(self.shown.rows, self.placement.single),
        )


def drawn_maps(planes: PlaneMap | None, among: Container[str], shades: Shades) -> dict[str, QPixmap]:
    """Draw the outputs of some nodes over the plane, by their ids; none where there is no plane."""
    if planes is None:
        return {}
    drawn = [at for at, node in enumerate(planes.node_ids) if node in among]
    pixmaps = shades.map_pixmaps(planes.values[drawn], MAP_CORNER)
    return {planes.node_ids[at]: pixmap for at, pixmap in zip(drawn, pixmaps, strict=True)}
