"""The picture follows the document, and drawing it never fails."""

from __future__ import annotations

import logging
import time
from functools import partial

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QImage, QPainter

from bpviz.drawing.shown import nice_scale
from bpviz.model import edits, layout
from bpviz.model.builder import layered_network
from bpviz.model.spec import Network, Project
from bpviz.ui.canvas.looks import number_texts
from bpviz.ui.canvas.scene import NetworkScene
from bpviz.ui.canvas.views import views
from bpviz.ui.document import Document, Selection
from bpviz.ui.shades import Shades
from bpviz.ui.theme import Theme
from tests.model.drawings import MOVES, Move, networks, performed
from tests.ui.canvas.shots import compiled_or_none, full_shot, plain_shot

WITH_THEME = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)


def _picture(scene: NetworkScene) -> dict[str, object]:
    """What can be seen of a network: where nodes are, what captions say, which connections are drawn."""
    topology = scene.placement.topology
    return {
        "nodes": {node: (item.x(), item.y()) for node, item in scene.parts.nodes.items()},
        "captions": {layer: item.look.name for layer, item in scene.parts.layers.items()},
        "columns": set(scene.parts.columns),
        "pairs": {topology.pair(k) for k in scene.parts.links.drawn.tolist()},
    }


def _expected(network: Network) -> dict[str, object]:
    single = [layer for layer in network.layers if not layout.collapsed(layer)]
    pairs = {
        (network.layer(link.source).nodes[column].id, network.layer(link.target).nodes[row].id)
        for link in network.links
        for row, column in zip(*(~link.removed.array).nonzero(), strict=True)
    }
    return {
        "nodes": {node.id: layout.node_position(layer, node) for layer in single for node in layer.nodes},
        "captions": {layer.id: layer.name for layer in network.layers},
        "columns": {layer.id for layer in network.layers if layout.collapsed(layer)},
        "pairs": pairs,
    }


class _Listener(logging.Handler):
    """Keeps what is logged."""

    def __init__(self) -> None:
        super().__init__()
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


