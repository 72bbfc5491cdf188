"""Wide layers: a column of rows, or a sheet of pixels that all the same can be done with."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QImage

from bpviz.data.images import Pixels, Places
from bpviz.model import edits, layout
from bpviz.model.builder import layered_network
from bpviz.model.spec import Layer, Network, Node
from bpviz.training.snapshot import Snapshot
from bpviz.ui.canvas.placement import Placement
from bpviz.ui.canvas.scene import NetworkScene
from bpviz.ui.canvas.selecting import stepped
from bpviz.ui.canvas.targets import EMPTY, Target, column_at
from bpviz.ui.canvas.topology import Topology
from bpviz.ui.canvas.wide import Column, Sheet, Wide, laid_out
from bpviz.ui.document import Selection
from bpviz.ui.shades import Shades
from bpviz.ui.theme import Theme
from tests.ui.canvas.shots import full_shot

PIXELS = tuple(f"pixel_{row}_{column}" for row in range(6) for column in range(9))


def _layer(size: int) -> Layer:
    return layout.spaced(Layer("wide", "", "hidden", nodes=tuple(Node(f"n{k}") for k in range(size))))


def _laid_out() -> list[Wide]:
    pixels = Pixels.of(PIXELS)
    return [laid_out(_layer(54), pixels, 0), laid_out(_layer(54), None, 0), laid_out(_layer(200), None, 31)]


@pytest.mark.parametrize("wide", _laid_out(), ids=["sheet", "column", "scrolled column"])
def test_every_node_in_sight_is_found_in_the_middle_of_its_cell(wide: Wide) -> None:
    x, y = wide.places
    rows, columns = wide.grid
    assert x.size == y.size == wide.size
    values = np.arange(float(wide.size))
    assert wide.image(values).shape == wide.grid
    for at in range(wide.first, wide.first + wide.shown):
        assert wide.node_at(x[at], y[at]) == at
        row, column = wide.cell(at)
        assert x[at] == pytest.approx(wide.x + ((column + 0.5) / columns - 0.5) * wide.width)
        assert y[at] == pytest.approx(wide.top + (row + 0.5) / rows * wide.height)
        assert wide.image(values)[row, column] == at


def test_a_layer_is_a_sheet_only_if_its_nodes_are_pixels() -> None:
    assert isinstance(laid_out(_layer(54), Pixels.of(PIXELS), 0), Sheet)
    assert isinstance(laid_out(_layer(54), None, 0), Column)
    few = Placement.of(Topology.of(layered_network(PIXELS[:20], (2,), 1)), {})
    assert not few.columns, "so few nodes are discs"


def test_a_place_without_a_pixel_is_no_node() -> None:
    sheet = laid_out(_layer(53), Pixels.of(PIXELS[:10] + PIXELS[11:]), 0)
    x, y = laid_out(_layer(54), Pixels.of(PIXELS), 0).places
    assert sheet.node_at(x[10], y[10]) is None
    assert np.isnan(sheet.image(np.zeros(53))[1, 1])


def test_inputs_whose_names_do_not_say_it_are_told_where_they_stand() -> None:
    names = [f"c{k}" for k in range(54)]
    topology = Topology.of(layered_network(names, (2,), 1), Places(tuple(names), 9))
    (sheet,) = Placement.of(topology, {}).columns.values()
    assert sheet.grid == (6, 9)
    assert sheet.cell(10) == (1, 1)


@pytest.fixture
def network() -> Network:
    return layered_network(PIXELS, (3,), 2)


def test_lines_leave_a_sheet_at_its_edge_at_the_height_of_their_pixel(network: Network) -> None:
    placement = Placement.of(Topology.of(network), {})
    sheet = placement.columns[network.layers[0].id]
    starts, stops = placement.ends(placement.seen)
    leaving = placement.topology.source[placement.seen] < 54
    assert leaving.sum() == 3 * 54
    assert set(starts[leaving][:, 0]) == {sheet.x + sheet.width / 2}
    rows = placement.topology.source[placement.seen][leaving] // 9
    np.testing.assert_allclose(starts[leaving][:, 1], sheet.top + (rows + 0.5) * sheet.height / 6)
    assert starts[leaving][0, 0] < network.layers[1].x - 60, "there is room for the lines"
    assert np.all(starts[:, 0] < stops[:, 0])


def test_a_pixel_is_pointed_at_and_does_not_scroll(network: Network, theme: Theme) -> None:
    scene = NetworkScene(theme)
    scene.show_network(network)
    inputs = network.layers[0]
    sheet = scene.placement.columns[inputs.id]
    x, y = sheet.places
    point = QPointF(x[22], y[22])
    assert scene.target_at(point, 1.0) == Target("row", node=inputs.nodes[22].id, layer=inputs.id)
    assert scene.middle_of(Target("row", node=inputs.nodes[22].id)) == point
    assert column_at(scene.placement, point) == ""
    scene.hover(scene.target_at(point, 1.0), point)
    assert scene.parts.layers[inputs.id].look.hovered, "all of the sheet belongs to its layer"
    item = scene.parts.columns[inputs.id]
    assert scene.extent().contains(item.sceneBoundingRect())
    caption = scene.parts.layers[inputs.id]
    assert caption.mapToScene(caption.caption.center()).x() == pytest.approx(sheet.x)


def test_arrows_walk_over_the_pixels_and_out_of_the_sheet(network: Network) -> None:
    placement = Placement.of(Topology.of(network), {})
    ids = [node.id for node in network.layers[0].nodes]

    def after(at: int, across: int, down: int) -> Selection:
        return stepped(placement, Selection(frozenset({ids[at]})), across, down, extend=False)

    assert after(10, 1, 0).nodes == {ids[11]}
    assert after(10, -1, 0).nodes == {ids[9]}
    assert after(10, 0, 1).nodes == {ids[19]}
    assert after(10, 0, -1).nodes == {ids[1]}
    assert after(1, 0, -1).layers == {network.layers[0].id}
    (out,) = after(17, 1, 0).nodes
    assert out in {node.id for node in network.layers[1].nodes}
    assert after(47, 0, 1).nodes == {ids[47]}, "below the last row there is nothing"


def test_a_sheet_shows_values_or_the_weights_into_the_node_pointed_at(network: Network, theme: Theme) -> None:
    scene = NetworkScene(theme)
    scene.show_network(network)
    snapshot: Snapshot = full_shot(network)
    scene.show_snapshot(snapshot)
    hidden = network.layers[1].nodes

    def image() -> QImage | None:
        return scene.parts.columns[network.layers[0].id].image

    assert image() is None, "inputs have no biases"
    assert snapshot.parameters is not None
    weights = snapshot.compiled.plan.weights(snapshot.parameters, 0)[1].reshape(6, 9)
    shown = Shades(theme).image(weights, layout.full_strength(scene.reading.pairs))
    scene.select(Selection(nodes=frozenset({hidden[1].id})))
    assert image() == shown
    scene.hover(Target("node", node=hidden[0].id), QPointF())
    assert image() not in (None, shown)
    scene.hover(EMPTY, None)
    assert image() == shown
    scene.select(Selection())
    assert image() is None


def test_a_sheet_that_lost_pixels_keeps_the_places_of_the_others(network: Network, theme: Theme) -> None:
    scene = NetworkScene(theme)
    scene.show_network(network)
    before = scene.placement
    gone = network.layers[0].nodes[20].id
    scene.show_network(edits.remove_nodes(network, {gone}))
    here, there = before.topology.number, scene.placement.topology.number
    for node in network.layers[0].nodes:
        if node.id != gone:
            assert scene.placement.x[there[node.id]] == before.x[here[node.id]]
    x, y = before.x[here[gone]], before.y[here[gone]]
    assert scene.target_at(QPointF(x, y), 1.0).kind != "row"
