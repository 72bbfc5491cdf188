"""The picture of one network.

It shows and never edits: gestures ask the document for an edit, the document announces the new
project, and `NetworkScene.show_network` redraws the difference.  There is no other way for an item to appear,
move or go, so picture and document cannot disagree; a preview is the picture of a value that
was not handed to the document yet.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from PySide6.QtCore import QElapsedTimer, QObject, QPointF, QRectF, QTimer, Signal, Slot
from PySide6.QtGui import QImage, QPainterPath, QPixmap
from PySide6.QtWidgets import QGraphicsScene

from bpviz.data.images import NO_PLACES
from bpviz.model.spec import Network
from bpviz.training.snapshot import PlaneMap, Snapshot
from bpviz.ui.canvas.cells import marked_cells
from bpviz.ui.canvas.coloring import Coloring, Found, drawn_maps
from bpviz.ui.canvas.hints import Hints
from bpviz.ui.canvas.layer_items import band_box
from bpviz.ui.canvas.looks import Emphasis, Marks, NodePaint, layer_look, node_look
from bpviz.ui.canvas.parts import Parts
from bpviz.ui.canvas.placement import CURVED_PAIRS, DRAWN_PAIRS, Placement
from bpviz.ui.canvas.scales import Scales
from bpviz.ui.canvas.targets import Target, gap_at, middle_of, near_layer, target_at
from bpviz.ui.canvas.topology import Topology
from bpviz.ui.canvas.values import LastValues, Reader, Reading
from bpviz.ui.canvas.views import WEIGHTS, ValueView
from bpviz.ui.canvas.walking import Shown
from bpviz.ui.document import Selection
from bpviz.ui.listing import Group, node_groups, pair_groups
from bpviz.ui.shades import Shades
from bpviz.ui.theme import Theme
from bpviz.ui.turns import Turns

REST_MS: Final = 300
"""Without a new value, panning or zooming for so long, lines are drawn smooth."""
SLOW_REFRESH_MS: Final = 80
"""Between two drawings of a network with more connections than can be lines."""
_FREE_ROOM: Final = 4000.0  # around the network, so that it can be panned freely


class NetworkScene(QGraphicsScene):
    """Shows one network, the values of a run, and what the user points at.

    Attributes:
        value_of: Finds the weight or bias at an address, as it was shown last.
        places: Where inputs stand in an image whose names don't say it.
        turns: In which a picture with very many connections is drawn; whoever else draws takes turns with it.

    Signals:
        scales_changed: (`Scales`), what the legend says.
    """

    scales_changed = Signal(object)

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme, self.places = theme, NO_PLACES
        self._shades, self.turns = Shades(theme), Turns(self)
        self._parts = Parts(self, theme, self.turns)
        self.hints = Hints(self, theme)
        self._placement = Placement.of(Topology.of(Network()), {})
        self._scrolled: dict[str, int] = {}
        self._before: Network | None = None
        self._reader = Reader()
        self._snapshot: Snapshot | None = None
        self.value_of = LastValues()
        self._view = WEIGHTS
        self._shown = Shown.of(None, self._placement.topology, self._reader, self._view)
        self._painted: NodePaint | None = None
        self._captioned: tuple[Placement, Marks, str] | None = None
        self._walked: tuple[str, str, int | None] | None = None
        self._maps: tuple[PlaneMap | None, dict[str, QPixmap]] = (None, {})
        self._marks = Marks()
        self._emphasis = Emphasis.of(self._placement.topology, Selection())
        self._scales, self._full = Scales(), 1.0
        self._since_refresh, self._stale = QElapsedTimer(), False
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self._on_rest)
        self._later = QTimer(self, singleShot=True)
        self._later.timeout.connect(self._begin_drawing)
        self.setItemIndexMethod(QGraphicsScene.ItemIndexMethod.NoIndex)  # few items, and they often move
        theme.changed.connect(self._on_theme)
        self._dress()

    @property
    def network(self) -> Network:
        """The network in the picture; a preview's while a gesture lasts."""
        return self._placement.topology.network

    @property
    def placement(self) -> Placement:
        """Where everything is."""
        return self._placement

    @property
    def parts(self) -> Parts:
        """The items."""
        return self._parts

    @property
    def scales(self) -> Scales:
        """What the legend says."""
        return self._scales

    @property
    def selection(self) -> Selection:
        """What is selected."""
        return self._marks.selection

    @property
    def view(self) -> ValueView:
        """Which values are shown."""
        return self._view

    @property
    def reading(self) -> Reading:
        """The numbers in the picture."""
        return self._shown.reading

    @property
    def emphasis(self) -> Emphasis:
        """What stands back."""
        return self._emphasis

    def extent(self, scale: float = 1.0) -> QRectF:
        """What has to be in sight, when shown at ``scale``."""
        return self._parts.extent(self.network, scale)

    def show_network(self, network: Network, before: Network | None = None) -> None:
        """Redraw what differs from the network shown until now; see `Placement` for the one ``before``."""
        old = self._placement.topology
        shown = network is old.network and before is self._before and self.places is old.places
        if shown and self._snapshot is not None:
            return  # an edit of something else
        same, places = old.fits(network), self.places
        topology = replace(old, network=network, places=places) if same else Topology.of(network, places, old)
        self._before = before
        self._place(topology)
        self.setSceneRect(self.extent().adjusted(-_FREE_ROOM, -_FREE_ROOM, _FREE_ROOM, _FREE_ROOM))
        self._read()
        self._emphasize()
        self.refresh()

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show the values of a run; those of very many connections some time soon, piece by piece."""
        self._snapshot = self.value_of.snapshot = snapshot
        self._read()
        self.stir()
        waited = self._since_refresh.elapsed() if self._since_refresh.isValid() else SLOW_REFRESH_MS
        self._refresh_soon(SLOW_REFRESH_MS - waited)

    def stir(self) -> None:
        """Draw many connections plainly for a while, because they change or are moved over the screen."""
        if self._placement.topology.pair_count > CURVED_PAIRS:
            self._parts.links.set_resting(resting=False)
            self._rest.start()

    def forget_values(self) -> None:
        """Show no values until the next snapshot; for another project, whose ids mean other things."""
        self.turns.withdraw(self)
        self._snapshot = self.value_of.snapshot = None
        self._maps = (None, {})
        self._scrolled.clear()

    def show_view(self, view: ValueView) -> None:
        """Show other values."""
        self._view = view
        self._read()
        self.refresh()

    def select(self, selection: Selection) -> None:
        """Mark what is selected, as far as it is in the picture."""
        if selection != self._marks.selection:
            self._marks = replace(self._marks, selection=selection)
            self._emphasize()
            self._refresh_soon()

    def hover(self, target: Target, point: QPointF | None) -> None:
        """Mark what is under the pointer; the point is None when the pointer left."""
        items = self._parts.layers
        near = near_layer(self._placement, items, point) if point is not None else ""
        gap = gap_at(self._placement, items, point) if point is not None and not near else None
        self.hints.show_insert(gap, pressed=target.kind == "insert")
        marks = replace(self._marks, hovered=target, hovered_layer=near)
        if marks != self._marks:
            before, self._marks = self._marks, marks
            self._refresh_layers()
            self._refresh_nodes({before.hovered.node, target.node})
            self._refresh_columns()
            self._refresh_halo()

    def lift(self, nodes: frozenset[str]) -> None:
        """Mark nodes where the connection being drawn may end."""
        self._marks = replace(self._marks, lifted=nodes)
        self._refresh_nodes(None)
        self._refresh_layers()

    def light(self, lit: Selection) -> None:
        """Mark what somebody points at elsewhere."""
        self._marks = replace(self._marks, lit=lit.pairs, lifted=lit.nodes)
        self._refresh_nodes(None)
        self._refresh_halo()

    def target_at(self, point: QPointF, scale: float) -> Target:
        """What is at a point of the scene, at ``scale`` screen pixels a scene pixel."""
        return target_at(self._placement, self._parts.layers, self._parts.links.drawn, point, scale)

    def middle_of(self, target: Target) -> QPointF | None:
        """Where something is; None when it is nowhere."""
        return middle_of(self._placement, self._parts.layers, target)

    def nodes_in(self, area: QPainterPath) -> frozenset[str]:
        """Ids of the nodes whose centers are in an area."""
        at, ids = self._placement, self._placement.topology.node_ids
        places = zip(ids, at.x.tolist(), at.y.tolist(), strict=True)
        return frozenset(node for node, x, y in places if area.contains(QPointF(x, y)))

    def scroll_column(self, layer: str, rows: int) -> None:
        """Move a collapsed column's window over its rows."""
        self._scrolled[layer] = self._placement.columns[layer].first + rows
        self._place(self._placement.topology)
        self._scrolled[layer] = self._placement.columns[layer].first
        self.refresh()

    def groups(self, target: Target) -> list[Group]:
        """What is known of a connection, or of a node and its bias."""
        if self._snapshot is None:
            return []
        if target.pair is not None:
            return pair_groups(self._snapshot, self._shown.known, target.pair)
        return node_groups(self._snapshot, self._shown.known, target.node)

    @Slot()
    def refresh(self) -> None:
        """Draw the values at hand."""
        self.turns.withdraw(self)
        for _ in self._drawing():
            pass

    def _drawing(self) -> Iterator[None]:
        """Draw the values at hand, in pieces of about a millisecond.

        All is of one moment.  What was found is shown a part after the other: to paint all takes longer.
        """
        self._stale = False
        self._since_refresh.start()
        self._later.stop()
        coloring, found, links = self._coloring(), Found(), self._parts.links
        yield from coloring.find(found, links, self._emphasis)
        self._full, self._painted = found.full, found.paint
        links.show_groups(found.groups)
        self._refresh_layers()
        self._refresh_nodes(None)
        self._refresh_halo()
        self._refresh_band()
        self._parts.texts.show_rows(self._placement, coloring.shown.on_links(self._placement.seen))
        yield
        for layer, image in found.heats.items():
            self._parts.heats[layer].show_image(image)
            yield
        for layer in found.cells:  # of which some show what is pointed at by now
            cells = found.cells if coloring.marks is self._marks else self._coloring().cells(self._full)
            self._show_cells({layer: cells[layer]})
            yield
        self._say_scales(coloring)
        if coloring.shown is not self._shown:  # whoever points at a node sees the newest value
            self._painted = None
        if self._stale:
            self._later.start(max(0, SLOW_REFRESH_MS - self._since_refresh.elapsed()))

    def _refresh_soon(self, wait_ms: int | None = None) -> None:
        """Draw at once; very many connections in pieces after so long, or in the coming turn as a whole."""
        if self._placement.topology.pair_count <= DRAWN_PAIRS:
            self.refresh()
        elif wait_ms is None:
            self.turns.ask(self, map(NetworkScene.refresh, [self]))
        else:
            self._stale = True
            if wait_ms <= 0 or not self._later.isActive():
                self._later.start(max(0, wait_ms))

    @Slot()
    def _begin_drawing(self) -> None:
        """Draw what is new in turns; while that is under way, its end sees to what came since."""
        if self._stale and not self.turns.waits(self):
            self.turns.ask(self, self._drawing())

    def _place(self, topology: Topology) -> None:
        self._placement = Placement.of(topology, self._scrolled, self._before)
        self._parts.follow(self._placement)

    def _read(self) -> None:
        snapshot, self._painted = self._snapshot, None
        walked = self._shown.stop is not None
        self._shown = Shown.of(snapshot, self._placement.topology, self._reader, self._view)
        if walked or self._shown.stop is not None:
            self._emphasize()
        if snapshot is not None and self._maps[0] is not snapshot.node_planes:
            planes = snapshot.node_planes
            self._maps = (planes, drawn_maps(planes, self._parts.nodes, self._shades))

    def _emphasize(self) -> None:
        self._emphasis = Emphasis.of(self._placement.topology, self._marks.selection, self._shown.stop)

    def _coloring(self) -> Coloring:
        maps = self._maps[1] if self._shown.view.maps else {}
        return Coloring(self._placement, self._shown, self._marks, self._shades, maps)

    def _refresh_nodes(self, only: set[str] | None) -> None:
        if only is not None and not only & self._parts.nodes.keys():
            return
        if self._painted is None:
            self._painted = self._coloring().paint()
        paint = self._painted
        for layer in self.network.layers:
            if layer.id in self._parts.columns:
                continue
            first = self._placement.topology.layer_slices[layer.id].start
            for at, node in enumerate(layer.nodes):
                if only is None or node.id in only:
                    look = node_look(layer, at, first + at, paint, self._marks, self._emphasis.nodes)
                    self._parts.nodes[node.id].show_look(look)

    def _refresh_layers(self) -> None:
        working = self._shown.stop.layer if self._shown.stop is not None else ""
        depends = (self._placement, self._marks, working)
        if depends == self._captioned:  # as with nearly every snapshot; captions of wide layers cost
            return
        self._captioned = depends
        for layer in self.network.layers:
            top, bottom = self._placement.extent(layer)
            room = self._placement.caption_room(layer)
            look = layer_look(layer, bottom - top, room, self._marks, at_work=layer.id == working)
            self._parts.layers[layer.id].show_look(look)

    def _refresh_columns(self) -> None:
        self._show_cells(self._coloring().cells(self._full))

    def _show_cells(self, images: Mapping[str, QImage | None]) -> None:
        chosen = self._marks.selection.layers
        for layer, image in images.items():
            marked = marked_cells(self._placement, self._marks, layer)
            self._parts.columns[layer].show_cells(image, marked, selected=layer in chosen)

    def _refresh_halo(self) -> None:
        topology = self._placement.topology
        chosen = topology.found(self._marks.selection.pairs)
        pointed = self._marks.lit | ({self._marks.hovered.pair} if self._marks.hovered.pair else set())
        hovered = topology.found(pointed)
        self.hints.show_halos(self._placement.polylines(chosen), self._placement.polylines(hovered))

    def _refresh_band(self) -> None:
        stop, before, self._walked = self._shown.stop, self._walked, None
        if stop is None or stop.layer not in self._placement.topology.layer_slices:
            self.hints.show_band(None)
            return
        layer = self.network.layer(stop.layer)
        self.hints.show_band(band_box(*self._placement.across(layer), *self._placement.extent(layer)))
        self._walked = stop.kind
        if self._walked != before:
            seen = stop.flow(DRAWN_PAIRS // 2)
            lines, values = self._placement.polylines(seen), self._shown.carried(seen)
            self.hints.run_along(lines, values, backward=stop.backward)

    def _say_scales(self, coloring: Coloring) -> None:
        maps = any(node in self._parts.nodes for node in coloring.maps)
        drawn = self._parts.links.drawn.size
        scales = Scales.of(coloring.shown, self._placement, self._full, drawn=drawn, maps=maps)
        if repr(scales) != repr(self._scales):  # NaN differs from itself, its text doesn't
            self._scales = scales
            self.scales_changed.emit(scales)

    @Slot()
    def _on_rest(self) -> None:
        self._parts.links.set_resting(resting=True)

    @Slot()
    def _on_theme(self) -> None:
        self._shades = Shades(self._theme)
        self._maps = (None, {})
        self._dress()

    def _dress(self) -> None:
        self.setBackgroundBrush(self._theme.color("window"))
        self._parts.dress()
        self.hints.dress()
        self._read()
        self.refresh()
        self.update()