def _draw(scene: NetworkScene) -> QImage:
    image = QImage(400, 300, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    scene.render(painter, QRectF(image.rect()), scene.extent())
    painter.end()
    return image


@WITH_THEME
@given(moves=st.lists(MOVES, max_size=10))
def test_the_picture_equals_the_document_through_edits_undo_and_redo(theme: Theme, moves: list[Move]) -> None:
    document = Document(Project(network=layered_network(("x", "y"), (3, 2), 1)), 1000)
    scene = NetworkScene(theme)
    scene.show_network(document.project.network)
    document.changed.connect(lambda _, after: scene.show_network(after.network))
    visited = [document.project.network]
    for move in moves:
        document.apply("edit", edits.on_network(partial(performed, move=move)))
        if document.project.network != visited[-1]:
            visited.append(document.project.network)
        assert _picture(scene) == _expected(document.project.network)

    for network in reversed(visited[:-1]):
        document.undo_stack.undo()
        assert document.project.network == network
        assert _picture(scene) == _expected(network)
    for network in visited[1:]:
        document.undo_stack.redo()
        assert _picture(scene) == _expected(network)


@WITH_THEME
@given(drawn=networks(), ran=networks(), view=st.sampled_from(sorted(views())), seed=st.integers(0, 999))
def test_any_snapshot_can_be_painted_on_any_drawing(
    theme: Theme, drawn: Network, ran: Network, view: str, seed: int
) -> None:
    handler = _Listener()
    logging.getLogger("bpviz.ui.canvas.items").addHandler(handler)
    rng = np.random.default_rng(seed)
    scene = NetworkScene(theme)
    scene.show_network(drawn)
    scene.show_view(views()[view])
    nodes = [node.id for layer in drawn.layers for node in layer.nodes]
    scene.select(Selection(nodes=frozenset(nodes[: seed % 3])))
    compiled = compiled_or_none(ran)
    if compiled is not None:
        wild = rng.choice([0.0, np.nan, np.inf, -np.inf, 1e300, 1e-300, -0.5, 2.0], compiled.plan.size)
        scene.show_snapshot(plain_shot(compiled, wild))
        _draw(scene)
        scene.show_snapshot(full_shot(ran, seed, phase=seed if seed % 2 else None))
    _draw(scene)
    logging.getLogger("bpviz.ui.canvas.items").removeHandler(handler)
    assert handler.records == []


def test_a_fault_in_painting_is_logged_once_and_draws_nothing(
    theme: Theme, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = NetworkScene(theme)
    scene.show_network(layered_network(("x",), (1,), 1))

    def fail(*_: object) -> None:
        raise ValueError("broken")

    monkeypatch.setattr(scene.parts.links, "draw", fail)
    _draw(scene)
    _draw(scene)
    assert [record.getMessage() for record in caplog.records] == ["painting LinksItem failed"]


def test_of_five_thousand_connections_the_strongest_are_lines_and_all_are_in_the_strips(theme: Theme) -> None:
    network = layered_network([f"f{k}" for k in range(125)], (38,), 6)
    scene = NetworkScene(theme)
    scene.show_network(network)
    shot = full_shot(network)
    begin = time.perf_counter()
    scene.show_snapshot(shot)
    scene.refresh()  # so many connections wait their turn
    _draw(scene)
    took = time.perf_counter() - begin

    values = np.abs(scene.reading.pairs)
    drawn = scene.parts.links.drawn
    hidden = np.setdiff1d(scene.placement.seen, drawn)
    assert scene.placement.topology.pair_count == 125 * 38 + 38 * 6
    assert drawn.size == 1000
    assert not scene.placement.curved(drawn).any()
    assert values[drawn].min() >= values[hidden].max()
    assert set(scene.parts.heats) == {network.layers[1].id, network.layers[2].id}
    assert (scene.scales.drawn, scene.scales.seen) == (1000, 70 * 38 + 38 * 6)
    assert scene.scales.scrolled
    assert scene.scales.strips
    assert took < 2.0, "thousands of lines one by one would take far longer"


def test_a_wide_layer_is_one_column_that_scrolls(theme: Theme) -> None:
    network = layered_network([f"f{k}" for k in range(200)], (3,), 1)
    scene = NetworkScene(theme)
    scene.show_network(network)
    wide = network.layers[0]
    assert set(scene.parts.columns) == {wide.id}
    assert not any(node.id in scene.parts.nodes for node in wide.nodes)

    scene.scroll_column(wide.id, 50)
    column = scene.placement.columns[wide.id]
    assert column.first == 50
    row = scene.target_at(QPointF(column.x, column.top + 1.5 * column.height / column.shown), 1.0)
    assert (row.kind, row.node) == ("row", wide.nodes[51].id)
    scene.scroll_column(wide.id, 10_000)
    assert scene.placement.columns[wide.id].first == 200 - column.shown


def test_rows_show_what_nodes_show_and_biases_where_these_show_nothing(theme: Theme) -> None:
    network = layered_network([f"f{k}" for k in range(60)], (50,), 1)
    scene, shades = NetworkScene(theme), Shades(theme)
    scene.show_network(network)
    scene.show_snapshot(full_shot(network))
    scene.refresh()  # so many connections wait their turn
    wide, hidden = (scene.parts.columns[layer.id] for layer in network.layers[:2])

    reading, scale = scene.reading, nice_scale(scene.reading.biases)
    shown = [(item.image, scene.scales.biases) for item in (wide, hidden)]
    assert shown == [(None, scale), (shades.image(reading.biases[60:110, None], scale), scale)]

    scene.show_view(views()["activations"])
    reading, scale = scene.reading, nice_scale(scene.reading.nodes)
    shown = [(item.image, scene.scales.nodes) for item in (wide, hidden)]
    parts = reading.nodes[:60, None], reading.nodes[60:110, None]
    assert shown == [(shades.image(part, scale), scale) for part in parts]
    assert np.isnan(scene.scales.biases)


def test_squares_are_explained_only_where_there_are_some(theme: Theme) -> None:
    scene = NetworkScene(theme)
    network = layered_network(("x", "y"), (3,), 1)
    scene.show_network(network)
    scene.show_snapshot(full_shot(network))
    said = []
    for view in ("weights", "gradients", "outputs", "deltas"):
        scene.show_view(views()[view])
        said.append(scene.scales.maps)
        assert said[-1] == any(item.look.map for item in scene.parts.nodes.values())
    assert said == [True, False, True, False]
    scene.show_view(views()["weights"])
    wide = layered_network([f"f{k}" for k in range(60)], (50,), 41)
    scene.show_network(wide)
    assert not any(scene.parts.nodes)
    assert [scene.scales.maps] == [False], "maps of the network before are not these"


def test_captions_follow_what_they_depend_on(theme: Theme) -> None:
    scene = NetworkScene(theme)
    network = layered_network(("x", "y"), (3, 2), 1)
    scene.show_network(network)
    first = scene.parts.layers[network.layers[1].id]
    looks = [first.look]
    for phase in (1, 2):
        scene.show_snapshot(full_shot(network, phase=phase))
        looks.append(first.look)
    scene.show_network(edits.resize_layer(network, network.layers[1].id, 2, []))
    looks.append(first.look)
    scene.select(Selection(layers=frozenset({network.layers[1].id})))
    looks.append(first.look)
    assert [look.at_work for look in looks] == [False, True, False, False, False]
    assert [look.selected for look in looks] == [False, False, False, False, True]
    assert [look.details[0][:7] for look in looks] == ["3 nodes"] * 3 + ["2 nodes"] * 2


def test_a_late_snapshot_of_an_older_network_shows_what_is_still_there(theme: Theme) -> None:
    old = layered_network(("x", "y"), (3,), 1)
    shot = full_shot(old)
    new = edits.add_node(edits.remove_nodes(old, {old.layers[1].nodes[0].id}), old.layers[1].id, "n99")
    scene = NetworkScene(theme)
    scene.show_network(new)
    scene.show_snapshot(shot)

    topology = scene.placement.topology
    known = np.isfinite(scene.reading.pairs)
    fresh = topology.number["n99"]
    touches_fresh = (topology.source == fresh) | (topology.target == fresh)
    np.testing.assert_array_equal(known, ~touches_fresh)


def test_while_walking_the_layer_at_work_is_marked_and_later_layers_are_blank(theme: Theme) -> None:
    network = layered_network(("x", "y"), (2, 2), 1)
    scene = NetworkScene(theme)
    scene.show_network(network)
    scene.show_snapshot(full_shot(network, phase=1))  # forward through the first hidden layer

    looks = {node: item.look for node, item in scene.parts.nodes.items()}
    first, second = (network.layers[at].nodes[0].id for at in (1, 2))
    assert len(looks[first].numbers) == 2, "z and a"
    assert looks[first].map is None
    assert looks[second].numbers == ()
    assert scene.scales.view.label == "Forward"


@pytest.mark.parametrize(
    ("phase", "layers"),
    [(0, [0]), (1, [0, 1]), (2, [1, 2]), (4, [3]), (5, [3]), (6, [2, 3]), (7, [1, 2]), (8, [0, 1, 2, 3])],
)
def test_a_phase_keeps_its_own_nodes_and_links_whatever_is_selected(
    theme: Theme, phase: int, layers: list[int]
) -> None:
    network = layered_network(("x", "y"), (2, 2), 1)
    scene = NetworkScene(theme)
    scene.show_network(network)
    scene.show_snapshot(full_shot(network, phase=phase))
    own = {node.id for at in layers for node in network.layers[at].nodes}
    topology, chosen = scene.placement.topology, network.layers[1].nodes[0].id
    for selection in (Selection(), Selection(nodes=frozenset({chosen}))):
        scene.select(selection)
        kept = {topology.node_ids[k] for k in np.flatnonzero(~scene.emphasis.nodes).tolist()}
        assert kept == own | selection.nodes
        pairs = [topology.pair(k) for k in np.flatnonzero(~scene.emphasis.pairs).tolist()]
        assert {node for pair in pairs for node in pair} == (own if len(layers) > 1 else set())


def test_in_the_update_old_and_new_weights_are_written_on_their_links(theme: Theme) -> None:
    network = layered_network(("x", "y"), (2,), 1)
    scene = NetworkScene(theme)
    scene.show_network(network)
    scene.show_snapshot(full_shot(network, phase=2))
    assert len(scene.parts.texts.texts) == 2, "of the output's links"
    scene.show_snapshot(full_shot(network, phase=6))
    assert not scene.emphasis.nodes.any()
    assert all(" → " in text for text in scene.parts.texts.texts)
    assert len(scene.parts.texts.texts) == 6
    scene.show_snapshot(full_shot(network))
    assert scene.parts.texts.texts == []


def test_numbers_in_a_node_are_told_apart_where_that_has_room() -> None:
    seen = np.ones(3, dtype=np.bool_)
    rows = np.array([0.35, 0.35, np.nan]), np.array([0.3437, 0.3499999, 0.5])
    assert number_texts(rows, seen) == {0: ("0.35", "0.34"), 1: ("0.35",), 2: ("0.50",)}


def test_a_view_that_was_chosen_shows_as_soon_as_its_numbers_are_there(theme: Theme) -> None:
    network = layered_network(("x", "y"), (2,), 1)
    scene = NetworkScene(theme)
    scene.show_network(network)
    scene.show_view(views()["gradients"])
    shown = []
    for phase in range(7):
        scene.show_snapshot(full_shot(network, phase=phase))
        shown.append(scene.scales.view.links)
    assert shown == ["value"] * 4 + ["gradient"] * 3


def test_selecting_a_node_dims_what_it_is_not_connected_to(theme: Theme) -> None:
    network = layered_network(("x", "y"), (3, 2), 1)
    scene = NetworkScene(theme)
    scene.show_network(network)
    chosen = network.layers[1].nodes[0].id
    scene.select(Selection(nodes=frozenset({chosen})))

    faded = {node for node, item in scene.parts.nodes.items() if item.look.faded}
    others = {node.id for node in network.layers[1].nodes[1:]} | {network.layers[3].nodes[0].id}
    assert faded == others
    assert scene.parts.nodes[chosen].look.selected


def test_another_theme_recolors_everything(theme: Theme) -> None:
    network = layered_network(("x", "y"), (3,), 1)
    scene = NetworkScene(theme)
    scene.show_network(network)
    scene.show_snapshot(full_shot(network))
    light = _draw(scene)
    theme.set_mode("dark")
    assert _draw(scene) != light
    theme.set_mode("light")
    assert _draw(scene) == light
